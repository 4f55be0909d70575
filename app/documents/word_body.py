"""Blocks one after the other as the body of a Word file, with its sections and its contents."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import assert_never

from app.core.blocks import (
    AGREED,
    Bars,
    Block,
    Bullets,
    Clause,
    Document,
    Facts,
    Flagged,
    Flow,
    Heading,
    Matrix,
    Paragraph,
    Part,
    Signature,
    Table,
    Tiles,
    Tone,
    Verdict,
)
from app.documents import wordml
from app.documents.bars import describe_bars
from app.documents.flow import describe, flow_table
from app.documents.numbering import Placed, space_out
from app.documents.palette import TONES
from app.documents.paper import Paper
from app.documents.pictures import picture_bars, picture_flow
from app.documents.word_tables import (
    facts_xml,
    flag_xml,
    matrix_xml,
    signature_xml,
    table_xml,
    tiles_xml,
)
from app.documents.wordml import PLAIN, CannotWriteError, Layout

_NO_NUMBER = '<w:numPr><w:numId w:val="0"/></w:numPr>'
_FLAT = '<w:ind w:left="0" w:firstLine="0"/>'
_BOX, _TICKED = "☐", '<w:ind w:left="340" w:hanging="340"/>'
_NO_SPACE = '<w:spacing w:before="0"/>'
_AFTER_TABLE = '<w:spacing w:before="140"/>'
_PARAGRAPHS = {Tone.QUIET: "Small", Tone.STRONG: "Lead", Tone.EMPHASIS: "Inset"}
_ASIDE = 120  # letters at most of an aside that stays with what follows
_INTRODUCES = 500  # letters at most of a paragraph that stays with the table after it
_BESIDE_MARK = 32  # letters at most of a title that has the whole mark of agreed wording beside it
_SHORT = 14  # so many chapters at most are listed in running text


_OPENS = 150  # letters of a first sentence that says too little to stand alone on a page
_WORDS = (Heading, Paragraph, Bullets, Flagged)
_KEPT = Table | Facts | Matrix | Bars | Flow | Flagged | Bullets


class Body:
    """The body of one document: `parts` are the names of its sections once it is written."""

    def __init__(
        self, document: Document, placed: Sequence[Placed], paper: Paper, page: str
    ) -> None:
        self._document = document
        self._placed = placed
        self._paper = paper
        self._page = page
        self._has_top = any(isinstance(entry.block, Verdict) for entry in placed)
        # Counts make a page of what comes first; other tops run on, however long they are.
        self._has_page = any(isinstance(entry.block, Tiles) for entry in placed)
        self._has_parts = any(isinstance(entry.block, Part) for entry in placed)
        self._contents_due = document.contents and any(entry.top for entry in placed)
        self._before_table = self._before_words = self._after_heading = False
        self._started = False
        self.parts = [document.control.title]

    def write(self) -> str:
        """All of it as text."""
        for entry in self._placed:
            # Titles stand in the contents as well, where nobody would know whose they are.
            with _naming(_name(entry.block)):
                wordml.escape(entry.title)
        with _naming("Title and project"):
            self._open()
        after = [*(entry.block for entry in self._placed[1:]), None]
        for entry, following in zip(self._placed, after, strict=False):
            self._before_table = isinstance(following, _KEPT)
            self._before_words = isinstance(following, _WORDS)
            with _naming(_name(entry.block)):
                self._one(entry)
            self._after_heading = isinstance(entry.block, Heading)
        if self._paper.after_table:
            self._close_table()
        return self._paper.xml()

    # ------------------------------------------------------------------- title, contents, sections

    def _open(self) -> None:
        """The title; on a cover if the document has parts."""
        control, paper = self._document.control, self._paper
        if self._has_parts:
            release = f"Release {control.release}" if control.release else ""
            kicker = "  |  ".join(said for said in (control.status, release) if said)
            paper.text(kicker or control.marking or "Document", "Kicker")
        paper.text(control.title, "CoverTitle" if self._has_parts else "Title")
        if control.project:
            paper.text(control.project, "Subtitle")
        if not self._has_parts and not self._has_top:
            self._list_contents(new_page=False)

    def _list_contents(self, *, new_page: bool) -> None:
        """Links to what the document is made of, once."""
        if not self._contents_due:
            return
        self._contents_due = False
        entries = [entry for entry in self._placed if entry.top]
        short = len(entries) <= _SHORT and all(
            entry.number and not wordml.is_right_to_left(entry.title) for entry in entries
        )
        layout = Layout(new_page=True, spacing=_NO_SPACE) if new_page else PLAIN
        style = "PartHeading" if self._has_parts else "TopHeading"
        self._paper.text("In this document", style, layout)
        if short:
            links = (_entry(entry, entry.number + "\u00a0") for entry in entries)
            self._paper.put(wordml.paragraph(wordml.run("\u2003 ").join(links)))
            return
        for entry in entries:
            line = wordml.run(entry.number + "\t") + _entry(entry, "")
            self._paper.put(wordml.paragraph(line, "Contents"))

    def _close_table(self) -> None:
        """Word wants a paragraph after the last table of a section: one that says something."""
        self._paper.text(f"End of {self.parts[-1]}.", "SmallAfterTable")

    # -------------------------------------------------------------------------------- kinds of block

    def _one(self, entry: Placed) -> None:
        block = entry.block
        match block:
            case Heading() | Part() | Clause() | Flagged():
                self._titled(entry, block)
            case Paragraph() | Bullets() | Verdict() | Tiles():
                self._words(block)
            case Table() | Facts() | Signature():
                self._tables(block)
            case Matrix() | Flow() | Bars():
                self._drawings(block)
            case _:
                assert_never(block)

    def _titled(self, entry: Placed, block: Heading | Part | Clause | Flagged) -> None:
        match block:
            case Heading():
                self._heading(entry, block)
            case Part():
                self._part(entry, block)
            case Clause():
                self._clause(entry, block)
            case Flagged():
                self._flag(entry, block)
            case _:
                assert_never(block)

    def _words(self, block: Paragraph | Bullets | Verdict | Tiles) -> None:
        match block:
            case Paragraph():
                self._paragraph(block)
            case Bullets():
                self._bullets(block)
            case Verdict():
                tone = block.tone if block.tone in TONES else Tone.PLAIN
                self._paper.runs(block.runs, f"Verdict{tone.value.title()}", on=tone)
            case Tiles():
                shown = self._paper.after_table
                self._paper.table(tiles_xml(block), "How many of each", shown=shown)
            case _:
                assert_never(block)

    def _tables(self, block: Table | Facts | Signature) -> None:
        # Word joins two tables that touch, so the second then shows its caption.
        paper = self._paper
        on_top = self._has_top and not self._started
        match block:
            case Table():
                shown = block.show_caption or paper.after_table
                xml = table_xml(block, paper.anchors, compact=on_top)
                paper.table(xml, block.caption, shown=shown)
            case Facts():
                shown = block.show_caption or paper.after_table
                xml = facts_xml(block, paper.anchors, compact=on_top)
                paper.table(xml, block.caption, shown=shown)
            case Signature():
                paper.table(signature_xml(block), block.organisation, shown=True)
            case _:
                assert_never(block)

    def _drawings(self, block: Matrix | Flow | Bars) -> None:
        paper = self._paper
        match block:
            case Matrix():
                shown = paper.after_table and not block.note
                if block.note:
                    # Before the table: after it, it could be left alone on the next page.
                    style = "AfterTable" if paper.after_table else ""
                    paper.text(block.note, style, Layout(keep=True))
                paper.table(matrix_xml(block, paper.anchors), block.caption, shown=shown)
            case Flow():
                paper.figure(block.caption, picture_flow(block), describe(block))
                table = flow_table(block)
                paper.table(table_xml(table, paper.anchors), table.caption, shown=True)
            case Bars():
                paper.figure(block.caption, (picture_bars(block),), describe_bars(block))
            case _:
                assert_never(block)

    # ----------------------------------------------------------------------------------- with titles

    def _heading(self, entry: Placed, heading: Heading) -> None:
        if entry.level == 1:
            self._first_heading(entry, heading)
            return
        style = f"Heading{entry.level}"
        plain = entry.level == 2 and not entry.number
        layout = Layout(numbering=_NO_NUMBER, spacing=_FLAT) if plain else PLAIN
        self._paper.text(heading.text, style, layout, anchor=entry.anchor)

    def _first_heading(self, entry: Placed, heading: Heading) -> None:
        layout = PLAIN
        if entry.top:
            layout = self._start(new_page=self._has_page)
        style = "Heading1" if entry.top else "TopHeading"
        if layout.new_page:
            style = "PartHeading"
        elif entry.top and not entry.number:
            layout = Layout(numbering=_NO_NUMBER, spacing=_FLAT)
        self._paper.text(heading.text, style, layout, anchor=entry.anchor)

    def _start(self, *, new_page: bool) -> Layout:
        """What stands before the first chapter: the contents; after a cover, a new page."""
        first, self._started = not self._started, True
        if not first:
            return PLAIN
        self._list_contents(new_page=new_page or self._has_parts)
        return Layout(new_page=True) if self._has_parts else PLAIN

    def _part(self, entry: Placed, part: Part) -> None:
        self._start(new_page=True)
        if self._paper.after_table:
            self._close_table()
        self._paper.end_section(self._page)
        self.parts.append(part.title)
        self._paper.text(part.title, "PartHeading", anchor=entry.anchor)

    def _clause(self, entry: Placed, clause: Clause) -> None:
        layout = self._start(new_page=True) if clause.title else PLAIN
        with self._paper.lock(AGREED) if clause.locked else nullcontext():
            self._clause_text(entry, clause, layout)

    def _clause_text(self, entry: Placed, clause: Clause, layout: Layout) -> None:
        paper = self._paper
        if clause.title:
            title = paper.anchors.mark(entry.anchor, wordml.run(clause.title))
            if clause.locked:
                mark = AGREED if len(clause.title) <= _BESIDE_MARK else AGREED.split(".")[0]
                title += wordml.run("\t") + wordml.run(mark, "Aside")
            paper.put(wordml.paragraph(paper.hold(title), "ClauseHeading", layout))
        last = len(clause.parts)
        paper.runs(clause.runs, "Clause", Layout(keep=bool(last)))
        for at, part in enumerate(clause.parts, 1):
            # The first two stay together, and the last two.
            keep = at < last and at in {1, last - 1}
            paper.runs(part, "SubClause", Layout(keep=keep))

    def _flag(self, entry: Placed, flag: Flagged) -> None:
        paper = self._paper
        words = f"{flag.number}\t{flag.title}" if flag.number else flag.title
        paper.text(words, "FlagHeading", anchor=entry.anchor)
        paper.runs(space_out(flag.marks), "FlagLine")
        paper.table(flag_xml(flag, paper.anchors), "", shown=False)

    # ----------------------------------------------------------------------------------- other words

    def _paragraph(self, block: Paragraph) -> None:
        style = _PARAGRAPHS.get(block.tone, "")
        if self._paper.after_table:
            style = {"": "AfterTable", "Small": "SmallAfterTable"}.get(style, style)
        # What introduces a table or a picture stays with it, if it is short; so does an aside
        # below a heading, and the first that a heading says with what it goes on to say.
        letters = sum(len(run.text) for run in block.runs)
        aside = block.tone is Tone.QUIET and self._after_heading and letters <= _ASIDE
        first = self._after_heading and self._before_words
        keep = (
            aside
            or (self._before_table and letters <= _INTRODUCES)
            or (first and letters <= _OPENS)
        )
        self._paper.runs(block.runs, style, Layout(keep=keep))

    def _bullets(self, block: Bullets) -> None:
        paper = self._paper
        numbering = ""
        if block.numbered and block.items:
            numbering = f'<w:numPr><w:numId w:val="{paper.store.start_list()}"/></w:numPr>'
        boxes = all(item and item[0].text.startswith(_BOX) for item in block.items)
        if boxes:
            numbering = _NO_NUMBER  # a box to tick is its own bullet
        for item in block.items:
            spacing = _AFTER_TABLE if paper.after_table else ""
            spacing += _TICKED if boxes else ""
            style = "ListNumber" if block.numbered else "ListBullet"
            paper.runs(item, style, Layout(numbering=numbering, spacing=spacing))


@contextmanager
def _naming(place: str) -> Iterator[None]:
    """Say where a text stands that cannot be written."""
    try:
        yield
    except CannotWriteError as fault:
        raise CannotWriteError(f"{place}: {fault}") from fault


def _entry(entry: Placed, number: str) -> str:
    """A line of the contents; a short one never breaks inside."""
    words = number + entry.title
    if number:
        words = words.replace(" ", "\u00a0")
    return wordml.link(entry.anchor, wordml.run(words, "Hyperlink"))


def _name(block: Block) -> str:
    """A block as a person would point at it."""
    kind = type(block).__name__
    for attribute in ("caption", "title", "text", "organisation"):
        words = getattr(block, attribute, "")
        if words:
            shown = words[:60].encode("ascii", "replace").decode()
            return f"{kind} “{shown}”"
    return kind
