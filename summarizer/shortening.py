"""Choose, then shorten: the chosen sentences without what may go and is worth less than the rest.

`deletion` says what of a sentence may go so that the rest stays true, the ranking what of that is worth keeping. So a
shortened sentence has its evidence by construction: the one sentence that it was made from. Names are completed and
quotations closed when it is known which sentences stand beside each other.

The embedded language model was tried in the place of the ranking, as the writer of the shorter sentence and as the one
who says which of the parts go; docs/quality.md says why it is not used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from summarizer.deletion import shortest
from summarizer.extraction import Candidate
from summarizer.lengths import LIMITS, Length, Limits
from summarizer.models.parser import DependencyParser
from summarizer.names import Names
from summarizer.quotations import Torn, closed, torn
from summarizer.sentences import ends_whole, sentence_spans
from summarizer.summary import SummarySentence
from summarizer.syntax import Tree
from summarizer.text import word_count
from summarizer.watching import Summaries
from summarizer.wording import keeps_to_source
from summarizer.work import Work

# So many words are shortened for a long summary: those that it takes, and some that take their place when they become
# shorter. With 95 or 130 ROUGE is the same.
_SOURCE_WORDS = 110
# Longer sentences are lists and tables, which no parser understands; in characters.
_LONGEST_SOURCE = 600
# A part stays when its words are worth more than this share of what those of its sentence are worth on average, and a
# sentence keeps this share of its words. In trials on the evaluation articles ROUGE-1/2 and the number of sentences
# that are shortened at all are with 0.6 42.2/18.6 and 46, with 0.7 42.3/18.8 and 62, with 1.0 42.1/18.2 and 93; with a
# least share of 0.45 everywhere some 0.2 less.
_DEAR = 0.7
_LEAST_KEPT = 0.6


@dataclass(frozen=True)
class Shortening:
    """The way of `compress`, with the parser that it reads sentences by."""

    parser: DependencyParser

    def __call__(self, work: Work) -> Summaries:
        """Both lengths; the short summary is the best of what was shortened."""
        everything = [Candidate(text, index) for index, text in enumerate(work.texts)]
        chosen = work.ranking.choose(everything, _sources_of(work.limits))
        able = [index for index in sorted(chosen) if len(work.texts[index]) <= _LONGEST_SOURCE]
        sentences = work.all_own()
        trees = self.parser.parse([work.texts[index] for index in able])
        for done, (index, tree) in enumerate(zip(able, trees, strict=True), start=1):
            sentences[index] = _shortened(work, index, tree)
            work.step("writing", done, len(able))
        names, marks = Names(work.texts), torn(work.paragraphs())
        return {
            length: _as_paragraph(work, names, marks, work.fitted(sentences, length), length) for length in work.limits
        }


def _sources_of(limits: dict[Length, Limits]) -> Limits:
    """How much of the article is shortened for the lengths that are wanted."""
    widest = limits.get("long") or limits["short"]
    share = widest.aimed_words / LIMITS["long"].aimed_words
    return replace(widest, aimed_words=round(_SOURCE_WORDS * share), most_words=2 * widest.most_words)


def _shortened(work: Work, index: int, tree: Tree) -> SummarySentence:
    """A sentence without the parts that may go and are worth little; as it is when that is all of it."""
    dear = _DEAR * work.ranking.density(tree.sentence)
    text = shortest(tree, _LEAST_KEPT, lambda part: work.ranking.density(part) >= dear)
    if text == tree.sentence:
        return work.own(index)
    is_right = ends_whole(text) and len(sentence_spans(text)) == 1 and keeps_to_source(text, tree.sentence)
    work.counts.update(drafted=1, refused=not is_right)
    return SummarySentence(text, (work.article.sentences[index],), "shortened") if is_right else work.own(index)


def _as_paragraph(
    work: Work, names: Names, marks: Sequence[Torn], sentences: Sequence[SummarySentence], length: Length
) -> tuple[SummarySentence, ...]:
    """The sentences of a summary with names completed, as far as they keep to their limits, and quotations closed."""
    places = [work.article.sentences.index(sentence.evidence[-1]) for sentence in sentences]
    completed = names.completed([(sentence.text, place) for sentence, place in zip(sentences, places, strict=True)])
    if sum(word_count(text) for text, _ in completed) > work.limits[length].most_words:
        completed = [(sentence.text, (place,)) for sentence, place in zip(sentences, places, strict=True)]
    neighbours = set(pairwise(places))
    texts = [
        closed(text, marks[place], follows=(place - 1, place) in neighbours, goes_on=(place, place + 1) in neighbours)
        for (text, _), place in zip(completed, places, strict=True)
    ]
    return tuple(
        sentence
        if text == sentence.text
        else SummarySentence(text, tuple(work.article.sentences[told] for told in rests_on), "shortened")
        for sentence, text, (_, rests_on) in zip(sentences, texts, completed, strict=True)
    )
