"""The embedded language model through llama.cpp: cache, slots, threads. Each answer costs seconds, so few are asked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer.embedded import language_model_path
from summarizer.models.base import Question, Reading, Source
from summarizer.models.gguf import GgufModel
from summarizer.models.prompts import Message, compress_prefix, compress_question, rewrite_messages
from summarizer.settings import Settings

SOURCES = [
    Source("The old lighthouse, which stands on a rock, was sold on Friday for 40,000 crowns to a baker."),
    Source("The mayor, who had been ill for weeks, did not attend the meeting, her office said on Monday."),
]


def _ignore(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> GgufModel:
    settings = Settings()
    return GgufModel(
        language_model_path(settings.cache),
        slots=2,
        prefix_folder=tmp_path_factory.mktemp("prefixes"),
        token_budget=256,
    )


def test_sentences_are_shortened_from_several_threads_at_once(model: GgufModel) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: model.compress(SOURCES, _ignore), range(2)))
    for answers in runs:
        assert all(answer and answer.endswith(".") for answer in answers)
        assert "lighthouse" in (answers[0] or "")
        assert "mayor" in (answers[1] or "")


def test_fixed_beginning_is_kept_for_the_next_start(model: GgufModel) -> None:
    model.load()
    kept = list(model._prefix_folder.iterdir())
    assert [path.suffix for path in kept] == [".prefix"]
    again = GgufModel(model._path, slots=2, prefix_folder=model._prefix_folder, token_budget=256)
    again.load()
    for slot in range(2):
        timings = again._ask(_question(SOURCES[0]), slot, 1)["timings"]
        assert timings["cache_n"] > 200
        assert timings["prompt_n"] < 60


def test_damaged_prefix_file_is_made_anew(model: GgufModel, tmp_path: Path) -> None:
    model.load()
    name = next(model._prefix_folder.iterdir()).name
    (tmp_path / name).write_bytes(b"nothing of use")
    again = GgufModel(model._path, slots=1, prefix_folder=tmp_path, token_budget=256)
    again.load()
    assert (tmp_path / name).stat().st_size > 1_000_000


def test_article_does_not_go_through_a_proxy(model: GgufModel, monkeypatch: pytest.MonkeyPatch) -> None:
    model.load()
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert model.count_tokens("The old boat sank.") == 5


def test_cache_that_cannot_be_written_is_done_without(model: GgufModel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    again = GgufModel(model._path, slots=1, prefix_folder=tmp_path / "file" / "prefixes", token_budget=256)
    (answer,) = again.compress(SOURCES[:1], _ignore)
    assert answer is not None
    assert "lighthouse" in answer


def test_sentence_longer_than_the_context_stays_as_it_is(model: GgufModel) -> None:
    assert model.compress([Source("今日雨天気世界経済大会" * 1_000)], _ignore) == [None]


def test_second_length_finds_the_article_in_the_cache(model: GgufModel) -> None:
    reading = Reading("Lighthouse sold", tuple(source.sentence for source in SOURCES))
    draft = model.rewrite(reading, short=False, long=True, progress=_ignore)
    assert draft.short is None
    assert draft.long is not None
    assert "lighthouse" in draft.long[0].text.lower()
    timings = model._ask(rewrite_messages(reading, short=True), 2, 1)["timings"]
    assert timings["cache_n"] > 60
    assert timings["prompt_n"] < 60


def _question(source: Source) -> list[Message]:
    return [*compress_prefix(), compress_question(source)]


def test_verdict_is_higher_for_what_the_passage_says(model: GgufModel) -> None:
    passage = "Ines Marr sold the lighthouse to a baker on Friday. The baker paid 40,000 crowns."
    right, wrong, other = model.verdicts(
        [
            Question(passage, "A baker bought the lighthouse from Ines Marr."),
            Question(passage, "Ines Marr bought the lighthouse for 90,000 crowns."),
            Question(passage, "The mayor did not attend the meeting."),
        ],
        _ignore,
    )
    assert right > wrong
    assert right > other
