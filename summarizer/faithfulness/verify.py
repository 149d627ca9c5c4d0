"""Written sentences and their article → the ones that are supported, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.faithfulness.evidence import Claim, Source
from summarizer.models.encoder import SentenceEncoder, Vectors
from summarizer.models.protocols import Judge, Progress, Question
from summarizer.settings import Check


@dataclass(frozen=True)
class Verifier:
    """Verifies sentences that a model wrote.

    :param judge: the language model that is asked when the words are not conclusive; None if words alone decide.
    """

    encoder: SentenceEncoder
    judge: Judge | None
    check: Check

    def verify(
        self, sentences: Sequence[str], vectors: Vectors, written: Sequence[str], *, author: object, progress: Progress
    ) -> list[Claim]:
        """The claims among the written sentences that are supported.

        :param sentences: of the article.
        :param vectors: their unit vectors, shape (sentences, dimensions).
        :param author: the model that wrote. Its verdict on its own sentences is no second opinion, so these must pass
            the lexical check as well.
        """
        if not written:
            return []
        source = Source(sentences, vectors)
        claims = [
            Claim(source, text, vector) for text, vector in zip(written, self.encoder.embed(written), strict=True)
        ]
        if self.check == "off":
            return claims
        if self.judge is None or author is self.judge:
            claims = [claim for claim in claims if claim.is_lexically_supported]
        if self.judge is None:
            return claims
        open_claims = [claim for claim in claims if claim.needs_verdict]
        questions = [Question(claim.passage, claim.text) for claim in open_claims]
        # The judge's weights are loaded only if it is asked.
        verdicts = self.judge.verdicts(questions, progress) if questions else []
        by_text = {claim.text: verdict for claim, verdict in zip(open_claims, verdicts, strict=True)}
        return [claim for claim in claims if claim.is_supported(by_text.get(claim.text, 0.0))]
