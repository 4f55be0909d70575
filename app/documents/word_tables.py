"""Tables for Word, each written as one text: header rows repeat, rows stay whole, cells are worded."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.blocks import (
    Cell,
    Facts,
    Flagged,
    Mark,
    Matrix,
    MatrixCell,
    Run,
    Signature,
    Table,
    Tiles,
    Tone,
)
from app.documents import palette, wordml
from app.documents.raster import measure
from app.documents.word_text import Anchors, ink, is_right_to_left, runs_xml

MEASURE_MM = 170.0
_KEPT_ROWS = 8  # a table of so many rows stays on one page,
_KEPT_LETTERS = 600  # unless it says more than this
_TALL_LETTERS = 250  # a row that says more than this stands well enough alone on a page
_SPLIT_LETTERS = 900  # a row that says more than this may run over two pages
_FLAG_LETTERS = 800  # a flag that says more than this may run over two pages
_POINTS, _NARROW_POINTS = 11.0, 9.0  # the letters of a table, and of one with very many columns
_LONGEST_WORD = 18  # letters; what is longer breaks
_ROOM_MM = 22.0  # for a date by hand in a column that is there to write in
_ARIAL = 25.4 / 72 * 1.16  # millimetres for the font of the pictures, a bit narrower than Arial
_LONG_LABEL = 30  # letters of a label that is a question
_EDGE_MM = 1.6  # what a thick edge takes from the width


@dataclass(frozen=True, slots=True)
class _Grid:
    """A cell of a table as it is written."""

    xml: str  # its paragraphs, with @ where "keep with next" goes
    letters: int = 0
    fill: str = ""
    edge: str = ""
    span: int = 1
    middle: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Sequence[_Grid]
    head: bool = False
    height_mm: float = 0


@dataclass(frozen=True, slots=True)
class _Frame:
    """A whole table as it is written."""

    style: str
    widths: Sequence[float]  # millimetres
    rows: Sequence[_Row]
    caption: str
    labels: bool = False  # the first column says what each row is about
    indent: int = 0
    description: str = ""
    whole: bool = False  # on one page
    loose: bool = False  # over two pages if need be, however few the rows


_HERE = "<?keep?>"  # where a property is decided later: escaped text never holds it


def _paragraph(content: str, style: str, *, right: bool = False) -> str:
    bidi = "<w:bidi/>" if right else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{_HERE}{bidi}</w:pPr>{content}</w:p>'


def _write(frame: _Frame) -> str:
    widths = [wordml.mm(width) for width in frame.widths]
    letters = sum(cell.letters for row in frame.rows for cell in row.cells)
    few = len(frame.rows) <= _KEPT_ROWS and letters <= _KEPT_LETTERS
    whole = frame.whole or (few and not frame.loose)
    rows = "".join(
        _write_row(row, widths, keep=_keeps(frame.rows, at, whole=whole))
        for at, row in enumerate(frame.rows)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = int(any(row.head for row in frame.rows))
    indent = f'<w:tblInd w:w="{frame.indent}" w:type="dxa"/>' if frame.indent else ""
    said = wordml.escape(frame.description[:600])
    description = f'<w:tblDescription w:val="{said}"/>' if said else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{frame.style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{indent}<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0000" w:firstRow="{first}" w:lastRow="0" '
        f'w:firstColumn="{int(frame.labels)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{wordml.escape(frame.caption[:250])}"/>{description}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _keeps(rows: Sequence[_Row], at: int, *, whole: bool) -> bool:
    """Whether a row keeps with the next: the head with two rows, the last two together."""
    last = len(rows) - 1
    letters = sum(cell.letters for cell in rows[at].cells)
    if at == last or letters > _SPLIT_LETTERS:
        return False
    if whole or rows[at].head:
        return True
    heads = sum(row.head for row in rows)
    return letters <= _TALL_LETTERS and at in {heads, last - 1}


def _write_row(row: _Row, widths: Sequence[int], *, keep: bool) -> str:
    split = sum(cell.letters for cell in row.cells) > _SPLIT_LETTERS
    properties = ("" if split else "<w:cantSplit/>") + (
        f'<w:trHeight w:val="{wordml.mm(row.height_mm)}" w:hRule="atLeast"/>'
        if row.height_mm
        else ""
    )
    properties += "<w:tblHeader/>" if row.head else ""
    cells = []
    at = 0
    for cell in row.cells:
        cells.append(_write_cell(cell, sum(widths[at : at + cell.span]), keep=keep))
        at += cell.span
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _write_cell(cell: _Grid, width: int, *, keep: bool) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.span > 1:
        properties += f'<w:gridSpan w:val="{cell.span}"/>'
    if cell.edge:
        left = f'<w:left w:val="single" w:sz="36" w:space="0" w:color="{cell.edge}"/>'
        properties += f"<w:tcBorders>{left}</w:tcBorders>"
    if cell.fill:
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>'
    if cell.edge:
        properties += '<w:tcMar><w:left w:w="170" w:type="dxa"/></w:tcMar>'
    if cell.middle:
        properties += '<w:vAlign w:val="center"/>'
    content = cell.xml.replace(_HERE, "<w:keepNext/>" if keep else "")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _text(words: str, style: str, *, fill: str = "", edge: str = "") -> _Grid:
    right = wordml.is_right_to_left(words)
    content = _paragraph(wordml.run(words), style, right=right)
    return _Grid(content, len(words), fill, edge)


def _cell(
    cell: Cell, anchors: Anchors, *, bullets: bool = False, style: str = "TableText"
) -> _Grid:
    style = "TableBullet" if bullets and len(cell.paragraphs) > 1 else style
    paragraphs = cell.paragraphs or ((Run(""),),)
    xml = "".join(
        _paragraph(runs_xml(runs, anchors, cell.tone), style, right=is_right_to_left(runs))
        for runs in paragraphs
    )
    letters = sum(len(run.text) for runs in paragraphs for run in runs)
    filled = cell.tone in palette.FILLED
    return _Grid(xml, letters, fill=palette.colours(cell.tone).fill if filled else "")


def _columns(table: Table) -> list[list[str]]:
    return [
        [table.header[at], *(_words(row[at]) for row in table.rows)]
        for at in range(len(table.header))
    ]


def fit_widths(table: Table) -> tuple[list[float], bool]:
    """Column widths in millimetres, and whether there are so many that the table is set smaller.

    They are as asked, or by what the columns say; words stay whole.
    """
    columns = _columns(table)
    if len(table.widths) == len(columns):
        wanted = [float(width) for width in table.widths]
    else:
        wanted = [sum(min(len(text), 120) for text in texts) ** 0.5 for texts in columns]
    least = [_longest_word(texts, _POINTS) for texts in columns]
    if sum(least) < MEASURE_MM:
        return _share_out(wanted, least), False
    least = [_longest_word(texts, _NARROW_POINTS) for texts in columns]
    if sum(least) < MEASURE_MM:
        return _share_out(wanted, least), True
    # Some word has to break: one of a cell, since a heading is read for every row.
    heads = [_longest_word([title], _NARROW_POINTS) for title in table.header]
    return _share_out([max(0.0, w - h) for w, h in zip(least, heads, strict=True)], heads), True


def _share_out(wanted: Sequence[float], least: Sequence[float]) -> list[float]:
    """The measure shared out as wanted, no column narrower than it has to be."""
    if sum(least) >= MEASURE_MM:
        return [MEASURE_MM * width / sum(least) for width in least]
    total = sum(wanted) or 1
    widths = [max(MEASURE_MM * one / total, few) for one, few in zip(wanted, least, strict=True)]
    # What the narrow columns took comes from those that have room to spare.
    spare = [width - few for width, few in zip(widths, least, strict=True)]
    share = (sum(widths) - MEASURE_MM) / (sum(spare) or 1)
    return [width - share * room for width, room in zip(widths, spare, strict=True)]


def _words(cell: Cell) -> str:
    return " ".join(run.text for runs in cell.paragraphs for run in runs)


def _longest_word(texts: Sequence[str], points: float) -> float:
    """What a column needs so that no usual word is broken: bold, with its margins; or to write in."""
    words = {word for text in texts for word in text[:400].split() if len(word) <= _LONGEST_WORD}
    longest = sorted(words, key=len)[-6:]
    room = _ROOM_MM if len(texts) > 1 and not any(texts[1:]) else 0.0
    # A letter the drawings have no shape for is measured by its name: no letter is wider than it is high.
    wide = (min(measure(word, points, True), points * len(word)) for word in longest)
    return max(room, max(wide, default=0.0) * _ARIAL + 3.4)


def table_xml(table: Table, anchors: Anchors, *, compact: bool = False) -> str:
    """A table with a header row; one with very many columns is set smaller."""
    style, head_style = "TableText", "TableHead"
    if compact:
        style, head_style = "TableCompact", "TableCompactHead"
    widths, crowded = fit_widths(table)
    if crowded:
        style, head_style = "TableNarrow", "TableNarrowHead"
    head = _Row([_text(word, head_style, fill=palette.PALE) for word in table.header], head=True)
    rows = [_Row([_cell(cell, anchors, style=style) for cell in row]) for row in table.rows]
    return _write(_Frame("FingerpostTable", widths, [head, *rows], table.caption))


def facts_xml(facts: Facts, anchors: Anchors, *, compact: bool = False) -> str:
    """Labels and what is said of each."""
    label_style, style = "TableLabel", "TableText"
    if compact:
        label_style, style = "TableCompactHead", "TableCompact"
    rows = [
        _Row([_text(label, label_style), _cell(cell, anchors, style=style)])
        for label, cell in facts.pairs
    ]
    long = max((len(label) for label, _ in facts.pairs), default=0) > _LONG_LABEL
    widths = (70, 100) if long else (42, 128)
    return _write(_Frame("FingerpostFacts", widths, rows, facts.caption, labels=True))


def tiles_xml(tiles: Tiles) -> str:
    """Counts side by side."""

    def one(count: str, word: str, tone: Tone) -> _Grid:
        number = _paragraph(wordml.run(count, ink(_ground(tone))), "TileNumber")
        words = _paragraph(wordml.run(word, ink(_ground(tone))), "TileWord")
        return _Grid(number + words, fill=palette.colours(tone).fill)

    # None of a grave kind is not grave: solid red must mean that something holds this up.
    cells = [
        one(tile.count, tile.word, Tone.PLAIN if tile.count == "0" else tile.tone)
        for tile in tiles.tiles
    ]
    widths = [MEASURE_MM / len(cells)] * len(cells)
    return _write(_Frame("FingerpostGrid", widths, [_Row(cells)], "How many of each"))


def _ground(tone: Tone) -> Tone:
    return tone if tone in palette.TONES else Tone.PLAIN


def flag_xml(flag: Flagged, anchors: Anchors) -> str:
    """What is said of a flag, with a thick edge in its colour."""
    edge = palette.colours(flag.edge).edge
    rows = [
        _Row([_text(label, "TableLabel", edge=edge), _cell(cell, anchors, bullets=True)])
        for label, cell in flag.rows
    ]
    widths = (28, MEASURE_MM - 28 - _EDGE_MM)
    caption = f"Flag {flag.number}: {flag.title}"
    letters = sum(cell.letters for row in rows for cell in row.cells)
    whole = letters <= _FLAG_LETTERS
    frame = _Frame(
        "FingerpostFacts",
        widths,
        rows,
        caption,
        labels=True,
        indent=45,
        whole=whole,
        loose=not whole,
    )
    return _write(frame)


def matrix_xml(matrix: Matrix, anchors: Anchors) -> str:
    """Severity down, likelihood across: each cell shaded, worded, with its numbers as links."""
    heads = ["Severity of harm", *(f"{word} likelihood" for word in matrix.likelihood)]
    rows = [_Row([_text(word, "TableHead") for word in heads], head=True)]
    for severity, cells in zip(matrix.severity, matrix.cells, strict=True):
        label = _Grid(_paragraph(wordml.run(f"{severity} harm"), "TableLabel"), middle=True)
        shown = [_matrix_cell(cell, anchors) for cell in cells]
        rows.append(_Row([label, *shown], height_mm=15))
    across = (MEASURE_MM - 35) / max(1, len(matrix.likelihood))
    widths = [35, *([across] * len(matrix.likelihood))]
    frame = _Frame("FingerpostGrid", widths, rows, matrix.caption, labels=True, whole=True)
    return _write(frame)


def _matrix_cell(cell: MatrixCell, anchors: Anchors) -> _Grid:
    tone = _ground(cell.tone)
    many = len(cell.before)
    word = wordml.run(cell.word, ink(tone), "<w:b/><w:bCs/>")
    more = f" \u2013 {_items(many)}" if many else ""
    lines = [word + (wordml.run(more, ink(tone)) if more else "")]
    if cell.before:
        lines.append(_marks(cell.before, anchors, tone))
    if cell.after:
        lines.append(wordml.run("After measures: ", ink(tone)) + _marks(cell.after, anchors, tone))
    if not cell.before and not cell.after:
        lines.append(wordml.run("Nothing here", ink(tone)))
    xml = "".join(_paragraph(line, "TableText") for line in lines)
    return _Grid(xml, fill=palette.colours(tone).fill, middle=True)


def _items(count: int) -> str:
    return "1 here" if count == 1 else f"{count} here"


def _marks(marks: Sequence[Mark], anchors: Anchors, tone: Tone) -> str:
    out = []
    for mark in marks:
        if mark.anchor in anchors.known:
            number = wordml.run(mark.number, ink(tone), '<w:u w:val="single"/>')
            out.append(wordml.link(str(mark.anchor), number, mark.title))
        else:
            out.append(wordml.run(mark.number, ink(tone)))
    return wordml.run(", ", ink(tone)).join(out)


def signature_xml(signature: Signature) -> str:
    """Room to sign, or the signature given."""

    def row(label: str, words: str) -> _Row:
        content = wordml.run(words) if words else wordml.run("Not recorded yet", "Unanswered")
        said = _Grid(_paragraph(content, "TableText"), span=3)
        return _Row([_text(label, "TableLabel"), said])

    rows = [
        row("Signatory", signature.signatory),
        row("Authority", signature.authority),
        row("Covers", signature.binds),
    ]
    if signature.signed:
        tag = wordml.run("\u00a0SIGNED\u00a0", "TagOk") + wordml.run(f" {signature.signed}")
        cells = [_text("Signature", "TableLabel"), _Grid(_paragraph(tag, "TableText"), span=3)]
        rows.append(_Row(cells))
    else:
        waiting = _Grid(_paragraph(wordml.run("Waiting", "Unanswered"), "TableText"))
        labels = [_text(word, "TableLabel") for word in ("Signature", "Date")]
        rows.append(_Row([labels[0], waiting, labels[1], waiting], height_mm=15))
    caption = f"Signature of {signature.organisation}"
    frame = _Frame("FingerpostBox", (30, 80, 16, 44), rows, caption, labels=True, whole=True)
    return _write(frame)
