"""A sentence and its article → a verdict: its evidence, and how likely the article supports it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.faithfulness.evidence import Claim, Source
from summarizer.faithfulness.support import Signals, calibration
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.protocols import Progress
from summarizer.models.support_model import SupportModel
from summarizer.settings import Check
from summarizer.text.sentences import sentence_spans

# The language of the pairs that the network is trained on.
_LANGUAGE = "en"
# A text with more sentences is no statement of a summary, and would take long.
_MAX_SENTENCES = 5
_QUESTION = re.compile(r"[?？؟][\"'”’»)\]]*$")


@dataclass(frozen=True)
class Verdict:
    """What verification found.

    :param evidence: the indices of the article's sentences that the sentence rests on, best first.
    :param support: the probability that the article supports it, 0 to 1; None if it was not verified.
    :param is_supported: whether that is enough to show it.
    """

    evidence: tuple[int, ...]
    support: float | None
    is_supported: bool


# A question and an empty text claim nothing that an article could support.
_NOTHING_SAID = Verdict((), 0.0, is_supported=False)


@dataclass(frozen=True)
class Verifier:
    """Verifies sentences that a model, or someone else, wrote about an article."""

    encoder: SentenceEncoder
    network: SupportModel
    check: Check

    def verify(
        self,
        source: Source,
        text: str,
        *,
        language: str | None,
        sources: Sequence[int] = (),
        said: str = "",
        progress: Progress,
    ) -> Verdict:
        """Verify a sentence, or a few as one: the least supported one decides.

        :param language: of the article. The network reads English; in other languages the exact checks decide.
        :param sources: the indices of the sentences that its author drew on, if they are known. It is then expected to
            stay near their wording, and must also pass the exact checks.
        :param said: the title and what the summary said before, which may name what the sentence names.
        """
        parts = [span.of(text) for span in sentence_spans(text, language=language)]
        if not parts or (self.check != "off" and len(parts) > _MAX_SENTENCES):
            return _NOTHING_SAID
        verdicts = []
        for part in parts:
            claim = Claim(source, part, self.encoder.embed([part])[0], sources, said)
            verdict = self._verdict(claim, language, progress)
            is_loose = self.check != "off" and bool(sources) and not claim.passes_exact_checks
            verdicts.append(replace(verdict, is_supported=False) if is_loose else verdict)
        worst = min(verdicts, key=lambda verdict: (verdict.is_supported, verdict.support or 0.0))
        return replace(worst, evidence=tuple(dict.fromkeys(index for one in verdicts for index in one.evidence)))

    def _verdict(self, claim: Claim, language: str | None, progress: Progress) -> Verdict:
        if self.check == "off":
            return Verdict(claim.evidence, None, is_supported=True)
        if _QUESTION.search(claim.text):
            return _NOTHING_SAID
        if claim.unknown:
            return Verdict(claim.evidence, 0.0, is_supported=False)
        if language not in (None, _LANGUAGE):
            is_supported = claim.passes_exact_checks
            return Verdict(claim.evidence, claim.shared_words if is_supported else 0.0, is_supported)
        (network,) = self.network.log_odds([(claim.passage, claim.text)], progress)
        support = Signals.of(claim, network).probability
        return Verdict(claim.evidence, round(support, 3), support >= calibration().thresholds[self.check])
