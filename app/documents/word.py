"""Blocks as a Word file: the same document gives the same bytes."""

import io
import re
from datetime import UTC, date, datetime

import docx
from docx.document import Document as WordFile
from docx.oxml import parse_xml
from docx.section import Section

from app.core.blocks import Control, Document
from app.documents import house_style, wordml
from app.documents.numbering import place
from app.documents.package import pack_word
from app.documents.paper import Paper
from app.documents.word_body import Body
from app.documents.word_text import Anchors
from app.documents.wordml import CannotWriteError

__all__ = ["CannotWriteError", "to_word"]

_LINE_LETTERS = 97  # what fits in a header or footer beside its tab
_STYLE_USED = re.compile(r'<w:(?:pStyle|rStyle|tblStyle) w:val="(\w+)"/>')


def to_word(document: Document, base: bytes | None = None) -> bytes:
    """The document as a .docx, in the house style or in `base`, a restyled copy of it.

    Raises CannotWriteError, naming the place, when a text holds what no document can carry.
    """
    word = docx.Document(io.BytesIO(house_style.build() if base is None else base))
    placed = place(document.blocks)
    anchors = Anchors(frozenset(entry.anchor for entry in placed if entry.anchor))
    body = Body(document, placed, Paper(anchors, _Store(word)), _page_of(word))
    xml = body.write()
    _check_styles(word, xml)
    _insert(word, xml)
    for section, name in zip(word.sections, body.parts, strict=True):
        _furnish(section, document.control, name)
    _describe(word, document.control)
    return pack_word(word)


class _Store:
    """Adds pictures and lists to a file."""

    def __init__(self, word: WordFile) -> None:
        self._word = word

    def add_picture(self, png: bytes) -> str:
        """The id by which the text refers to the picture; the same picture is kept once."""
        ident, _ = self._word.part.get_or_add_image(io.BytesIO(png))
        return str(ident)

    def start_list(self) -> int:
        """A numbered list in the look of the base, starting at 1."""
        lists = self._word.part.numbering_part.element
        style = self._word.styles["List Number"].element
        look = lists.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
        number = lists.add_num(look)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)


def _page_of(word: WordFile) -> str:
    """Size and margins of the base's page, for every section."""
    section = word.sections[-1]._sectPr  # noqa: SLF001 - there is no public way to copy a section
    wanted = ("pgSz", "pgMar")
    parts = []
    for element in section:
        name = element.tag.rpartition("}")[2]
        if name in wanted:
            values = "".join(
                f' w:{key.rpartition("}")[2]}="{wordml.escape(value)}"'
                for key, value in element.attrib.items()
            )
            parts.append(f"<w:{name}{values}/>")
    return "".join(parts)


def _check_styles(word: WordFile, xml: str) -> None:
    """A restyled base must still have every style that is used."""
    there = {style.style_id for style in word.styles}
    missing = sorted(set(_STYLE_USED.findall(xml)) - there)
    if missing:
        raise CannotWriteError(
            f"The house style has no style called {', '.join(missing)}. "
            "Put it back, or make the house style again."
        )


def _insert(word: WordFile, xml: str) -> None:
    body = word.element.body
    last = body[-1]
    for element in list(body)[:-1]:
        body.remove(element)
    for element in list(parse_xml(f"<w:body {wordml.NAMESPACES}>{xml}</w:body>")):
        last.addprevious(element)


# ------------------------------------------------------------------------- header, footer, facts


def _furnish(section: Section, control: Control, part: str) -> None:
    release = f"Release {control.release}" if control.release else ""
    status = (control.marking, release, control.status)
    right = "  |  ".join(said for said in status if said)
    left = _shorten(control.project or control.title, _LINE_LETTERS - len(right))
    section.header.is_linked_to_previous = False
    _write_line(section.header, "Header", wordml.run(left), wordml.run(right))
    name = wordml.run(_shorten(part, _LINE_LETTERS - 45))
    if control.content_hash:
        name += wordml.run("  |  Content ") + wordml.run(_grouped(control.content_hash), "Hash")
    pages = wordml.run("Page ") + wordml.field("PAGE", "1")
    pages += wordml.run(" of ") + wordml.field("NUMPAGES", "1")
    section.footer.is_linked_to_previous = False
    _write_line(section.footer, "Footer", name, pages)


def _write_line(edge: object, style: str, left: str, right: str) -> None:
    element = edge._element  # type: ignore[attr-defined]  # noqa: SLF001 - written as one text
    for child in list(element):
        element.remove(child)
    element.append(
        parse_xml(
            f'<w:p {wordml.NAMESPACES}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
            f"{left}<w:r><w:tab/></w:r>{right}</w:p>"
        )
    )


def _shorten(text: str, letters: int) -> str:
    """Text short enough for one line; it stands in full elsewhere."""
    room = max(letters, 20)
    if len(text) <= room:
        return text
    return text[:room].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _grouped(content_hash: str) -> str:
    """The first sixteen digits, four by four."""
    return " ".join(content_hash[at : at + 4] for at in range(0, 16, 4))


def _describe(word: WordFile, control: Control) -> None:
    """Title, language and dates of the file: from the document, never from the clock."""
    day = date.fromisoformat(control.on[:10])
    when = datetime(day.year, day.month, day.day, tzinfo=UTC)
    title = f"{control.title}: {control.project}" if control.project else control.title
    wordml.escape(title + control.author)
    facts = word.core_properties
    facts.title = title[:255]
    facts.subject = f"Release {control.release}"[:255]
    facts.author = facts.last_modified_by = (control.author or "Fingerpost")[:255]
    facts.language = "en-GB"
    facts.created = facts.modified = when
    facts.revision = 1
