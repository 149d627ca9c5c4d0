"""Rows → bytes, and back to the key that a later run needs."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.batch.rows import COLUMNS, CsvRows, JsonlRows, Row, whole_rows
from tests.batch.samples import summary

# Every character, including lone surrogates, which column names from JSON escapes or Latin-1 files can have.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
# An id has passed `encodable`.
ENCODABLE_TEXT = st.text()
CELLS = st.dictionaries(ANY_TEXT, ANY_TEXT | st.none() | st.integers() | st.lists(ANY_TEXT), max_size=5)


def decoded(row: Row) -> dict[str, Any]:
    """A row as a reader of JSONL gets it."""
    return json.loads(JsonlRows().encode(row))  # type: ignore[no-any-return]


def cells(row: Row, *carried: str) -> dict[str, str]:
    """A row as a reader of CSV gets it."""
    rows = CsvRows(carried)
    lines = io.StringIO((rows.header + rows.encode(row)).decode(), newline="")
    (cells,) = csv.DictReader(lines)
    return cells


class TestJsonl:
    def test_row_has_the_id_then_the_columns_then_the_fields_of_the_summary(self) -> None:
        row = decoded(Row("x", {"author": "Lund"}, summary(title="Rain")))
        assert list(row)[:3] == ["id", "author", "title"]
        expected = summary(title="Rain").model_dump(mode="json", exclude={"sent"})
        assert row == {"id": "x", "author": "Lund", **expected}

    def test_failed_row_has_the_id_the_columns_and_the_error(self) -> None:
        row = decoded(Row("x", {"author": "Lund"}, error="no text"))
        assert row == {"id": "x", "author": "Lund", "error": "no text"}

    def test_sent_text_is_included_on_request_only(self) -> None:
        assert decoded(Row("x", {}, summary(sent="It rained."), with_sent=True))["sent"] == "It rained."
        assert "sent" not in decoded(Row("x", {}, summary(sent="It rained.")))

    def test_clashing_column_gets_a_prefix(self) -> None:
        row = decoded(Row("x", {"short": "mine", "error": "mine too", "words": 7}, summary()))
        assert (row["input_short"], row["short"]) == ("mine", "It rained.")
        assert row["input_error"] == "mine too"
        assert row["words"] == 7

    def test_columns_that_would_clash_with_the_prefix_are_all_kept(self) -> None:
        row = decoded(Row("x", {"short": 1, "input_short": 2}, summary()))
        assert (row["input_short"], row["input_input_short"]) == (1, 2)

    def test_line_ends_of_every_kind_stay_inside_a_row(self) -> None:
        text = "a\x85b\u2028c\u2029d\re\nf"
        (line,) = JsonlRows().encode(Row(text, {text: text}, summary(short=text))).decode().splitlines()
        row = json.loads(line)
        assert (row["id"], row[text], row["short"]) == (text, text, text)


class TestCsv:
    def test_row_has_plain_columns_and_then_those_of_the_input(self) -> None:
        row = Row("x", {"author": "Lund", "views": 7}, summary(title="Rain", notes=("Note one.", "Note two.")))
        assert cells(row, "author", "views") == {
            "id": "x",
            "title": "Rain",
            "short": "It rained.",
            "long": "It rained. The ferry left.",
            "words": "5",
            "notes": "Note one. Note two.",
            "error": "",
            "author": "Lund",
            "views": "7",
        }
        assert tuple(cells(row)) == COLUMNS

    def test_failed_row_has_the_id_the_error_and_the_columns(self) -> None:
        row = cells(Row("x", {"author": "Lund"}, error="no text"), "author")
        assert {name: cell for name, cell in row.items() if cell} == {"id": "x", "error": "no text", "author": "Lund"}

    def test_missing_values_are_empty_and_nested_ones_are_json(self) -> None:
        row = cells(Row("x", {"tags": ["é", {"n": None}], "none": None}, summary(short=None)), "tags", "none", "absent")
        assert (row["short"], row["none"], row["absent"]) == ("", "", "")
        assert json.loads(row["tags"]) == ["é", {"n": None}]

    def test_clashing_column_gets_a_prefix(self) -> None:
        row = cells(Row("x", {"words": "mine", "short": "mine too"}, summary()), "words", "short")
        assert (row["words"], row["input_words"], row["input_short"]) == ("5", "mine", "mine too")

    def test_columns_that_would_clash_with_the_prefix_are_all_kept(self) -> None:
        row = cells(Row("x", {"words": 1, "input_words": 2}, summary()), "words", "input_words")
        assert (row["input_words"], row["input_input_words"]) == ("1", "2")

    @settings(deadline=None)
    @given(st.lists(ANY_TEXT, unique=True))
    def test_header_of_any_columns_is_recognized(self, carried: list[str]) -> None:
        rows = CsvRows(carried)
        assert rows.decode(rows.header, number=1) is None
        assert not rows.is_whole(rows.header[:5], number=1)

    @pytest.mark.parametrize("content", [b"name,price\r\n", b"id,title\r\n", b"\r\n"])
    def test_other_header_is_refused(self, content: bytes) -> None:
        with pytest.raises(ValueError, match="not a row of a batch"):
            CsvRows().decode(content, number=1)


@settings(max_examples=200, deadline=None)
@given(ENCODABLE_TEXT, CELLS, ENCODABLE_TEXT, st.booleans())
def test_key_of_any_row_is_read_back(row_id: str, columns: Mapping[str, Any], text: str, failed: bool) -> None:
    result: dict[str, Any] = {"error": text or "."} if failed else {"summary": summary(short=text)}
    for rows in (JsonlRows(), CsvRows(list(columns))):
        encoded = rows.encode(Row(row_id, columns, **result))
        assert list(whole_rows(io.BytesIO(encoded), cells_have_lines=rows.cells_have_lines)) == [encoded]
        key = rows.decode(encoded, number=2)
        assert key
        assert (key.id, key.failed) == (row_id, failed)
