"""The cache of summaries, and identical requests at the same time."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer import Summarizer
from summarizer.__main__ import main
from summarizer.cancellation import checkpoint
from summarizer.errors import Busy
from summarizer.models.trained_writer import TrainedWriter
from summarizer.readers import Document
from summarizer.web import create_app
from summarizer.web.cache import SummaryCache
from summarizer.web.connection import Client, ClientDisconnected
from summarizer.web.request import Submission
from summarizer.web.schemas import Options
from summarizer.web.service import service_of
from summarizer.web.stores import DiskStore
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
            checkpoint()
        return super().summarize(article, listener=listener, **options)


@pytest.fixture
def counting(summarizer, recorded_model):
    return Counting(summarizer.settings, TrainedWriter(recorded_model))


@pytest.fixture
def app(counting, tmp_path):
    app = create_app(counting)
    service_of(app).cache = SummaryCache(DiskStore(tmp_path, 8, days=1))
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
    service_of(other).cache = SummaryCache(DiskStore(tmp_path, 8, days=1))
    assert post(other.test_client(), text).status_code == 200
    assert counting.made == 1


def test_identical_concurrent_requests_are_computed_once(app, counting, text):
    counting.may_begin.clear()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(post(app.test_client(), text))) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: counting.made == 1)
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
    submission = Submission(lambda: Document(text), options, "text", "the same")
    clients = Client("first"), Client("second")
    service = service_of(app)
    with ThreadPoolExecutor() as pool:
        answers = []
        for client in clients:
            task = service.accept(submission, client)
            answers.append(pool.submit(service.finish, task))
        wait_until(lambda: counting.made == 1)
        yield clients, answers
        counting.may_begin.set()


def test_request_that_waits_for_another_takes_no_place(app, both):
    assert len(service_of(app).queue) == 1


def test_shared_summary_is_completed_after_its_first_client_disconnects(app, counting, both):
    clients, answers = both
    clients[0].disconnected.set()
    time.sleep(0.5)  # the connection is checked at least ten times a second
    counting.may_begin.set()
    assert answers[1].result(20).short
    assert counting.made == 1


def test_waiting_request_is_computed_when_the_first_one_fails(app, counting, text):
    service = service_of(app)
    counting.may_begin.clear()
    submission = Submission(lambda: Document(text), Options(method="extractive"), "text", "the same")
    first = Client("first")
    with ThreadPoolExecutor() as pool:
        failed = pool.submit(service.finish, service.accept(submission, first))
        wait_until(lambda: counting.made == 1)
        first.disconnected.set()
        with pytest.raises(ClientDisconnected):
            failed.result(20)
        counting.may_begin.set()
        assert pool.submit(service.answer, submission, Client("second")).result(20).short


def test_only_so_many_requests_wait_for_one(app, client_with, text):
    client = client_with(queue=1)
    service = service_of(client.application)
    submission = Submission(lambda: Document(text), Options(method="extractive"), "text", "the same")
    tasks = [service.accept(submission, Client(str(number))) for number in range(2)]
    with pytest.raises(Busy):
        service.accept(submission, Client("2"))
    for task in tasks:
        service.abandon(task)
    assert len(service.queue) == 0
    service.abandon(service.accept(submission, Client("3")))


def test_file_is_looked_up_before_it_is_read(client, counting, files):
    sent = (files / "harbour-bridge.html").read_bytes()
    for _ in range(2):
        assert client.post("/summarize", data=sent, content_type="text/html").status_code == 200
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


def test_cache_without_a_store_stores_nothing(summarizer):
    cache = SummaryCache(None)
    computation, is_mine = cache.claim("key")
    assert is_mine
    cache.release(computation, summarizer.summarize("One day it rained. Nobody came."))
    assert cache.get("key") is None


def test_unwritable_folder_is_logged_and_caches_nothing(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    cache = SummaryCache(DiskStore(tmp_path / "file" / "under", 8, days=1))
    assert cache.get("key") is None
    assert "not cached" in caplog.text


def test_summary_is_returned_when_the_disk_fails(summarizer, tmp_path, caplog):
    cache = SummaryCache(DiskStore(tmp_path, 8, days=1))
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "cache.db").mkdir()
    summary = summarizer.summarize("One day it rained. Nobody came.")
    computation, _ = cache.claim("key")
    with ThreadPoolExecutor(1) as pool:  # another thread opens the database again
        pool.submit(cache.release, computation, summary).result()
    assert computation.result.result() == summary
    assert "not cached" in caplog.text


def test_half_of_a_character_does_no_harm(client, counting, text):
    body = json.dumps({"text": f"{text}\n\nIt rained \ud800 all day.", "method": "extractive"})
    answers = [client.post("/summarize", data=body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert counting.made == 1


@pytest.fixture
def summary(summarizer):
    return summarizer.summarize("One day it rained. Nobody came.")


def store(cache, summary):
    cache.release(cache.claim("key")[0], summary)


def test_other_users_cannot_read_the_cache(tmp_path, summary):
    store(SummaryCache(DiskStore(tmp_path / "cache", 8, days=1)), summary)
    files = [tmp_path / "cache", *(tmp_path / "cache").iterdir()]
    assert len(files) > 1
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


def test_old_summary_is_not_returned(tmp_path, summary):
    cache = SummaryCache(DiskStore(tmp_path, 8, days=0.5 / 86_400))
    store(cache, summary)
    assert cache.get("key") == summary
    wait_until(lambda: cache.get("key") is None)


def test_damaged_cache_is_created_again(tmp_path, summary, caplog):
    (tmp_path / "cache.db").write_bytes(b"no database" * 1000)
    cache = SummaryCache(DiskStore(tmp_path, 8, days=1))
    store(cache, summary)
    assert cache.get("key") == summary
    assert "created again" in caplog.text


def test_purge_deletes_what_a_running_service_has_stored(tmp_path, summary, monkeypatch, capsys):
    running = SummaryCache(DiskStore(tmp_path / "summaries", 8, days=1))
    store(running, summary)
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    assert main(["purge"]) == 0
    assert capsys.readouterr().out == "1 cached summary deleted.\n"
    assert running.get("key") is None
