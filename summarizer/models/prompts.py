"""The prompts that language models are given, whichever engine runs them.

What changes comes last: an article stands before the instruction so that it is read once for both lengths.
"""

from summarizer.models.base import Question, Reading

Message = dict[str, str]

# Tokens of an article that a language model reads unless a setting says otherwise: some 1,500 words, which is 25 s of
# reading at 80 tokens a second.
TOKEN_BUDGET = 2_048
# A long summary has 150 words at most, which is 200 tokens of English, a short one 45; what runs further is cut.
ANSWER_TOKENS = {"short": 72, "long": 220}

_JUDGE = "You check summaries against passages of news articles. You are strict."
_REWRITE = "You summarize articles. You state only facts that the article states, in plain and complete sentences."
_LONG = (
    "Summarize the article above in one paragraph of three to five short sentences, 60 to 110 words together. Begin "
    "with the main news. Take over the article's own wording wherever you can, only shorter. State the facts "
    "themselves; do not write about the article."
)
_SHORT = (
    "Summarize the article above in one short sentence of at most 30 words that states the main news. Do not write "
    "about the article."
)


def rewrite_messages(reading: Reading, *, short: bool) -> list[Message]:
    """The prompt for one length; both lengths share all but the last line."""
    title = f"{reading.title}\n\n" if reading.title else ""
    article = f"Article:\n{title}{' '.join(reading.sentences)}"
    return [_message("system", _REWRITE), _message("user", f"{article}\n\n{_SHORT if short else _LONG}")]


def judge_messages(question: Question) -> list[Message]:
    """The prompt for a verdict: its answer is "Yes" or "No"."""
    asked = "Is every detail of the sentence stated in the passage? Answer Yes or No."
    text = f"Passage:\n{question.passage}\n\nSentence: {question.sentence}\n\n{asked}"
    return [_message("system", _JUDGE), _message("user", text)]


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
