"""Article → drafted sentences for both lengths, written by a language model and not verified yet.

`excerpt` chooses what the model reads, `draft` has it write and splits what it wrote.
"""

from summarizer.abstraction.draft import draft_sentences
from summarizer.abstraction.excerpt import select_excerpt

__all__ = ["draft_sentences", "select_excerpt"]
