"""The prompts that language models are given, whichever engine runs them.

What changes comes last: the fixed beginning (instructions and examples) stays in a model's cache, and an article
stands before the instruction so that it is read once for both lengths.
"""

from summarizer.models.base import Question, Reading, Source

Message = dict[str, str]

# Tokens of an article that a language model reads unless a setting says otherwise: some 1,500 words, which is 25 s of
# reading at 80 tokens a second.
TOKEN_BUDGET = 2_048
# A long summary has 150 words at most, which is 200 tokens of English, a short one 45; what runs further is cut.
ANSWER_TOKENS = {"short": 72, "long": 220}

_COMPRESS = (
    "You shorten sentences of news articles by deleting words. Delete asides, titles and minor details; keep the whole "
    "main statement with its conditions and reasons, about two thirds of the words, in the same order. Use only "
    "words of the sentence; do not replace, add or reorder words. Keep every 'not', 'no', 'may', 'could', 'about', "
    "'alleged', 'reportedly' and the like. When a word such as 'he' needs a name, take the name from the sentence "
    "before. Answer with one complete sentence and nothing else."
)
_EXAMPLES = (
    (
        Source(
            "The museum, which first opened its doors to visitors in 1911, will close for about two years from March "
            "so that its leaking roof can be replaced, the director, Ana Ruiz, told reporters at a crowded press "
            "conference on Tuesday."
        ),
        "The museum will close for about two years from March so that its leaking roof can be replaced, the director, "
        "Ana Ruiz, told reporters.",
    ),
    (
        Source(
            "He allegedly did not tell the investigators, who had questioned him twice in the spring, about the second "
            "account in Malta, which prosecutors say held more than £40,000.",
            "Peter Lind, a former treasurer of the club, denies the charges.",
        ),
        "Peter Lind allegedly did not tell the investigators about the second account in Malta.",
    ),
    (
        Source(
            "Speaking after the long and often angry meeting, Mayor Ivo Tal highlighted the growing cost of the "
            "tunnel, the delays and the doubts of the engineers, and said the city could still walk away from the "
            "project."
        ),
        "Mayor Ivo Tal highlighted the growing cost of the tunnel and said the city could still walk away from the "
        "project.",
    ),
)
_JUDGE = "You check summaries against passages of news articles. You are strict."
_REWRITE = "You summarize articles. You state only facts that the article states, in plain and complete sentences."
_LONG = (
    "Summarize the article above in one paragraph of three to five short sentences, 60 to 110 words together. Begin "
    "with the main news. State the facts themselves; do not write about the article."
)
_SHORT = (
    "Summarize the article above in one short sentence of at most 30 words that states the main news. Do not write "
    "about the article."
)


def compress_prefix() -> list[Message]:
    """The fixed beginning of every compression prompt."""
    messages = [_message("system", _COMPRESS)]
    for source, shortened in _EXAMPLES:
        messages += [compress_question(source), _message("assistant", shortened)]
    return messages


def compress_question(source: Source) -> Message:
    """The question that asks for one sentence."""
    before = f"Sentence before: {source.before}\n" if source.before else ""
    return _message("user", f"{before}Shorten: {source.sentence}")


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
