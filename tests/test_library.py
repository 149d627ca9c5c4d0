"""The library: the examples of its documentation, many articles, and summaries in steps."""

import asyncio
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.evaluation.recorded_model import RecordedModel
from summarizer import Summarizer, SummarizerError, Summary, stream, summarize_many
from summarizer.errors import EmptyArticle
from summarizer.library import ArticleReady, Event, PreviewReady, SentenceReady, StepDone
from summarizer.models.trained_writer import TrainedWriter
from tests.servers import wait_until
from tests.stalling import Stalling

GUIDE = (Path(__file__).parents[1] / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.setup
def test_examples_of_the_guide_run(articles: Path, files: Path, tmp_path: Path) -> None:
    shutil.copy(articles / "news-harbour-bridge.txt", tmp_path / "article.txt")
    shutil.copy(files / "harbour-bridge.html", tmp_path / "page.html")
    (tmp_path / "articles").mkdir()
    shutil.copy(articles / "court-appeal.txt", tmp_path / "articles")
    (tmp_path / "articles" / "empty.txt").write_text("")
    # In one process, so that the models are loaded once.
    script = "\n".join(EXAMPLES)
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "has no summary: " in run.stdout
    assert re.search(r"^selecting \d+ of \d+$", run.stdout, re.MULTILINE)
    assert re.search(r"^(True|False) [01]\.\d+ The bridge was shut", run.stdout, re.MULTILINE)


def test_many_articles_keep_their_order_and_errors(summarizer: Summarizer, articles: Path) -> None:
    texts = [(articles / f"{name}.txt").read_text(encoding="utf-8") for name in ("court-appeal", "short-notice")]
    court, empty, notice = summarize_many([texts[0], "", texts[1]], summarizer=summarizer, lengths=["short"])
    assert isinstance(empty, EmptyArticle)
    for summary, text in ((court, texts[0]), (notice, texts[1])):
        assert isinstance(summary, Summary)
        assert summary.short == summarizer.summarize(text).short


def test_articles_are_taken_when_they_are_needed(summarizer: Summarizer) -> None:
    taken: list[int] = []

    def endless() -> object:
        while True:
            taken.append(len(taken))
            yield f"It rained on day {len(taken)}. The ferry left at noon."

    summaries = summarize_many(endless(), summarizer=summarizer)
    next(summaries)
    summaries.close()
    assert len(taken) <= 4 * summarizer.settings.concurrency


def events_of(text: str, summarizer: Summarizer, until: Callable[[Event], bool] = lambda event: False) -> list[Event]:
    async def collect() -> list[Event]:
        found = []
        async for event in stream(text, summarizer=summarizer, method="abstractive"):
            found.append(event)
            if until(event):
                break
        return found

    return asyncio.run(collect())


def test_steps_come_in_their_order(summarizer: Summarizer, articles: Path) -> None:
    found = events_of((articles / "court-appeal.txt").read_text(encoding="utf-8"), summarizer)
    kinds = [type(event) for event in found if not isinstance(event, StepDone)]
    assert kinds[:3] == [ArticleReady, PreviewReady, SentenceReady]
    assert kinds[-1] is Summary
    summary = found[-1]
    assert isinstance(summary, Summary)
    written = [event.sentence for event in found if isinstance(event, SentenceReady) and event.length == "long"]
    assert set(written) >= {one for one in summary.sentences.long or () if one.origin == "written"}


def test_errors_reach_the_caller(summarizer: Summarizer) -> None:
    with pytest.raises(SummarizerError):
        events_of(" ", summarizer)


def test_work_ends_when_nobody_takes_its_steps(recorded_model: RecordedModel, articles: Path) -> None:
    endless = Summarizer(language_model=TrainedWriter(Stalling(recorded_model, sentences=0)))
    text = (articles / "court-appeal.txt").read_text(encoding="utf-8")
    events_of(text, endless, until=lambda event: isinstance(event, PreviewReady))
    wait_until(lambda: not any(thread.name.startswith("asyncio_") for thread in threading.enumerate()))
