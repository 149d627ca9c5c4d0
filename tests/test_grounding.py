"""Evidence of summary sentences, and the signals that speak for them, on an article of our own."""

import pytest

from summarizer.embedded import encoder_folder, parser_folder
from summarizer.grounding import Claim, Grounds, Signals
from summarizer.models.extractive import SentenceEncoder
from summarizer.models.parser import DependencyParser
from summarizer.sentences import sentence_spans
from summarizer.settings import Settings

TEXT = (
    "Kevin Rao, 56, was found by the river on Friday. A girl of nine had called the police. "
    "The river rises in the Ardo hills. Detectives said the death of Mr Rao was not suspicious. "
    "The council of the United States town of Marden paid £1.2m for two boats. Officers praised the girl. "
    "Danilo Ferro joined the search on Sunday with 40 volunteers."
)
SENTENCES = [span.of(TEXT) for span in sentence_spans(TEXT)]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(encoder_folder(Settings().cache))


@pytest.fixture(scope="module")
def grounds(encoder: SentenceEncoder) -> Grounds:
    parser = DependencyParser(parser_folder(Settings().cache))
    return Grounds(SENTENCES, encoder.embed(SENTENCES), parser.parse)


def _claim(grounds: Grounds, encoder: SentenceEncoder, text: str) -> Claim:
    return grounds.claim(text, encoder.embed([text])[0])


def test_evidence_is_the_sentence_that_shares_the_rarest_words(grounds: Grounds, encoder: SentenceEncoder) -> None:
    assert _claim(grounds, encoder, "A nine-year-old girl called police.").evidence[0] == 1


def test_evidence_of_a_merged_sentence_is_both(grounds: Grounds, encoder: SentenceEncoder) -> None:
    merged = "Kevin Rao was found by the river and detectives said the death was not suspicious."
    assert sorted(_claim(grounds, encoder, merged).evidence) == [0, 3]


def test_sentence_of_the_article_is_its_own_evidence(grounds: Grounds, encoder: SentenceEncoder) -> None:
    assert [_claim(grounds, encoder, sentence).evidence[0] for sentence in SENTENCES] == list(range(len(SENTENCES)))


def test_meaning_decides_where_no_word_is_shared(grounds: Grounds, encoder: SentenceEncoder) -> None:
    assert _claim(grounds, encoder, "Cops lauded a child.").evidence[0] in (1, 5)


@pytest.mark.parametrize(
    "claim",
    [
        "Detectives said that the death of Kevin Rao was not suspicious.",
        "A US town paid 1.2 million pounds for 2 boats.",
        "A girl of 9 called the police.",
        "Mr Rao was found by the river.",
    ],
)
def test_names_and_numbers_in_another_form_are_known(grounds: Grounds, encoder: SentenceEncoder, claim: str) -> None:
    assert _claim(grounds, encoder, claim).unknown == []


@pytest.mark.parametrize(
    ("claim", "unknown"),
    [
        ("Detectives said that the death of Kevin Ray was not suspicious.", ["Ray"]),
        ("Kevin Rao, 65, was found by the river.", ["65"]),
        ("A girl of ten had called the police.", ["10"]),
        ("The town paid £1.3m for the boats.", ["1300000"]),
    ],
)
def test_invented_names_and_numbers_are_found(
    grounds: Grounds, encoder: SentenceEncoder, claim: str, unknown: list[str]
) -> None:
    assert _claim(grounds, encoder, claim).unknown == unknown
    assert not _claim(grounds, encoder, claim).is_supported(9.0)


def test_name_and_number_that_never_meet_are_apart(grounds: Grounds, encoder: SentenceEncoder) -> None:
    assert ("ferro", "56") in _claim(grounds, encoder, "Danilo Ferro, 56, was found by the river.").apart
    assert _claim(grounds, encoder, "Kevin Rao, 56, was found by the river.").apart == []


@pytest.mark.parametrize(
    ("claim", "keeps"),
    [
        ("Detectives said that the death of Kevin Rao was not suspicious.", True),
        ("Detectives said that the death of Kevin Rao was suspicious.", False),
        ("Danilo Ferro, 56, was found by the river.", False),
        ("Hundreds mourned outside a church while bells rang.", False),
        ("", False),
    ],
)
def test_check_of_words(grounds: Grounds, encoder: SentenceEncoder, claim: str, keeps: bool) -> None:
    assert _claim(grounds, encoder, claim).keeps_to_words is keeps


def test_who_did_what_shows_in_the_relations(grounds: Grounds, encoder: SentenceEncoder) -> None:
    right, wrong = "A girl had called the police.", "The police had called a girl."
    signals = [_claim(grounds, encoder, claim).signals for claim in (right, wrong)]
    assert signals[0].words == signals[1].words == 1.0
    assert signals[0].pairs > signals[1].pairs


def test_passage_holds_what_a_claim_is_about(grounds: Grounds, encoder: SentenceEncoder) -> None:
    claim = "Detectives said the death was not suspicious."
    assert SENTENCES[3] in _claim(grounds, encoder, claim).passage


def test_each_signal_speaks_for_a_sentence() -> None:
    low, high = (0.4, 0.2, 0.2, -2.0), (1.0, 0.9, 0.9, 2.0)
    assert Signals(*high).is_supported
    assert not Signals(*low).is_supported
    for column in range(4):
        better = (*low[:column], high[column], *low[column + 1 :])
        assert Signals(*better).support > Signals(*low).support


@pytest.mark.parametrize(
    ("claim", "needs_verdict"),
    [
        (SENTENCES[3], False),
        (SENTENCES[3].replace(" not ", " "), True),
        ("The river floods each winter.", True),
        ("Hundreds mourned outside a church in Berlin.", False),
    ],
)
def test_near_copy_and_invented_name_need_no_verdict(
    grounds: Grounds, encoder: SentenceEncoder, claim: str, needs_verdict: bool
) -> None:
    assert _claim(grounds, encoder, claim).needs_verdict is needs_verdict


def test_verdict_decides_about_other_sentences(grounds: Grounds, encoder: SentenceEncoder) -> None:
    claim = _claim(grounds, encoder, "A girl of nine alerted police to the body by the river.")
    assert claim.is_supported(3.0)
    assert not claim.is_supported(-3.0)
