"""Tables as HTML: captions, scopes and roles, and cards on a phone."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from app.core.blocks import Bars, Cell, Flow, Mark, Matrix, Run, Table, Tone
from app.documents import palette
from app.documents.bars import missing_words
from app.documents.flow import flow_table
from app.documents.html_text import runs_html
from app.documents.svg import bar_svg


def table_html(table: Table, ident: str) -> Markup:
    """A table; its first column says what each row is about."""
    head = "".join(
        f'<th scope="col" role="columnheader">{escape(word)}</th>' for word in table.header
    )
    rows = "".join(
        f'<tr role="row">{"".join(_cells(table.header, row, ident))}</tr>' for row in table.rows
    )
    hidden = "" if table.show_caption else ' class="govuk-visually-hidden"'
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<table class="fp-table fp-stack" role="table"><caption{hidden}>'
        f'{escape(table.caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _cells(header: Sequence[str], row: Iterable[Cell], ident: str) -> Iterable[str]:
    for at, (word, cell) in enumerate(zip(header, row, strict=True)):
        toned = f' class="fp-tone fp-tone--{cell.tone.value}"' if _is_filled(cell) else ""
        inner = cell_html(cell, ident)
        if at == 0:
            yield f'<th scope="row" role="rowheader"{toned}>{inner}</th>'
        else:
            label = escape(word)
            yield f'<td role="cell" data-label="{label}"{toned}><div>{inner}</div></td>'


def _is_filled(cell: Cell) -> bool:
    return cell.tone in palette.FILLED


def cell_html(cell: Cell, ident: str) -> Markup:
    """What a cell says; several paragraphs stand below each other."""
    texts = [runs_html(runs, ident) for runs in cell.paragraphs]
    if all(run.text.isascii() for runs in cell.paragraphs for run in runs):
        return Markup("<br>").join(texts)
    return Markup("").join(Markup('<div dir="auto">{}</div>').format(text) for text in texts)


def facts_html(caption: str, pairs: Sequence[tuple[str, Cell]], ident: str) -> Markup:
    """Labels and what is said of each."""
    shown = "".join(
        f"<dt>{escape(label)}</dt><dd>{cell_html(cell, ident)}</dd>" for label, cell in pairs
    )
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<div role="group" aria-label="{escape(caption)}"><dl class="fp-dl">{shown}</dl></div>'
    )


def scores_html(bars: Bars) -> Markup:
    """Scores as a table; the bar is only for the eye."""
    words = ("Score", "Band", "", "Tolerance reached")
    spans = "".join(f"<span>{escape(label)}</span>" for _, label in bars.ticks)
    scale = f'<span class="fp-scale">{spans}</span>'
    heads = ["What is scored", *words]
    head = "".join(
        f'<th scope="col" role="columnheader">{escape(word) if word else scale}</th>'
        for word in heads
    )
    rows = []
    for bar in bars.bars:
        score = "\u2013" if bar.value is None else f"{bar.value:.2f}"
        band, breach = Run(bar.band), Run("None")
        if bar.value is None:
            band = Run(f"{bar.band}: {missing_words(bar)}", Tone.UNKNOWN)
            breach = Run("Not known until complete")
        if bar.breaches:
            breach = Run("; ".join(bar.breaches), Tone.BREACH)
        cells = (escape(score), _one(band), bar_svg(bars, bar), _one(breach))
        row = "".join(map(_plain_cell, words, cells))
        label = f'<th scope="row" role="rowheader">{escape(bar.label)}</th>'
        rows.append(f'<tr role="row">{label}{row}</tr>')
    return Markup(  # noqa: S704 - every text in it is escaped
        '<table class="fp-table fp-stack fp-scores" role="table">'
        f'<caption>{escape(bars.caption)}</caption><thead role="rowgroup"><tr role="row">{head}'
        f'</tr></thead><tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _one(run: Run) -> Markup:
    return runs_html((run,), "")


def _plain_cell(label: str, inner: str) -> str:
    return f'<td role="cell" data-label="{escape(label)}"><div>{inner}</div></td>'


def flow_rows(flow: Flow, ident: str) -> Markup:
    """The data flows as an HTML table."""
    return table_html(flow_table(flow), ident)


def matrix_rows(matrix: Matrix, ident: str) -> Markup:
    """The matrix as an HTML table, with a link to each thing in it."""
    head = tuple(matrix.likelihood)
    rows = []
    for severity, row in zip(matrix.severity, matrix.cells, strict=True):
        cells = [Cell(((Run(severity),),))]
        for cell in row:
            lines: list[tuple[Run, ...]] = [(Run(cell.word, Tone.STRONG),)]
            lines += [_marks("", cell.before)] if cell.before else []
            lines += [_marks("After measures: ", cell.after)] if cell.after else []
            cells.append(Cell(tuple(lines)))
        rows.append(tuple(cells))
    return table_html(Table(matrix.caption, ("How bad", *head), tuple(rows)), ident)


def _marks(words: str, marks: Sequence[Mark]) -> tuple[Run, ...]:
    runs = [Run(words)] if words else []
    for at, mark in enumerate(marks):
        runs.append(Run(f"{mark.number} {mark.title}".strip(), to=mark.anchor))
        if at < len(marks) - 1:
            runs.append(Run("; "))
    return tuple(runs)
