"""Evidence for summary sentences and their signals, on an article written for this."""

from collections.abc import Callable

import pytest

from summarizer.faithfulness.evidence import Claim, Source
from summarizer.models.encoder import SentenceEncoder
from summarizer.text.sentences import sentence_spans

TEXT = (
    "Kevin Rao, 56, was found by the river on Friday. A girl of nine had called the police. "
    "The river rises in the Ardo hills. Detectives said the death of Mr Rao was not suspicious. "
    "The council of the United States town of Marden paid £1.2m for two boats. Officers praised the girl. "
    "Danilo Ferro joined the search on Sunday with 40 volunteers."
)
SENTENCES = [span.of(TEXT) for span in sentence_spans(TEXT)]


Check = Callable[[str], Claim]


@pytest.fixture(scope="module")
def claim_of(encoder: SentenceEncoder) -> Check:
    """Claims about the article."""
    source = Source(SENTENCES, encoder.embed(SENTENCES))
    return lambda text: Claim(source, text, encoder.embed([text])[0])


def test_evidence_is_the_sentence_that_shares_the_rarest_words(claim_of: Check) -> None:
    assert claim_of("A nine-year-old girl called police.").evidence[0] == 1


def test_evidence_of_a_merged_sentence_is_both(claim_of: Check) -> None:
    merged = "Kevin Rao was found by the river and detectives said the death was not suspicious."
    assert sorted(claim_of(merged).evidence) == [0, 3]


def test_sentence_of_the_article_is_its_own_evidence(claim_of: Check) -> None:
    assert [claim_of(sentence).evidence[0] for sentence in SENTENCES] == list(range(len(SENTENCES)))


def test_similarity_decides_without_a_common_word(claim_of: Check) -> None:
    assert claim_of("Cops lauded a child.").evidence[0] in (1, 5)


@pytest.mark.parametrize(
    "claim",
    [
        "Detectives said that the death of Kevin Rao was not suspicious.",
        "A US town paid 1.2 million pounds for 2 boats.",
        "A girl of 9 called the police.",
        "Mr Rao was found by the river.",
    ],
)
def test_names_and_numbers_in_another_form_are_known(claim_of: Check, claim: str) -> None:
    assert claim_of(claim).unknown == []


@pytest.mark.parametrize(
    ("claim", "unknown"),
    [
        ("Detectives said that the death of Kevin Ray was not suspicious.", ["Ray"]),
        ("Kevin Raos was found by the river.", ["Raos"]),
        ("Kevin Rao, 65, was found by the river.", ["65"]),
        ("A girl of ten had called the police.", ["10"]),
        ("The town paid £1.3m for the boats.", ["1300000"]),
    ],
)
def test_invented_names_and_numbers_are_unknown(claim_of: Check, claim: str, unknown: list[str]) -> None:
    assert claim_of(claim).unknown == unknown


def test_name_and_number_that_never_meet_are_apart(claim_of: Check) -> None:
    assert ("ferro", "56") in claim_of("Danilo Ferro, 56, was found by the river.").apart
    assert claim_of("Kevin Rao, 56, was found by the river.").apart == []


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
def test_lexical_check_refuses_other_words_names_and_negations(claim_of: Check, claim: str, keeps: bool) -> None:
    assert claim_of(claim).passes_exact_checks is keeps


def test_word_order_shows_in_the_pairs(claim_of: Check) -> None:
    right, wrong = "A girl had called the police.", "The police had called a girl."
    assert claim_of(right).shared_words == claim_of(wrong).shared_words == 1.0
    assert claim_of(right).shared_pairs > claim_of(wrong).shared_pairs


def test_passage_contains_the_evidence(claim_of: Check) -> None:
    claim = "Detectives said the death was not suspicious."
    assert SENTENCES[3] in claim_of(claim).passage


@pytest.mark.parametrize(
    ("sentence", "is_exchanged"),
    [
        ("The parents paid tribute to his son.", True),
        ("The parents paid tribute to their son.", False),
        ("The parents paid tribute to the son.", False),
    ],
)
def test_pronoun_of_another_person_is_refused(encoder: SentenceEncoder, sentence: str, is_exchanged: bool) -> None:
    article = ["The parents have paid tribute to their son.", "He was 25."]
    source = Source(article, encoder.embed(article))
    claim = Claim(source, sentence, encoder.embed([sentence])[0], cited=(0,))
    assert claim.exchanges_pronoun is is_exchanged
    assert claim.passes_exact_checks is not is_exchanged


def test_words_of_a_speaker_may_be_reported(encoder: SentenceEncoder) -> None:
    article = ["“I love my son,” the mother said."]
    source = Source(article, encoder.embed(article))
    text = "The mother said she loves her son."
    assert not Claim(source, text, encoder.embed([text])[0], cited=(0,)).exchanges_pronoun


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("Danilo Rao was found by the river.", True),
        ("Kevin Rao was found by the river.", False),
        ("Mr Ferro joined the search.", False),
        ("Marden's Kevin Rao was found by the river.", False),
        ("The United States town of Marden paid £1.2m.", False),
        ("Danilo, Rao and Ferro joined.", False),
    ],
)
def test_names_that_never_stand_side_by_side_are_found(claim_of: Check, text: str, joins: bool) -> None:
    assert claim_of(text).joins_names is joins


@pytest.mark.parametrize(
    ("sentence", "is_exchanged"),
    [
        ("Torvik defender Jon Haddad has tipped Marsh to stay.", True),
        ("Torvik defender Per Lind has tipped Haddad to stay.", False),
        ("The defender Lind has tipped Jon Haddad to stay.", False),
        ("Coach Jon Haddad may stay.", False),
        ("The coach Haddad was tipped by the defender Lind.", False),
    ],
)
def test_role_of_another_person_is_found(encoder: SentenceEncoder, sentence: str, is_exchanged: bool) -> None:
    article = ["Torvik defender Per Lind has tipped coach Jon Haddad to stay.", "Marsh will leave."]
    source = Source(article, encoder.embed(article))
    assert Claim(source, sentence, encoder.embed([sentence])[0]).exchanges_role is is_exchanged
