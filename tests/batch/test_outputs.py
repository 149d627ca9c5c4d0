"""Output files: no moment of being killed loses or doubles a row, and foreign files are not changed."""

import io
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from summarizer.batch.outputs import FileOutput, OutputError, StdoutOutput
from summarizer.batch.rows import COLUMNS, CsvRows, JsonlRows, Row
from tests.batch.samples import ids, read_jsonl, summary

CARRIED = ("author", "short")
# Every character that could confuse a cut: quotation marks, commas, line ends, letters of several bytes.
ROWS: Sequence[Row] = (
    Row('a,"1"\r\n', {"author": '"A", B\n'}, summary(title='He said: "No"', short="é, ü\n\nand “so”", removed=())),
    Row("b", {"author": "é", "short": '"'}, error='not "text"'),
    Row("c", {}, summary(short='"', long='""\n"', article="", removed=())),
)
FAILED = Row("x", {}, error="no text")


def write_missing_rows(path: Path) -> None:
    with FileOutput(path, CARRIED) as output:
        for row in ROWS:
            if row.id not in output.done:
                output.append(row)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let this process write files of at most `size` bytes, as if the disk were full after them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestResuming:
    @pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
    def test_file_cut_off_at_any_byte_becomes_whole_again(
        self, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("os.fsync", lambda _: None)  # thousands of them take long, and no power is cut here
        path = tmp_path / f"out{suffix}"
        write_missing_rows(path)
        whole = path.read_bytes()
        for size in range(len(whole)):
            path.write_bytes(whole[:size])
            write_missing_rows(path)
            assert path.read_bytes() == whole, size

    @pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
    def test_reopened_file_knows_its_rows(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"out{suffix}"
        write_missing_rows(path)
        with FileOutput(path, CARRIED) as output:
            assert output.done == {row.id for row in ROWS}
            assert output.failed == {"b"}
            assert not output.was_cut

    def test_incomplete_last_row_is_reported(self, tmp_path: Path) -> None:
        path = tmp_path / "out.jsonl"
        path.write_bytes(JsonlRows().encode(FAILED) + b'{"id": "y", "err')
        with FileOutput(path) as output:
            assert output.was_cut
            assert output.done == {"x"}

    def test_csv_that_a_spreadsheet_saved_with_a_byte_order_mark_is_resumed(self, tmp_path: Path) -> None:
        path = tmp_path / "out.csv"
        path.write_bytes(b"\xef\xbb\xbf" + CsvRows().header + CsvRows().encode(FAILED))
        with FileOutput(path) as output:
            assert output.done == {"x"}

    @pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
    def test_failed_rows_are_removed_for_a_retry(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"out{suffix}"
        write_missing_rows(path)
        path.chmod(0o640)
        with FileOutput(path, CARRIED, retry_failed=True) as output:
            assert output.done == {ROWS[0].id, "c"}
            assert output.failed == set()
            output.append(ROWS[1])
        assert ids(path) == [ROWS[0].id, "c", "b"]
        assert path.stat().st_mode & 0o777 == 0o640
        assert list(tmp_path.iterdir()) == [path]

    def test_link_to_the_file_stays_a_link(self, tmp_path: Path) -> None:
        path, link = tmp_path / "out.jsonl", tmp_path / "link.jsonl"
        path.write_bytes(JsonlRows().encode(FAILED))
        link.symlink_to(path)
        with FileOutput(link, retry_failed=True) as output:
            output.append(Row("y", {}, summary()))
        assert link.is_symlink()
        assert ids(path) == ["y"]

    @pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
    def test_row_that_does_not_fit_on_the_disk_leaves_nothing_behind(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"out{suffix}"
        with FileOutput(path, CARRIED) as output:
            output.append(ROWS[0])
            before = path.read_bytes()
            with largest_file(len(before) + 10), pytest.raises(OSError, match="File too large"):
                output.append(ROWS[1])
            assert path.read_bytes() == before
            output.append(ROWS[1])
        assert ids(path) == [ROWS[0].id, "b"]


class TestForeignFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("out.jsonl", b"My diary\nDay one\n"),
            ("out.jsonl", b"My diary without a line end"),
            ("out.jsonl", b'{"id": "x", "text": "rows of another kind"}'),
            ("out.jsonl", b'{"id": "x", "text": "rows of another kind"}\n'),
            ("out.jsonl", b'{"id": "x", "error": "one of our rows"}\nand something else\n'),
            ("out.csv", b"name,price\nbread,3\n"),
            ("out.csv", b"name,price"),
            ("out.csv", ",".join(COLUMNS).encode() + b"\r\nanother,number,of,cells\r\n"),
            ("out.csv", ",".join([*COLUMNS, "author"]).encode() + b"\r\nx,,,,,,no text,Lund\r\n"),
        ],
    )
    def test_file_with_other_content_is_not_changed(self, tmp_path: Path, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(OutputError, match=r"row \d+ was not written by this command.*nothing was changed"):
            FileOutput(path, retry_failed=True)
        assert path.read_bytes() == content


class TestLock:
    def test_second_run_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "out.jsonl"
        with FileOutput(path), pytest.raises(OutputError, match=r"another run is writing out\.jsonl"):
            FileOutput(path)
        FileOutput(path)

    def test_run_that_opened_the_file_before_it_was_replaced_does_not_write_it(self, tmp_path: Path) -> None:
        path = tmp_path / "out.jsonl"
        path.write_bytes(JsonlRows().encode(FAILED))
        with FileOutput(path, retry_failed=True) as first:
            assert first.done == set()
            with pytest.raises(OutputError, match="another run"):
                FileOutput(path)


def test_standard_output_gets_each_row_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stdout = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr("sys.stdout", stdout)
    with StdoutOutput() as output:
        for row in ROWS:
            output.append(row)
            assert stdout.buffer.getvalue().endswith(JsonlRows().encode(row))  # type: ignore[attr-defined]
    assert stdout.buffer.getvalue().count(b"\n") == len(ROWS)  # type: ignore[attr-defined]


def test_jsonl_rows_survive_a_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_missing_rows(path)
    first, second, third = read_jsonl(path)
    assert (first["title"], first["short"], first["author"]) == ('He said: "No"', "é, ü\n\nand “so”", '"A", B\n')
    assert (second["error"], second["input_short"]) == ('not "text"', '"')
    assert third["long"] == '""\n"'
