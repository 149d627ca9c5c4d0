"""A written sentence and its article → the claim with its evidence, if the article supports it."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.faithfulness.evidence import Claim, Source
from summarizer.models.encoder import SentenceEncoder
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
        self,
        source: Source,
        text: str,
        *,
        sources: Sequence[int] = (),
        said: str = "",
        author: object,
        progress: Progress,
    ) -> Claim | None:
        """The claim that a written sentence makes; None if the article does not support it.

        :param sources: the indices of the sentences that its author cites.
        :param said: the title and what the summary said before, which may name what the sentence names.
        :param author: the model that wrote it. Its verdict on its own sentence is no second opinion, so words decide.
        """
        claim = Claim(source, text, self.encoder.embed([text])[0], sources, said)
        if self.check == "off":
            return claim
        if self.judge is None or author is self.judge:
            return claim if claim.is_lexically_supported else None
        verdict = 0.0
        if claim.needs_verdict:  # the judge's weights are loaded only if it is asked
            (verdict,) = self.judge.verdicts([Question(claim.passage, text)], progress)
        return claim if claim.is_supported(verdict) else None
