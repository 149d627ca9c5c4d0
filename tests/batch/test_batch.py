"""`summarizer batch` as a user runs it: rows, failures, wrong usage, and runs that are killed."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.evaluation.recorded_model import RecordedModel
from summarizer import Settings, Summarizer
from summarizer.__main__ import main
from summarizer.batch.outputs import FileOutput
from summarizer.batch.rows import COLUMNS
from summarizer.models.manifest import encoder_folder
from summarizer.models.trained_writer import TrainedWriter
from tests.batch.samples import (
    article,
    headline,
    ids,
    read_csv,
    read_jsonl,
    read_rows,
    without_seconds,
    write_csv,
    write_jsonl,
)
from tests.processes import start
from tests.tiny_models import tiny_llama

Batch = Callable[..., int]

SCRIPT = Path(__file__).parents[2] / "scripts" / "summarize_batch.py"
PATIENCE = 120  # seconds; a slow machine needs some to load the models
OUTPUTS = pytest.mark.parametrize("out", ["out.jsonl", "out.csv"])


class TestRows:
    def test_jsonl_row_is_the_answer_of_the_api_after_its_id(self, batch: Batch, summarizer: Summarizer) -> None:
        write_jsonl("in.jsonl", [{"id": "x", "text": article(1)}])
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        (row,) = read_jsonl("out.jsonl")
        expected = summarizer.summarize(article(1)).model_dump(mode="json", exclude={"sent"})
        row["stats"].pop("seconds"), expected["stats"].pop("seconds")
        assert row == {"id": "x", **expected}
        assert next(iter(row)) == "id"

    def test_csv_row_has_the_same_summary(self, batch: Batch) -> None:
        Path("a.txt").write_text(article(1))
        assert batch("a.txt", "-o", "out.csv") == batch("a.txt", "-o", "out.jsonl") == 0
        (cells,), (row,) = read_csv("out.csv"), read_jsonl("out.jsonl")
        assert tuple(cells) == COLUMNS
        for column in ("id", "title", "short", "long"):
            assert cells[column] == row[column]
        assert cells["words"] == str(row["stats"]["article_words"])
        assert cells["notes"] == " ".join(row["notes"])
        assert cells["error"] == ""

    def test_row_of_a_file_has_the_text_that_the_removed_spans_count(self, batch: Batch, articles: Path) -> None:
        shutil.copy(articles / "copied-page.txt", "page.txt")
        assert batch("page.txt", "-o", "out.jsonl") == 0
        (row,) = read_jsonl("out.jsonl")
        for removed in row["removed"]:
            for span in removed["spans"]:
                assert row["sent"][span["start"] : span["end"]].strip()
        assert row["removed"]

    def test_no_clean_removes_nothing(self, batch: Batch, articles: Path) -> None:
        shutil.copy(articles / "copied-page.txt", "page.txt")
        assert batch("page.txt", "-o", "out.jsonl", "--no-clean") == 0
        (row,) = read_jsonl("out.jsonl")
        assert row["removed"] == []

    def test_only_the_requested_length_is_there(self, batch: Batch) -> None:
        Path("a.txt").write_text(article(1))
        assert batch("a.txt", "-o", "out.jsonl", "--length", "short") == 0
        assert batch("a.txt", "-o", "out.csv", "--length", "long") == 0
        assert batch("a.txt", "-o", "both.jsonl", "--length", "long", "--length", "short") == 0
        assert read_jsonl("out.jsonl")[0].keys() & {"short", "long"} == {"short"}
        assert (read_csv("out.csv")[0]["short"], bool(read_csv("out.csv")[0]["long"])) == ("", True)
        assert read_jsonl("both.jsonl")[0].keys() >= {"short", "long"}

    def test_words_and_focus_hold_for_each_row(self, batch: Batch, articles: Path) -> None:
        shutil.copy(articles / "news-harbour-bridge.txt", "a.txt")
        assert batch("a.txt", "-o", "out.jsonl", "--words", "40", "--focus", "What will the repair cost?") == 0
        (row,) = read_jsonl("out.jsonl")
        assert "£4.1m" in row["long"]
        assert 32 <= row["stats"]["long_words"] <= 48

    @OUTPUTS
    def test_headline_column_is_the_title(self, batch: Batch, out: str) -> None:
        write_csv("in.csv", [["Headline", "text"], ["Rain in Oslo", article(1)], ["", article(2)]])
        assert batch("in.csv", "-o", out) == 0
        assert [row["title"] for row in read_rows(out)] == ["Rain in Oslo", headline(2)]

    @OUTPUTS
    def test_columns_of_all_inputs_are_carried_over(self, batch: Batch, out: str) -> None:
        write_csv("in.csv", [["text", "author", "short"], [article(1), "Zoë", "mine"], ["", "Lund", ""]])
        write_jsonl("in.jsonl", [{"text": article(2), "views": 7}])
        assert batch("in.csv", "in.jsonl", "-o", out) == 1
        first, failed, last = read_rows(out)
        assert (first["author"], first["input_short"]) == ("Zoë", "mine")
        assert (failed["author"], bool(failed["error"])) == ("Lund", True)
        assert str(last["views"]) == "7"

    def test_csv_has_the_columns_of_all_inputs_after_its_own(self, batch: Batch) -> None:
        write_csv("in.csv", [["text", "author", "words"], [article(1), "Zoë", "many"]])
        write_jsonl("in.jsonl", [{"text": article(2), "views": 7, "author": "Lund"}])
        assert batch("in.csv", "in.jsonl", "-o", "out.csv") == 0
        first, second = read_csv("out.csv")
        assert tuple(first) == (*COLUMNS, "author", "input_words", "views")
        assert (second["author"], second["input_words"], second["views"]) == ("Lund", "", "7")

    @OUTPUTS
    def test_rows_have_the_order_of_the_inputs(self, batch: Batch, out: str) -> None:
        lengths = [60, 5, 40, 5, 5, 5, 30, 5]  # sentences, so that later articles are ready before earlier ones
        write_jsonl("in.jsonl", [{"id": str(n), "text": article(n, size)} for n, size in enumerate(lengths)])
        Path("last.txt").write_text(article(9))
        assert batch("in.jsonl", "last.txt", "-o", out) == 0
        assert ids(out) == [*map(str, range(len(lengths))), "last.txt"]

    def test_rows_go_to_standard_output_as_jsonl(
        self, batch: Batch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        write_jsonl("in.jsonl", [{"id": "a", "text": article(1), "author": "Zoë"}, {"id": "b", "text": ""}])
        assert batch("in.jsonl", "-o", "-") == 1
        shown = capsys.readouterr()
        first, failed = map(json.loads, shown.out.splitlines())
        assert (first["id"], first["author"], first["title"]) == ("a", "Zoë", headline(1))
        assert failed.keys() == {"id", "error"}
        assert "Standard output: 2 rows added." in shown.err
        assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]

    def test_reader_of_standard_output_can_stop(
        self, batch: Batch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("a.txt").write_text(article(1))
        reader, writer = os.pipe()
        os.close(reader)
        monkeypatch.setattr("sys.stdout", os.fdopen(writer, "w"))
        monkeypatch.setattr("sys.stderr", sys.stderr)  # restored afterwards: click replaces both
        with pytest.raises(SystemExit) as ended:
            batch("a.txt", "-o", "-")
        assert ended.value.code == 1
        assert "pipe" not in capsys.readouterr().err

    def test_long_cell_is_read_and_written_and_resumed(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        long_word = "x" * 200_000  # the default limit of the csv module is 131,072 characters
        write_csv("in.csv", [["text", "more"], [article(1), long_word]])
        for _ in range(2):
            assert batch("in.csv", "-o", "out.csv") == 0
        assert read_csv("out.csv")[0]["more"] == long_word
        assert "0 rows added, 1 already present" in capsys.readouterr().err


class TestResuming:
    @OUTPUTS
    def test_output_cut_off_inside_a_row_is_completed(self, batch: Batch, out: str) -> None:
        rows = [{"id": str(n), "text": article(n), "notice": "two\n\nparagraphs"} for n in range(4)]
        write_jsonl("in.jsonl", rows)
        assert batch("in.jsonl", "-o", out) == 0
        whole, expected = Path(out).read_bytes(), without_seconds(out)
        between_paragraphs = whole.rindex(b"\n\n" if out.endswith(".csv") else rb"\n\n")  # inside a quoted cell
        for size in (5, len(whole) // 3, between_paragraphs, between_paragraphs + 1, len(whole) - 1):
            Path(out).write_bytes(whole[:size])
            assert batch("in.jsonl", "-o", out) == 0
            assert without_seconds(out) == expected

    def test_incomplete_row_is_reported(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        write_jsonl("in.jsonl", [{"text": article(1)}])
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        whole = Path("out.jsonl").read_bytes()
        Path("out.jsonl").write_bytes(whole[: len(whole) // 2])
        assert batch("in.jsonl", "-o", "out.jsonl") == 0
        message = "The last row of out.jsonl was incomplete; its article is summarized again."
        assert message in capsys.readouterr().err.splitlines()

    def test_repeated_ids_are_kept_and_resumed(self, batch: Batch) -> None:
        given = ["a", "a", "a#2", "a", "b"]
        write_jsonl("in.jsonl", [{"id": given_id, "text": article(n)} for n, given_id in enumerate(given)])
        for _ in range(2):
            assert batch("in.jsonl", "-o", "out.jsonl") == 0
            assert ids("out.jsonl") == ["a", "a#2", "a#2#2", "a#3", "b"]

    def test_folder_with_the_file_names_of_an_earlier_one_is_summarized(self, batch: Batch) -> None:
        for seed, name in enumerate(("day1", "day2")):
            Path(name).mkdir()
            Path(name, "a.txt").write_text(article(seed))
            write_jsonl(f"{name}/b.jsonl", [{"text": article(seed)}])
            assert batch(name, f"{name}/b.jsonl", "-o", "out.jsonl") == 0
        assert ids("out.jsonl") == ["day1/a.txt", "day1/b.jsonl:1", "day2/a.txt", "day2/b.jsonl:1"]

    def test_limit_takes_the_first_articles_and_a_higher_one_more(self, batch: Batch) -> None:
        write_jsonl("in.jsonl", [{"text": article(n)} for n in range(4)])
        for limit in (1, 3):
            assert batch("in.jsonl", "-o", "out.jsonl", "--limit", str(limit)) == 0
            assert ids("out.jsonl") == [f"in.jsonl:{number}" for number in range(1, limit + 1)]

    def test_one_output_collects_several_standard_inputs(self, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
        for seed in (1, 1, 2):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(article(seed).encode())))
            assert batch("-", "-o", "out.jsonl") == 0
        rows = read_jsonl("out.jsonl")
        assert [row["title"] for row in rows] == [headline(1), headline(2)]
        assert len({row["id"] for row in rows}) == 2

    def test_rows_are_counted_in_the_singular_and_plural(
        self, batch: Batch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for number, expected in enumerate(("1 row added, 0", "1 row added, 1", "0 rows added, 2"), start=1):
            write_jsonl("in.jsonl", [{"text": article(n)} for n in range(min(number, 2))])
            assert batch("in.jsonl", "-o", "out.jsonl") == 0
            assert f"out.jsonl: {expected} already present." in capsys.readouterr().err.splitlines()

    @OUTPUTS
    def test_errors_count_as_done_until_they_are_retried(self, batch: Batch, out: str) -> None:
        Path("a.txt").write_text("")
        Path("b.txt").write_text(article(1))
        assert batch("a.txt", "b.txt", "-o", out) == 1
        Path("a.txt").write_text(article(2))
        assert batch("a.txt", "b.txt", "-o", out) == 1
        assert ids(out) == ["a.txt", "b.txt"]
        assert batch("a.txt", "b.txt", "-o", out, "--retry-errors") == 0
        assert ids(out) == ["b.txt", "a.txt"]
        assert batch("a.txt", "b.txt", "-o", out) == 0
        assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "b.txt", out]


FAILING = {
    "empty.txt": (b" \n\t\n", "no text"),
    "headline.txt": (b"Only a headline stands here\n", "only a headline"),
    "binary.md": (bytes(range(256)) * 8, "not"),
    "damaged.pdf": (b"%PDF-1.7\n", "PDF"),
    "json.jsonl": (b"{'text': 1}\n", "not valid JSON"),
    "number.jsonl": (b'{"text": 5}\n', "not a string"),
    "latin.jsonl": (b'{"text": "caf\xe9 was open."}\n', "UTF-8"),
    "latin.csv": (b"text\ncaf\xe9 was open on Monday.\n", "UTF-8"),
    "short.csv": (b"id,text\nonly-an-id\n", "no 'text'"),
}


class TestFailures:
    @OUTPUTS
    @pytest.mark.parametrize("name", FAILING)
    def test_failed_article_is_a_row_with_its_error_and_the_run_continues(
        self, batch: Batch, name: str, out: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        content, expected = FAILING[name]
        Path(name).write_bytes(content)
        Path("good.txt").write_text(article(1))
        assert batch(name, "good.txt", "-o", out) == 1
        failed, good = read_rows(out)
        assert expected in failed["error"]
        assert good["short"]
        messages = capsys.readouterr().err
        assert f"{out}: 2 rows added" in messages
        assert "1 article failed" in messages

    def test_damaged_encoder_stops_the_run_after_three_rows(
        self, tmp_path: Path, recorded_model: RecordedModel, capsys: pytest.CaptureFixture[str]
    ) -> None:
        encoder = tiny_llama(encoder_folder(tmp_path))
        (encoder / "model.safetensors").write_bytes(b"")
        summarizer = Summarizer(Settings(cache=tmp_path, device="cpu"), TrainedWriter(recorded_model))
        write_jsonl(tmp_path / "in.jsonl", [{"text": article(n, sentences=20)} for n in range(9)])
        assert main(["batch", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl")], summarizer) == 1
        errors = [row["error"] for row in read_jsonl(tmp_path / "out.jsonl")]
        assert len(errors) == 3
        assert all("could not be loaded" in error for error in errors)
        assert "Stopped: the model failed 3 times in a row." in capsys.readouterr().err.splitlines()

    def test_missing_file_is_a_row_with_its_error(self, batch: Batch) -> None:
        Path("news").mkdir()
        Path("news/gone.txt").symlink_to("nowhere.txt")
        Path("news/here.txt").write_text(article(1))
        assert batch("news", "-o", "out.jsonl") == 1
        failed, good = read_jsonl("out.jsonl")
        assert failed["error"] == "The file cannot be read: No such file or directory."
        assert good["short"]

    @OUTPUTS
    def test_lone_surrogates_do_no_harm(self, batch: Batch, out: str) -> None:
        strange = '"\\ud800 \\udcff"'
        Path("in.jsonl").write_text(
            f'{{"id": {strange}, "text": "It \\udcff rained in Oslo. The ferry left at noon."}}\n'
            f'{{"id": "b", "title": {strange}, "text": "It rained. The ferry left.", {strange}: {strange}}}\n'
        )
        for _ in range(2):
            assert batch("in.jsonl", "-o", out) == 0
        assert ids(out) == ["? ?", "b"]
        assert read_rows(out)[1]["? ?"] == "? ?"

    def test_article_text_is_never_shown(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        rows = [{"text": "Xylograph " + article(1)}, {"text": ["Xylograph"]}, ["Xylograph"]]
        write_jsonl("in.jsonl", rows)
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
            (["a.txt"], "'-o'"),
            (["-o", "out.jsonl"], "INPUT"),
            (["a.xls", "-o", "out.jsonl"], "neither a folder nor a .txt, .text, .html"),
            (["empty", "-o", "out.jsonl"], "no .txt, .text, .html"),
            (["blank.csv", "-o", "out.jsonl"], "blank.csv: the file has no rows. Write a header"),
            (["a.txt", "-o", "nowhere/out.jsonl"], "cannot be written"),
            (["a.txt", "-o", "out.jsonl", "--method", "guess"], "--method"),
            (["a.txt", "-o", "out.jsonl", "--length", "tiny"], "--length"),
            (["a.txt", "-o", "out.jsonl", "--lengths", "short"], "--length"),
            (["a.txt", "-o", "out.jsonl", "--limit", "0"], "--limit"),
            (["a.txt", "-o", "out.jsonl", "--limit", "many"], "--limit"),
            (["-", "-", "-o", "out.jsonl"], "only be given once"),
            (["body.csv", "-o", "out.jsonl"], "no column 'text'. The columns are 'id', 'body'; use --text-field"),
            (["body.jsonl", "-o", "-"], "no column 'text'. The columns are 'id', 'body'; use --text-field"),
            (["a.txt", "body.jsonl", "-o", "out.jsonl", "--text-field", "txet"], "no column 'txet'"),
            (["in.jsonl", "-o", "in.jsonl"], "input and the output"),
        ],
    )
    def test_wrong_usage_is_reported_in_one_line_and_leaves_no_output(
        self, batch: Batch, arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("empty").mkdir()
        Path("a.txt").write_text(article(1))
        Path("a.xls").write_bytes(b"PK")
        Path("blank.csv").write_text("\n")
        Path("body.csv").write_text("id,body\nx,It rained.\n")
        write_jsonl("body.jsonl", [{"id": "x", "body": "It rained."}, {"id": "y", "body": "It snowed."}])
        write_jsonl("in.jsonl", [{"text": article(1)}])
        assert batch(*arguments) == 2
        shown = capsys.readouterr()
        assert expected in shown.err
        assert shown.err.startswith("summarizer batch: ")
        assert (shown.err.count("\n"), shown.out) == (1, "")
        assert not Path("out.jsonl").exists()

    def test_unknown_setting_is_reported_in_one_line_and_leaves_no_output(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("SUMMARIZER_METHODS", "extractive")
        Path("a.txt").write_text(article(1))
        assert main(["batch", "a.txt", "-o", "out.jsonl"]) == 2
        message = capsys.readouterr().err
        assert "There is no setting SUMMARIZER_METHODS" in message
        assert message.count("\n") == 1
        assert not Path("out.jsonl").exists()

    def test_output_with_other_content_is_not_changed(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        Path("a.txt").write_text(article(1))
        Path("out.jsonl").write_text("My diary\n")
        assert batch("a.txt", "-o", "out.jsonl", "--retry-errors") == 2
        assert "nothing was changed" in capsys.readouterr().err
        assert Path("out.jsonl").read_text() == "My diary\n"

    def test_second_run_on_the_same_output_is_refused(self, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
        Path("a.txt").write_text(article(1))
        with FileOutput(Path("out.jsonl")):
            assert batch("a.txt", "-o", "out.jsonl") == 2
        assert "another run is writing" in capsys.readouterr().err
        assert batch("a.txt", "-o", "out.jsonl") == 0


def wait_for_rows(path: Path, rows: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists() or path.read_bytes().count(b"\n") < rows:
        assert time.monotonic() < deadline, "the command wrote no rows"
        time.sleep(0.005)


def write_articles(folder: Path, number: int) -> list[str]:
    names = [f"{index:03}.txt" for index in range(number)]
    for index, name in enumerate(names):
        (folder / name).write_text(article(index, sentences=12))
    return names


@pytest.mark.setup
class TestProcess:
    def test_killed_run_resumes_with_each_article_once(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path, 20)
        # A named pipe that nothing writes to keeps the first run from ending before it is killed.
        (tmp_path / names[-1]).unlink()
        os.mkfifo(tmp_path / names[-1])
        out = tmp_path / "out.jsonl"
        first = start(tmp_path, "batch", ".", "-o", "out.jsonl")
        wait_for_rows(out, 3)
        first.kill()
        first.communicate()
        written = out.read_bytes().count(b"\n")
        assert 3 <= written < len(names)
        (tmp_path / names[-1]).unlink()
        write_articles(tmp_path, len(names))
        second = start(tmp_path, "batch", ".", "-o", "out.jsonl")
        _, messages = second.communicate(timeout=PATIENCE)
        assert second.returncode == 0, messages
        assert ids(out) == names
        assert all(row["short"] and row["article"] for row in read_jsonl(out))
        assert f"{len(names) - written} rows added, {written} already present" in messages.replace("1 row ", "1 rows ")
        assert "articles/min" in messages

    def test_ctrl_c_ends_with_130_and_a_hint_how_to_resume(self, tmp_path: Path) -> None:
        write_articles(tmp_path, 500)
        process = start(tmp_path, "batch", ".", "-o", "out.jsonl")
        wait_for_rows(tmp_path / "out.jsonl", 3)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130, messages
        assert messages.splitlines()[-1] == "Interrupted. Run the same command again to resume."
        assert "Traceback" not in messages


class TestScript:
    def test_script_runs_the_command_of_the_checkout(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("body\nIt rained.\n")
        command = [sys.executable, "-S", SCRIPT, "a.csv", "-o", "out.jsonl"]  # a Python without the packages
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.returncode == 2
        assert result.stderr.startswith("summarizer batch: a.csv: there is no column 'text'")

    def test_script_without_the_environment_names_set_up(self, tmp_path: Path) -> None:
        copy = tmp_path / "scripts" / SCRIPT.name
        copy.parent.mkdir()
        shutil.copy(SCRIPT, copy)
        result = subprocess.run([sys.executable, "-S", copy], capture_output=True, text=True, check=False)
        assert result.returncode == 1
        assert result.stderr == "summarize_batch.py: run scripts/setup first\n"
