"""Summaries that are kept, and made once for all who ask at the same time."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer import Summarizer
from summarizer.documents import Document
from summarizer.watching import Watcher
from summarizer.web import create_app
from summarizer.web.client import Client
from summarizer.web.kept import KeptSummaries
from summarizer.web.service import service_of
from summarizer.web.submission import Submission


class Counting(Summarizer):
    """Counts the summaries that it makes; makes none until it may."""

    def __init__(self, settings):
        super().__init__(settings)
        self.made = 0
        self.may_begin = threading.Event()
        self.may_begin.set()

    def summarize(self, article, *, watcher, **options):
        self.made += 1
        while not self.may_begin.wait(0.05):
            watcher.step("writing", 0, 1)
        return super().summarize(article, watcher=watcher, **options)


@pytest.fixture
def counting(summarizer):
    return Counting(summarizer.settings)


@pytest.fixture
def app(counting, tmp_path):
    app = create_app(counting)
    service_of(app).kept = KeptSummaries(tmp_path, 8)
    return app


@pytest.fixture
def text(articles):
    return (articles / "copied-page.txt").read_text(encoding="utf-8")


def ask(client, text, **options):
    return client.post("/summarize", json={"text": text, "method": "extract", **options})


def test_same_request_is_answered_from_what_is_kept(client, counting, text):
    first, second = ask(client, text), ask(client, text)
    assert counting.made == 1
    assert first.headers["ETag"] == second.headers["ETag"]
    answers = [response.get_json() for response in (first, second)]
    for answer in answers:
        answer["stats"].pop("seconds")
    assert answers[0] == answers[1]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_is_kept_waits_for_no_turn(app, client, counting, text, accept):
    ask(client, text)
    turns = service_of(app).turns
    held = [turns.enter("somebody") for _ in range(service_of(app).summarizer.settings.queue)]
    response = client.post("/summarize", json={"text": text, "method": "extract"}, headers={"Accept": accept})
    assert len(response.get_data()) > len(text)
    assert counting.made == 1
    assert turns.taken == len(held)


def test_other_article_option_or_method_is_another_summary(client, counting, text):
    tags = {
        ask(client, text, **options).headers["ETag"]
        for options in ({}, {"lengths": ["short"]}, {"strip": "off"}, {"method": "compress"})
    }
    tags.add(ask(client, f"{text} And then it rained.").headers["ETag"])
    assert counting.made == len(tags) == 5


def test_what_is_kept_outlives_the_service(client, counting, tmp_path, text):
    ask(client, text)
    other = create_app(counting)
    service_of(other).kept = KeptSummaries(tmp_path, 8)
    assert ask(other.test_client(), text).status_code == 200
    assert counting.made == 1


def test_two_who_ask_at_once_have_it_made_once(app, counting, text):
    counting.may_begin.clear()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(app.test_client(), text))) for _ in range(2)]
    for thread in threads:
        thread.start()
    while service_of(app).turns.taken < len(threads):
        time.sleep(0.01)
    counting.may_begin.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json()["long"] == answers[1].get_json()["long"]
    assert counting.made == 1


@pytest.fixture
def both(app, counting, text):
    """Two who sent the same, with their answers to come: the first has it made, once it may, the second waits."""
    counting.may_begin.clear()
    submission = Submission(lambda: Document(text), "extract", ("short",), None, is_text=True)
    clients = Client("first"), Client("second")
    with ThreadPoolExecutor() as pool:
        answers = []
        for client in clients:
            answers.append(pool.submit(service_of(app).answer, submission, client))
            wait_until(lambda: counting.made == 1 and service_of(app).turns.taken == len(answers))
        yield clients, answers
        counting.may_begin.set()


def wait_until(is_so):
    for _ in range(2000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("It did not come about.")


def test_who_waits_for_what_is_being_made_keeps_nobody_from_his_turn(app, both):
    turns = service_of(app).turns
    with turns.enter("somebody else") as turn:
        assert turn.wait(20)
        assert turns.taken == 3


def test_summary_that_another_waits_for_is_made_though_the_first_hung_up(app, counting, both):
    clients, answers = both
    with service_of(app).turns.enter("somebody else") as turn:
        assert turn.wait(20)  # so the second waits
    clients[0].hung_up.set()
    time.sleep(1)  # the first looks twice a second
    counting.may_begin.set()
    assert answers[1].result(20).short
    assert counting.made == 1


def test_failure_is_not_kept_and_not_shared(client, counting):
    assert [ask(client, " ").status_code for _ in range(2)] == [422, 422]
    assert counting.made == 2


def test_events_of_a_kept_summary_tell_the_article_too(client, text):
    ask(client, text)
    response = client.post(
        "/summarize", json={"text": text, "method": "extract"}, headers={"Accept": "text/event-stream"}
    )
    assert response.get_data(as_text=True).startswith("event: article\n")


def test_nothing_is_kept_where_a_setting_says_so(summarizer, tmp_path):
    kept = KeptSummaries(tmp_path / "none", 0)
    made = []

    def make():
        made.append(1)
        return summarizer.summarize("One day it rained. Nobody came.", watcher=Watcher())

    for _ in range(2):
        kept.once("key", make, lambda: None, keep=lambda summary: True)
    assert len(made) == 2
    assert not (tmp_path / "none").exists()


def test_folder_that_cannot_be_written_keeps_nothing_and_says_so(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    kept = KeptSummaries(tmp_path / "file" / "under", 8)
    assert kept.get("key") is None
    assert "not kept" in caplog.text


def test_disk_that_fails_costs_nobody_his_summary(summarizer, tmp_path, caplog):
    kept = KeptSummaries(tmp_path, 8)
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "cache.db").mkdir()
    summary = summarizer.summarize("One day it rained. Nobody came.")
    with ThreadPoolExecutor(1) as pool:  # another thread opens the database anew
        given = pool.submit(kept.once, "key", lambda: summary, lambda: None, keep=lambda summary: True).result()
    assert given == summary
    assert "not kept" in caplog.text


def test_text_that_cannot_be_kept_is_summarized_all_the_same(client, counting, text):
    body = json.dumps({"text": f"{text}\n\nIt rained \ud800 all day.", "method": "extract"})
    answers = [client.post("/summarize", data=body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert counting.made == 2


def test_page_says_whether_the_article_is_kept(client, summarizer):
    assert "not kept" in client.get("/").text
    keeping = create_app(Summarizer(summarizer.settings.model_copy(update={"kept_summaries": 1})))
    assert "kept only with its summary" in " ".join(keeping.test_client().get("/").text.split())


def test_kept_articles_are_for_nobody_else_to_read(tmp_path):
    KeptSummaries(tmp_path / "kept", 8)
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
