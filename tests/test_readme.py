"""The README: its commands run, its generated parts are current, its names exist."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from summarizer import Settings, Summarizer
from summarizer.settings import PREFIX, SERVE_VARIABLES
from summarizer.web import create_app
from tests.servers import serving

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = ROOT / ".venv" / "bin"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, articles: Path) -> Path:
    """A folder with the article and the articles that the examples name."""
    shutil.copy(articles / "news-harbour-bridge.txt", tmp_path / "article.txt")
    (tmp_path / "articles").mkdir()
    for name in ("court-appeal.txt", "short-notice.txt"):
        shutil.copy(articles / name, tmp_path / "articles")
    return tmp_path


@pytest.fixture
def service(summarizer: Summarizer) -> Iterator[str]:
    """The address of a service."""
    with serving(create_app(summarizer)) as port:
        yield f"http://127.0.0.1:{port}"


def test_generated_parts_are_current() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "README.md"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{run.stdout}Run `python -m cogapp -r README.md`."


def test_named_variables_exist() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | SERVE_VARIABLES
    files = [ROOT / "README.md", ROOT / "Dockerfile", *(ROOT / "scripts").rglob("*.py"), *(ROOT / "docs").glob("*.md")]
    for path in files:
        if path.name in ("experiments.md", "bootstrap.py"):  # about earlier versions; runs before there is a package
            continue
        named = set(re.findall(rf"(?<!_){PREFIX}[A-Z]+(?:_[A-Z]+)*", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_example(folder: Path, service: str) -> None:
    command = next(block for block in _blocks("sh") if block.startswith("curl"))
    run = subprocess.run(
        ["sh", "-c", command.replace("http://127.0.0.1:8000", service)], cwd=folder, capture_output=True, check=True
    )
    answer = json.loads(run.stdout)
    example = json.loads(_blocks("json")[0])
    assert list(answer) == list(example)
    assert answer["title"] == example["title"]
    assert list(answer["stats"]) == list(example["stats"])


@pytest.fixture
def run_in(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in the folder, as in the README, with the checkout's environment on the path."""

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)

    return run


@pytest.mark.setup
def test_python_example(run_in: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    output = run_in("python", "-c", _blocks("python")[0]).stdout
    assert output.startswith("Harbour bridge shut after inspectors find cracked cable anchor\n")
    assert " <- " in output


@pytest.mark.setup
def test_command_line_examples(run_in: Callable[..., subprocess.CompletedProcess[str]], folder: Path) -> None:
    (block,) = (block for block in _blocks("sh") if block.startswith("summarizer summarize article.pdf"))
    text = (folder / "article.txt").read_text(encoding="utf-8")
    (folder / "news.xml").write_text(
        f"<rss><channel><item><link>https://example.org/1</link><description>{escape(text)}</description></item></channel></rss>",
        encoding="utf-8",
    )
    commands = block.replace("article.pdf", "article.txt").replace("https://example.org/", "").splitlines()
    summarize, focused, batch, feed = commands
    assert run_in("sh", "-c", summarize).stdout.startswith("Harbour bridge shut")
    assert "£4.1m" in run_in("sh", "-c", focused).stdout
    run_in("sh", "-c", batch)
    rows = (folder / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(list((folder / "articles").iterdir()))
    run_in("sh", "-c", feed)
    assert "Bridge" in (folder / "new.md").read_text(encoding="utf-8")


def test_commands_of_the_first_section_exist() -> None:
    for command in re.findall(r"^\./(scripts/\w+)", _blocks("sh")[0], re.MULTILINE):
        assert os.access(ROOT / command, os.X_OK)


def test_links_to_files_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
