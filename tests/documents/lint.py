"""What a Word file must have so that everyone can read it: faults in words, none if it is well."""

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordFile
from docx.oxml.ns import qn

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lint(made: bytes) -> list[str]:
    word = docx.Document(io.BytesIO(made))
    return [
        *_facts(word),
        *_headings(word),
        *_tables(word),
        *_controls(word),
        *_pictures(word),
        *_paragraphs(word),
        *_links(word),
        *_package(made),
    ]


def _facts(word: WordFile) -> Iterator[str]:
    if not word.core_properties.title:
        yield "no title"
    if word.core_properties.language != "en-GB":
        yield "no language"
    if 'w:lang w:val="en-GB"' not in word.part._styles_part.element.xml:
        yield "no language in the styles"


def level_of(word: WordFile, style_id: str) -> int | None:
    """The outline level of a style, its own or inherited, from 1."""
    styles = {style.element.styleId: style.element for style in word.styles}
    while style_id in styles:
        found = styles[style_id].find(f"{W}pPr/{W}outlineLvl")
        if found is not None:
            return int(found.get(f"{W}val")) + 1
        parent = styles[style_id].find(f"{W}basedOn")
        style_id = parent.get(f"{W}val") if parent is not None else ""
    return None


def _headings(word: WordFile) -> Iterator[str]:
    before = 0
    for paragraph in word.paragraphs:
        level = level_of(word, paragraph.style.style_id if paragraph.style else "")
        if level is None:
            continue
        if level > before + 1:
            yield f"heading skips a level: {paragraph.text}"
        before = level
    if not before:
        yield "no headings"


def _tables(word: WordFile) -> Iterator[str]:
    for table in word.element.body.iter(f"{W}tbl"):
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        name = caption.get(f"{W}val") if caption is not None else ""
        if not name:
            yield "a table has no caption"
        look = table.find(f"{W}tblPr/{W}tblLook")
        head = table.find(f"{W}tr/{W}trPr/{W}tblHeader")
        labels = look is not None and look.get(f"{W}firstColumn") == "1"
        counts = name == "How many of each"
        if head is None and not labels and not counts:
            yield f"table has no header row: {name}"
        grid = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        for row in table.iter(f"{W}tr"):
            widths = [int(cell.get(f"{W}w")) for cell in row.iter(f"{W}tcW")]
            if abs(sum(widths) - sum(grid)) > 4:
                yield f"row as wide as {sum(widths)}, not {sum(grid)}: {name}"
        follower = table.getnext()
        if follower is None or follower.tag in {qn("w:tbl"), qn("w:sectPr")}:
            yield f"no paragraph after the table: {name}"


def _controls(word: WordFile) -> Iterator[str]:
    controls = list(word.element.body.iter(f"{W}sdt"))
    idents = [control.find(f"{W}sdtPr/{W}id").get(f"{W}val") for control in controls]
    if len(idents) != len(set(idents)):
        yield "two content controls of one id"
    for control in controls:
        if control.getparent().tag != f"{W}p":
            yield "a content control around more than the words of a paragraph"


def _pictures(word: WordFile) -> Iterator[str]:
    for picture in word.element.body.iter(qn("wp:docPr")):
        if len(picture.get("descr", "")) < 20:
            yield "a picture has no alternative text"


def _paragraphs(word: WordFile) -> Iterator[str]:
    for paragraph in word.element.body.iter(f"{W}p"):
        text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        in_cell = paragraph.getparent().tag == f"{W}tc"
        if not text.strip() and paragraph.find(f".//{W}drawing") is None and not in_cell:
            yield "an empty paragraph"


def _links(word: WordFile) -> Iterator[str]:
    body = word.element.body
    names = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    if len(names) != len(set(names)):
        yield "two bookmarks of one name"
    for link in body.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor") not in names:
            yield f"a link leads nowhere: {link.get(f'{W}anchor')}"


def _package(made: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = package.namelist()
        dates = {entry.date_time for entry in package.infolist()}
        text = package.read("word/document.xml").decode()
    if len(names) != len(set(names)):
        yield "a part is there twice"
    if dates != {(1980, 1, 1, 0, 0, 0)}:
        yield "a part has a date of its own"
    if re.search(r"<w:sz |w:rFonts", text):
        yield "a size or a font outside the styles"
