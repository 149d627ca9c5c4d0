"""The cache of summaries, and identical requests at the same time."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from summarizer import Summarizer
from summarizer.models.trained_writer import TrainedWriter
from summarizer.readers import Document
from summarizer.web import create_app
from summarizer.web.cache import SummaryCache
from summarizer.web.connection import Client
from summarizer.web.request import Submission
from summarizer.web.schemas import Options
from summarizer.web.service import service_of
from tests.servers import wait_until


class Counting(Summarizer):
    """Counts the summaries that it makes, and makes them only once it may."""

    def __init__(self, settings, language_model):
        super().__init__(settings, language_model)
        self.made = 0
        self.may_begin = threading.Event()
        self.may_begin.set()

    def summarize(self, article, *, listener, **options):
        self.made += 1
        while not self.may_begin.wait(0.05):
            listener.on_step("writing", 0, 1)
        return super().summarize(article, listener=listener, **options)


@pytest.fixture
def counting(summarizer, recorded_model):
    return Counting(summarizer.settings, TrainedWriter(recorded_model))


@pytest.fixture
def app(counting, tmp_path):
    app = create_app(counting)
    service_of(app).cache = SummaryCache(tmp_path, 8)
    return app


@pytest.fixture
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


def post(client, text, **options):
    return client.post("/summarize", json={"text": text, "method": "extractive", **options})


def test_same_request_is_answered_from_the_cache(client, counting, text):
    first, second = post(client, text), post(client, text)
    assert counting.made == 1
    assert first.headers["ETag"] == second.headers["ETag"]
    answers = [response.get_json() for response in (first, second)]
    for answer in answers:
        answer["stats"].pop("seconds")
    assert answers[0] == answers[1]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_cached_summary_needs_no_turn(app, client, counting, text, accept):
    post(client, text)
    queue = service_of(app).queue
    running = [queue.enter("another client") for _ in range(service_of(app).summarizer.settings.queue)]
    response = client.post("/summarize", json={"text": text, "method": "extractive"}, headers={"Accept": accept})
    assert len(response.get_data()) > len(text)
    assert counting.made == 1
    assert len(queue) == len(running)


def test_other_article_option_or_method_is_another_summary(client, counting, text):
    tags = {
        post(client, text, **options).headers["ETag"]
        for options in ({}, {"lengths": ["short"]}, {"clean": False}, {"title": "Another"}, {"method": "abstractive"})
    }
    tags.add(post(client, f"{text} And then it rained.").headers["ETag"])
    assert counting.made == len(tags) == 6


def test_cache_outlives_the_service(client, counting, tmp_path, text):
    post(client, text)
    other = create_app(counting)
    service_of(other).cache = SummaryCache(tmp_path, 8)
    assert post(other.test_client(), text).status_code == 200
    assert counting.made == 1


def test_identical_concurrent_requests_are_computed_once(app, counting, text):
    counting.may_begin.clear()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(post(app.test_client(), text))) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(service_of(app).queue) == len(threads))
    counting.may_begin.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json()["long"] == answers[1].get_json()["long"]
    assert counting.made == 1


@pytest.fixture
def both(app, counting, text):
    """Two clients with the same request, and their future answers: the first computes, the second waits."""
    counting.may_begin.clear()
    options = Options(method="extractive", lengths="short")
    submission = Submission(lambda: Document(text), options, is_text=True)
    clients = Client("first"), Client("second")
    with ThreadPoolExecutor() as pool:
        answers = []
        for client in clients:
            answers.append(pool.submit(service_of(app).answer, submission, client))
            wait_until(lambda: counting.made == 1 and len(service_of(app).queue) == len(answers))
        yield clients, answers
        counting.may_begin.set()


def test_request_that_waits_for_another_lets_others_run(app, both):
    queue = service_of(app).queue
    with queue.enter("another client") as turn:
        assert turn.wait(20)
        assert len(queue) == 3


def test_shared_summary_is_completed_after_its_first_client_disconnects(app, counting, both):
    clients, answers = both
    with service_of(app).queue.enter("another client") as turn:
        assert turn.wait(20)  # so the second is waiting
    clients[0].disconnected.set()
    time.sleep(1)  # the connection is checked twice a second
    counting.may_begin.set()
    assert answers[1].result(20).short
    assert counting.made == 1


def test_failure_is_neither_cached_nor_shared(client, counting):
    assert [post(client, " ").status_code for _ in range(2)] == [422, 422]
    assert counting.made == 2


def test_events_of_a_cached_summary_begin_with_the_article(client, text):
    post(client, text)
    response = client.post(
        "/summarize", json={"text": text, "method": "extractive"}, headers={"Accept": "text/event-stream"}
    )
    assert response.get_data(as_text=True).startswith("event: article\n")


def test_cache_of_size_zero_stores_nothing(summarizer, tmp_path):
    cache = SummaryCache(tmp_path / "none", 0)
    made = []

    def make():
        made.append(1)
        return summarizer.summarize("One day it rained. Nobody came.")

    for _ in range(2):
        cache.get_or_compute("key", make, lambda: None, is_cacheable=lambda summary: True)
    assert len(made) == 2
    assert not (tmp_path / "none").exists()


def test_unwritable_folder_is_logged_and_caches_nothing(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    cache = SummaryCache(tmp_path / "file" / "under", 8)
    assert cache.get("key") is None
    assert "not cached" in caplog.text


def test_summary_is_returned_when_the_disk_fails(summarizer, tmp_path, caplog):
    cache = SummaryCache(tmp_path, 8)
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "cache.db").mkdir()
    summary = summarizer.summarize("One day it rained. Nobody came.")
    compute = partial(cache.get_or_compute, "key", lambda: summary, lambda: None, is_cacheable=lambda summary: True)
    with ThreadPoolExecutor(1) as pool:  # another thread opens the database again
        assert pool.submit(compute).result() == summary
    assert "not cached" in caplog.text


def test_text_that_cannot_be_stored_is_still_summarized(client, counting, text):
    body = json.dumps({"text": f"{text}\n\nIt rained \ud800 all day.", "method": "extractive"})
    answers = [client.post("/summarize", data=body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert counting.made == 2


def test_other_users_cannot_read_the_cache(tmp_path):
    SummaryCache(tmp_path / "cache", 8)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
