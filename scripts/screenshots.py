"""Take screenshots of the page with `chromium`, which must be on the PATH.

python -m scripts.screenshots               the three screenshots of the README, into docs/screenshots/
python -m scripts.screenshots --all DIR     every state, on a desktop and a phone, light and dark
"""

import argparse
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from tqdm import tqdm

from scripts.benchmark.service import running_service
from scripts.evaluation.data import CHECKOUT

FOLDER = CHECKOUT / "docs" / "screenshots"
_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
]
_VIEWPORTS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 860},
    "phone": {"width": 390, "height": 844},
}
Scheme = Literal["light", "dark"]
_SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_TIMEOUT = 60_000  # milliseconds


@dataclass(frozen=True)
class Screenshot:
    """A screenshot.

    :param state: of the page, a key of `STATES`.
    :param viewport: a key of `_VIEWPORTS`.
    """

    state: str
    viewport: str
    scheme: Scheme

    @property
    def name(self) -> str:
        """Its file name."""
        return f"{self.viewport}-{self.scheme}-{self.state}.png"


README = (
    Screenshot("done", "desktop", "light"),
    Screenshot("removed", "desktop", "dark"),
    Screenshot("done", "phone", "light"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="DIR", help="take every state, into this folder")
    options = parser.parse_args(arguments)
    folder = options.all or FOLDER
    # The states come in turn: a second request of `streaming` would share the summary of the first, without a preview.
    every = [Screenshot(state, viewport, scheme) for viewport in _VIEWPORTS for scheme in _SCHEMES for state in STATES]
    folder.mkdir(parents=True, exist_ok=True)
    with running_service() as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_CHROMIUM_FLAGS)
        for screenshot in tqdm(every if options.all else README, desc="screenshots"):
            _take(browser, screenshot, f"http://127.0.0.1:{service.port}", folder)
        browser.close()


def _take(browser: Browser, screenshot: Screenshot, address: str, folder: Path) -> None:
    context = browser.new_context(
        viewport=_VIEWPORTS[screenshot.viewport],
        color_scheme=screenshot.scheme,
        has_touch=screenshot.viewport == "phone",
    )
    page = context.new_page()
    page.goto(address)
    STATES[screenshot.state](page)
    page.screenshot(path=folder / screenshot.name)
    context.close()


def _empty(page: Page) -> None:
    expect(page.locator(".scripted:not([hidden])").first).to_be_attached()


def _streaming(page: Page) -> None:
    """The preview, while the language model writes."""
    page.click(".options summary")
    page.check("input[value=abstractive]")
    page.click("#example")
    expect(page.locator(".preview .sentence").first).to_be_visible(timeout=_TIMEOUT)


def _done(page: Page) -> None:
    """A summary, with the passage of its second long sentence highlighted."""
    page.click("#example")
    expect(page.locator("#live:not(.under-way)")).to_be_visible(timeout=_TIMEOUT)
    page.hover("[data-length=long] .sentence >> nth=1")


def _removed(page: Page) -> None:
    """The text as sent, with the removed parts struck through."""
    _done(page)
    page.mouse.move(0, 0)
    page.check("#show-removed")


def _error(page: Page) -> None:
    page.fill("#text", "A headline alone")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()


def _docs(page: Page) -> None:
    page.click("text=API documentation")


STATES: dict[str, Callable[[Page], None]] = {
    "empty": _empty,
    "streaming": _streaming,
    "done": _done,
    "removed": _removed,
    "error": _error,
    "docs": _docs,
}


if __name__ == "__main__":
    main()
