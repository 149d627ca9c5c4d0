"""The verifier's verdicts, by the network that ships with the package and by the exact checks."""

from pathlib import Path
from typing import Protocol

import pytest
import torch
from safetensors.torch import save_file

from summarizer import Settings
from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.faithfulness import Source, Verdict, Verifier
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.support_model import SupportModel
from summarizer.settings import Check as CheckName

SENTENCES = (
    "Ines Marr, who runs the ferry at Pell, said on Monday that it may stop in May.",
    "Her rival, Olof Dahl, has bought two boats for £1.2m.",
    "The council has not decided whether to support either of them.",
    "About 4,000 people cross the river each day.",
)


class Check(Protocol):
    """Verifies a sentence about the article."""

    def __call__(self, text: str, check: CheckName = "normal", language: str | None = "en") -> Verdict: ...


@pytest.fixture(scope="module")
def verdict(encoder: SentenceEncoder) -> Check:
    source = Source(SENTENCES, encoder.embed(SENTENCES))
    network = SupportModel(encoder_folder(Settings().cache))

    def verify(text: str, check: CheckName = "normal", language: str | None = "en") -> Verdict:
        verifier = Verifier(encoder, network, check)
        return verifier.verify(source, text, language=language, progress=lambda done, total: None)

    return verify


def test_right_sentences_have_more_support(verdict: Check) -> None:
    pairs = [
        ("Olof Dahl has bought two boats for £1.2m.", "Ines Marr has bought two boats for £1.2m."),
        ("Olof Dahl has bought two boats.", "Olof Dahl has sold two boats."),
        ("Ines Marr said that the ferry may stop in May.", "Ines Marr said that the ferry will stop in May."),
        ("Ines Marr said that the ferry may stop in May.", "Ines Marr said that the ferry may start in May."),
        ("Ines Marr runs the ferry at Pell.", "Ines Marr does not run the ferry at Pell."),
        ("The council has not decided whom to support.", "The council has decided whom to support."),
        ("About 4,000 people cross the river each day.", "About 4,000 people cross the river each week."),
        ("About 4,000 people cross the river.", "About 4,000 boats cross the river."),
    ]
    right, wrong = ([verdict(text).support or 0.0 for text in texts] for texts in zip(*pairs, strict=True))
    assert sum(right) > sum(wrong)
    assert sum(one > other for one, other in zip(right, wrong, strict=True)) >= 5  # by chance, 4


def test_unknown_name_is_never_supported(verdict: Check) -> None:
    found = verdict("Olof Dahle has bought two boats for £1.2m.")
    assert found.support == 0.0
    assert not found.is_supported


def test_strict_check_asks_for_more(verdict: Check) -> None:
    texts = (
        *SENTENCES,
        "The ferry may stop.",
        "Olof Dahl is a rival.",
        "People cross the river.",
        "Boats were bought.",
    )
    shown = {check: [verdict(text, check).is_supported for text in texts] for check in ("normal", "strict", "off")}
    assert all(shown["off"])
    assert all(normal or not strict for normal, strict in zip(shown["normal"], shown["strict"], strict=True))


def test_verdict_of_the_author_counts_most(encoder: SentenceEncoder) -> None:
    source = Source(SENTENCES, encoder.embed(SENTENCES))
    verifier = Verifier(encoder, SupportModel(encoder_folder(Settings().cache)), "normal")

    def verify(text: str, log_odds: float) -> Verdict:
        return verifier.verify(
            source, text, language="en", sources=(1,), judge=lambda _: log_odds, progress=lambda done, total: None
        )

    right, joined = "Olof Dahl has bought two boats.", "Olof Marr has bought two boats."
    sure, unsure, against = (verify(right, log_odds) for log_odds in (6.0, 0.0, -6.0))
    assert sure.is_supported
    assert not against.is_supported
    assert (sure.support or 0) > (unsure.support or 0) > (against.support or 0)
    assert not verify(joined, 6.0).is_supported


@pytest.mark.parametrize(("text", "is_supported"), [(SENTENCES[2], True), (SENTENCES[2].replace(" not", ""), False)])
def test_exact_checks_decide_in_other_languages(verdict: Check, text: str, is_supported: bool) -> None:
    assert verdict(text, language="de").is_supported is is_supported


def test_several_sentences_are_as_supported_as_the_worst(verdict: Check) -> None:
    right, wrong = SENTENCES[3], "The moon is made of cheese."
    together = verdict(f"{right} {wrong}")
    assert together.support == verdict(wrong).support


def test_text_without_verification_has_no_support(verdict: Check) -> None:
    assert verdict("The moon is made of cheese.", "off").support is None
    assert verdict("Will the ferry stop?", "off").is_supported


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_file({"of_word.bias": torch.zeros(1)}, tmp_path / "support.safetensors")
    folder = encoder_folder(Settings().cache)
    with pytest.raises(ModelFailed, match="another network"):
        SupportModel(folder, tmp_path / "support.safetensors").load()
    with pytest.raises(ModelNotFound, match="Install the package again"):
        SupportModel(folder, tmp_path / "none.safetensors")


@pytest.mark.parametrize("text", ["", " ", "Will the ferry stop in May?"])
def test_what_claims_nothing_has_no_support(verdict: Check, text: str) -> None:
    assert verdict(text) == Verdict((), 0.0, is_supported=False)
