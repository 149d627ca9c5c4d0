"""The batch script: every kind of input and failure, and that no moment of being killed loses or doubles an article.

The articles are made up here, from a seed; they are summarized by the real extractive model.
"""

import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from batch_output import COLUMNS, CsvRows, JsonlRows, Output, OutputError
from hypothesis import given, settings
from hypothesis import strategies as st
from summarize_batch import main

from summarizer import Summarizer

SCRIPT = Path(__file__).parent.parent / "scripts" / "summarize_batch.py"
FILES = Path(__file__).parent / "files"
WHO = ("The council", "A baker from Oslo", "The harbour master", "Dr. Lund", "The school", 'A "night" driver')
DID = ("opened", "lost", "repaired", "painted", "counted", "sold")
WHAT = ("three bridges", "the old ferry", "240 lamps", "a library, at last", "its last tram", "the north pier")
WHEN = ("on Monday", "in May 2019", "after the storm", "before the vote", "at noon", "for the second time")


def article(seed: int, sentences: int = 5) -> str:
    """A made-up article with a headline and paragraphs, another for each seed."""
    pick = random.Random(seed).choice
    lines = [f"{pick(WHO)} {pick(DID)} {pick(WHAT)} {pick(WHEN)}." for _ in range(sentences)]
    return f"Report number {seed} from the town\n\n" + "\n\n".join(lines)


Batch = Callable[..., int]


@pytest.fixture
def batch(summarizer: Summarizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Run the command in an empty folder, by the extractive model unless told otherwise; the exit code."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, method: Sequence[str] = ("--method", "extract")) -> int:
        return main([*arguments, *method], summarizer)

    return run


def write_jsonl(path: str, rows: Iterable[Any]) -> None:
    Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read_jsonl(path: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def read_csv(path: str | Path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ids(path: str | Path) -> list[str]:
    rows: Sequence[Mapping[str, Any]] = read_csv(path) if str(path).endswith(".csv") else read_jsonl(path)
    return [row["id"] for row in rows]


def without_seconds(path: str | Path) -> str:
    """The file's text, apart from the one thing that differs from run to run."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return re.sub(r'("+seconds"+: )[0-9.]+', r"\1-", file.read())


class TestInputs:
    def test_folder_gives_its_text_files_sorted_by_relative_path(self, batch: Batch) -> None:
        for number, name in enumerate(("b.txt", "a/z.md", "a/c.TXT", "picture.png", ".hidden.txt")):
            path = Path("news") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(article(number))
        assert batch("news", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["a/c.TXT", "a/z.md", "b.txt"]

    def test_single_files_keep_the_name_as_given(self, batch: Batch) -> None:
        Path("one.txt").write_text(article(1))
        Path("two.md").write_text("# " + article(2))
        assert batch("./one.txt", "two.md", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["./one.txt", "two.md"]

    def test_documents_of_every_kind_are_read(self, batch: Batch) -> None:
        names = ["court-appeal.eml", "harbour-bridge.pdf", "lake-sediment.md", "salt-road.docx"]
        for name in names:
            shutil.copy(FILES / name, name)
        assert batch(*names, "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == names
        assert all(row["title"] for row in read_jsonl("out.jsonl"))

    def test_no_strip_keeps_repeated_headlines(self, batch: Batch) -> None:
        shutil.copy(FILES.parent / "articles" / "copied-page.txt", "page.txt")
        assert batch("page.txt", "-o", "out.jsonl", "--no-strip") == 0
        (row,) = read_jsonl("out.jsonl")
        assert row["stripped"] == []

    def test_jsonl_rows_keep_their_id_or_get_the_name_and_line(self, batch: Batch) -> None:
        rows = [{"id": "x", "text": article(1)}, {"text": article(2)}, {"id": 7, "text": article(3)}]
        write_jsonl("in.jsonl", rows)
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["x", "in.jsonl:2", "7"]

    def test_empty_lines_of_jsonl_are_no_articles(self, batch: Batch) -> None:
        Path("in.jsonl").write_text("\n" + json.dumps({"text": article(1)}) + "\r\n\r\n")
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["in.jsonl:2"]

    def test_csv_rows_keep_their_id_or_get_the_name_and_row(self, batch: Batch) -> None:
        with Path("in.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["id", "text"], ["first", article(1)], ["", article(2)]])
        assert batch("in.csv", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["first", "in.csv:2"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_csv_as_spreadsheets_write_it_is_read(self, batch: Batch, encoding: str, delimiter: str) -> None:
        with Path("in.csv").open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=delimiter).writerows([["text", "id"], ["Zoë saw it. " + article(1), "é"]])
        assert batch("in.csv", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["é"]
        assert "Zoë" in json.dumps(read_jsonl("out.jsonl"), ensure_ascii=False)

    def test_byte_order_mark_of_jsonl_is_read_over(self, batch: Batch) -> None:
        Path("in.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps({"id": "x", "text": article(1)}).encode())
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["x"]

    def test_text_may_stand_in_another_field(self, batch: Batch) -> None:
        write_jsonl("in.jsonl", [{"id": "x", "body": article(1)}])
        Path("in.csv").write_text("id,body\ny,One thing happened. Then another did.\n")
        assert batch("in.jsonl", "in.csv", "-o", "out.jsonl", "--text-field", "body") == 0
        assert ids("out.jsonl") == ["x", "y"]

    def test_stdin_is_one_article_and_each_text_has_an_id_of_its_own(
        self, batch: Batch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for seed in (1, 1, 2):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(article(seed).encode())))
            assert batch("-", "-o", "out.jsonl") == 0
        rows = read_jsonl("out.jsonl")
        assert [row["title"] for row in rows] == [f"Report number {seed} from the town" for seed in (1, 2)]
        assert len({row["id"] for row in rows}) == 2

    def test_inputs_with_the_same_id_are_all_kept_and_keep_their_ids_in_a_second_run(self, batch: Batch) -> None:
        given_ids = ["a", "a", "a#2", "a", "b"]
        write_jsonl("in.jsonl", [{"id": given_id, "text": article(n)} for n, given_id in enumerate(given_ids)])
        for _ in range(2):
            assert batch("in.jsonl", "-o", "out.jsonl") == 0
            assert ids("out.jsonl") == ["a", "a#2", "a#2#2", "a#3", "b"]

    def test_limit_takes_the_first_articles_and_a_higher_one_goes_on(self, batch: Batch) -> None:
        write_jsonl("in.jsonl", [{"text": article(n)} for n in range(4)])
        for limit in (1, 3):
            assert batch("in.jsonl", "-o", "out.jsonl", "--limit", str(limit)) == 0
            assert len(ids("out.jsonl")) == limit

    def test_cell_longer_than_the_limit_of_the_csv_module_is_read_and_written(self, batch: Batch) -> None:
        long_word = "x" * 200_000
        Path("in.csv").write_text(f"text\nA baker sold {long_word} on Monday. It rained in Oslo at noon.\n")
        for _ in range(2):
            assert batch("in.csv", "-o", "out.csv") == 0
        assert long_word in read_csv("out.csv")[0]["article"]


class TestRows:
    def test_jsonl_row_is_the_summary_of_the_api_behind_its_id(self, batch: Batch, summarizer: Summarizer) -> None:
        Path("a.txt").write_text(article(1))
        assert batch("a.txt", "-o", "out.jsonl") == 0
        (row,) = read_jsonl("out.jsonl")
        expected = {"id": "a.txt", **summarizer.summarize(article(1), method="extract").as_dict()}
        row["stats"].pop("seconds"), expected["stats"].pop("seconds")
        assert row == expected
        assert next(iter(row)) == "id"

    def test_csv_row_holds_the_same_with_json_in_the_nested_cells(self, batch: Batch) -> None:
        Path("a.txt").write_text(article(1))
        assert batch("a.txt", "-o", "out.csv") == batch("a.txt", "-o", "out.jsonl") == 0
        (cells,), (row,) = read_csv("out.csv"), read_jsonl("out.jsonl")
        assert tuple(cells) == COLUMNS
        assert {*cells} == {*row, "error"}
        for column in ("id", "title", "short", "long", "language", "method", "model", "article"):
            assert cells[column] == row[column]
        for column in ("notes", "sentences", "stripped"):
            assert json.loads(cells[column]) == row[column]
        assert json.loads(cells["stats"]).keys() == row["stats"].keys()
        assert cells["error"] == ""

    def test_only_the_lengths_asked_for_are_there(self, batch: Batch) -> None:
        Path("a.txt").write_text(article(1))
        assert batch("a.txt", "-o", "out.jsonl", "--lengths", "short") == 0
        assert batch("a.txt", "-o", "out.csv", "--lengths", "long") == 0
        assert "long" not in read_jsonl("out.jsonl")[0]
        assert read_csv("out.csv")[0]["short"] == ""
        assert read_csv("out.csv")[0]["long"]

    def test_line_ends_of_every_kind_stay_inside_a_jsonl_row(self) -> None:
        row = {"id": "a\x85b\u2028c\u2029d\re\nf", "method": "extract"}
        (line,) = JsonlRows().encode(row).decode().splitlines()
        assert json.loads(line) == row


FAILING = {
    "empty.txt": (b" \n\t\n", "no text"),
    "headline.txt": (b"Only a headline stands here\n", "no article"),
    "binary.md": (bytes(range(256)) * 8, "not"),
    "json.jsonl": (b"{'text': 1}\n", "not valid JSON"),
    "deep.jsonl": (b"[" * 100_000 + b"\n", "not valid JSON"),
    "list.jsonl": (b'["text"]\n', "not an object"),
    "missing.jsonl": (b'{"body": "It rained."}\n', "--text-field"),
    "number.jsonl": (b'{"text": 5}\n', "not a string"),
    "latin.jsonl": (b'{"text": "caf\xe9 was open."}\n', "UTF-8"),
    "latin.csv": (b"text\ncaf\xe9 was open on Monday.\n", "UTF-8"),
    "short.csv": (b"id,text\nonly-an-id\n", "--text-field"),
}


class TestFailures:
    @pytest.mark.parametrize("out", ["out.jsonl", "out.csv"])
    @pytest.mark.parametrize("name", FAILING)
    def test_article_that_fails_is_a_row_with_its_error_and_the_rest_goes_on(
        self, batch: Batch, name: str, out: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        content, expected = FAILING[name]
        Path(name).write_bytes(content)
        Path("good.txt").write_text(article(1))
        assert batch(name, "good.txt", "-o", out) == 1
        failed, good = read_csv(out) if out.endswith(".csv") else read_jsonl(out)
        assert expected in failed["error"]
        assert good["short"]
        assert "1 articles failed" in capsys.readouterr().err

    def test_bad_row_spoils_no_other_row_of_its_file(self, batch: Batch) -> None:
        good = json.dumps({"text": article(1)}).encode()
        Path("in.jsonl").write_bytes(b"\n".join([good, b'{"text": "\xff\xfe"}', b"{", good]))
        assert batch("in.jsonl", "-o", "out.jsonl") == 1
        assert ["error" in row for row in read_jsonl("out.jsonl")] == [False, True, True, False]

    def test_file_that_vanished_or_is_locked_is_a_row_with_its_error(self, batch: Batch) -> None:
        Path("news").mkdir()
        Path("news/gone.txt").symlink_to("nowhere.txt")
        Path("news/here.txt").write_text(article(1))
        assert batch("news", "-o", "out.jsonl") == 1
        assert "No such file" in read_jsonl("out.jsonl")[0]["error"]

    def test_lone_surrogates_in_text_and_id_do_no_harm(self, batch: Batch) -> None:
        Path("in.jsonl").write_text('{"id": "\\ud800", "text": "It \\udcff rained in Oslo. The ferry left at noon."}\n')
        for _ in range(2):
            assert batch("in.jsonl", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["?"]

    def test_quote_that_is_never_closed_loses_no_row_before_it(self, batch: Batch) -> None:
        Path("in.csv").write_text('id,text\na,It rained in Oslo. The ferry left.\nb,"never closed\nc,more text here.\n')
        batch("in.csv", "-o", "out.jsonl")
        assert ids("out.jsonl")[0] == "a"

    def test_errors_count_as_done_until_they_are_to_be_tried_again(self, batch: Batch) -> None:
        for out in ("out.jsonl", "out.csv"):
            Path("a.txt").write_text("")
            Path("b.txt").write_text(article(1))
            assert batch("a.txt", "b.txt", "-o", out) == 1
            Path("a.txt").write_text(article(2))
            assert batch("a.txt", "b.txt", "-o", out) == 1
            assert ids(out) == ["a.txt", "b.txt"]
            assert batch("a.txt", "b.txt", "-o", out, "--retry-errors") == 0
            assert ids(out) == ["b.txt", "a.txt"]
            assert batch("a.txt", "b.txt", "-o", out) == 0
        assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "b.txt", "out.csv", "out.jsonl"]

    def test_text_of_an_article_is_never_shown(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        write_jsonl("in.jsonl", [{"text": "Xylograph " + article(1)}, {"text": ["Xylograph"]}, ["Xylograph"]])
        with Path("in.jsonl").open("a") as file:
            file.write('{"text": "Xylograph\n')
        assert batch("in.jsonl", "-o", "out.jsonl") == 1
        shown = capsys.readouterr()
        assert "Xylograph" not in shown.out + shown.err
        assert "Xylograph" not in json.dumps([row.get("error") for row in read_jsonl("out.jsonl")])


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["nowhere.txt", "-o", "out.jsonl"], "no such file"),
            (["a.txt", "-o", "out.txt"], "must end in .jsonl or .csv"),
            (["a.txt"], "-o"),
            (["-o", "out.jsonl"], "INPUT"),
            (["a.odt", "-o", "out.jsonl"], "not a folder and not a .txt, .text, .html"),
            (["empty", "-o", "out.jsonl"], "no .txt, .text, .html"),
            (["a.txt", "-o", "nowhere/out.jsonl"], "cannot be written"),
            (["a.txt", "-o", "out.jsonl", "--method", "guess"], "--method"),
            (["a.txt", "-o", "out.jsonl", "--lengths", "tiny"], "--lengths"),
            (["a.txt", "-o", "out.jsonl", "--limit", "0"], "--limit"),
            (["a.txt", "-o", "out.jsonl", "--limit", "many"], "--limit"),
            (["-", "-", "-o", "out.jsonl"], "only once"),
            (["body.csv", "-o", "out.jsonl"], "--text-field"),
            (["in.jsonl", "-o", "in.jsonl"], "input and the output"),
        ],
    )
    def test_wrong_usage_is_said_in_one_line_and_leaves_no_output(
        self, batch: Batch, arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("empty").mkdir()
        Path("a.txt").write_text(article(1))
        Path("a.odt").write_bytes(b"PK")
        Path("body.csv").write_text("body\nIt rained.\n")
        write_jsonl("in.jsonl", [{"text": article(1)}])
        assert batch(*arguments, method=()) == 2
        message = capsys.readouterr().err
        assert expected in message
        assert message.count("\n") == 1
        assert not Path("out.jsonl").exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("out.jsonl", b"My diary\nDay one\n"),
            ("out.jsonl", b"My diary without a line end"),
            ("out.jsonl", b'{"id": "x", "text": "rows of another kind"}'),
            ("out.jsonl", b'{"id": "x", "text": "rows of another kind"}\n'),
            ("out.jsonl", b'{"id": "x", "error": "a row of ours"}\nand something else\n'),
            ("out.csv", b"name,price\nbread,3\n"),
            ("out.csv", b"name,price"),
            ("out.csv", ",".join(COLUMNS).encode() + b"\r\nanother,number,of,cells\r\n"),
        ],
    )
    def test_output_that_holds_something_else_is_not_changed(
        self, batch: Batch, name: str, content: bytes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("a.txt").write_text(article(1))
        Path(name).write_bytes(content)
        assert batch("a.txt", "-o", name, "--retry-errors") == 2
        assert "nothing was changed" in capsys.readouterr().err
        assert Path(name).read_bytes() == content

    def test_second_run_on_the_same_output_ends_with_a_message(
        self, batch: Batch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("a.txt").write_text(article(1))
        with Output(Path("out.jsonl")):
            assert batch("a.txt", "-o", "out.jsonl") == 2
        assert "another run is writing" in capsys.readouterr().err
        assert batch("a.txt", "-o", "out.jsonl") == 0

    def test_run_that_opened_the_file_before_it_was_replaced_does_not_write_it(self, tmp_path: Path) -> None:
        path = tmp_path / "out.jsonl"
        path.write_bytes(JsonlRows().encode({"id": "x", "error": "no text"}))
        with Output(path, retry_failed=True) as first:
            assert first.done == set()
            with pytest.raises(OutputError, match="another run"):
                Output(path)


class TestResuming:
    """Rows with every character that could confuse a cut: quotes, commas, line ends, letters of several bytes."""

    ROWS: Sequence[dict[str, Any]] = (
        {"id": 'a,"1"\r\n', "title": 'He said: "No"', "short": "é, ü\n\nand “so”", "method": "extract", "notes": []},
        {"id": "b", "error": 'not "text"'},
        {"id": "c", "title": None, "short": '"', "long": '""\n"', "method": "extract", "stats": {"seconds": 1}},
    )

    @pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
    def test_file_cut_off_at_any_byte_becomes_the_whole_file_again(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"out{suffix}"
        self.write_missing_rows(path)
        whole = path.read_bytes()
        for size in range(len(whole)):
            path.write_bytes(whole[:size])
            self.write_missing_rows(path)
            assert path.read_bytes() == whole, size

    def write_missing_rows(self, path: Path) -> None:
        with Output(path) as output:
            for row in self.ROWS:
                if row["id"] not in output.done:
                    output.append(row)

    @settings(max_examples=200, deadline=None)
    @given(st.text(min_size=1), st.text(), st.booleans())
    def test_key_of_any_row_is_read_back_as_it_was_written(self, row_id: str, text: str, failed: bool) -> None:
        row = {"id": row_id, "error" if failed else "short": text or ".", "method": "extract"}
        for rows in (JsonlRows(), CsvRows()):
            key = rows.decode(rows.encode(row), number=2)
            assert key
            assert (key.id, key.failed) == (row_id, failed)

    @pytest.mark.parametrize("out", ["out.jsonl", "out.csv"])
    def test_output_cut_off_inside_a_row_is_completed_as_if_nothing_had_happened(self, batch: Batch, out: str) -> None:
        write_jsonl("in.jsonl", [{"id": str(n), "text": article(n)} for n in range(4)])
        assert batch("in.jsonl", "-o", out) == 0
        whole, expected = Path(out).read_bytes(), without_seconds(out)
        between_paragraphs = whole.rindex(b"\n\n" if out.endswith(".csv") else rb"\n\n")  # inside a quoted cell
        for size in (5, len(whole) // 3, between_paragraphs, between_paragraphs + 1, len(whole) - 1):
            Path(out).write_bytes(whole[:size])
            assert batch("in.jsonl", "-o", out) == 0
            assert without_seconds(out) == expected


def start(folder: Path, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
    # A suite that runs in the background of a shell ignores Ctrl-C, and so would what it starts.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [python, SCRIPT, *arguments, "--method", "extract"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, previous)


def wait_for_rows(path: Path, rows: int) -> None:
    """Wait until the file has so many lines; a model on a slow machine takes its time to load."""
    deadline = time.monotonic() + 120
    while not path.exists() or path.read_bytes().count(b"\n") < rows:
        assert time.monotonic() < deadline, "the script wrote no rows"
        time.sleep(0.005)


class TestProcess:
    def test_killed_at_any_moment_and_run_again_each_article_is_there_once(self, tmp_path: Path) -> None:
        for number in range(60):
            (tmp_path / f"{number:02}.txt").write_text(article(number, sentences=12))
        out = tmp_path / "out.jsonl"
        first = start(tmp_path, ".", "-o", "out.jsonl")
        wait_for_rows(out, 20)
        first.kill()
        first.communicate()
        killed_at = out.read_bytes().count(b"\n")
        assert 20 <= killed_at < 60
        second = start(tmp_path, ".", "-o", "out.jsonl")
        _, messages = second.communicate(timeout=300)
        assert second.returncode == 0, messages
        assert ids(out) == [f"{number:02}.txt" for number in range(60)]
        assert all(row["short"] and row["article"] for row in read_jsonl(out))
        assert f"{60 - killed_at} new rows, {killed_at} were there already" in messages
        assert "articles/min" in messages

    def test_ctrl_c_ends_with_130_and_says_how_to_go_on(self, tmp_path: Path) -> None:
        for number in range(200):
            (tmp_path / f"{number:03}.txt").write_text(article(number, sentences=12))
        process = start(tmp_path, ".", "-o", "out.jsonl")
        wait_for_rows(tmp_path / "out.jsonl", 3)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=60)
        assert process.returncode == 130, messages
        assert "Run the same command again to go on" in messages
        assert "Traceback" not in messages

    def test_python_without_the_packages_hands_over_to_the_venv_or_names_set_up(self, tmp_path: Path) -> None:
        """A copy of the script in a checkout without a venv, started by a Python that sees no packages."""
        copy = tmp_path / "scripts" / SCRIPT.name
        copy.parent.mkdir()
        copy.write_text(SCRIPT.read_text())
        environment = {**os.environ, "PYTHONPATH": ""}
        bare = [sys.executable, "-S", copy, "a.txt", "-o", "out.jsonl"]
        result = subprocess.run(bare, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 2
        assert "run scripts/setup first" in result.stderr
        venv_python = tmp_path / ".venv" / "bin" / "python"
        venv_python.parent.mkdir(parents=True)
        venv_python.write_text('#!/bin/sh\necho "venv: $*"\n')
        venv_python.chmod(0o755)
        result = subprocess.run(bare, env=environment, capture_output=True, text=True, check=False)
        assert result.stdout == f"venv: {copy} a.txt -o out.jsonl\n"
