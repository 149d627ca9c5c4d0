"""Article → sentences for both lengths, written by a language model and verified.

`excerpt` chooses what the model reads, `draft` has it write, `editor` accepts, replaces or refuses what it wrote.
"""

from summarizer.abstraction.draft import write_statements
from summarizer.abstraction.editor import Accepted, Editor, NotTrusted
from summarizer.abstraction.excerpt import around, best_within, token_costs

__all__ = ["Accepted", "Editor", "NotTrusted", "around", "best_within", "token_costs", "write_statements"]
