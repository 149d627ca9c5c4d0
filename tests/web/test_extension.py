"""The browser extension in Chromium, with the real service and a page to summarize."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.servers import serving
from tests.web.test_page import ARGUMENTS, CHROMIUM, TIMEOUT

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "extension"
PAGE = """<!doctype html><meta charset="utf-8"><title>Bridge</title>
<nav>Home News Sport Weather Contact</nav>
<main><article><h1>{title}</h1><div style="height: 3000px"></div>{paragraphs}</article></main>
<footer>All rights reserved.</footer>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed; `.ci/run` installs it"),
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory, articles) -> Iterator[str]:
    """The address of a page with an article, and of one without."""
    folder = tmp_path_factory.mktemp("site")
    title, *paragraphs = (articles / "news-harbour-bridge.txt").read_text(encoding="utf-8").split("\n\n")
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    (folder / "bridge.html").write_text(PAGE.format(title=title, paragraphs=body), encoding="utf-8")
    (folder / "empty.html").write_text("<!doctype html><title></title><img alt=>", encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def service(app) -> Iterator[str]:
    with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[BrowserContext]:
    """Chromium with the extension."""
    arguments = [
        *ARGUMENTS,
        "--headless=new",
        f"--disable-extensions-except={EXTENSION}",
        f"--load-extension={EXTENSION}",
    ]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=CHROMIUM,
            headless=False,  # Playwright's own headless mode loads no extensions
            args=[*arguments, "--disable-features=DisableLoadExtensionCommandLineSwitch"],
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(TIMEOUT)
        yield context
        context.close()


@pytest.fixture(scope="module")
def root(browser: BrowserContext) -> str:
    """The address of the extension's own pages."""
    worker = browser.service_workers[0] if browser.service_workers else browser.wait_for_event("serviceworker")
    return worker.url.rpartition("/")[0]


def set_options(browser: BrowserContext, root: str, **values: str) -> str:
    """Save options as a user does; returns what the page says."""
    page = browser.new_page()
    page.goto(f"{root}/options.html")
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        field.select_option(value) if name == "method" else field.fill(value)
    page.click("button")
    expect(page.locator("#state")).to_have_text(re.compile("aved"))
    said = page.inner_text("#state")
    page.close()
    return said


def open_panel(browser: BrowserContext, root: str, page: Page) -> Page:
    """The panel for a page, opened as a page of its own: only a person can open the side panel."""
    (tab,) = browser.service_workers[0].evaluate(
        "async (url) => (await chrome.tabs.query({})).filter((tab) => tab.url === url).map((tab) => tab.id)", page.url
    )
    panel = browser.new_page()
    panel.goto(f"{root}/panel.html?tab={tab}")
    expect(panel.locator("#summary:not([hidden]), #problem:not([hidden])")).to_be_visible(timeout=TIMEOUT)
    return panel


@pytest.fixture
def article(browser: BrowserContext, site: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{site}/bridge.html")
    yield page
    page.close()


def test_page_is_summarized_and_a_sentence_leads_to_its_passage(browser, root, service, article) -> None:
    assert set_options(browser, root, address=f"{service}/somewhere", key="", method="extractive") == (
        "Saved. The service answers."
    )
    panel = open_panel(browser, root, article)
    assert panel.inner_text("#title").startswith("Harbour bridge shut")
    sentences = panel.locator(".sentence").all_inner_texts()
    assert len(sentences) == len(set(sentences)) >= 3
    assert article.evaluate("scrollY") == 0
    panel.locator("#long .sentence").last.click()
    expect(panel.locator(".sentence[aria-pressed=true]")).to_have_count(1)
    marked = article.evaluate("[...CSS.highlights.get('article-summarizer')].map(String)")
    assert marked == [sentences[-1]]
    assert article.evaluate("scrollY") > 2_000
    panel.click("#copy")
    expect(panel.locator("#state")).to_have_text("Copied.")
    assert panel.evaluate("navigator.clipboard.readText()").split("\n\n")[0] == panel.inner_text("#short")
    panel.close()


def test_selected_text_is_summarized_alone(browser, root, service, article) -> None:
    set_options(browser, root, address=service, method="extractive")
    article.evaluate(
        """() => {
          const paragraphs = [...document.querySelectorAll("p")].slice(-6);
          getSelection().setBaseAndExtent(paragraphs[0], 0, paragraphs.at(-1), 1);
        }"""
    )
    selected = article.evaluate("String(getSelection())")
    panel = open_panel(browser, root, article)
    for sentence in panel.locator(".sentence").all_inner_texts():
        assert sentence in selected
    panel.close()


def test_page_without_an_article_is_explained(browser, root, service, site) -> None:
    set_options(browser, root, address=service)
    page = browser.new_page()
    page.goto(f"{site}/empty.html")
    panel = open_panel(browser, root, page)
    expect(panel.locator("#problem")).to_be_visible()
    assert "Something went wrong" not in panel.inner_text("#problem")
    panel.close()
    page.close()


def test_service_that_does_not_answer_is_explained(browser, root, site, article) -> None:
    assert "nothing answers" in set_options(browser, root, address="http://127.0.0.1:9")
    panel = open_panel(browser, root, article)
    expect(panel.locator("#problem")).to_contain_text("http://127.0.0.1:9 does not answer")
    assert "status 404" in set_options(browser, root, address=site)
    panel.click("#again")
    expect(panel.locator("#problem")).to_contain_text("answered with status")
    panel.close()


def test_wrong_key_is_explained(browser, root, article, client_with) -> None:
    closed = client_with(anonymous=False).application
    with serving(closed) as port:
        set_options(browser, root, address=f"http://127.0.0.1:{port}", key="wrong")
        panel = open_panel(browser, root, article)
        expect(panel.locator("#problem")).to_contain_text("API key is not valid")
        panel.close()


def test_tab_that_cannot_be_read_is_explained(browser, root) -> None:
    panel = browser.new_page()
    panel.goto(f"{root}/panel.html?tab=999999999")
    expect(panel.locator("#problem")).to_contain_text("ordinary web page")
    panel.close()


def test_extension_reaches_no_other_host(browser, root, service, article) -> None:
    set_options(browser, root, address=service, method="extractive")
    requested: list[str] = []
    browser.on("request", lambda request: requested.append(request.url))
    open_panel(browser, root, article).close()
    assert any(url.startswith(service) for url in requested)
    assert all(url.startswith((service, root)) for url in requested)
