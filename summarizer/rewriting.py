"""Rewrite, then check: the model's own words, each sentence looked up in the article and judged.

A sentence that the article does not bear out gives way to the best of the article's own that nothing else tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.grounding import Claim, Grounds
from summarizer.lengths import Length
from summarizer.models.base import Judge, Model, Passage, Question, Reading
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.parser import DependencyParser
from summarizer.sentences import ends_whole, sentence_spans
from summarizer.settings import Check
from summarizer.summary import SummarySentence
from summarizer.text import word_count
from summarizer.watching import Summaries
from summarizer.wording import speaks_of_itself
from summarizer.work import Work


@dataclass(frozen=True)
class Rewriting:
    """The way of `rewrite`, with what its sentences are checked by.

    :param token_budget: tokens of an article that the model reads; None leaves it to the model.
    """

    encoder: SentenceEncoder
    parser: DependencyParser
    judge: Judge
    check: Check
    token_budget: int | None

    def __call__(self, work: Work, model: Model) -> Summaries:
        """Both lengths, from one reading."""
        read = self._within_token_budget(work, model)
        draft = model.rewrite(
            Reading(work.article.title, tuple(work.texts[index] for index in read)),
            short="short" in work.limits,
            long="long" in work.limits,
            progress=lambda done, total: work.step("writing", done, total),
        )
        passages: dict[Length, tuple[Passage, ...]] = {"short": draft.short or (), "long": draft.long or ()}
        texts = {length: _worth_checking(passages[length]) for length in work.limits}
        written = list(dict.fromkeys(text for found in texts.values() for text in found))
        checked = self._checked(work, written, author=model)
        return {
            length: _chosen(work, [checked[text] for text in found if text in checked], length)
            for length, found in texts.items()
        }

    def _within_token_budget(self, work: Work, model: Model) -> tuple[int, ...]:
        """The sentences that the model reads: all, or the best that fit its budget, in order."""
        budget = self.token_budget or model.token_budget
        tokens = model.count_tokens(work.article.text, lambda: work.step("writing", 0, 1))
        if tokens <= budget:
            return tuple(range(len(work.texts)))
        per_character = tokens / len(work.article.text)
        costs = [len(text) * per_character + 1 for text in work.texts]
        read = work.ranking.within_budget(costs, budget)
        work.notes.append(f"The model read the {len(read)} best of the article's {len(work.texts)} sentences.")
        return read

    def _checked(self, work: Work, texts: Sequence[str], author: object) -> dict[str, SummarySentence]:
        """The sentences that may be shown.

        :param author: the model that wrote them.
        """
        shown = {text: work.own(work.texts.index(text)) for text in texts if text in work.texts}
        written = [text for text in texts if text not in shown]
        if not written:
            return shown
        grounds = Grounds(work.texts, work.vectors, self.parser.parse)
        vectors = self.encoder.embed(written)
        claims = [grounds.claim(text, vector) for text, vector in zip(written, vectors, strict=True)]
        right = self._right(work, claims, judges_itself=author is self.judge)
        work.counts.update(drafted=len(claims), refused=len(claims) - len(right))
        for claim in right:
            spans = tuple(work.article.sentences[place] for place in sorted(claim.evidence))
            shown[claim.text] = SummarySentence(claim.text, spans, "rewritten")
        return shown

    def _right(self, work: Work, claims: Sequence[Claim], *, judges_itself: bool) -> list[Claim]:
        """Those that pass the check; what a model says of its own sentences is no second opinion, so that those have to
        keep to the words as well."""
        if self.check == "off":
            return list(claims)
        if self.check == "words" or judges_itself:
            claims = [claim for claim in claims if claim.keeps_to_words]
        if self.check == "words":
            return list(claims)
        asked = [claim for claim in claims if claim.needs_verdict]
        questions = [Question(claim.passage, claim.text) for claim in asked]
        # A judge that is not asked is not loaded.
        verdicts = (
            self.judge.verdicts(questions, lambda done, total: work.step("checking", done, total)) if questions else []
        )
        told = {claim.text: verdict for claim, verdict in zip(asked, verdicts, strict=True)}
        return [claim for claim in claims if claim.is_supported(told.get(claim.text, 0.0))]


def _chosen(work: Work, sentences: Sequence[SummarySentence], length: Length) -> tuple[SummarySentence, ...]:
    """The best of the written sentences, filled up with the article's own where they are too few."""
    written = list(dict.fromkeys(sentences))
    trial = work.anew()
    chosen = trial.fitted(written, length) if written else ()
    if work.limits[length].are_reached_by([word_count(sentence.text) for sentence in chosen]):
        work.notes.extend(trial.notes)
        return chosen
    told = {span for sentence in written for span in sentence.evidence}
    rest = [sentence for sentence in work.all_own() if sentence.evidence[0] not in told]
    # With sentences of the article among them, all stand in the article's order.
    return work.fitted(sorted([*written, *rest], key=lambda sentence: sentence.evidence[0].start), length)


def _worth_checking(passages: Sequence[Passage]) -> list[str]:
    """The whole sentences of what a model wrote that are not about the article, none twice."""
    return [text for text in dict.fromkeys(_in_turn(passages)) if not speaks_of_itself(text)]


def _in_turn(passages: Sequence[Passage]) -> list[str]:
    """The whole sentences of the passages: the first of each, then the second of each …, so that each part is heard."""
    columns = [_whole_sentences(passage) for passage in passages]
    rows = max(map(len, columns), default=0)
    return [column[row] for row in range(rows) for column in columns if row < len(column)]


def _whole_sentences(passage: Passage) -> list[str]:
    """The sentences of a passage, without an unfinished one."""
    texts = [span.of(passage.text) for span in sentence_spans(passage.text)]
    if not passage.finished:
        texts = texts[:-1]
    return [text for text in texts if ends_whole(text)]
