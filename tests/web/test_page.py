"""The page in a real browser, with the real service and its models."""

import json
import shutil
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from summarizer import Summarizer
from summarizer.models.protocols import Completion, Draft
from summarizer.web import create_app
from tests.servers import Endless, serving

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# Milliseconds. A summary takes about a second, on a busy machine much longer.
TIMEOUT = 60_000
PHONE = {"width": 360, "height": 740}
EXAMPLE = Path(__file__).parents[2] / "summarizer/web/static/example.txt"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed; `.ci/run` installs it"),
]


@pytest.fixture(scope="module")
def address(app):
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser, address):
    """Opens a page in a browser context of its own; fails on script errors and on requests to other hosts."""
    contexts, faults = [], []

    def open_page(at: str = address, **options) -> Page:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("request", lambda request: faults.append(request.url) if not is_own(request.url, at) else None)
        page.goto(at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def is_own(url: str, address: str) -> bool:
    return url.startswith((address, "blob:", "data:"))


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture(scope="module")
def text():
    return EXAMPLE.read_text(encoding="utf-8")


def summarize(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("button[type=submit]")
    wait_until_done(page)


def wait_until_done(page: Page) -> None:
    expect(page.locator("#live:not(.under-way)")).to_be_visible(timeout=TIMEOUT)


def choose(page: Page, option: str) -> None:
    """Choose one of the options, which are folded."""
    page.evaluate("document.querySelector('.options').open = true")
    page.check(option)


def open_menu(page: Page) -> None:
    page.click(".menu summary")


def sentences(page: Page, length: str) -> list[str]:
    return page.locator(f"[data-length={length}] .sentence").all_inner_texts()


def is_highlighted(locator) -> bool:
    return "highlighted" in (locator.get_attribute("class") or "").split()


def test_pasted_article_is_summarized_as_by_the_api(page, client, text):
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text}).get_json()
    assert page.locator("h1").filter(visible=True).inner_text() == answer["title"]
    short, long = ([one["text"] for one in answer["sentences"][length]] for length in ("short", "long"))
    assert sentences(page, "short") == short
    assert sentences(page, "long") == [sentence for sentence in long if sentence not in short]
    assert page.locator("#live-article").text_content() == answer["article"]


def test_words_and_focus_are_sent(page, client, text):
    page.evaluate("document.querySelector('.options').open = true")
    page.fill("#focus", "What does it cost?")
    page.select_option("#longer", "60")
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text, "focus": "What does it cost?", "words": 60}).get_json()
    usual = client.post("/summarize", json={"text": text}).get_json()
    assert answer["long"] != usual["long"]
    short, long = ([one["text"] for one in answer["sentences"][length]] for length in ("short", "long"))
    assert sentences(page, "long") == [sentence for sentence in long if sentence not in short]


def test_what_is_left_out_is_one_click_away(page, client, text):
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text}).get_json()
    assert answer["left_out"]
    page.click("#left-out summary")
    characters = answer["article"]
    left_out = [characters[span["start"] : span["end"]] for span in answer["left_out"]]
    assert page.locator("#left-out li").all_inner_texts() == left_out
    page.click("#left-out li a")
    expect(page.locator("#live-article a:focus")).to_have_text(left_out[0])


def test_headline_is_named_and_copied(page, client, text):
    page.evaluate("document.querySelector('.options').open = true")
    page.select_option("#format", "headline")
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text, "format": "headline"}).get_json()
    expect(page.get_by_role("heading", name="Suggested headline")).to_be_visible()
    assert sentences(page, "long") == [answer["long"]]
    page.click("[data-copy=both]")
    assert f"{answer['long']}." == answer["short"]  # it cannot be cut, so it is not copied twice
    assert page.evaluate("navigator.clipboard.readText()") == answer["short"]


def test_key_points_are_a_list(page, client, text):
    page.evaluate("document.querySelector('.options').open = true")
    page.select_option("#format", "bullets")
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text, "format": "bullets"}).get_json()
    short, long = ([one["text"] for one in answer["sentences"][length]] for length in ("short", "long"))
    items = page.get_by_role("list").filter(has=page.locator(".sentence")).get_by_role("listitem")
    assert items.all_inner_texts() == [sentence for sentence in long if sentence not in short]
    expect(page.get_by_role("heading", name="Key points")).to_be_visible()
    page.click("[data-copy=both]")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "\n\n".join([" ".join(short), "\n".join(f"- {one}" for one in items.all_inner_texts())])
    page.reload()
    expect(page.get_by_role("heading", name="Key points")).to_be_visible()
    page.click("#another")
    page.evaluate("document.querySelector('.options').open = true")
    page.select_option("#format", "paragraph")
    summarize(page, text)
    expect(page.get_by_role("heading", name="In more detail")).to_be_visible()
    assert page.get_by_role("list").filter(has=page.locator(".sentence")).count() == 0


def test_title_is_shown_before_the_summary(page, text):
    record_changes(page)
    summarize(page, text)
    assert any("waiting" in state and title.startswith("Town") for state, title, _ in page.evaluate("window.changes"))


def test_preview_is_shown_while_the_model_writes(new_page, writing_app, text):
    with serving(writing_app) as port:
        page = new_page(f"http://127.0.0.1:{port}")
        record_changes(page)
        choose(page, "input[value=abstractive]")
        summarize(page, text)
    assert any("under-way" in state and preview for state, _, preview in page.evaluate("window.changes"))
    assert page.locator(".preview").count() == 0


def record_changes(page: Page) -> None:
    """Record the state, the title and the number of preview sentences at each change of the summary."""
    page.evaluate(
        """() => { window.changes = []; new MutationObserver(() => {
        const live = document.getElementById("live");
        window.changes.push([live.className, document.getElementById("live-title").textContent,
          live.querySelectorAll(".preview .sentence").length]);
        }).observe(document.getElementById("live"), {subtree: true, childList: true, attributes: true}); }"""
    )


WRITTEN = "The ovens of a bakery will heat the outdoor pool in Aldermoor."


class ExampleWriter:
    """A language model that writes one sentence about the example, and quotes others."""

    name = "example-writer"
    token_budget = 10_000

    def load(self):
        pass

    def count_tokens(self, text, on_wait):
        return len(text.split())

    def draft(self, excerpt, *, short, long, progress):
        progress(1, 1)
        texts = [WRITTEN, " ".join([WRITTEN, *excerpt.sentences[1:4]])]
        return Draft(
            *(
                (Completion(text, finished=True),) if wanted else None
                for text, wanted in zip(texts, (short, long), strict=True)
            )
        )


@pytest.fixture(scope="module")
def writing_app(summarizer):
    settings = summarizer.settings.model_copy(update={"check": "off"})
    return create_app(Summarizer(settings, language_model=ExampleWriter()))


def test_written_sentences_are_told_apart_from_verbatim_ones(new_page, writing_app, text):
    with serving(writing_app) as port:
        page = new_page(f"http://127.0.0.1:{port}")
        choose(page, "input[value=abstractive]")
        summarize(page, text)
        expect(page.locator("#legend")).to_have_text("Underlined sentences are verbatim from the article.")
        assert page.locator("[data-length=short] .sentence.written").all_inner_texts() == [WRITTEN]
        assert page.locator("[data-length=long] .sentence.article").count() > 0
        for origin, line in (("article", "underline"), ("written", "none")):
            sentence = f"#live .lengths .sentence.{origin}"
            assert page.eval_on_selector(sentence, "link => getComputedStyle(link).textDecorationLine") == line
        page.click(".wording summary")
        expect(page.locator("[data-origin=article]")).to_be_visible()
        expect(page.locator("[data-origin=written]")).to_be_visible()
        page.locator(".sentence.written").last.hover()
        assert page.locator(".evidence.highlighted").count() > 0


def test_verbatim_summary_is_not_underlined(page, text):
    summarize(page, text)
    expect(page.locator("#legend")).to_have_text("All sentences are verbatim from the article.")
    line = page.eval_on_selector(".sentence.article", "link => getComputedStyle(link).textDecorationLine")
    assert line == "none"
    page.click(".wording summary")
    expect(page.locator("#origins")).to_be_hidden()


def test_facts_count_words_and_say_when_it_was_made(page, client, text):
    summarize(page, text)
    stats = client.post("/summarize", json={"text": text}).get_json()["stats"]
    counts = f"{stats['article_words']} words → {stats['short_words']} (short) and {stats['long_words']} (long), in "
    expect(page.locator("#facts")).to_contain_text(counts)
    expect(page.locator("#facts")).not_to_contain_text("MiniLM")  # it wrote nothing
    page.click("#another")
    summarize(page, "Rain.")
    expect(page.locator("#facts")).to_contain_text("1 word → 1 (short) and 1 (long), ")
    expect(page.locator("#notes")).to_contain_text("too short to summarize")


def test_ctrl_enter_sends_the_form(page, text):
    page.fill("#text", text)
    page.press("#text", "Control+Enter")
    wait_until_done(page)


def test_example_is_summarized_with_one_click(page):
    page.click("#example")
    wait_until_done(page)
    assert "swimming pool" in page.locator("h1").filter(visible=True).inner_text()


def test_words_are_counted_and_the_limit_is_shown(page, summarizer):
    page.fill("#text", "One two  three.")
    expect(page.locator("#words")).to_have_text("3 words")
    page.fill("#text", "One.")
    expect(page.locator("#words")).to_have_text("1 word")
    limit = summarizer.settings.max_text
    page.evaluate("text => { document.getElementById('text').value = text }", "word " * (limit // 5 + 1))
    page.type("#text", " ")
    expect(page.locator("#words")).to_contain_text(f"of {limit:,} characters")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text(f"the limit is {limit:,}")


def test_evidence_is_highlighted_both_ways(page, text):
    summarize(page, text)
    sentence = page.locator("[data-length=long] .sentence").nth(1)
    sentence.hover()
    passage = page.locator(f"#passage-{sentence.get_attribute('data-passages').split()[0]}")
    assert is_highlighted(passage)
    assert not is_highlighted(page.locator("[data-length=long] .sentence").nth(0))
    pane, shown = page.locator(".pane").bounding_box(), passage.bounding_box()
    assert pane["y"] <= shown["y"] <= pane["y"] + pane["height"]
    passage.hover()
    assert is_highlighted(sentence)
    page.mouse.move(0, 0)
    assert not is_highlighted(sentence)


def test_click_on_a_sentence_moves_the_focus_to_its_passage_and_back(page, text):
    summarize(page, text)
    page.locator("[data-length=long] .sentence").nth(1).click()
    focused = page.locator(":focus")
    assert focused.get_attribute("class").startswith("evidence")
    focused.press("Enter")
    assert "sentence" in page.locator(":focus").get_attribute("class")


def test_removed_text_is_struck_through_in_the_text_as_sent(page, client, text):
    summarize(page, text)
    expect(page.locator("#live-sent")).to_be_hidden()
    page.check("#show-removed")
    removed = client.post("/summarize", json={"text": text, "method": "extractive"}).get_json()["removed"]
    spans = sorted((span["start"], span["end"]) for entry in removed for span in entry["spans"])
    expect(page.locator("#removed-count")).to_have_text(str(len(spans)))
    assert page.locator("#live-sent del").all_text_contents() == [text[start:end] for start, end in spans]
    assert set(page.locator("#live-sent .reason").all_text_contents()) == {entry["reason"] for entry in removed}
    page.uncheck("#show-removed")
    expect(page.locator("#live-article")).to_be_visible()


def test_nothing_is_removed_if_cleaning_is_off(page, text):
    choose(page, "[name=clean]")
    summarize(page, text)
    expect(page.locator("label.removed")).to_be_hidden()
    assert "Share on Facebook" in page.locator("#live-article").text_content()


def test_spans_count_unicode_characters_and_not_utf16_code_units(page, text):
    summarize(page, text.replace("outdoor pool", "outdoor pool 🏊🏽").replace("\n", "\r\n"))
    first = page.locator(".evidence").first.text_content()
    assert first.startswith("The outdoor pool 🏊🏽")
    assert first.endswith(".")


@pytest.mark.parametrize(
    ("button", "beginning"),
    [("short", "The outdoor"), ("long", "The outdoor"), ("both", "The outdoor"), ("markdown", "# Town")],
)
def test_summaries_are_copied(page, text, button, beginning):
    summarize(page, text)
    open_menu(page)
    page.click(f"[data-copy={button}]")
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(beginning)


def test_summary_is_downloaded_as_json_and_markdown(page, text):
    summarize(page, text)
    open_menu(page)
    with page.expect_download() as download:
        page.click("[data-download=json]")
    assert download.value.suggested_filename.endswith(".json")
    answer = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert set(sentences(page, "long")) <= {sentence["text"] for sentence in answer["sentences"]["long"]}
    open_menu(page)
    with page.expect_download() as download:
        page.click("[data-download=md]")
    markdown = Path(download.value.path()).read_text(encoding="utf-8")
    assert markdown.startswith(f"# {answer['title']}\n")
    summary, sources = markdown.split("## Source passages")
    for sentence in {*sentences(page, "short"), *sentences(page, "long")}:
        assert summary.count(sentence) == 1
        assert sources.count(f"- {sentence}") == 1


def test_page_is_printed(page, text):
    summarize(page, text)
    page.evaluate("window.print = () => { window.isPrinted = true }")
    open_menu(page)
    page.click("#print")
    assert page.evaluate("window.isPrinted")
    page.emulate_media(media="print")
    expect(page.locator("#live-article")).to_be_visible()
    for hidden in ("footer", ".state", ".when-done", "label.removed"):
        expect(page.locator(hidden)).to_be_hidden()


def test_cancel_stops_the_work_and_keeps_the_text(new_page, summarizer, text):
    endless = Endless(summarizer.settings)
    with serving(create_app(endless)) as port:
        page = new_page(f"http://127.0.0.1:{port}")
        page.fill("#text", text)
        page.click("button[type=submit]")
        expect(page.locator("#live-state")).to_have_text("Writing the summary…")
        page.click("#cancel")
        expect(page.locator("#cancelled")).to_be_visible()
        assert endless.ended.wait(20)
        assert page.input_value("#text") == text


def test_error_is_shown_beside_the_form_which_keeps_the_text(page):
    page.fill("#text", "A headline alone")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text("headline")
    expect(page.locator("#problem")).to_be_focused()
    assert page.input_value("#text") == "A headline alone"
    page.reload()
    assert page.input_value("#text") == "A headline alone"
    page.click("button[type=submit]")
    page.click("#example")
    wait_until_done(page)
    page.click("#another")
    expect(page.locator("#problem")).to_be_hidden()


def test_unreachable_server_is_reported(new_page, app, text):
    with serving(app) as port:
        page = new_page(f"http://127.0.0.1:{port}")
    page.fill("#text", text)
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text("cannot be reached")


def test_recent_summaries_stay_in_this_browser_until_they_are_deleted(page, text):
    summarize(page, text)
    shown = sentences(page, "long")
    page.reload()
    assert sentences(page, "long") == shown
    page.go_back()
    assert page.input_value("#text") == text
    page.go_forward()
    assert sentences(page, "long") == shown
    page.click("#another")
    assert page.input_value("#text") == ""
    page.click("#recent-list button")
    assert sentences(page, "long") == shown
    page.go_back()
    page.click("#delete-all")
    expect(page.locator("#recent")).to_be_hidden()
    assert page.evaluate("localStorage.summaries") is None


def test_only_the_last_twenty_summaries_are_saved(page, text):
    summarize(page, text)
    page.evaluate(
        """async () => { const { saveSummary, savedSummaries } = await import("/static/save.js");
        for (let i = 0; i < 30; i++) saveSummary(savedSummaries()[0].summary, "sent"); }"""
    )
    assert page.evaluate("JSON.parse(localStorage.summaries).length") == 20


OLD_ENTRY = {"id": "old", "when": 1, "sent": "", "answer": {"title": "Old", "article": "", "stripped": [], "notes": []}}


@pytest.mark.parametrize("stored", ["{", "{}", "null", "5", json.dumps([None, 1, {}, {"id": "old"}, OLD_ENTRY])])
def test_saved_summaries_of_another_format_are_ignored(page, text, stored):
    page.evaluate(
        """stored => { localStorage.setItem("summaries", stored); history.replaceState({id: "old"}, ""); }""", stored
    )
    page.reload()
    expect(page.locator("#text")).to_be_visible()
    expect(page.locator("#recent")).to_be_hidden()
    summarize(page, text)
    page.click("#another")
    expect(page.locator("#recent-list li")).to_have_count(1)


def choose_files(page: Page, *contents: str) -> None:
    files = [
        {"name": f"article-{number}.txt", "mimeType": "text/plain", "buffer": content.encode()}
        for number, content in enumerate(contents, start=1)
    ]
    page.set_input_files("#file", files)


def test_several_files_are_listed_opened_and_downloaded(page, text):
    second = text.replace("Town", "Village", 1)
    choose_files(page, text, "", second)  # which starts it
    expect(page.locator("#several [role=status]")).to_have_text("2 of 3 summarized.", timeout=TIMEOUT)
    titles = page.locator("#several li button").all_inner_texts()
    assert [titles[0].partition(" ")[0], titles[2].partition(" ")[0]] == ["Town", "Village"]
    assert "no text" in page.locator("#several li .explanation").nth(1).inner_text()
    with page.expect_download() as download:
        page.click("[data-download-all=json]")
    summaries = json.loads(Path(download.value.path()).read_text())
    assert [summary["title"].partition(" ")[0] for summary in summaries] == ["Town", "Village"]
    page.click("#several li:last-child button")
    expect(page.locator("#live-title")).to_have_text(titles[2])
    page.go_back()
    expect(page.locator("#several")).to_be_visible()
    page.click("#several li:first-child button")
    expect(page.locator("#live-title")).to_have_text(titles[0])
    page.reload()
    page.click("#another")
    assert titles[2] in page.locator("#recent-list").inner_text()  # though it was opened but once


def test_file_is_chosen_or_dropped(page, text):
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": text.encode("utf-16")})
    wait_until_done(page)
    page.click("#another")
    transfer = page.evaluate_handle(
        """text => { const transfer = new DataTransfer();
        transfer.items.add(new File([text], "b.txt", {type: "text/plain"})); return transfer; }""",
        text,
    )
    page.dispatch_event("form", "drop", {"dataTransfer": transfer})  # which starts it
    wait_until_done(page)
    page.check("#show-removed")
    assert page.locator("#live-sent del").count() > 5


PAGE = """<header>{menu}</header><main><h1>Bridge at Pell to stay shut until May – for now</h1>{article}</main>
<footer>{menu}<p>Get our newsletter. Sign up for the news of the day, every morning at six.</p></footer>"""


def copy(page, html):
    """Put HTML and its text on the clipboard, as a browser does with a selection."""
    page.evaluate(
        """async html => { const page = Object.assign(document.createElement("div"), {innerHTML: html});
        document.body.append(page); const text = page.innerText; page.remove();
        const blob = (data, type) => ({[type]: new Blob([data], {type})});
        const item = new ClipboardItem({...blob(html, "text/html"), ...blob(text, "text/plain")});
        await navigator.clipboard.write([item]); }""",
        html,
    )


@pytest.fixture
def copied_page(page, text):
    """A whole page on the clipboard."""
    menu = "".join(f'<a href="/{number}">Section {number}</a> ' for number in range(12))
    article = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n")[2:])
    copy(page, PAGE.format(menu=menu, article=article))


def paste_and_send(page, prepare=lambda page: None):
    """Paste what is on the clipboard and send the form; returns the request."""
    page.evaluate("document.getElementById('starts-at-once').checked = false")
    page.focus("#text")
    page.keyboard.press("Control+V")
    prepare(page)
    with page.expect_request("**/summarize") as sent:
        page.click("button[type=submit]")
    return sent.value


def test_html_of_a_pasted_page_is_sent(page, copied_page):
    request = paste_and_send(page, lambda page: expect(page.locator("#pasted")).to_contain_text("a whole page"))
    assert request.headers["content-type"].startswith("multipart/form-data")
    wait_until_done(page)
    assert page.locator("h1").filter(visible=True).inner_text() == "Bridge at Pell to stay shut until May – for now"
    assert "Section 11" not in page.locator("#live-article").text_content()
    assert "newsletter" not in page.locator("#live-article").text_content()


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.keyboard.type("The end."),
        lambda page: page.click("#text-only"),
        lambda page: choose(page, "[name=clean]"),
    ],
    ids=["typed", "asked for", "not to be cleaned"],
)
def test_text_of_a_pasted_page_is_sent_if_it_is_wanted_or_was_changed(page, copied_page, change):
    request = paste_and_send(page, change)
    assert "Section 11" in request.post_data_json["text"]


def test_page_pasted_beside_other_text_is_sent_as_text(page, copied_page):
    page.fill("#text", "The end.")
    request = paste_and_send(page)
    assert "Section 11" in request.post_data_json["text"]
    assert "The end." in request.post_data_json["text"]


def test_list_of_links_is_sent_as_text(page):
    copy(page, "".join(f'<div><a href="/{number}">Harbour {number}</a></div>' for number in range(30)))
    request = paste_and_send(page)
    assert "Harbour 29" in request.post_data_json["text"]


def test_text_is_sent_if_the_server_finds_no_article_in_the_html(page, copied_page):
    bodies = []

    def answer(route):
        bodies.append(route.request.headers["content-type"])
        if len(bodies) == 1:
            route.fulfill(status=422, json={"status": 422, "detail": "No article was found on this page."})
        else:
            route.continue_()

    page.route("**/summarize", answer)
    paste_and_send(page)
    wait_until_done(page)
    assert bodies[0].startswith("multipart/form-data")
    assert bodies[1:] == ["application/json"]


def test_page_works_by_keyboard_alone(page, text):
    page.focus("#text")
    page.keyboard.insert_text(text)
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    wait_until_done(page)
    tab_to(page, "[data-length=short] .sentence")
    assert page.locator(".evidence.highlighted").count() > 0
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("class").startswith("evidence")
    page.evaluate("document.getElementById('live-title').focus()")
    tab_to(page, "#show-removed")
    page.keyboard.press("Space")
    expect(page.locator("#live-sent")).to_be_visible()
    tab_to(page, ".pane")
    tab_to(page, "[data-copy=both]")
    page.keyboard.press("Enter")
    expect(page.locator("#copied")).to_have_text("Copied.")
    tab_to(page, ".menu summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-download=md]")
    with page.expect_download():
        page.keyboard.press("Enter")
    tab_to(page, ".wording summary")
    page.keyboard.press("Enter")
    expect(page.locator(".wording p")).to_be_visible()
    page.evaluate("document.getElementById('live-title').focus()")
    tab_to(page, "#another")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    tab_to(page, "#recent-list button")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_be_visible()
    page.go_back()
    tab_to(page, "#delete-all")
    page.keyboard.press("Enter")
    expect(page.locator("#recent")).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "#example")
    page.keyboard.press("Enter")
    wait_until_done(page)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the Tab key does not reach {selector}")


def test_page_works_without_javascript(new_page, text):
    page = new_page(java_script_enabled=False)
    page.fill("#text", text)
    page.click("button[type=submit]")
    assert "swimming pool" in page.locator("h1").inner_text()
    assert page.locator("mark").count() > 0
    expect(page.get_by_text("In more detail")).to_be_visible()
    page.goto(page.url)
    page.click("#example")
    assert "outdoor pool" in page.input_value("#text")


def test_phone_shows_both_summaries_in_one_column(new_page, text):
    page = new_page(viewport=PHONE, has_touch=True)
    assert not scrolls_sideways(page)
    summarize(page, text)
    short, long = (page.locator(f"[data-length={length}]").bounding_box() for length in ("short", "long"))
    assert long["y"] >= short["y"] + short["height"]
    assert not scrolls_sideways(page)
    sentence = page.locator("[data-length=long] .sentence").nth(1)
    sentence.tap()
    expect(page.locator("#sheet blockquote mark")).to_have_text(sentence.inner_text())
    assert is_highlighted(sentence)
    page.tap("#sheet-show")
    expect(page.locator("#sheet")).to_be_hidden()
    assert page.locator(":focus").get_attribute("class").startswith("evidence")
    sentence.tap()
    page.tap("#sheet-close")
    expect(sentence).to_be_focused()


def test_going_back_closes_the_sheet_and_nothing_else(new_page, text):
    page = new_page(viewport=PHONE, has_touch=True)
    summarize(page, text)
    page.locator(".sentence").first.tap()
    expect(page.locator("#sheet")).to_be_visible()
    page.go_back()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#live-article")).to_be_visible()
    page.locator(".sentence").first.tap()
    page.tap("#sheet-show")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#live-article .evidence:focus")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#start")).to_be_visible()


def test_sheet_quotes_whole_sentences(new_page):
    lines = [
        f"Nobody is convinced that the ferry {number} of the harbour will ever leave again on time."
        for number in range(9)
    ]
    page = new_page(viewport=PHONE, has_touch=True)
    summarize(page, "Ferries are late\n\n" + " ".join(lines))
    for sentence in page.locator(".sentence:visible").all():
        sentence.tap()
        quote = page.locator("#sheet blockquote").inner_text()
        assert quote.removeprefix("… ").startswith("Nobody is convinced")
        assert quote.removesuffix(" …").endswith("on time.")
        page.tap("#sheet-close")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_what_must_be_pressed_is_above_the_fold(new_page, text, viewport):
    page = new_page(viewport=viewport)
    page.fill("#text", text)

    def ends(selector):
        box = page.locator(selector).first.bounding_box()
        return box["y"] + box["height"]

    assert ends("button[type=submit]") < viewport["height"]
    page.click("button[type=submit]")
    wait_until_done(page)
    assert ends("#another") < viewport["height"]
    assert page.evaluate("window.scrollY") == 0


def test_pasted_article_starts_at_once_unless_it_is_short_or_not_wanted(page, text):
    def paste(pasted):
        page.evaluate("text => navigator.clipboard.writeText(text)", pasted)
        page.focus("#text")
        page.keyboard.press("Control+V")

    paste(text)
    wait_until_done(page)
    page.click("#another")
    page.fill("#text", "Beside other text. ")
    page.press("#text", "End")
    paste(text)
    page.wait_for_timeout(300)
    expect(page.locator("#text")).to_be_visible()
    page.fill("#text", "")
    paste("A few words.")
    page.wait_for_timeout(300)
    expect(page.locator("#text")).to_be_visible()
    page.fill("#text", "")
    page.evaluate("document.querySelector('.options').open = true")
    page.uncheck("#starts-at-once")
    paste(text)
    page.wait_for_timeout(300)
    expect(page.locator("#text")).to_be_visible()
    page.reload()
    expect(page.locator("#starts-at-once")).not_to_be_checked()


def test_home_reload_and_back_do_what_they_say(page, address, text):
    summarize(page, text)
    of_summary = page.url
    assert of_summary != page.url.split("#")[0]
    page.click(".name a")
    expect(page.locator("#text")).to_be_visible()
    assert page.url.split("#")[0] == page.url
    page.go_back()
    expect(page.locator("#live")).to_be_visible()
    page.reload()
    expect(page.locator("#live")).to_be_visible()
    page.goto(address)
    expect(page.locator("#text")).to_be_visible()
    page.fill("#text", "Half a text")
    page.click(".name a")
    assert page.input_value("#text") == "Half a text"
    page.goto(of_summary)
    expect(page.locator("#live")).to_be_visible()
    page.goto(f"{address}/#nothing")
    expect(page.locator("#problem")).to_contain_text("not stored in this browser")
    assert "#" not in page.url


def test_method_is_changed_with_the_same_text(page, text):
    summarize(page, text)
    page.click("#change")
    assert page.input_value("#text") == text
    expect(page.locator("input[value=extractive]")).to_be_focused()


def test_name_of_the_site_keeps_the_text_of_a_summary_that_is_not_ready(new_page, summarizer, text):
    with serving(create_app(Endless(summarizer.settings))) as port:
        page = new_page(f"http://127.0.0.1:{port}")
        page.fill("#text", text)
        page.click("button[type=submit]")
        expect(page.locator("#live-state")).to_have_text("Writing the summary…")
        page.click(".name a")
        expect(page.locator("#cancelled")).to_be_visible()
        assert page.input_value("#text") == text


def test_repeated_sentence_is_shown_once_with_both_passages(page):
    summarize(page, "It rained. It snowed. It rained.")
    assert sentences(page, "short") == ["It rained.", "It snowed."]
    expect(page.locator("[data-length=long]")).to_be_hidden()
    assert page.locator(".evidence").count() == 3
    page.hover("[data-length=short] .sentence >> nth=0")
    assert page.locator(".evidence.highlighted").count() == 2


def test_file_is_sent_in_place_of_the_text(page, text):
    page.fill("#text", "Something else that was typed before.")
    page.evaluate("document.getElementById('starts-at-once').checked = false")
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": text.encode()})
    expect(page.locator("#pasted")).to_contain_text("not the text")
    page.click("button[type=submit]")
    wait_until_done(page)
    assert "swimming pool" in page.locator("h1").filter(visible=True).inner_text()


def test_menu_closes_and_fits_a_phone(new_page, text):
    page = new_page(viewport=PHONE, has_touch=True)
    summarize(page, text)
    open_menu(page)
    assert not scrolls_sideways(page)
    box = page.locator(".menu > div").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Escape")
    expect(page.locator(".menu > div")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()
    open_menu(page)
    page.click("h1 >> visible=true")
    expect(page.locator(".menu > div")).to_be_hidden()


def test_empty_form_is_not_sent(page):
    page.on("request", lambda request: pytest.fail("the form was sent") if "summarize" in request.url else None)
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text("Paste an article")


def test_reader_is_told_to_point_until_they_have_pointed(page, text):
    summarize(page, text)
    expect(page.locator("#hint")).to_be_visible()
    page.click("[data-length=long] .sentence >> nth=0")
    page.click("#another")
    summarize(page, text)
    expect(page.locator("#hint")).to_be_hidden()


def test_page_reflows_at_400_percent_zoom(new_page, text):
    page = new_page(viewport={"width": 320, "height": 256})
    summarize(page, text)
    assert not scrolls_sideways(page)
    page.goto(f"{page.url}docs")
    assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_accessibility_violation_in_any_state(new_page, summarizer, text, scheme):
    page = new_page(color_scheme=scheme)
    assert_accessible(page, "empty")
    page.fill("#text", "A headline alone")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()
    assert_accessible(page, "error")
    summarize(page, text)
    page.click(".wording summary")
    page.hover("[data-length=long] .sentence >> nth=1")
    open_menu(page)
    assert_accessible(page, "done")
    open_menu(page)
    page.set_viewport_size(PHONE)
    page.click("[data-length=long] .sentence >> nth=1")
    assert_accessible(page, "sheet")
    page.keyboard.press("Escape")
    page.check("#show-removed")
    assert_accessible(page, "removed text")
    page.click("#another")
    assert_accessible(page, "recent summaries")
    with serving(create_app(Endless(summarizer.settings))) as port:
        waiting = new_page(f"http://127.0.0.1:{port}", color_scheme=scheme)
        waiting.click("#example")
        expect(waiting.locator("#live-state")).to_have_text("Writing the summary…")
        assert_accessible(waiting, "under way")
        waiting.keyboard.press("Enter")  # Cancel has the focus
        expect(waiting.locator("#cancelled")).to_be_visible()
        assert_accessible(waiting, "cancelled")
    docs = new_page(color_scheme=scheme)
    docs.click("text=API documentation")
    docs.click("#try button")
    expect(docs.locator("#status")).to_contain_text("200")
    assert_accessible(docs, "API documentation")
    plain = new_page(color_scheme=scheme)
    with plain.expect_navigation():
        plain.evaluate("document.querySelector('form').submit()")  # as without JavaScript
    expect(plain.locator("#problem")).to_be_visible()
    assert_accessible(plain, "plain form's error")


def assert_accessible(page: Page, state: str) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(state, violation["id"], violation["nodes"][0]["html"]) for violation in violations] == []


@pytest.mark.parametrize(
    "odd_text",
    [
        "<script>document.title = 'taken over'</script>\n\n",
        "<img src=x onerror=\"document.title = 'taken over'\">\n\n",
        f"{'Many words of a title ' * 227}\n\n",
        f"{'w' * 2_000}\n\n",
        f"{'w' * 2_000}.\n\n",
    ],
    ids=["script", "image", "long title", "long word", "long word as sentence"],
)
def test_page_is_safe_and_fits_whatever_is_pasted(new_page, text, odd_text):
    page = new_page(viewport=PHONE)
    body = text.split("\n\n", 3)[3]
    summarize(page, f"{odd_text}{body.replace('pool', f'pool {odd_text.strip()}', 1)}")
    assert page.title() != "taken over"
    assert page.locator("#live img, #live script").count() == 0
    assert not scrolls_sideways(page)
    page.check("#show-removed")
    assert not scrolls_sideways(page)


def test_right_to_left_article_has_its_direction_and_language(page, articles):
    summarize(page, (articles / "arabic-library.txt").read_text(encoding="utf-8"))
    for selector in ("[data-length=long] p", "#live-article"):
        assert page.eval_on_selector(selector, "part => getComputedStyle(part).direction") == "rtl"
        assert page.get_attribute(selector, "lang") == "ar"


@pytest.mark.parametrize(("as_events", "shown"), [(False, '"title": "Town'), (True, "event: done")])
def test_api_page_sends_requests(page, address, as_events, shown):
    page.goto(f"{address}/docs")
    page.set_checked("#as-events", as_events)
    page.click("#try button")
    expect(page.locator("#response")).to_contain_text(shown)
    expect(page.locator("#status")).to_contain_text("200")


class SlowStart(Summarizer):
    """Starts after 0.8 s: for 0.5 s after a click, a browser does not count layout shifts."""

    def summarize(self, article, **options):
        time.sleep(0.8)
        return super().summarize(article, **options)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE], ids=["desktop", "phone"])
def test_page_is_under_100_kilobytes_and_its_layout_does_not_shift(new_page, summarizer, viewport):
    with serving(create_app(SlowStart(summarizer.settings))) as port:
        page = new_page(f"http://127.0.0.1:{port}", viewport=viewport)
        page.evaluate(
            """() => { window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())
            if (!entry.hadRecentInput) window.shift += entry.value; }).observe({type: "layout-shift"}); }"""
        )
        page.click("#example")
        wait_until_done(page)
        page.wait_for_timeout(100)
        assert page.evaluate("window.shift") < 0.01
        weight = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .filter(entry => !entry.name.endsWith("/summarize"))
            .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
        assert 10_000 < page.evaluate(weight) < 100_000


ELSEWHERE = "http://news.example"


@pytest.fixture
def bookmark(page):
    return page.locator("#bookmark").get_attribute("href")


@pytest.fixture
def read(page, text) -> Page:
    """Another site's page with the article."""
    title, *paragraphs = text.split("\n\n")
    links = "".join(f"<a href='#{number}'>Section {number}</a>\n" for number in range(25))
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    html = f"<!doctype html><nav>{links}</nav><h1>{title}</h1>{body}<script>const unread = 1</script>"
    other = page.context.new_page()
    other.route(f"{ELSEWHERE}/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    other.goto(f"{ELSEWHERE}/")
    return other


def press(bookmark: str, page: Page) -> Page:
    """Run the bookmark in a page; the page that it opens."""
    with page.context.expect_page() as opened:
        page.evaluate(bookmark.removeprefix("javascript:"))
    return opened.value


def test_bookmark_summarizes_the_page_one_reads(bookmark, read, text):
    opened = press(bookmark, read)
    wait_until_done(opened)
    assert opened.locator("h1").filter(visible=True).inner_text() == text.split(" | ", maxsplit=1)[0]
    assert "Section 7" not in opened.locator("#live-article").text_content()
    assert "#page" not in opened.url
    read.evaluate("getSelection().selectAllChildren(document.querySelector('p:nth-of-type(3)'))")
    selected = press(bookmark, read)
    wait_until_done(selected)
    assert selected.locator("#live-article").text_content() == read.locator("p").nth(2).inner_text()


def test_other_sites_cannot_start_a_summary(bookmark, read):
    secret = bookmark.partition("#page=")[2].partition('"')[0]
    opened = press(bookmark.replace(secret, "guessed"), read)
    expect(opened.locator("#text")).to_have_value(read.evaluate("document.body.innerText"))
    expect(opened.locator("#live")).to_be_hidden()
    expect(opened.locator("#problem")).to_contain_text("comes from another site")


def test_bookmark_says_how_it_is_used(page):
    page.click("#bookmark")
    expect(page.locator("#bookmark-hint")).to_be_visible()
