"""Article → sentences for both lengths, written by a language model and verified.

`excerpt` chooses what the model reads, `draft` has it write, `editor` accepts, replaces or refuses what it wrote,
and `headline` shortens a sentence.
"""

from summarizer.abstraction.draft import write_statements
from summarizer.abstraction.editor import Accepted, Editor, NotTrusted
from summarizer.abstraction.excerpt import around, best_within, token_costs
from summarizer.abstraction.headline import MAX_HEADLINE_WORDS, headline_of

__all__ = [
    "MAX_HEADLINE_WORDS",
    "Accepted",
    "Editor",
    "NotTrusted",
    "around",
    "best_within",
    "headline_of",
    "token_costs",
    "write_statements",
]
