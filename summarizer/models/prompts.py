"""The prompts of language models, whichever engine runs them.

The parts that differ come last: the article is before the instruction, so that both lengths share one reading of it.
"""

from collections.abc import Sequence

from summarizer.models.protocols import Excerpt, Length

Message = dict[str, str]

# Tokens of an article that a language model reads unless a setting says otherwise: about 1,500 words, which take 25 s
# at 80 tokens a second.
TOKEN_BUDGET = 2_048
# Token limits of the answers. A long summary has at most 150 words, which are 200 tokens of English, unless more are
# wanted; a short one about 45 tokens. Longer answers are cut.
_ANSWER_TOKENS: dict[Length, int] = {"short": 72, "long": 220}
_TOKENS_A_WORD = 1.6
MOST_ANSWER_TOKENS = 640

_WRITER = "You summarize articles. You state only facts that the article states, in plain and complete sentences."
_LONG = (
    "Summarize the article above in one paragraph of short sentences, {words} words together. Begin with {subject}. "
    "Take over the article's own wording wherever you can, only shorter. State the facts themselves; do not write "
    "about the article."
)
_SHORT = (
    "Summarize the article above in one short sentence of at most 30 words that states {subject}. Do not write about "
    "the article."
)
_USUAL_WORDS, _MAIN_NEWS = "60 to 110", "the main news"

# The form in which the trained writer writes: a mark for the length, then each point, one or two sentences of the
# article, and the statement of it. Behind a statement and one more mark it says whether the statement is right. Its
# adapter is trained on it.
SHORT_MARK, LONG_MARK = "# Short\n", "# Long\n"
SOURCE_MARK, STATEMENT_MARK, VERDICT_MARK = ">", "-", "?"
RIGHT, WRONG = "yes", "no"
# Ten sentences that fill the token budget, and a statement of up to 90 tokens for each.
STATED_ANSWER_TOKENS = 1_536
# Characters of a title that the trained writer reads; more would be a paragraph.
_MAX_TITLE = 300
_TRAINED_WRITER = (
    "You summarize articles. Quote the sentences that a statement rests on, then write the statement so that it can be "
    "read alone. State only what they say."
)


def wanted_lengths(*, short: bool, long: bool) -> list[Length]:
    """The lengths to write, in the order in which models write them."""
    wanted: dict[Length, bool] = {"long": long, "short": short}
    return [length for length, is_wanted in wanted.items() if is_wanted]


def answer_tokens(length: Length, excerpt: Excerpt) -> int:
    """The token limit of an answer."""
    wanted = round(_TOKENS_A_WORD * excerpt.words) if excerpt.words and length == "long" else 0
    return min(max(_ANSWER_TOKENS[length], wanted), MOST_ANSWER_TOKENS)


def without_special_tokens(text: str) -> str:
    """A text that cannot end its turn in the chat form of models such as Qwen2 ("<|im_end|>")."""
    return text.replace("<|", "< |")


def writing_prompt(excerpt: Excerpt) -> str:
    """The trained writer's prompt, in the chat form of its model: the title and the sentences, one a line."""
    title = f"{without_special_tokens(excerpt.title[:_MAX_TITLE])}\n\n" if excerpt.title else ""
    lines = "\n".join(map(without_special_tokens, excerpt.sentences))
    return (
        f"<|im_start|>system\n{_TRAINED_WRITER}<|im_end|>\n"
        f"<|im_start|>user\n{title}{lines}<|im_end|>\n<|im_start|>assistant\n"
    )


def statement_prompt(sources: Sequence[str]) -> str:
    """What the trained writer reads before it writes a statement: the sentences that it is to state, one a line."""
    lines = (f"{SOURCE_MARK} {without_special_tokens(source)}\n" for source in sources)
    return f"{''.join(lines)}{STATEMENT_MARK}"


def draft_messages(excerpt: Excerpt, *, short: bool) -> list[Message]:
    """The prompt for one length; both lengths share all but the last line."""
    title = f"{excerpt.title}\n\n" if excerpt.title else ""
    article = f"Article:\n{title}{' '.join(excerpt.sentences)}"
    subject = f'what it says on "{without_special_tokens(excerpt.focus)}"' if excerpt.focus else _MAIN_NEWS
    words = f"about {excerpt.words}" if excerpt.words else _USUAL_WORDS
    instruction = (_SHORT if short else _LONG).format(words=words, subject=subject)
    return [_message("system", _WRITER), _message("user", f"{article}\n\n{instruction}")]


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
