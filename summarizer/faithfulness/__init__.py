"""A sentence and its article → the evidence for it, and whether it is supported.

`lexical` compares words, negations and hedges, `evidence` finds the article's sentences behind it, `support` makes one
probability of the signals, `verify` decides.
"""

from summarizer.faithfulness.evidence import Source
from summarizer.faithfulness.lexical import names_in
from summarizer.faithfulness.verify import Verdict, Verifier

__all__ = ["Source", "Verdict", "Verifier", "names_in"]
