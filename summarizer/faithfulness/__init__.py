"""A sentence and its article → the evidence for it, and whether it is supported.

`lexical` compares words, negations and hedges, `evidence` finds the article's sentences behind it, `support` adds up
the signals, `verify` decides, calling a language model when the words are not conclusive.
"""

from summarizer.faithfulness.evidence import Source
from summarizer.faithfulness.lexical import names_in
from summarizer.faithfulness.verify import Verifier

__all__ = ["Source", "Verifier", "names_in"]
