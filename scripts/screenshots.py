#!/usr/bin/env python
"""Take the README's pictures of the page, with the service and a browser as they are; Debian's `chromium` is enough.

scripts/screenshots.py               the four of the README, into docs/screenshots/
scripts/screenshots.py --all DIR     every state, on a desktop and a phone, light and dark
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import served
from tqdm import tqdm

FOLDER = Path(__file__).resolve().parent.parent / "docs/screenshots"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]
_VIEWPORTS = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
_SCHEMES = ("light", "dark")
_PATIENCE = 60_000  # milliseconds


@dataclass(frozen=True)
class Picture:
    """A state of the page, and what it is looked at with."""

    state: str
    viewport: str
    scheme: str

    @property
    def name(self) -> str:
        """Its file."""
        return f"{self.viewport}-{self.scheme}-{self.state}.png"


README = (
    Picture("done", "desktop", "light"),
    Picture("stripped", "desktop", "dark"),
    Picture("done", "phone", "light"),
    Picture("empty", "phone", "dark"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every state, into this folder")
    options = parser.parse_args()
    folder = options.all or FOLDER
    every = [Picture(state, viewport, scheme) for state in STATES for viewport in _VIEWPORTS for scheme in _SCHEMES]
    folder.mkdir(parents=True, exist_ok=True)
    with served() as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)
        for picture in tqdm(every if options.all else README, desc="pictures"):
            _take(browser, picture, f"http://127.0.0.1:{service.port}", folder)
        browser.close()


def _take(browser: Browser, picture: Picture, address: str, folder: Path) -> None:
    context = browser.new_context(
        viewport=_VIEWPORTS[picture.viewport], color_scheme=picture.scheme, has_touch=picture.viewport == "phone"
    )
    page = context.new_page()
    page.goto(address)
    STATES[picture.state](page)
    page.screenshot(path=folder / picture.name)
    context.close()


def _empty(page: Page) -> None:
    expect(page.locator(".scripted").first).to_be_visible()


def _streaming(page: Page) -> None:
    """With the method that takes longest."""
    page.check("input[value=rewrite]")
    page.click("#example")
    expect(page.locator(".preview .sentence").first).to_be_visible(timeout=_PATIENCE)


def _done(page: Page) -> None:
    page.click("#example")
    expect(page.locator("#live:not(.under-way)")).to_be_visible(timeout=_PATIENCE)
    page.hover("[data-length=long] .sentence >> nth=1")


def _stripped(page: Page) -> None:
    _done(page)
    page.mouse.move(0, 0)
    page.check("#show-sent")


def _error(page: Page) -> None:
    page.fill("#text", "A headline alone")
    page.click("button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()


def _docs(page: Page) -> None:
    page.click("text=the API")


STATES: dict[str, Callable[[Page], None]] = {
    "empty": _empty,
    "streaming": _streaming,
    "done": _done,
    "stripped": _stripped,
    "error": _error,
    "docs": _docs,
}


if __name__ == "__main__":
    main()
