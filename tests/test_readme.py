"""The README against the code: settings, commands, examples."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_server import serving

from summarizer import Settings, Summarizer
from summarizer.settings import PREFIX
from summarizer.web import create_app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> list[str]:
    """The rows that the README's settings table must have; `python tests/test_readme.py` prints them."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() or field.default_factory or field.default in (None, "") else field.default
        shown = f"`{default}`" if default != "" else ""
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return rows


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, articles: Path) -> Path:
    """A folder with the article and the articles that the examples name."""
    shutil.copy(articles / "news-harbour-bridge.txt", tmp_path / "article.txt")
    shutil.copytree(articles, tmp_path / "articles")
    return tmp_path


@pytest.fixture
def service(summarizer: Summarizer) -> Iterator[str]:
    """The address of a service that answers by `extract`, unless asked otherwise."""
    quick = Summarizer(summarizer.settings.model_copy(update={"method": "extract"}))
    with serving(create_app(quick)) as port:
        yield f"http://127.0.0.1:{port}"


def test_settings_table_is_the_code() -> None:
    assert re.findall(rf"^\| `{PREFIX}[A-Z_]+` \|.*$", README, re.MULTILINE) == settings_table()


def test_variables_that_the_project_names_exist() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for path in [ROOT / "README.md", ROOT / "Dockerfile", *(ROOT / "scripts").iterdir()]:
        if path.is_file():
            named = set(re.findall(rf"{PREFIX}[A-Z]+(?:_[A-Z]+)*", path.read_text(encoding="utf-8")))
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


def test_python_example(folder: Path) -> None:
    run = subprocess.run(
        [ROOT / ".venv" / "bin" / "python", "-c", _blocks("python")[0]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("Harbour bridge shut after inspectors find cracked cable anchor\n")
    assert "Span(start=0" in run.stdout


def test_batch_example(folder: Path) -> None:
    command = next(block for block in _blocks("sh") if "summarize_batch" in block)
    subprocess.run(["sh", "-c", f"{ROOT}/{command}"], cwd=folder, capture_output=True, check=True)
    rows = (folder / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(list((folder / "articles").iterdir()))


def test_commands_of_the_first_section_exist() -> None:
    for command in re.findall(r"^\./(scripts/\w+)", _blocks("sh")[0], re.MULTILINE):
        assert os.access(ROOT / command, os.X_OK)


def test_importing_the_parser_loads_no_model_library() -> None:
    program = (
        "import sys, summarizer.article; print([m for m in ('torch', 'transformers', 'xllamacpp') if m in sys.modules])"
    )
    run = subprocess.run(
        [ROOT / ".venv" / "bin" / "python", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


if __name__ == "__main__":
    print("\n".join(settings_table()))
