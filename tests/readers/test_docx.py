"""Word files: no text is lost or doubled, whichever way Word stores it."""

import io
import zipfile

import pytest

from summarizer.errors import UnreadableFile
from summarizer.readers.docx import read

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def word(body: str, namespace: str = TRANSITIONAL, **parts: str) -> bytes:
    """A Word file with this body; further parts by name, such as `footnotes`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        document = f"<w:document xmlns:w='{namespace}'><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} xmlns:w='{namespace}'>{content}</w:{name}>")
    return packed.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(*content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


def blocks(raw: bytes) -> list[str]:
    return read(raw, None).text.split("\n\n")


@pytest.mark.parametrize("namespace", [TRANSITIONAL, STRICT], ids=["transitional", "strict"])
def test_both_dialects_are_read(namespace: str) -> None:
    assert blocks(word(paragraph(run("The ferry sank.")), namespace)) == ["The ferry sank."]


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<w:ins>{run('two')}</w:ins>",
        f"<w:moveTo>{run('two')}</w:moveTo>",
        f"<w:smartTag><w:smartTag>{run('two')}</w:smartTag></w:smartTag>",
        f"<w:fldSimple w:instr='DATE'>{run('two')}</w:fldSimple>",
        f"<w:hyperlink>{run('two')}</w:hyperlink>",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('two')}</w:sdtContent></w:sdt>",
        f"<w:del><w:r><w:delText>nine</w:delText></w:r></w:del><w:ins>{run('two')}</w:ins>",
        f"<w:moveFrom>{run('nine')}</w:moveFrom>{run('two')}",
        f"<w:r><w:instrText>DATE</w:instrText></w:r>{run('two')}",
    ],
)
def test_text_is_whole_with_all_changes_accepted(wrapped: str) -> None:
    assert blocks(word(paragraph(run("Of the "), wrapped, run(" boats one sank.")))) == ["Of the two boats one sank."]


def test_paragraph_in_a_content_control_is_read() -> None:
    control = f"<w:sdt><w:sdtContent>{paragraph(run('The roof is of wood.'))}</w:sdtContent></w:sdt>"
    assert blocks(word(control)) == ["The roof is of wood."]


def test_text_box_stands_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('The architect is Maria Lopez.'))}</w:txbxContent>"
    drawing = (
        f"<w:r><w:AlternateContent><w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback></w:AlternateContent></w:r>"
    )
    assert blocks(word(paragraph(run("The pool opens in May."), drawing))) == [
        "The pool opens in May.",
        "The architect is Maria Lopez.",
    ]


def test_footnotes_follow_the_text() -> None:
    notes = (
        f"<w:footnote w:type='separator'>{paragraph(run('-'))}</w:footnote>"
        f"<w:footnote>{paragraph(run('It began in 2018.'))}</w:footnote>"
    )
    assert blocks(word(paragraph(run("The dispute is over.")), footnotes=notes)) == [
        "The dispute is over.",
        "It began in 2018.",
    ]


def test_deleted_paragraph_end_joins_two_paragraphs() -> None:
    first = paragraph(run("The pier "), properties="<w:rPr><w:del/></w:rPr>")
    assert blocks(word(first + paragraph(run("will close.")))) == ["The pier will close."]


def test_deleted_row_is_left_out() -> None:
    def row(text: str, properties: str = "") -> str:
        cells = "".join(f"<w:tc>{paragraph(run(word))}</w:tc>" for word in text.split())
        return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"

    table = f"<w:tbl>{row('Africa 86')}{row('Asia 9', '<w:del/>')}</w:tbl>"
    assert blocks(word(table)) == ["Africa\t86"]


def test_table_that_lays_out_a_page_gives_its_paragraphs() -> None:
    cell = f"<w:tc>{paragraph(run('Pier to close'))}{paragraph(run('It is rotten.'))}</w:tc>"
    assert blocks(word(f"<w:tbl><w:tr>{cell}<w:tc>{paragraph(run('Contact'))}</w:tc></w:tr></w:tbl>")) == [
        "Pier to close",
        "It is rotten.",
        "Contact",
    ]


def test_manual_line_break_inside_a_sentence_is_a_space() -> None:
    line = "<w:r><w:t>The north pier</w:t><w:br/><w:t>will close.</w:t><w:br/><w:t>It is rotten.</w:t></w:r>"
    assert read(word(paragraph(line)), None).text == "The north pier will close.\nIt is rotten."


def test_special_hyphen_is_a_hyphen() -> None:
    assert blocks(word(paragraph("<w:r><w:t>A well</w:t><w:noBreakHyphen/><w:t>known bridge.</w:t></w:r>"))) == [
        "A well-known bridge."
    ]


def test_title_is_known_by_the_name_of_its_style() -> None:
    styles = "<w:style w:styleId='Titel'><w:name w:val='Title'/></w:style>"
    raw = word(
        paragraph(run("Pier to close"), properties="<w:pStyle w:val='Titel'/>") + paragraph(run("It is rotten.")),
        styles=styles,
    )
    assert read(raw, None).title == "Pier to close"


def test_file_with_an_entity_is_refused() -> None:
    entity = "<!DOCTYPE w [<!ENTITY secret SYSTEM 'file:///etc/hostname'>]>"
    body = f"<w:document xmlns:w='{TRANSITIONAL}'><w:body>{paragraph(run('A &secret; B.'))}</w:body></w:document>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", entity + body)
    with pytest.raises(UnreadableFile, match="damaged"):
        read(packed.getvalue(), None)
