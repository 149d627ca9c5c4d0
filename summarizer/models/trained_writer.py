"""The default language model with its adapter, which is trained to write summaries that stay with their sources.

For each statement it first chooses the one or two sentences of the article that the statement rests on, then writes the
statement right after them. Quoting a source costs little: once its first words tell it from the article's other
sentences, the rest is read and not written. Errors stay local, and every statement comes with its evidence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from summarizer.models import prompts
from summarizer.models.protocols import Accept, Excerpt, Judge, Length, Progress, Question, Statement, WordRange
from summarizer.text.words import word_count

# Called with the text so far; True ends the generation.
OnText = Callable[[str], bool]

# UTF-8 bytes of one token: four in English, three in scripts of three bytes a character.
_MIN_BYTES_PER_TOKEN = 3
_MAX_STATEMENTS: dict[Length, int] = {"short": 2, "long": 5}
# A length ends after this many statements that were not accepted.
_MAX_REFUSED = 2
# Of a statement; the longest in the references has 61.
_MAX_STATEMENT_TOKENS = 90
# Other wordings that are sampled for a statement that was not accepted. Untuned.
_ALTERNATIVES, _TEMPERATURE = 3, 0.7
_MARKS: dict[Length, str] = {"short": prompts.SHORT_MARK, "long": prompts.LONG_MARK}
# What the model writes in place of a source when a summary is over: the next mark, or the end of its answer.
_SUMMARY_END: dict[Length, str] = {"short": "#", "long": ""}


class Engine(Judge, Protocol):
    """A language model that continues a prompt."""

    @property
    def name(self) -> str:
        """The name that answers report."""

    @property
    def token_budget(self) -> int:
        """Tokens of an article that the model reads unless a setting says otherwise."""

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""

    def continue_prompt(
        self, prompt: str, limit: int, on_text: OnText, *, grammar: str = "", temperature: float = 0.0, seed: int = 0
    ) -> str:
        """What the model writes after a prompt, up to the end of the line.

        :param limit: in tokens.
        :param grammar: in llama.cpp's notation; the text keeps to it.
        """


@dataclass(frozen=True)
class TrainedWriter:
    """Writes summaries sentence by sentence, each after its sources."""

    engine: Engine

    @property
    def name(self) -> str:
        """The name that answers report."""
        return self.engine.name

    @property
    def token_budget(self) -> int:
        """Tokens of an article that the model reads unless a setting says otherwise."""
        return self.engine.token_budget

    def load(self) -> None:
        """Load the weights, once."""
        self.engine.load()

    def count_tokens(self, text: str, on_wait: Callable[[], None]) -> int:
        """The number of tokens of a text."""
        return self.engine.count_tokens(text, on_wait)

    def verdicts(self, questions: Sequence[Question], progress: Progress) -> list[float]:
        """Log-odds of "Yes" against "No" for each question."""
        return self.engine.verdicts(questions, progress)

    def write(self, excerpt: Excerpt, words: Mapping[Length, WordRange], accept: Accept, progress: Progress) -> None:
        """Write a long summary, whose first statement is also the short one; or a short one if only that is wanted.

        A separate short summary says the same in most cases, and takes a quarter of the time.
        """
        length: Length = "long" if "long" in words else "short"
        total = words[length].enough
        writing = _Writing(self.engine, excerpt, lambda written: progress(min(written, total), total))

        is_first = True

        def accept_both(length: Length, statement: Statement) -> str | None:
            nonlocal is_first
            accepted = accept(length, statement)
            if accepted is not None and is_first:
                is_first = False
                accept("short", replace(statement, text=accepted))
            return accepted

        writing.write(length, words[length], accept_both if len(words) > 1 else accept)
        progress(total, total)


class _Writing:
    """A summary of one excerpt being written: the prompt, and the answer so far."""

    def __init__(self, engine: Engine, excerpt: Excerpt, on_words: Callable[[int], None]) -> None:
        """Begin.

        :param on_words: called with the number of words written so far.
        """
        self._engine = engine
        self._sentences = [prompts.without_special_tokens(sentence) for sentence in excerpt.sentences]
        self._on_words = on_words
        self._prompt = prompts.writing_prompt(excerpt)
        self._answer = ""
        self._words = 0

    def write(self, length: Length, words: WordRange, accept: Accept) -> None:
        """Write a summary of this length."""
        self._answer = _MARKS[length]
        written = statements = 0
        refused: set[int] = set()
        while written < words.enough and statements < _MAX_STATEMENTS[length] and self._has_room():
            if written >= words.least and not self._goes_on(length):
                break
            open_sources = [index for index in range(len(self._sentences)) if index not in refused]
            if not open_sources or len(refused) == _MAX_REFUSED:
                break
            first = self._source(open_sources)
            accepted = self._statement(length, first, accept)
            if accepted is None:
                refused.add(first)
            else:
                written += word_count(accepted)
                statements += 1

    def _has_room(self) -> bool:
        return len(self._answer.encode()) < _MIN_BYTES_PER_TOKEN * prompts.SOURCED_ANSWER_TOKENS

    def _goes_on(self, length: Length) -> bool:
        """Whether the model begins to quote a further source, and does not end the summary."""
        grammar = f'root ::= "{_SUMMARY_END[length]}" | "{prompts.SOURCE_MARK}"'
        return self._generate(1, grammar=grammar) == prompts.SOURCE_MARK

    def _statement(self, length: Length, first: int, accept: Accept) -> str | None:
        """Write a statement on a source and, if the model wants, a second one; returns what was accepted."""
        before = self._answer
        sources = [first]
        self._answer += self._quoted(first)
        others = [index for index in range(len(self._sentences)) if index != first]
        grammar = f'root ::= "{prompts.STATEMENT_MARK}" | "{prompts.SOURCE_MARK}"'
        if others and self._generate(1, grammar=grammar) == prompts.SOURCE_MARK:
            sources.append(self._source(others))
            self._answer += self._quoted(sources[-1])
        self._answer += prompts.STATEMENT_MARK
        text = self._generate(_MAX_STATEMENT_TOKENS).strip()
        alternatives = partial(self._alternatives, self._prompt + self._answer)
        accepted = accept(length, Statement(text, tuple(sources), alternatives))
        if accepted is None:
            self._answer = before
            return None
        self._answer += f" {prompts.without_special_tokens(accepted)}\n"
        self._words += word_count(accepted)
        self._on_words(self._words)
        return accepted

    def _quoted(self, source: int) -> str:
        return f"{prompts.SOURCE_MARK} {self._sentences[source]}\n"

    def _source(self, candidates: Sequence[int]) -> int:
        """The sentence that the model begins to quote, as soon as it can be no other."""
        if len(candidates) == 1:
            return candidates[0]
        lines = {index: f" {self._sentences[index]}" for index in candidates}

        def matching(text: str) -> list[int]:
            return [index for index, line in lines.items() if line.startswith(text)]

        grammar = "root ::= " + " | ".join(map(_grammar_literal, dict.fromkeys(lines.values())))
        text = self._generate(
            max(len(line.encode()) for line in lines.values()),
            after=prompts.SOURCE_MARK,
            grammar=grammar,
            on_text=lambda text: len(matching(text)) == 1,
        )
        # One sentence may begin with all of another.
        exact = [index for index, line in lines.items() if line == text]
        return (exact or matching(text) or candidates)[0]

    def _alternatives(self, prompt: str) -> Iterator[str]:
        """Other wordings of a statement, from the same reading."""
        for seed in range(1, _ALTERNATIVES + 1):
            yield self._engine.continue_prompt(
                prompt, _MAX_STATEMENT_TOKENS, self._report, temperature=_TEMPERATURE, seed=seed
            ).strip()

    def _generate(self, limit: int, *, after: str = "", grammar: str = "", on_text: OnText = lambda text: False) -> str:
        """What the model writes next, after the answer so far and a mark."""

        def report(text: str) -> bool:
            self._report(text)
            return on_text(text)

        return self._engine.continue_prompt(self._prompt + self._answer + after, limit, report, grammar=grammar)

    def _report(self, text: str) -> bool:
        self._on_words(self._words + word_count(text))
        return False


def _grammar_literal(text: str) -> str:
    """A text as a literal of llama.cpp's grammars."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
