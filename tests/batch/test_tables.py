"""JSONL and CSV files → numbered rows."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.batch.tables import Table, open_csv, open_jsonl
from summarizer.errors import UnreadableText
from tests.batch.samples import write_csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "in.csv"
    write_csv(path, [["text", "id"], ["Zoë, Ann; Bo\t\nsaw “it”.", "é"]], encoding, delimiter)
    table = open_csv(path)
    assert table.columns == ("text", "id")
    assert table.total == 1
    assert list(table.rows()) == [(1, {"text": "Zoë, Ann; Bo\t\nsaw “it”.", "id": "é"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("preamble", ["\n", "\r\n \t\r\n", ",,\n", "sep=,\n", '\n"sep=,"\r\n\n', "SEP=\n"])
def test_lines_above_the_header_of_csv_are_skipped(tmp_path: Path, preamble: str, encoding: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(f"{preamble}id,text\n1,hello\n".encode(encoding))
    table = open_csv(path)
    assert (table.columns, table.total) == (("id", "text"), 1)
    assert list(table.rows()) == [(1, {"id": "1", "text": "hello"})]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiter_that_a_sep_line_names_is_used(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"sep={delimiter}\nid{delimiter}a,b,c{delimiter}text\n1{delimiter}2,3{delimiter}hello\n")
    table = open_csv(path)
    assert table.columns == ("id", "a,b,c", "text")
    assert list(table.rows()) == [(1, {"id": "1", "a,b,c": "2,3", "text": "hello"})]


@pytest.mark.parametrize("header", ["sep", "separate=;", "sep=;,text", "set=;"])
def test_header_that_resembles_a_sep_line_is_a_header(tmp_path: Path, header: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"{header}\nhello\n")
    assert len(list(open_csv(path).rows())) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_jsonl_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "x", "text": "Zoë"}, ensure_ascii=False), encoding=encoding)
    assert list(open_jsonl(path).rows()) == [(1, {"id": "x", "text": "Zoë"})]


def test_empty_lines_of_jsonl_count_in_the_numbers_only(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'\n{"text": "a"}\r\n\r\n')
    table = open_jsonl(path)
    assert table.total == 1
    assert list(table.rows()) == [(2, {"text": "a"})]


def test_columns_of_jsonl_are_those_of_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"a": 1}\n[]\n{"b": 1, "a": 2}\n')
    assert open_jsonl(path).columns == ("a", "b")


@pytest.mark.parametrize(("open_table", "name"), [(open_csv, "in.csv"), (open_jsonl, "in.jsonl")])
def test_empty_file_has_no_rows(tmp_path: Path, open_table: Callable[[Path], Table], name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    table = open_table(tmp_path / name)
    assert (table.columns, table.total, list(table.rows())) == ((), 0, [])


def test_bytes_that_are_not_text_spoil_one_line_of_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "\xff\xfe"}\n{\n{"text": "b"}')
    rows = [row for _, row in open_jsonl(path).rows()]
    assert [isinstance(row, UnreadableText) for row in rows] == [False, True, True, False]


def test_bytes_that_are_not_text_spoil_one_cell_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\na,caf\xe9\nb,tea\n")
    (_, first), (_, second) = open_csv(path).rows()
    assert isinstance(first, dict)
    assert first["id"] == "a"
    assert isinstance(first["text"], UnreadableText)
    assert second == {"id": "b", "text": "tea"}


def test_quotation_mark_that_is_never_closed_loses_no_row_above_it(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('id,text\na,It rained.\nb,"never closed\n' + "c,more text here\n" * 20_000)
    limit = csv.field_size_limit(131_072)  # so that the test needs no cell of 256 MB
    try:
        (_, first), (number, second) = open_csv(path).rows()
    finally:
        csv.field_size_limit(limit)
    assert first == {"id": "a", "text": "It rained."}
    assert number == 2
    assert isinstance(second, UnreadableText)
    assert "never be closed" in str(second)


def test_cell_longer_than_the_default_limit_of_the_csv_module_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text\n" + "x" * 200_000 + "\n")
    assert list(open_csv(path).rows()) == [(1, {"text": "x" * 200_000})]
