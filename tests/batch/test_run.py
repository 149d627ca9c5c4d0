"""The run itself: what failures of the set-up, the model and the code do to it."""

import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.__main__ import main
from summarizer.batch.inputs import Entry, Source
from summarizer.batch.outputs import FileOutput
from summarizer.batch.run import BatchOptions, Counts, run_batch
from summarizer.errors import InvalidSetting, ModelFailed, ModelNotFound, SummarizerError
from summarizer.job import Listener
from summarizer.readers import Document
from summarizer.summary import Summary
from tests.batch.samples import ids, read_jsonl, summary, write_jsonl

ARTICLES = [f"Xylograph {number}" for number in range(12)]


class Scripted(Summarizer):
    """Raises the error given for an article, and summarizes the others at once."""

    def __init__(self, errors: dict[str, Exception]) -> None:
        super().__init__()
        self.errors = errors

    def summarize(self, article: str | Document, *, listener: Listener | None = None, **_: object) -> Summary:
        assert isinstance(article, str)
        if article in self.errors:
            raise self.errors[article]
        if article == ARTICLES[0]:
            time.sleep(0.2)  # the first article takes the longest
        if listener:
            listener.on_step("selecting", 1, 2)
        return summary(article=article)


def source(articles: Iterable[str]) -> Source:
    entries = [Entry(str(number), lambda text=text: text) for number, text in enumerate(articles)]  # type: ignore[misc]
    return Source(entries, len(entries))


def run(path: Path, errors: dict[str, Exception], options: BatchOptions | None = None) -> Counts:
    with FileOutput(path) as output:
        return run_batch(options or BatchOptions(), [source(ARTICLES)], Scripted(errors), output)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def test_rows_have_the_order_of_the_articles(path: Path) -> None:
    assert run(path, {}) == Counts(new=12)
    assert [row["article"] for row in read_jsonl(path)] == ARTICLES


def test_run_stops_when_the_model_fails_three_times_in_a_row(path: Path) -> None:
    broken = dict.fromkeys([ARTICLES[1], *ARTICLES[3:]], ModelFailed("The model does not answer."))
    assert run(path, broken) == Counts(new=6, failed=4, model_is_broken=True)
    assert ids(path) == list("012345")
    assert [row.get("error") for row in read_jsonl(path)[3:]] == ["The model does not answer."] * 3


@pytest.mark.parametrize("error", [InvalidSetting("There is no cuda."), ModelNotFound("The model is missing.")])
def test_broken_set_up_ends_the_run_without_a_row_for_the_article(path: Path, error: SummarizerError) -> None:
    with pytest.raises(type(error)):
        run(path, dict.fromkeys(ARTICLES[2:], error))
    assert ids(path) == list("01")


def test_command_reports_a_broken_set_up_once_with_exit_code_2(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = path.with_name("in.jsonl")
    write_jsonl(table, [{"text": text} for text in ARTICLES])
    summarizer = Scripted(dict.fromkeys(ARTICLES, InvalidSetting("There is no cuda.")))
    assert main(["batch", str(table), "-o", str(path)], summarizer) == 2
    assert capsys.readouterr().err.count("There is no cuda.") == 1
    assert path.read_text() == ""


def test_run_after_a_fixed_set_up_summarizes_the_remaining_articles(path: Path) -> None:
    with pytest.raises(ModelNotFound):
        run(path, dict.fromkeys(ARTICLES[2:], ModelNotFound()))
    assert run(path, {}) == Counts(new=10, already_present=2)


@pytest.mark.parametrize(
    ("error", "reason"), [(OSError(13, "Permission denied"), "Permission denied"), (OSError("no tape"), "no tape")]
)
def test_file_that_cannot_be_read_is_a_row_with_the_reason(path: Path, error: OSError, reason: str) -> None:
    def fail() -> str:
        raise error

    with FileOutput(path) as output:
        run_batch(BatchOptions(), [Source([Entry("x", fail)], 1)], Scripted({}), output)
    (row,) = read_jsonl(path)
    assert row["error"] == f"The file cannot be read: {reason}."


def test_system_error_while_summarizing_is_not_reported_as_an_unreadable_file(path: Path) -> None:
    run(path, {ARTICLES[2]: OSError(2, "No such file or directory")})
    assert read_jsonl(path)[2]["error"].startswith("Unexpected FileNotFoundError in test_run.py, line ")


def test_run_continues_after_other_failures_in_a_row(path: Path) -> None:
    faults = dict.fromkeys(ARTICLES[3:9], RuntimeError("a fault"))
    assert run(path, faults) == Counts(new=12, failed=6)


def test_unexpected_error_names_its_place_and_quotes_nothing(path: Path) -> None:
    run(path, {ARTICLES[2]: KeyError("Xylograph")})
    assert read_jsonl(path)[2]["error"].startswith("Unexpected KeyError in test_run.py, line ")


def test_failed_rows_of_earlier_runs_are_counted(path: Path) -> None:
    run(path, {ARTICLES[2]: KeyError()}, BatchOptions(limit=5))
    assert run(path, {}) == Counts(new=7, failed=1, already_present=5)
