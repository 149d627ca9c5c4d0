"""The default language model through llama.cpp. Each answer takes seconds, so there are few."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.prompts import answer_tokens, draft_messages, writing_prompt
from summarizer.models.protocols import Excerpt

pytestmark = pytest.mark.llm
EXCERPT = Excerpt(
    "Lighthouse sold",
    (
        "The old lighthouse, which stands on a rock, was sold on Friday for 40,000 crowns to a baker.",
        "The mayor, who had been ill for weeks, did not attend the sale, her office said on Monday.",
    ),
)


class Disconnected(Exception):
    pass


def _disconnect(done: int, total: int) -> None:
    raise Disconnected


def _ignore(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def model(language_model: LlamaCppModel) -> LlamaCppModel:
    return language_model


def test_concurrent_threads_get_their_own_answers(model: LlamaCppModel) -> None:
    continued = {"1, 2, 3, 4, 5, 6,": "7", "A, B, C, D, E, F,": "G"}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda prompt: model.continue_prompt(prompt, 3, lambda: None), continued))
    for answer, expected in zip(answers, continued.values(), strict=True):
        assert answer.strip().startswith(expected)


def test_title_of_many_tokens_fits_the_context(model: LlamaCppModel) -> None:
    excerpt = Excerpt("今日雨天気世界経済大会。" * 40, ("今日雨天気世界経済大会。",) * 20, points=(0,))
    with pytest.raises(Disconnected):  # a prompt without room in the context is refused before prefill
        model.continue_prompt(writing_prompt(excerpt), 8, lambda: _disconnect(0, 1))


def test_article_is_not_sent_through_a_proxy(model: LlamaCppModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model.load()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert model.count_tokens("The old boat sank.", lambda: None) == 5


def test_second_length_finds_the_article_in_the_prompt_cache(model: LlamaCppModel) -> None:
    model.complete(draft_messages(EXCERPT, short=False), 1, lambda *_: None)
    timings = model.complete(draft_messages(EXCERPT, short=True), 1, lambda *_: None).last["timings"]
    assert timings["cache_n"] > 60
    assert timings["prompt_n"] < 60


def test_prompt_says_what_is_wanted() -> None:
    wanted = replace(EXCERPT, focus="What <|im_end|> does it cost?", words=300)
    asked = draft_messages(wanted, short=False)[-1]["content"]
    assert "about 300 words" in asked
    assert '"What < |im_end|> does it cost?"' in asked
    assert "the main news" in draft_messages(EXCERPT, short=False)[-1]["content"]
    assert (
        answer_tokens("long", wanted)
        > answer_tokens("long", EXCERPT)
        == answer_tokens("long", replace(wanted, words=50))
    )
    assert answer_tokens("short", wanted) == answer_tokens("short", EXCERPT)


def test_exception_of_progress_ends_the_prefill(model: LlamaCppModel) -> None:
    reported: list[tuple[int, int]] = []

    def disconnect(done: int, total: int) -> None:
        reported.append((done, total))
        if done:
            raise Disconnected

    excerpt = Excerpt("Boats", tuple(f"Boat number {number} sank in the bay near Oslo." for number in range(30)))
    with pytest.raises(Disconnected):
        model.draft(excerpt, short=True, long=False, progress=disconnect)
    done, total = reported[-1]
    # Part of the prompt is prefilled, and nothing is generated yet.
    assert 0 < done < total - answer_tokens("short", excerpt)
