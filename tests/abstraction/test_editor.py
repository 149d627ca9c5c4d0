"""The editor: what becomes of each sentence that a model writes."""

from collections.abc import Callable, Collection

import pytest

from summarizer import Settings
from summarizer.abstraction import Accepted, Editor, NotTrusted
from summarizer.faithfulness import Verifier
from summarizer.models.encoder import SentenceEncoder
from summarizer.models.manifest import encoder_folder
from summarizer.models.protocols import Length, Statement
from summarizer.models.support_model import SupportModel

SENTENCES = (
    "Ines Marr sold the old lighthouse near Lund to a baker on Friday.",
    "He paid 40,000 crowns for it.",
    "The mayor, Olof Dahl, did not attend the sale.",
    "Visitors may climb the tower from May.",
)


class Follower:
    """Keeps what was accepted; knows that the second sentence needs the first one."""

    def __init__(self) -> None:
        self.shown: list[tuple[Length, int, str]] = []

    def on_accepted(self, length: Length, position: int, accepted: Accepted) -> None:
        self.shown.append((length, position, accepted.text))

    def is_understood(self, index: int, others: Collection[int]) -> bool:
        return index != 1 or 0 in others


@pytest.fixture
def follower() -> Follower:
    return Follower()


@pytest.fixture
def verifier(encoder: SentenceEncoder) -> Verifier:
    return Verifier(encoder, SupportModel(encoder_folder(Settings().cache)), "normal")


@pytest.fixture
def editor(encoder: SentenceEncoder, verifier: Verifier, follower: Follower) -> Editor:
    """An editor to whom only the exact checks matter, as in articles that are not English."""
    return Editor(
        None,
        SENTENCES,
        encoder.embed(SENTENCES),
        excerpt_indices=(0, 1, 2, 3),
        verifier=verifier,
        language="de",
        follower=follower,
        progress=lambda done, total: None,
    )


def statement(text: str, *sources: int, alternatives: Callable[[], list[str]] = list) -> Statement:
    return Statement(text, sources, alternatives)


def test_supported_sentence_is_accepted_with_its_sources_as_evidence(editor: Editor, follower: Follower) -> None:
    text = "Ines Marr sold the lighthouse near Lund to a baker."
    assert editor.accept("long", statement(text, 0)) == text
    assert editor.accepted["long"] == [Accepted(text, (0,), "written")]
    assert follower.shown == [("long", 0, text)]


def test_key_point_must_be_understood_without_the_others(editor: Editor) -> None:
    first, leaning = (
        statement("Ines Marr sold the old lighthouse near Lund.", 0),
        statement("He paid 40,000 crowns for it.", 1),
    )
    assert editor.accept("long", first)
    assert editor.accept("long", leaning)
    editor.accepted.clear()
    editor.stands_alone = lambda length: length == "long"
    assert editor.accept("long", first)
    assert editor.accept("long", leaning) is None


def test_key_point_that_is_replaced_must_be_understood_alone(editor: Editor) -> None:
    editor.follower.is_understood = lambda index, others: bool(others)
    wrong = statement("The mayor, Olof Dahl, paid 90,000 crowns at the sale.", 2)
    assert editor.accept("long", wrong) == SENTENCES[2]  # the main news may lean on others
    editor.accepted.clear()
    editor.stands_alone = lambda length: length == "long"
    assert editor.accept("long", wrong) is None


def test_unsupported_sentence_is_written_again(editor: Editor) -> None:
    right = "A baker paid 40,000 crowns for the lighthouse."
    wrong = statement(
        "A baker paid 90,000 crowns for the lighthouse.", 1, 0, alternatives=lambda: ["A baker paid in May.", right]
    )
    assert editor.accept("long", wrong) == right
    assert not editor.refused
    assert not editor.replaced["long"]


def test_source_stands_in_for_a_sentence_that_no_wording_supports(editor: Editor) -> None:
    assert editor.accept("long", statement("Mayor Olof Dahl bought it in 1990.", 2)) == SENTENCES[2]
    assert editor.accepted["long"] == [Accepted(SENTENCES[2], (2,), "article")]
    assert editor.replaced["long"] == 1


def test_source_that_leans_on_another_sentence_does_not_stand_in(editor: Editor) -> None:
    editor.accept("long", statement(SENTENCES[3], 3))
    assert editor.accept("long", statement("Ines Marr paid 90,000 crowns.", 1)) is None
    assert len(editor.accepted["long"]) == 1


def test_main_news_may_lean_on_another_sentence(encoder: SentenceEncoder, verifier: Verifier) -> None:
    sentences = ("The keeper of this lighthouse near Lund sold it to a baker.", *SENTENCES[1:])

    class NeverUnderstood(Follower):
        def is_understood(self, index: int, others: Collection[int]) -> bool:
            return False

    editor = Editor(
        None,
        sentences,
        encoder.embed(sentences),
        (0, 1, 2, 3),
        verifier,
        language="de",
        follower=NeverUnderstood(),
        progress=lambda done, total: None,
    )
    assert editor.accept("long", statement("Ines Marr paid 90,000 crowns.", 0)) == sentences[0]


def test_half_of_a_quotation_does_not_stand_in(
    encoder: SentenceEncoder, verifier: Verifier, follower: Follower
) -> None:
    sentences = [*SENTENCES, '"After two years of work, we are glad.', 'Now it is over," said Olof Dahl.']
    editor = Editor(
        None,
        sentences,
        encoder.embed(sentences),
        excerpt_indices=range(len(sentences)),
        verifier=verifier,
        language="de",
        follower=follower,
        progress=lambda done, total: None,
    )
    editor.accept("long", statement(SENTENCES[3], 3))
    assert editor.accept("long", statement("Olof Dahl was sad for 90 years.", 4)) is None


def test_dropped_negation_is_refused(editor: Editor) -> None:
    editor.accept("long", statement("The mayor, Olof Dahl, did attend the sale.", 2))
    assert editor.refused


def test_sentence_of_the_article_is_told_apart(editor: Editor) -> None:
    editor.accept("short", statement(SENTENCES[3], 3))
    assert editor.accepted["short"] == [Accepted(SENTENCES[3], (3,), "article")]
    assert editor.drafted == set()


def test_first_sentence_does_not_begin_with_a_pronoun(editor: Editor) -> None:
    assert editor.accept("short", statement("He paid 40,000 crowns for the lighthouse.", 1, 0)) is None


def test_sentence_that_repeats_another_is_left_out(editor: Editor) -> None:
    first = "Ines Marr sold the old lighthouse near Lund to a baker."
    assert editor.accept("long", statement(first, 0)) == first
    assert editor.accept("long", statement("Ines Marr sold the lighthouse near Lund to a baker on Friday.", 0)) is None


def test_sentence_that_repeats_most_of_another_is_left_out(editor: Editor) -> None:
    first = "Ines Marr sold the old lighthouse near Lund to a baker on Friday."
    editor.accept("long", statement(first, 0))
    longer = "On Friday, the old lighthouse near Lund was sold by Ines Marr, and visitors may climb the tower."
    assert editor.accept("long", statement(longer, 0, 3)) is None


def test_unfinished_sentence_is_refused(editor: Editor) -> None:
    editor.accept("long", statement("Ines Marr sold the old lighthouse near", 0))
    assert editor.refused == {"Ines Marr sold the old lighthouse near"}


def test_pronoun_may_refer_to_the_sentence_before(editor: Editor) -> None:
    editor.accept("long", statement("Ines Marr sold the old lighthouse near Lund to a baker.", 0))
    text = "He paid 40,000 crowns for it."
    assert editor.accept("long", statement(text, 1)) == text


def test_pronoun_far_from_what_it_refers_to_is_refused(editor: Editor) -> None:
    editor.accept("long", statement("Visitors may climb the tower from May.", 3))
    assert editor.accept("long", statement("He paid 40,000 crowns for the tower.", 1)) is None


@pytest.mark.parametrize(("before", "is_accepted"), [(0, True), (3, False)])
def test_definite_noun_must_have_been_named(editor: Editor, before: int, is_accepted: bool) -> None:
    """The first sentence names the baker, the last one does not."""
    editor.accept("long", statement(SENTENCES[before], before))
    text = "The baker paid 40,000 crowns."
    assert editor.accept("long", statement(text, 1)) == (text if is_accepted else None)


@pytest.mark.parametrize(("before", "is_accepted"), [(2, True), (3, False)])
def test_person_is_named_in_full_first(
    encoder: SentenceEncoder, verifier: Verifier, follower: Follower, before: int, is_accepted: bool
) -> None:
    sentences = (*SENTENCES, "Mr Dahl wants to build a harbour.")
    editor = Editor(
        None, sentences, encoder.embed(sentences), range(5), verifier, "de", follower, lambda done, total: None
    )
    editor.accept("long", statement(SENTENCES[before], before))
    text = "Mr Dahl wants to build a new harbour."
    assert (editor.accept("long", statement(text, 4)) == text) is is_accepted


def test_second_replaced_sentence_ends_the_long_summary(editor: Editor) -> None:
    editor.accept("long", statement("Mayor Olof Dahl bought it in 1990.", 2))
    with pytest.raises(NotTrusted):
        editor.accept("long", statement("Visitors may swim from June.", 3))


def test_repeated_sentence_is_no_replacement(editor: Editor) -> None:
    editor.accept("long", statement("The mayor, Olof Dahl, did not attend the sale.", 2))
    for wrong in ("Mayor Olof Dahl bought it in 1990.", "Mayor Olof Dahl left in 1990."):
        assert editor.accept("long", statement(wrong, 2)) is None
    assert not editor.replaced["long"]


def test_name_from_elsewhere_in_the_article_is_refused(
    encoder: SentenceEncoder, verifier: Verifier, follower: Follower
) -> None:
    sentences = (*SENTENCES, "The harbour is deep.", "The pilot Tom Price lives there.")
    editor = Editor(
        None, sentences, encoder.embed(sentences), (0, 5), verifier, "de", follower, lambda done, total: None
    )
    assert editor.accept("long", statement("Tom Price sold the old lighthouse near Lund on Friday.", 0)) == SENTENCES[0]
    assert editor.accept("long", statement("The pilot Tom Price lives in the harbour.", 1)) is not None
    assert editor.accepted["long"][-1].evidence[0] == 5  # the second sentence that the model read
