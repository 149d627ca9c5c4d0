"""The embedded language model through llama.cpp: cache, threads. Each answer costs seconds, so few are asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.embedded import language_model_path
from summarizer.models.base import Question, Reading
from summarizer.models.gguf import GgufModel
from summarizer.models.prompts import ANSWER_TOKENS, rewrite_messages
from summarizer.settings import Settings

PASSAGE = "Ines Marr sold the lighthouse to a baker on Friday. The baker paid 40,000 crowns."
READING = Reading(
    "Lighthouse sold",
    (
        "The old lighthouse, which stands on a rock, was sold on Friday for 40,000 crowns to a baker.",
        "The mayor, who had been ill for weeks, did not attend the sale, her office said on Monday.",
    ),
)


class HungUp(Exception):
    pass


def _hang_up(done: int, total: int) -> None:
    raise HungUp


def _ignore(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def model() -> GgufModel:
    return GgufModel(language_model_path(Settings().cache), token_budget=256)


def test_verdict_is_higher_for_what_the_passage_says(model: GgufModel) -> None:
    right, wrong, other = model.verdicts(
        [
            Question(PASSAGE, "A baker bought the lighthouse from Ines Marr."),
            Question(PASSAGE, "Ines Marr bought the lighthouse for 90,000 crowns."),
            Question(PASSAGE, "The mayor did not attend the meeting."),
        ],
        _ignore,
    )
    assert right > wrong
    assert right > other


def test_threads_take_turns_and_get_their_own_answers(model: GgufModel) -> None:
    asked = [
        [Question(PASSAGE, "A baker bought the lighthouse from Ines Marr.")],
        [Question(PASSAGE, "The mayor did not attend the meeting.")],
    ]
    alone = [model.verdicts(questions, _ignore) for questions in asked]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda questions: model.verdicts(questions, _ignore), asked))
    assert [answer > 0 for answers in together for answer in answers] == [
        answer > 0 for answers in alone for answer in answers
    ]


def test_passage_in_a_script_of_many_tokens_is_read(model: GgufModel) -> None:
    asked = Question("今日雨天気世界経済大会。" * 80, "今日雨天気世界経済大会。" * 80)
    with pytest.raises(HungUp):  # what has no room in the context is refused before it is read
        model.verdicts([asked], _hang_up)


def test_article_does_not_go_through_a_proxy(model: GgufModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model.load()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert model.count_tokens("The old boat sank.", lambda: None) == 5


def test_second_length_finds_the_article_in_the_cache(model: GgufModel) -> None:
    draft = model.rewrite(READING, short=False, long=True, progress=_ignore)
    assert draft.short is None
    assert draft.long is not None
    assert "lighthouse" in draft.long[0].text.lower()
    timings = model._ask(rewrite_messages(READING, short=True), 1, lambda *_: None).last["timings"]
    assert timings["cache_n"] > 60
    assert timings["prompt_n"] < 60


def test_who_hangs_up_while_the_model_reads_waits_for_no_word(model: GgufModel) -> None:
    told: list[tuple[int, int]] = []

    def hang_up(done: int, total: int) -> None:
        told.append((done, total))
        if done:
            raise HungUp

    reading = Reading("Boats", tuple(f"Boat number {number} sank in the bay near Oslo." for number in range(30)))
    with pytest.raises(HungUp):
        model.rewrite(reading, short=True, long=False, progress=hang_up)
    done, total = told[-1]
    assert 0 < done < total - ANSWER_TOKENS["short"]  # some of what is to be read, and nothing is written yet
