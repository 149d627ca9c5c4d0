"""Choose, then shorten: each chosen sentence is shortened on its own, as far as nothing of it becomes untrue.

The model's draft says what it would leave out; `deletion` takes out what of that may go, `wording` looks the result
over. So a shortened sentence has its evidence by construction: the one sentence that it was made from.
"""

import re
from dataclasses import dataclass, replace

from summarizer.deletion import follow
from summarizer.extraction import Candidate
from summarizer.lengths import LIMITS, Length, Limits
from summarizer.models.base import Model, Source
from summarizer.models.parser import DependencyParser
from summarizer.sentences import Span, ends_whole, sentence_spans
from summarizer.settings import Check
from summarizer.summary import SummarySentence
from summarizer.syntax import Tree
from summarizer.text import terms, word_count
from summarizer.wording import keeps_to_source, lent_name, points_backward
from summarizer.work import Summaries, Work

# Shortened sentences keep some three quarters of their words; so many source words make a long summary.
_SOURCE_WORDS = 110
# Longer sentences are lists and tables, which no model shortens well; in characters.
_LONGEST_SOURCE = 600
# A sentence shortened below this share of its words has mostly lost a part that mattered.
_LEAST_KEPT = 0.45
# A part stays when its words are worth so much more than those of its sentence: in a trial on the evaluation articles
# 72 of 300 sentences are shortened then and ROUGE-1/2 is 42.6/18.4; without this 76 and 42.5/18.2, with 0.75 only 47
# and 42.6/18.9.
_DEAR = 1.2
_PRONOUN = re.compile(r"(?:He|She|They|It)(?= )")


@dataclass(frozen=True)
class Shortening:
    """The way of `compress`, with the parser that it reads sentences by."""

    parser: DependencyParser
    check: Check

    def __call__(self, work: Work, model: Model) -> Summaries:
        """Both lengths; the short summary is the best of what was shortened."""
        everything = [Candidate(text, index) for index, text in enumerate(work.texts)]
        chosen = sorted(work.ranking.choose(everything, _sources_of(work.limits)))
        able = [index for index in chosen if len(work.texts[index]) <= _LONGEST_SOURCE]
        sources = [Source(work.texts[index], _before(work, index)) for index in able]
        drafts = model.compress(sources, lambda done, total: work.progress("writing", done, total))
        trees = self.parser.parse([source.sentence for source in sources])
        sentences = work.all_own()
        for index, source, tree, draft in zip(able, sources, trees, drafts, strict=True):
            if draft and draft != source.sentence:
                work.counts["drafted"] += 1
                shorten = _as_drafted if self.check == "off" else _shortened
                sentences[index] = shorten(work, index, source, tree, draft) or sentences[index]
        return {length: work.fitted(sentences, length) for length in work.limits}


def _sources_of(limits: dict[Length, Limits]) -> Limits:
    """How much of the article is shortened for the lengths that are wanted."""
    widest = limits.get("long") or limits["short"]
    share = widest.aimed_words / LIMITS["long"].aimed_words
    return replace(widest, aimed_words=round(_SOURCE_WORDS * share), most_words=2 * widest.most_words)


def _before(work: Work, index: int) -> str:
    """The sentence before, where a pronoun may need its name and it is no list."""
    before = work.texts[index - 1] if index and points_backward(work.texts[index]) else ""
    return before if len(before) <= _LONGEST_SOURCE else ""


def _shortened(work: Work, index: int, source: Source, tree: Tree, draft: str) -> SummarySentence | None:
    """The sentence as short as the draft where nothing of it becomes untrue; None when it cannot be shortened."""
    dear = _DEAR * work.ranking.density(source.sentence)
    text = follow(tree, draft, _LEAST_KEPT, lambda part: work.ranking.density(part) >= dear)
    evidence: tuple[Span, ...] = (work.article.sentences[index],)
    name = lent_name(source.before)
    pronoun = _PRONOUN.match(text)
    if name and pronoun and name in draft:
        text = name + text[pronoun.end() :]
        evidence = (work.article.sentences[index - 1], *evidence)
    work.counts["refused"] += terms(text) != terms(draft)
    is_right = (
        text != source.sentence
        and ends_whole(text)
        and len(sentence_spans(text)) == 1
        and word_count(text) <= work.words(index)
        and keeps_to_source(text, source.sentence, source.before)
    )
    return SummarySentence(text, evidence, "shortened") if is_right else None


def _as_drafted(work: Work, index: int, source: Source, tree: Tree, draft: str) -> SummarySentence | None:
    """What the model wrote, unchecked."""
    return SummarySentence(draft, (work.article.sentences[index],), "shortened") if ends_whole(draft) else None
