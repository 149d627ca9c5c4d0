"""`summarizer summarize`, and what all commands share: help, version, wrong usage and fast imports."""

import contextlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.__main__ import COMMANDS, main
from summarizer.errors import INTERRUPTED
from tests.processes import start

HARBOUR_TITLE = "Harbour bridge shut after inspectors find cracked cable anchor"
MODEL_LIBRARIES = ("torch", "transformers", "xllamacpp")


@pytest.fixture
def harbour(articles: Path) -> str:
    """The path of an article."""
    return str(articles / "news-harbour-bridge.txt")


@pytest.fixture
def quotation(tmp_path: Path) -> str:
    """The path of an article with quotation marks that Latin-1 lacks."""
    path = tmp_path / "quotation.txt"
    path.write_text("“Encore une fois”, said the café's owner. He opened the door again.", encoding="utf-8")
    return str(path)


@contextmanager
def latin_1_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """What standard output receives, as with PYTHONIOENCODING=latin-1."""
    received = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", io.TextIOWrapper(received, encoding="latin-1"))
        yield received


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the suite's Python in a folder."""
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


class TestOutput:
    def test_title_short_and_long_summary_are_separated_by_blank_lines(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour], summarizer) == 0
        expected = summarizer.summarize(Path(harbour).read_text())
        shown = capsys.readouterr()
        assert shown.out == f"{HARBOUR_TITLE}\n\n{expected.short}\n\n{expected.long}\n"
        assert shown.err == ""

    def test_dash_reads_standard_input(
        self,
        summarizer: Summarizer,
        harbour: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(harbour).read_bytes())))
        assert main(["summarize", "-"], summarizer) == 0
        assert capsys.readouterr().out.startswith(HARBOUR_TITLE)

    def test_document_is_read_by_its_kind(
        self, summarizer: Summarizer, files: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", str(files / "harbour-bridge.pdf")], summarizer) == 0
        assert capsys.readouterr().out.startswith(HARBOUR_TITLE)

    def test_json_is_the_answer_of_the_api(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour, "--json"], summarizer) == 0
        answer = json.loads(capsys.readouterr().out)
        expected = summarizer.summarize(Path(harbour).read_text()).model_dump(mode="json")
        answer["stats"].pop("seconds"), expected["stats"].pop("seconds")
        assert answer == expected

    def test_characters_that_the_terminal_lacks_are_replaced(
        self, summarizer: Summarizer, quotation: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with latin_1_terminal(monkeypatch) as shown:
            assert main(["summarize", quotation], summarizer) == 0
        assert "?Encore une fois?, said the café's owner.".encode("latin-1") in shown.getvalue()

    def test_json_is_utf_8_on_every_terminal(
        self, summarizer: Summarizer, quotation: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with latin_1_terminal(monkeypatch) as shown:
            assert main(["summarize", quotation, "--json"], summarizer) == 0
        assert json.loads(shown.getvalue().decode("utf-8"))["short"].startswith("“Encore une fois”")

    def test_one_length_is_printed_on_request(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour, "--length", "short"], summarizer) == 0
        expected = summarizer.summarize(Path(harbour).read_text(), lengths=["short"])
        assert capsys.readouterr().out == f"{HARBOUR_TITLE}\n\n{expected.short}\n"

    def test_words_and_focus_change_the_summary(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        focus = "What will the repair cost?"
        assert main(["summarize", harbour, "--length", "long", "--words", "40", "--focus", focus], summarizer) == 0
        expected = summarizer.summarize(Path(harbour).read_text(), lengths=["long"], words=40, focus=focus)
        assert "£4.1m" in expected.long
        assert capsys.readouterr().out == f"{HARBOUR_TITLE}\n\n{expected.long}\n"

    def test_key_points_are_lines(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour, "--length", "long", "--format", "bullets"], summarizer) == 0
        title, empty, *points = capsys.readouterr().out.splitlines()
        assert (title, empty) == (HARBOUR_TITLE, "")
        assert len(points) >= 3
        assert all(point.startswith("- ") for point in points)

    def test_title_replaces_the_headline(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour, "--title", "A bridge is shut"], summarizer) == 0
        assert capsys.readouterr().out.startswith("A bridge is shut\n\n")

    def test_no_clean_removes_nothing(
        self, summarizer: Summarizer, articles: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = str(articles / "copied-page.txt")
        removed = []
        for option in ("--clean", "--no-clean"):
            assert main(["summarize", page, "--json", option], summarizer) == 0
            removed.append(json.loads(capsys.readouterr().out)["removed"])
        assert removed[0]
        assert removed[1] == []

    def test_lines_have_the_width_that_is_wanted(
        self, summarizer: Summarizer, harbour: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", harbour, "--width", "40", "--format", "bullets"], summarizer) == 0
        shown = capsys.readouterr().out
        expected = summarizer.summarize(Path(harbour).read_text(), format="bullets")
        assert max(map(len, shown.splitlines())) <= 40
        assert " ".join(shown.split()) == " ".join(f"{expected.title} {expected.short} {expected.long}".split())
        assert "\n  " in shown

    def test_terminal_shows_the_title_in_bold_and_breaks_lines(self, harbour: str) -> None:
        main_end, other_end = pty.openpty()
        code = "import sys; from summarizer.__main__ import main; sys.exit(main(sys.argv[1:]))"
        with subprocess.Popen(
            [sys.executable, "-c", code, "summarize", harbour],
            stdout=other_end,
            env={**os.environ, "COLUMNS": "60"},
            cwd=Path(__file__).parents[2],
        ) as process:
            os.close(other_end)
            shown = b""
            with contextlib.suppress(OSError):  # the end
                while piece := os.read(main_end, 4096):
                    shown += piece
        os.close(main_end)
        assert process.returncode == 0
        assert shown.startswith(b"\x1b[1mHarbour bridge")
        assert max(len(line) for line in shown.decode().splitlines()[2:]) <= 60

    def test_link_is_read_if_that_is_allowed(
        self, summarizer: Summarizer, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handler = partial(SimpleHTTPRequestHandler, directory=str(files))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            link = f"http://127.0.0.1:{server.server_port}/harbour-bridge.html"
            assert main(["summarize", link], summarizer) == 2
            assert "SUMMARIZER_FETCH_URLS" in capsys.readouterr().err
            allowed = {"fetch_urls": True, "fetch_networks": "127.0.0.0/8"}
            monkeypatch.setattr(summarizer, "settings", summarizer.settings.model_copy(update=allowed))
            assert main(["summarize", link], summarizer) == 0
            assert capsys.readouterr().out.startswith(HARBOUR_TITLE)
            server.shutdown()

    def test_watched_file_is_summarized_when_it_changes(self, tmp_path: Path) -> None:
        article = tmp_path / "a.txt"
        article.write_text("It rained.")
        process = start(tmp_path, "summarize", str(article), "--watch")
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            assert next(line for line in lines if "It rained." in line)
            article.write_text("It snowed all day.")
            assert next(line for line in lines if "It snowed all day." in line)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
        finally:
            process.kill()
        assert process.returncode == INTERRUPTED

    def test_notes_go_to_standard_error(
        self, summarizer: Summarizer, articles: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["summarize", str(articles / "german.txt")], summarizer) == 0
        shown = capsys.readouterr()
        assert shown.err.startswith("Note: ")
        assert "German" in shown.err
        assert "Note" not in shown.out


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder with an article and files that have none."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("It rained.")
    Path("empty.txt").write_text(" ")
    Path("image.png").write_bytes(b"\x89PNG\r\n\x1a\n")


class TestWrongUsage:
    @pytest.mark.usefixtures("folder")
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["summarize", "nowhere.txt"], "summarizer summarize: Invalid value for 'FILE': File 'nowhere.txt' does"),
            (["summarize"], "Missing argument 'FILE'"),
            (["summarize", "."], "is a directory"),
            (["summarize", "a.txt", "--focus", "x" * 201], "more than 200 characters"),
            (["summarize", "-", "--watch"], "--watch needs a file"),
            (["summarize", "https://example.org/a"], "SUMMARIZER_FETCH_URLS"),
            (["summarize", "a.txt", "--method", "guess"], "'guess' is not one of 'extractive', 'abstractive'"),
            (["summarize", "a.txt", "--length", "tiny"], "'tiny' is not one of 'short', 'long'"),
            (["summarize", "a.txt", "--strip"], "No such option '--strip'"),
            (["serve", "--port", "0"], "--port"),
            (["serve", "--log-level", "loud"], "--log-level"),
            (["download", "everything"], "everything"),
            (["shorten"], "No such command 'shorten'"),
        ],
    )
    def test_wrong_usage_is_reported_in_one_line(
        self, summarizer: Summarizer, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
    ) -> None:
        assert main(arguments, summarizer) == 2
        shown = capsys.readouterr()
        assert expected in shown.err
        assert shown.err.startswith("summarizer")
        assert (shown.err.count("\n"), shown.out) == (1, "")

    @pytest.mark.usefixtures("folder")
    @pytest.mark.parametrize(("name", "expected"), [("empty.txt", "no text"), ("image.png", "image")])
    def test_article_that_fails_is_reported_in_one_line(
        self, summarizer: Summarizer, capsys: pytest.CaptureFixture[str], name: str, expected: str
    ) -> None:
        assert main(["summarize", name], summarizer) == 1
        shown = capsys.readouterr()
        assert expected in shown.err
        assert (shown.err.count("\n"), shown.out) == (1, "")

    def test_unknown_setting_is_reported_in_one_line(
        self, harbour: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("SUMMARIZER_METHODS", "extractive")
        assert main(["summarize", harbour]) == 2
        message = capsys.readouterr().err
        assert message.startswith("summarizer: There is no setting SUMMARIZER_METHODS.")
        assert message.count("\n") == 1


class TestHelp:
    def test_module_lists_the_commands(self, tmp_path: Path) -> None:
        result = python("-m", "summarizer", "--help", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("Usage: summarizer [OPTIONS] COMMAND")
        listed = [line.split()[0] for line in result.stdout.partition("Commands:\n")[2].splitlines()]
        assert tuple(listed) == COMMANDS

    def test_no_command_shows_the_help_as_an_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.startswith("Usage: summarizer [OPTIONS] COMMAND")
        assert "(see" not in shown.err

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_help(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([command, "--help"]) == 0
        shown = capsys.readouterr()
        assert shown.out.startswith(f"Usage: summarizer {command} ")
        assert shown.err == ""

    def test_version_is_that_of_the_package(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--version"]) == 0
        assert capsys.readouterr().out == f"summarizer, version {version('summarizer')}\n"

    def test_help_of_serve_has_its_defaults(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["serve", "--help"]) == 0
        help_text = capsys.readouterr().out
        for default in ("127.0.0.1", "8000", "info"):
            assert f"[default: {default}" in help_text


@pytest.mark.setup
class TestImports:
    def test_script_outside_the_checkout_imports_the_library(self, tmp_path: Path) -> None:
        script = tmp_path / "script.py"
        script.write_text("from summarizer import Settings, Summarizer, SummarizerError, Summary\nprint(Summarizer)\n")
        result = python("script.py", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout == "<class 'summarizer.pipeline.Summarizer'>\n"

    @pytest.mark.parametrize(
        "module",
        [
            "summarizer.text.words",
            "summarizer.cleaning",
            "summarizer.readers",
            "summarizer.selection.length",
            "summarizer.batch.outputs",
            "summarizer.commands.batch",
            "summarizer.commands.summarize",
            "summarizer.models.download",
        ],
    )
    def test_module_loads_no_model_library(self, tmp_path: Path, module: str) -> None:
        code = f"import sys, {module}; print([name for name in {MODEL_LIBRARIES} if name in sys.modules])"
        result = python("-c", code, cwd=tmp_path)
        assert (result.stdout, result.stderr) == ("[]\n", "")
