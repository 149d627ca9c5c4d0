"""Inputs of the command → articles, each with its id, headline and columns."""

import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.inputs import Entry, InputError, open_source, with_unique_ids
from summarizer.errors import SummarizerError, UnreadableText
from summarizer.readers import Document
from tests.batch.samples import article, write_csv, write_jsonl


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entries(argument: str, text_field: str = "text") -> list[Entry]:
    return list(open_source(argument, None, text_field).entries)


def ids(argument: str) -> list[str]:
    return [entry.id for entry in entries(argument)]


def only(argument: str, text_field: str = "text") -> Entry:
    (entry,) = entries(argument, text_field)
    return entry


class TestFiles:
    def test_folder_has_its_articles_sorted_by_relative_path(self) -> None:
        for name in ("b.txt", "a/z.md", "a/c.TXT", "picture.png", ".hidden.txt", ".git/d.txt"):
            path = Path("news") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(article(1))
        source = open_source("news", None, "text")
        assert [entry.id for entry in source.entries] == ["news/a/c.TXT", "news/a/z.md", "news/b.txt"]
        assert source.total == 3

    def test_same_file_name_in_two_folders_gives_two_ids(self) -> None:
        for name in ("day1", "day2"):
            Path(name).mkdir()
            Path(name, "a.txt").write_text(article(1))
        assert ids("day1") == ["day1/a.txt"]
        assert ids("day2/") == ["day2/a.txt"]

    def test_id_in_a_folder_starts_with_the_path_of_the_folder_as_given(self, folder: Path) -> None:
        Path("news").mkdir()
        Path("news/a.txt").write_text(article(1))
        assert ids(".") == ["news/a.txt"]
        assert ids("../" + folder.name) == [f"../{folder.name}/news/a.txt"]
        assert ids(str(folder)) == [f"{folder.as_posix()}/news/a.txt"]

    def test_id_of_a_single_file_is_its_name_as_given(self) -> None:
        Path("one.txt").write_text(article(1))
        assert ids("./one.txt") == ["./one.txt"]

    @pytest.mark.parametrize("name", ["court-appeal.eml", "harbour-bridge.pdf", "lake-sediment.md", "salt-road.docx"])
    def test_documents_of_every_kind_are_read(self, name: str, files: Path) -> None:
        shutil.copy(files / name, name)
        document = only(name).read()
        assert isinstance(document, Document)
        assert len(document.text) > 500

    def test_file_that_is_gone_fails_when_it_is_read(self) -> None:
        Path("news").mkdir()
        Path("news/gone.txt").symlink_to("nowhere.txt")
        with pytest.raises(OSError, match="No such file"):
            only("news").read()

    def test_file_that_is_too_large_for_an_article_is_not_read(self) -> None:
        with Path("huge.txt").open("wb") as file:
            file.truncate(65 * 1024**2)  # sparse
        with pytest.raises(UnreadableText, match="larger than 67,108,864 bytes"):
            only("huge.txt").read()

    def test_file_name_that_is_not_utf8_gets_an_id_that_is(self) -> None:
        name = os.fsdecode(b"caf\xe9.txt")
        try:
            Path(name).write_text(article(1))
        except OSError:
            pytest.skip("this file system accepts UTF-8 names only")
        assert ids(name) == ["caf?.txt"]
        assert ids(".") == ["caf?.txt"]

    @pytest.mark.parametrize(
        ("argument", "message"),
        [
            ("nowhere.txt", "no such file"),
            ("a.xls", "neither a folder nor a .txt, .text, .html"),
            ("empty", "no .txt, .text, .html"),
        ],
    )
    def test_input_that_cannot_be_used_is_refused(self, argument: str, message: str) -> None:
        Path("empty").mkdir()
        Path("a.xls").write_bytes(b"PK")
        with pytest.raises(InputError, match=message):
            open_source(argument, None, "text")

    def test_output_is_not_accepted_as_an_input(self) -> None:
        write_jsonl("in.jsonl", [{"text": article(1)}])
        Path("link.jsonl").symlink_to("in.jsonl")
        with pytest.raises(InputError, match="both an input and the output"):
            open_source("in.jsonl", Path("link.jsonl"), "text")


class TestStandardInput:
    def test_id_of_standard_input_is_derived_from_its_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = []
        for seed in (1, 1, 2):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(article(seed).encode())))
            entry = only("-")
            assert entry.read() == Document(article(seed))
            found.append(entry.id)
        assert found[0] == found[1] != found[2]
        assert found[0].startswith("stdin-")


class TestTables:
    def test_jsonl_rows_have_their_own_id_or_the_path_and_line(self) -> None:
        write_jsonl(
            "in.jsonl", [{"id": "x", "text": "a"}, {"text": "b"}, {"id": 7, "text": "c"}, {"id": "", "text": "d"}]
        )
        assert ids("in.jsonl") == ["x", "in.jsonl:2", "7", "in.jsonl:4"]

    def test_csv_rows_have_their_own_id_or_the_path_and_row(self) -> None:
        write_csv("in.csv", [["id", "text"], ["first", "a"], ["", "b"]])
        assert ids("in.csv") == ["first", "in.csv:2"]

    def test_same_table_name_in_two_folders_gives_two_ids(self) -> None:
        for name in ("day1", "day2"):
            Path(name).mkdir()
            write_csv(Path(name, "in.csv"), [["text"], ["a"]])
            write_jsonl(Path(name, "in.jsonl"), [{"text": "a"}])
        assert ids("day1/in.csv") + ids("day2/in.csv") == ["day1/in.csv:1", "day2/in.csv:1"]
        assert ids("day1/in.jsonl") + ids("day2/in.jsonl") == ["day1/in.jsonl:1", "day2/in.jsonl:1"]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("in.csv", ""),
            ("in.csv", "\n\n"),
            ("in.csv", "sep=;\n"),
            ("in.csv", "id,text\n"),
            ("in.jsonl", ""),
            ("in.jsonl", "\n \n"),
        ],
    )
    def test_table_without_rows_is_refused(self, name: str, content: str) -> None:
        Path(name).write_text(content)
        with pytest.raises(InputError, match=rf"{name}: the file has no rows\. Write .* in 'text'"):
            open_source(name, None, "text")

    def test_text_field_names_the_column_of_the_text(self) -> None:
        write_jsonl("in.jsonl", [{"id": "x", "body": "a", "text": "not this"}])
        write_csv("in.csv", [["id", "body"], ["y", "b"]])
        assert only("in.jsonl", "body").read() == "a"
        assert only("in.csv", "body").read() == "b"

    @pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
    def test_column_names_match_in_any_letter_case(self, name: str) -> None:
        cells = {"ID": "x", "Headline": "Rain in Oslo", "TEXT": "It rained."}
        if name.endswith(".csv"):
            write_csv(name, [list(cells), list(cells.values())])
        else:
            write_jsonl(name, [cells])
        entry = only(name)
        assert (entry.id, entry.title, entry.read(), entry.columns) == ("x", "Rain in Oslo", "It rained.", {})

    def test_exact_column_name_comes_before_one_in_another_case(self) -> None:
        write_csv("in.csv", [["Text", "text"], ["a", "b"]])
        entry = only("in.csv")
        assert entry.read() == "b"
        assert entry.columns == {"Text": "a"}

    @pytest.mark.parametrize("column", ["title", "headline", "Title"])
    def test_title_or_headline_column_has_the_headline(self, column: str) -> None:
        write_jsonl("in.jsonl", [{column: "Rain in Oslo", "text": "a"}, {column: " ", "text": "b"}, {"text": "c"}])
        assert [entry.title for entry in entries("in.jsonl")] == ["Rain in Oslo", None, None]
        assert open_source("in.jsonl", None, "text").columns == ()

    def test_headline_column_beside_a_title_column_is_carried_over(self) -> None:
        write_jsonl("in.jsonl", [{"headline": "Front page", "title": "Rain in Oslo", "text": "a"}])
        entry = only("in.jsonl")
        assert entry.title == "Rain in Oslo"
        assert entry.columns == {"headline": "Front page"}

    def test_column_without_a_name_is_not_the_headline(self) -> None:
        write_csv("in.csv", [["", "text"], ["0", "a"]])  # as pandas writes its index
        entry = only("in.csv")
        assert entry.title is None
        assert entry.columns == {"": "0"}

    def test_other_columns_are_carried_over(self) -> None:
        row: dict[str, Any] = {"text": "a", "author": "Lund", "tags": ["rain", {"city": "Oslo"}], "views": 7}
        write_jsonl("in.jsonl", [row, {"text": "b", "views": 8, "late": True}])
        source = open_source("in.jsonl", None, "text")
        assert source.columns == ("author", "tags", "views", "late")
        first, second = source.entries
        assert first.columns == {"author": "Lund", "tags": ["rain", {"city": "Oslo"}], "views": 7}
        assert second.columns == {"views": 8, "late": True}

    def test_cells_beyond_the_header_are_dropped(self) -> None:
        Path("in.csv").write_text("id,text\nx,a,b,c\n")
        entry = only("in.csv")
        assert entry.read() == "a"
        assert entry.columns == {}

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("in.csv", "id,body,author\nx,It rained.,Lund\n"),
            ("in.jsonl", '{"id": "x", "body": "It rained."}\n{"author": "Lund"}\n'),
        ],
    )
    def test_text_column_that_no_row_has_is_refused_with_the_columns_that_exist(self, name: str, content: str) -> None:
        Path(name).write_text(content)
        with pytest.raises(InputError, match=r"no column 'text'.* 'id', 'body', 'author'.*--text-field"):
            open_source(name, None, "text")


class TestBrokenRows:
    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ('{"body": "It rained."}', "no 'text'"),
            ('{"text": null}', "no 'text'"),
            ('{"text": 5}', "not a string"),
            ("{'text': 1}", "not valid JSON"),
            ("[" * 100_000, "not valid JSON"),
            ('["text"]', "not an object"),
        ],
    )
    def test_broken_jsonl_row_fails_alone(self, row: str, message: str) -> None:
        good = json.dumps({"text": "a"})
        Path("in.jsonl").write_text(f"{good}\n{row}\n{good}\n")
        first, broken, last = entries("in.jsonl")
        assert (first.read(), last.read()) == ("a", "a")
        assert broken.id == "in.jsonl:2"
        with pytest.raises(SummarizerError, match=message):
            broken.read()

    def test_csv_row_without_a_text_fails_alone(self) -> None:
        Path("in.csv").write_text("id,text\nonly-an-id\nx,a\n")
        broken, good = entries("in.csv")
        assert (broken.id, good.read()) == ("only-an-id", "a")
        with pytest.raises(UnreadableText, match="no 'text'"):
            broken.read()

    def test_csv_row_whose_text_is_not_utf8_keeps_its_id_and_columns(self) -> None:
        Path("in.csv").write_bytes(b"id,text,author\nx,caf\xe9 was open.,Lund\n")
        entry = only("in.csv")
        assert (entry.id, entry.columns) == ("x", {"author": "Lund"})
        with pytest.raises(UnreadableText, match="UTF-8"):
            entry.read()

    def test_csv_cell_that_is_not_utf8_spoils_no_other(self) -> None:
        Path("in.csv").write_bytes(b"id,title,text,author\nx,caf\xe9,It rained.,L\xfcnd\n")
        entry = only("in.csv")
        assert (entry.id, entry.title, entry.read(), entry.columns) == ("x", None, "It rained.", {})


class TestUniqueIds:
    def test_repeated_ids_are_numbered(self) -> None:
        given = [Entry(name, lambda: "a", "Rain", {"n": 1}) for name in ("a", "a", "a#2", "a", "b")]
        unique = list(with_unique_ids(given))
        assert [entry.id for entry in unique] == ["a", "a#2", "a#2#2", "a#3", "b"]
        assert all((entry.title, entry.columns) == ("Rain", {"n": 1}) for entry in unique)
