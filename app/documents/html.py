"""Blocks as HTML: the preview of a document, and the parts of the risk report's page."""

from collections.abc import Sequence
from typing import assert_never

from markupsafe import Markup, escape

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
from app.documents.html_tables import facts_html, flow_rows, matrix_rows, scores_html, table_html
from app.documents.html_text import MARKS, identify, paragraph_html, runs_html
from app.documents.numbering import Placed, place, space_out
from app.documents.svg import flow_svg, matrix_svg

_SIZES = {1: "xl", 2: "l", 3: "m"}
_PARAGRAPHS = {
    Tone.QUIET: "fp-small fp-quiet",
    Tone.STRONG: "govuk-body-l",
    Tone.EMPHASIS: "govuk-inset-text",
}


def to_html(content: Document | Sequence[Block], *, level: int = 2, ident: str = "doc") -> Markup:
    """A document, or some blocks, as HTML.

    A heading of the first level becomes `h2` unless `level` says otherwise. Every id starts with
    `ident`, so that several pieces can stand on one page.
    """
    if isinstance(content, Document):
        placed = place(content.blocks)
        head = _control(content) + (_contents(placed, ident) if content.contents else "")
    else:
        placed, head = place(content), ""
    body = _Page(level, ident).write(placed)
    return Markup(head + body)  # noqa: S704 - every text in it is escaped


def _control(document: Document) -> str:
    # Release and content stand in the table of document control, or on the page around this.
    said = [document.control.marking, document.control.status]
    line = escape(". ".join(part for part in said if part))
    return f'<p class="fp-small fp-quiet">{line}.</p>'


def _contents(placed: Sequence[Placed], ident: str) -> str:
    items = "".join(
        f'<li>{entry.number + " " if entry.number else ""}<a class="govuk-link" '
        f'href="#{identify(ident, entry.anchor)}">{escape(entry.title)}</a></li>'
        for entry in placed
        if entry.top
    )
    if not items:
        return ""
    return (
        f'<nav class="fp-contents" aria-label="In this document"><ul class="govuk-list">{items}'
        "</ul></nav>"
    )


class _Page:
    """Writes blocks one after the other; clauses with the same number share a section."""

    def __init__(self, level: int, ident: str) -> None:
        self.level = level
        self.ident = ident
        self.pictures = 0

    def write(self, placed: Sequence[Placed]) -> str:
        """All the blocks."""
        return "".join(self._one(entry) for entry in placed)

    def _one(self, entry: Placed) -> str:
        block = entry.block
        match block:
            case Heading() | Part() | Clause() | Flagged():
                return self._titled(entry)
            case Paragraph() | Bullets() | Verdict() | Tiles():
                return self._words(block)
            case Table() | Facts() | Signature() | Bars():
                return self._table(block)
            case Matrix() | Flow():
                return self._picture(block)
            case _:
                assert_never(block)

    # ------------------------------------------------------------------------------- with titles

    def _titled(self, entry: Placed) -> str:
        match entry.block:
            case Clause() as clause:
                return self._clause(entry, clause)
            case Flagged() as flag:
                return self._flag(entry.level, flag)
            case Part() as part:
                heading = self._heading(1, escape(part.title), entry.anchor)
                return f'<hr class="govuk-section-break govuk-section-break--l govuk-section-break--visible">{heading}'
            case _:
                number = f"{entry.number} " if entry.number else ""
                return self._heading(entry.level, escape(number + entry.title), entry.anchor)

    def _heading(self, level: int, inner: str, anchor: str, more: str = "") -> str:
        at = min(self.level + level - 1, 6)
        size = _SIZES.get(at, "s")
        place_ = f' id="{identify(self.ident, anchor)}"' if anchor else ""
        return f'<h{at} class="govuk-heading-{size}{more}"{place_}>{inner}</h{at}>'

    def _clause(self, entry: Placed, clause: Clause) -> str:
        out = []
        if clause.title:
            aside = f' <span class="fp-quiet">{AGREED}</span>' if clause.locked else ""
            title = escape(f"{entry.number} {clause.title}") + Markup(aside)  # noqa: S704
            out.append(self._heading(entry.level, title, entry.anchor))
        if clause.runs:
            number = f"{entry.number}.1" if clause.title else entry.number
            text = runs_html(clause.runs, self.ident)
            out.append(f'<p class="govuk-body fp-clause"><span>{number}</span> {text}</p>')
        if clause.parts:
            parts = "".join(
                f'<li class="fp-part"><span>({_letter(at)})</span> '
                f"{runs_html(part, self.ident)}</li>"
                for at, part in enumerate(clause.parts)
            )
            out.append(f'<ul class="govuk-list fp-parts">{parts}</ul>')
        return "".join(out)

    def _flag(self, level: int, flag: Flagged) -> str:
        mark = MARKS.get(flag.edge, "flag")
        title = escape(f"{flag.number} {flag.title}" if flag.number else flag.title)
        inner = (
            f'<span class="fp-m"><span class="fp-mark fp-mark--{mark}" aria-hidden="true"></span>'
            f"<span>{title}</span></span>"
        )
        heading = self._heading(level, inner, "", " govuk-!-margin-bottom-1")
        marks = paragraph_html(space_out(flag.marks), self.ident, "fp-small")
        rows = facts_html(f"{flag.title}: why and what to do", flag.rows, self.ident)
        place_ = identify(self.ident, flag.anchor)
        return f'<article class="fp-flag" id="{place_}">{heading}{marks}{rows}</article>'

    # ------------------------------------------------------------------------------------ words

    def _words(self, block: Paragraph | Bullets | Verdict | Tiles) -> str:
        match block:
            case Paragraph():
                name = _PARAGRAPHS.get(block.tone, "govuk-body")
                return paragraph_html(block.runs, self.ident, name)
            case Bullets():
                tag, kind = ("ol", "number") if block.numbered else ("ul", "bullet")
                if all(item and item[0].text.startswith("☐") for item in block.items):
                    kind = "boxes"
                items = "".join(f"<li>{runs_html(item, self.ident)}</li>" for item in block.items)
                return f'<{tag} class="govuk-list govuk-list--{kind}">{items}</{tag}>'
            case Verdict():
                name = f"fp-verdict fp-verdict--{block.tone.value}"
                return paragraph_html(block.runs, self.ident, name)
            case Tiles():
                return self._tiles(block)

    def _tiles(self, block: Tiles) -> str:
        items = []
        for tile in block.tiles:
            mark = MARKS.get(tile.tone, "") if tile.count != "0" else ""
            sign = f'<span class="fp-mark fp-mark--{mark}" aria-hidden="true"></span>'
            shown = sign if mark else ""
            items.append(f"<li><b>{shown}{escape(tile.count)}</b>{escape(tile.word)}</li>")
        return f'<ul class="fp-tiles">{"".join(items)}</ul>'

    # ----------------------------------------------------------------------------------- tables

    def _table(self, block: Table | Facts | Signature | Bars) -> str:
        match block:
            case Table():
                return table_html(block, self.ident)
            case Facts():
                caption = ""
                if block.show_caption:
                    caption = f'<p class="fp-caption">{escape(block.caption)}</p>'
                return f"{caption}{facts_html(block.caption, block.pairs, self.ident)}"
            case Bars():
                return scores_html(block)
            case Signature():
                return self._signature(block)

    def _signature(self, block: Signature) -> str:
        waiting = '<strong class="fp-unanswered">Waiting</strong>'
        signed = escape(block.signed) if block.signed else Markup(waiting)  # noqa: S704
        rows = (
            ("Signatory", escape(block.signatory)),
            ("Authority", escape(block.authority)),
            ("Covers", escape(block.binds)),
            ("Signature", signed),
        )
        pairs = "".join(f"<dt>{label}</dt><dd>{said}</dd>" for label, said in rows)
        name = escape(block.organisation)
        return (
            f'<div class="fp-sign" role="group" aria-label="Signature of {name}">'
            f'<p class="fp-caption">{name}</p><dl class="fp-dl">{pairs}</dl></div>'
        )

    # --------------------------------------------------------------------------------- pictures

    def _picture(self, block: Matrix | Flow) -> str:
        self.pictures += 1
        ident = f"{self.ident}-picture-{self.pictures}"
        match block:
            case Matrix():
                picture, table = matrix_svg(block, ident), matrix_rows(block, self.ident)
                note = matrix_note(block)
            case Flow():
                picture, table = flow_svg(block, ident), flow_rows(block, self.ident)
                note = _flow_note(block)
        caption = f"<figcaption>{escape(note)}</figcaption>" if note else ""
        return (
            f'<figure class="fp-fig">{picture}{caption}</figure>'
            '<details class="govuk-details"><summary class="govuk-details__summary">'
            '<span class="govuk-details__summary-text">'
            f"{escape(block.caption)}: the same as a table</span></summary>"
            f'<div class="govuk-details__text">{table}</div></details>'
        )


def _letter(at: int) -> str:
    """The letter of a part: a to z, then aa, bb, as Word counts."""
    return chr(ord("a") + at % 26) * (at // 26 + 1)


def matrix_note(matrix: Matrix) -> str:
    """The note, and what the circles mean where the picture has both kinds."""
    moves = any(cell.after for row in matrix.cells for cell in row)
    if not moves or "white" in matrix.note.lower():
        return matrix.note
    return f"{matrix.note} White circle: before measures. Black circle: after.".strip()


def _flow_note(flow: Flow) -> str:
    stopped = [str(line.number) for line in flow.lines if line.stopped]
    if not stopped:
        return ""
    if len(stopped) == 1:
        return f"An eight-sided sign marks the flow that is stopped: {stopped[0]}."
    return f"An eight-sided sign marks the flows that are stopped: {', '.join(stopped)}."
