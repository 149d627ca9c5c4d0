"""A sentence and its article → a verdict: its evidence, and how likely the article supports it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from summarizer.faithfulness.evidence import Claim, Source
from summarizer.faithfulness.support import Signals
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.protocols import Progress
from summarizer.models.support_model import SupportModel
from summarizer.settings import Check
from summarizer.text.instructions import addresses_model
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


# A question, an order and an empty text claim nothing that an article could support.
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
        judge: Callable[[str], float] | None = None,
        progress: Progress,
    ) -> Verdict:
        """Verify a sentence, or a few as one: the least supported one decides.

        :param language: of the article. The network reads English; in other languages the exact checks decide.
        :param sources: the indices of the sentences that its author drew on, if they are known. It is then expected to
            stay near their wording, and must also pass the exact checks unless its author judges it.
        :param said: the title and what the summary said before, which may name what the sentence names.
        :param judge: returns the log-odds, by the model that wrote the sentence, that it is right.
        """
        parts = [span.of(text) for span in sentence_spans(text, language=language)]
        if not parts or (self.check != "off" and len(parts) > _MAX_SENTENCES):
            return _NOTHING_SAID
        verdicts = []
        for part in parts:
            claim = Claim(source, part, self.encoder.embed([part])[0], sources, said)
            verdict = self._verdict(claim, language, judge, progress)
            # Where its author judges the sentence, the exact checks are one of the signals.
            is_loose = self.check != "off" and bool(sources) and not judge and not claim.passes_exact_checks
            verdicts.append(replace(verdict, is_supported=False) if is_loose else verdict)
        worst = min(verdicts, key=lambda verdict: (verdict.is_supported, verdict.support or 0.0))
        return replace(worst, evidence=tuple(dict.fromkeys(index for one in verdicts for index in one.evidence)))

    def _verdict(
        self, claim: Claim, language: str | None, judge: Callable[[str], float] | None, progress: Progress
    ) -> Verdict:
        if self.check == "off":
            return Verdict(claim.evidence, None, is_supported=True)
        if _QUESTION.search(claim.text) or addresses_model(claim.text):
            return _NOTHING_SAID
        if claim.unknown or claim.exchanges_role or (judge and claim.joins_names):
            return Verdict(claim.evidence, 0.0, is_supported=False)
        if language not in (None, _LANGUAGE):
            is_supported = claim.passes_exact_checks
            return Verdict(claim.evidence, claim.shared_words if is_supported else 0.0, is_supported)
        if judge:
            progress(0, 1)
            signals = Signals.of(claim, None, judge(claim.text))
            progress(1, 1)
        else:
            (network,) = self.network.log_odds([(claim.passage, claim.text)], progress)
            signals = Signals.of(claim, network)
        support = signals.probability
        return Verdict(claim.evidence, round(support, 3), support >= signals.calibration.thresholds[self.check])
