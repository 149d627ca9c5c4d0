"""The page as a reader has it: a real browser, the real service, embedded models."""

import json
import shutil
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from real_server import Endless, serving

from summarizer import Summarizer
from summarizer.web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# A summary takes a second; in milliseconds, for a machine that does other things, too.
PATIENCE = 60_000
PHONE = {"width": 360, "height": 740}
EXAMPLE = Path(__file__).parents[2] / "summarizer/web/static/example.txt"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here; `.ci/run` installs it")


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
    """Opens a page in a browser of its own, which complains of nothing and asks no other host."""
    contexts, complaints = [], []

    def open_page(at: str = address, **options) -> Page:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.on("request", lambda request: complaints.append(request.url) if not is_own(request.url, at) else None)
        page.goto(at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


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
    expect(page.locator("#live:not(.under-way)")).to_be_visible(timeout=PATIENCE)


def sentences(page: Page, length: str) -> list[str]:
    return page.locator(f"[data-length={length}] .sentence").all_inner_texts()


def is_lit(locator) -> bool:
    return "lit" in (locator.get_attribute("class") or "").split()


def test_what_was_pasted_is_summarized_as_the_api_does(page, client, text):
    summarize(page, text)
    answer = client.post("/summarize", json={"text": text}).get_json()
    assert page.locator("h1").filter(visible=True).inner_text() == answer["title"]
    for length in ("short", "long"):
        assert sentences(page, length) == [sentence["text"] for sentence in answer["sentences"][length]]
    assert page.locator("#live-article").text_content() == answer["article"]


def test_title_and_quick_extract_are_there_while_it_is_made(page, text, app):
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
        const live = document.getElementById("live");
        window.seen.push([live.className, document.getElementById("live-title").textContent,
          live.querySelectorAll(".preview .sentence").length]);
        }).observe(document.getElementById("live"), {subtree: true, childList: true, attributes: true}); }"""
    )
    summarize(page, text)
    seen = page.evaluate("window.seen")
    assert any("under-way" in state and title.startswith("Town") and preview for state, title, preview in seen)


def test_ctrl_enter_sends(page, text):
    page.fill("#text", text)
    page.press("#text", "Control+Enter")
    wait_until_done(page)


def test_example_is_one_click_away(page):
    page.click("#example")
    wait_until_done(page)
    assert "swimming pool" in page.locator("h1").filter(visible=True).inner_text()


def test_words_are_counted_and_the_limit_is_said_before_it_is_hit(page, summarizer):
    page.fill("#text", "One two  three.")
    expect(page.locator("#words")).to_have_text("3 words")
    most = summarizer.settings.max_text
    page.evaluate("text => { document.getElementById('text').value = text }", "word " * (most // 5 + 1))
    page.type("#text", " ")
    expect(page.locator("#words")).to_contain_text(f"at most {most:,} characters")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text("Paste a part of it")


def test_evidence_lights_up_both_ways(page, text):
    summarize(page, text)
    sentence = page.locator("[data-length=long] .sentence").nth(1)
    sentence.hover()
    place = page.locator(f"#place-{sentence.get_attribute('data-places').split()[0]}")
    assert is_lit(place)
    assert not is_lit(page.locator("[data-length=long] .sentence").nth(0))
    pane, shown = page.locator(".pane").bounding_box(), place.bounding_box()
    assert pane["y"] <= shown["y"] <= pane["y"] + pane["height"]
    place.hover()
    assert is_lit(sentence)
    page.mouse.move(0, 0)
    assert not is_lit(sentence)


def test_click_on_a_sentence_goes_to_its_place_and_back(page, text):
    summarize(page, text)
    page.locator("[data-length=long] .sentence").nth(2).click()
    focused = page.locator(":focus")
    assert focused.get_attribute("class").startswith("evidence")
    focused.press("Enter")
    assert "sentence" in page.locator(":focus").get_attribute("class")


def test_what_was_stripped_stands_struck_through_in_its_place(page, client, text):
    summarize(page, text)
    expect(page.locator("#live-sent")).to_be_hidden()
    page.check("#show-sent")
    stripped = client.post("/summarize", json={"text": text, "method": "extract"}).get_json()["stripped"]
    spans = sorted((span["start"], span["end"]) for line in stripped for span in line["spans"])
    assert page.locator("#live-sent del").all_text_contents() == [text[start:end] for start, end in spans]
    assert set(page.locator("#live-sent .reason").all_text_contents()) == {line["reason"] for line in stripped}
    page.uncheck("#show-sent")
    expect(page.locator("#live-article")).to_be_visible()


def test_places_count_characters_and_not_what_a_browser_keeps_them_in(page, text):
    summarize(page, text.replace("outdoor pool", "outdoor pool 🏊🏽").replace("\n", "\r\n"))
    first = page.locator(".evidence").first.text_content()
    assert first.startswith("The outdoor pool 🏊🏽")
    assert first.endswith(".")


@pytest.mark.parametrize(
    ("button", "begins"),
    [("short", "The outdoor"), ("long", "The outdoor"), ("both", "The outdoor"), ("markdown", "# Town")],
)
def test_summaries_are_copied(page, text, button, begins):
    summarize(page, text)
    page.click(f"[data-copy={button}]")
    expect(page.locator("#live-state")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(begins)


def test_summary_is_downloaded_as_json_and_as_markdown(page, text):
    summarize(page, text)
    with page.expect_download() as download:
        page.click("[data-download=json]")
    assert download.value.suggested_filename.endswith(".json")
    answer = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert " ".join(sentences(page, "long")) == answer["long"]
    with page.expect_download() as download:
        page.click("[data-download=md]")
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith(f"# {answer['title']}\n")


def test_cancel_stops_the_work_and_keeps_the_text(new_page, summarizer, text):
    endless = Endless(summarizer.settings)
    with serving(create_app(endless)) as port:
        page = new_page(f"http://127.0.0.1:{port}")
        page.fill("#text", text)
        page.click("button[type=submit]")
        expect(page.locator("#live-state")).to_have_text("Writing …")
        page.click("#cancel")
        expect(page.locator("#cancelled")).to_be_visible()
        assert endless.ended.wait(20)
        assert page.input_value("#text") == text


def test_error_stands_beside_the_form_which_keeps_the_text(page):
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


def test_service_that_is_gone_is_said_to_be(new_page, app, text):
    with serving(app) as port:
        page = new_page(f"http://127.0.0.1:{port}")
    page.fill("#text", text)
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_contain_text("cannot be reached")


def test_last_summaries_are_kept_in_this_browser_until_they_are_deleted(page, text):
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
    page.click("#kept-list button")
    assert sentences(page, "long") == shown
    page.go_back()
    page.click("#forget")
    expect(page.locator("#kept")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_twenty_summaries_are_kept_and_no_more(page, text):
    summarize(page, text)
    page.evaluate(
        """async () => { const { keep, kept } = await import("/static/keep.js");
        for (let i = 0; i < 30; i++) keep(kept()[0].answer, "sent"); }"""
    )
    assert page.evaluate("JSON.parse(localStorage.summaries).length") == 20


def test_file_is_picked_or_dropped(page, text):
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": text.encode("utf-16")})
    page.click("button[type=submit]")
    wait_until_done(page)
    page.click("#another")
    transfer = page.evaluate_handle(
        """text => { const transfer = new DataTransfer();
        transfer.items.add(new File([text], "b.txt", {type: "text/plain"})); return transfer; }""",
        text,
    )
    page.dispatch_event("form", "drop", {"dataTransfer": transfer})
    page.click("button[type=submit]")
    wait_until_done(page)
    page.check("#show-sent")
    assert page.locator("#live-sent del").count() > 5


def test_whole_way_works_by_keyboard_alone(page, text):
    page.focus("#text")
    page.keyboard.insert_text(text)
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    wait_until_done(page)
    tab_to(page, "[data-length=short] .sentence")
    assert page.locator(".evidence.lit").count() > 0
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("class").startswith("evidence")
    page.evaluate("document.getElementById('live-title').focus()")
    tab_to(page, "#show-sent")
    page.keyboard.press("Space")
    expect(page.locator("#live-sent")).to_be_visible()
    tab_to(page, ".pane")
    tab_to(page, "[data-copy=both]")
    page.keyboard.press("Enter")
    expect(page.locator("#live-state")).to_have_text("Copied.")
    tab_to(page, "[data-download=md]")
    with page.expect_download():
        page.keyboard.press("Enter")
    tab_to(page, ".meaning summary")
    page.keyboard.press("Enter")
    expect(page.locator(".meaning ul")).to_be_visible()
    page.evaluate("document.getElementById('live-title').focus()")
    tab_to(page, "#another")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    tab_to(page, "#kept-list button")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_be_visible()
    page.go_back()
    tab_to(page, "#forget")
    page.keyboard.press("Enter")
    expect(page.locator("#kept")).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "#example")
    page.keyboard.press("Enter")
    wait_until_done(page)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by the Tab key")


def test_page_works_without_scripts(new_page, text):
    page = new_page(java_script_enabled=False)
    page.fill("#text", text)
    page.click("button[type=submit]")
    assert "swimming pool" in page.locator("h1").inner_text()
    assert page.locator("mark").count() > 0
    expect(page.get_by_text("In more detail")).to_be_visible()
    page.goto(page.url)
    page.click("#example")
    assert "outdoor pool" in page.input_value("#text")


def test_phone_shows_one_below_the_other_without_scrolling_sideways(new_page, text):
    page = new_page(viewport=PHONE, has_touch=True)
    assert not scrolls_sideways(page)
    summarize(page, text)
    short, long = (page.locator(f"[data-length={length}]").bounding_box() for length in ("short", "long"))
    assert long["y"] >= short["y"] + short["height"]
    assert not scrolls_sideways(page)
    page.locator("[data-length=long] .sentence").nth(1).tap()
    assert page.locator(":focus").get_attribute("class").startswith("evidence")


def test_page_reflows_at_four_times_its_size(new_page, text):
    page = new_page(viewport={"width": 320, "height": 256})
    summarize(page, text)
    assert not scrolls_sideways(page)
    page.goto(f"{page.url}docs")
    assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_is_found_in_any_state_by_axe(new_page, summarizer, text, scheme):
    page = new_page(color_scheme=scheme)
    assert_accessible(page, "empty")
    page.fill("#text", "A headline alone")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()
    assert_accessible(page, "error")
    summarize(page, text)
    page.click(".meaning summary")
    page.hover("[data-length=long] .sentence >> nth=1")
    assert_accessible(page, "done")
    page.check("#show-sent")
    assert_accessible(page, "stripped")
    page.click("#another")
    assert_accessible(page, "last summaries")
    with serving(create_app(Endless(summarizer.settings))) as port:
        waiting = new_page(f"http://127.0.0.1:{port}", color_scheme=scheme)
        waiting.click("#example")
        expect(waiting.locator("#live-state")).to_have_text("Writing …")
        assert_accessible(waiting, "under way")
        waiting.keyboard.press("Enter")  # Cancel has the focus
        expect(waiting.locator("#cancelled")).to_be_visible()
        assert_accessible(waiting, "cancelled")
    docs = new_page(color_scheme=scheme)
    docs.click("text=the API")
    docs.click("text=Send")
    expect(docs.locator("#status")).to_contain_text("200")
    assert_accessible(docs, "the API")
    plain = new_page(color_scheme=scheme)
    with plain.expect_navigation():
        plain.evaluate("document.querySelector('form').submit()")  # as without scripts
    expect(plain.locator("#problem")).to_be_visible()
    assert_accessible(plain, "plain form's error")


def assert_accessible(page: Page, state: str) -> None:
    found = Axe().run(page).response["violations"]
    assert [(state, fault["id"], fault["nodes"][0]["html"]) for fault in found] == []


@pytest.mark.parametrize(
    "ugly",
    [
        "<script>document.title = 'taken over'</script>\n\n",
        "<img src=x onerror=\"document.title = 'taken over'\">\n\n",
        f"{'Many words of a title ' * 227}\n\n",
        f"{'w' * 2_000}\n\n",
        f"{'w' * 2_000}.\n\n",
    ],
    ids=["script", "image", "long title", "long word", "long word as sentence"],
)
def test_page_holds_whatever_is_pasted(new_page, text, ugly):
    page = new_page(viewport=PHONE)
    body = text.split("\n\n", 3)[3]
    summarize(page, f"{ugly}{body.replace('pool', f'pool {ugly.strip()}', 1)}")
    assert page.title() != "taken over"
    assert page.locator("#live img, #live script").count() == 0
    assert not scrolls_sideways(page)
    page.check("#show-sent")
    assert not scrolls_sideways(page)


def test_right_to_left_article_is_shown_so_and_its_language_marked(page, articles):
    summarize(page, (articles / "arabic-library.txt").read_text(encoding="utf-8"))
    for selector in ("[data-length=long] p", "#live-article"):
        assert page.eval_on_selector(selector, "part => getComputedStyle(part).direction") == "rtl"
        assert page.get_attribute(selector, "lang") == "ar"


@pytest.mark.parametrize(("as_events", "shown"), [(False, '"title": "Town'), (True, "event: done")])
def test_api_is_tried_out_on_its_page(page, address, as_events, shown):
    page.goto(f"{address}/docs")
    page.set_checked("#as-events", as_events)
    page.click("text=Send")
    expect(page.locator("#answer")).to_contain_text(shown)
    expect(page.locator("#status")).to_contain_text("200")


class Unhurried(Summarizer):
    """Begins when a browser does not count what moves as the click's doing any more."""

    def summarize(self, article, **options):
        time.sleep(0.8)
        return super().summarize(article, **options)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE], ids=["desktop", "phone"])
def test_page_weighs_less_than_100_kilobytes_and_nothing_moves_while_it_is_made(new_page, summarizer, viewport):
    with serving(create_app(Unhurried(summarizer.settings))) as port:
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
