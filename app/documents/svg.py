"""Pictures as inline SVG for the screen: no styles, no scripts, colours as attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot

from markupsafe import Markup, escape

from app.core.blocks import Bar, Bars, Flow, Mark, Matrix, MatrixCell, Tone
from app.documents.flow import describe
from app.documents.flow_drawing import draw_columns, draw_trunk
from app.documents.raster import measure
from app.documents.shapes import Box, Disc, Drawing, Line, Path, Scale

INK, PAPER, POST, QUIET = "#0b0c0c", "#fff", "#0e4448", "#484f50"
_STOP = "#8f1d14"
_RAMP = {Tone.HIGH: "#e39c88", Tone.MEDIUM: "#f3d391", Tone.STOP: "#e39c88"}
_LOWEST = "#f7f1e2"
_INKS = {
    "ink": INK,
    "quiet": "#3d4a4b",
    "stop": _STOP,
    "paper": PAPER,
    "soft": "#d5e6e5",
    "head": POST,
    "open": "#40515c",
}
_DASH = {"coded": ' stroke-dasharray="9 5"', "counts": ' stroke-dasharray="2 5"'}
_WIDER = 1.14  # system fonts against the font of the printed pictures


def _measure(text: str, size: float, bold: bool) -> float:
    return measure(text, size, bold) * _WIDER


_WIDE = Scale(1090, 15, 14, _measure)
_NARROW = Scale(360, 15, 14, _measure)


def _text(line: Line) -> str:
    weight = ' font-weight="700"' if line.bold else ""
    anchor = f' text-anchor="{line.anchor}"' if line.anchor != "start" else ""
    return (
        f'<text x="{line.x:g}" y="{line.y:g}" font-size="{line.size:g}"{weight}{anchor} '
        f'fill="{_INKS[line.ink]}">{escape(line.text)}</text>'
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around a picture: its size, its names, its class."""

    width: float
    height: float
    ident: str
    title: str
    said: str
    name: str = ""

    def around(self, *parts: str) -> str:
        """The picture with its title and description."""
        named = f' class="{self.name}"' if self.name else ""
        return (
            f'<svg{named} viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'aria-labelledby="{self.ident}-t {self.ident}-d">'
            f'<title id="{self.ident}-t">{escape(self.title)}</title>'
            f'<desc id="{self.ident}-d">{escape(self.said)}</desc>{"".join(parts)}</svg>'
        )


# ---------------------------------------------------------------------------------------- flow


@lru_cache(64)
def flow_svg(flow: Flow, ident: str) -> Markup:
    """The data flows twice: in columns, and in one column for a phone."""
    said = describe(flow)
    wide = [
        _drawn(drawing, f"{ident}-w{at}", flow.caption, said, "fp-wide")
        for at, drawing in enumerate(draw_columns(flow, _WIDE), 1)
    ]
    narrow = _drawn(draw_trunk(flow, _NARROW), f"{ident}-n", flow.caption, said, "fp-narrow")
    return Markup("".join([*wide, narrow]))  # noqa: S704 - every text in it is escaped


def _drawn(drawing: Drawing, ident: str, title: str, said: str, name: str) -> str:
    frame = _Frame(drawing.width, drawing.height, ident, title, said, name)
    return frame.around(
        *(_box(box) for box in drawing.boxes),
        *(_path(path) for path in drawing.paths),
        *(_disc(disc) for disc in drawing.discs),
        *(_text(line) for line in drawing.lines),
    )


def _box(box: Box) -> str:
    fill = {"hub": POST, "stopped": "#fbedeb"}.get(box.look, PAPER)
    edge = _STOP if box.look == "stopped" else POST
    dash = ' stroke-dasharray="5 4"' if box.dashed else ""
    round_ = ' rx="16"' if box.rounded else ""
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
        f'{round_} fill="{fill}" stroke="{edge}" stroke-width="2"{dash}/>'
    )


def _path(path: Path) -> str:
    ink = _STOP if path.stopped else INK
    points = list(path.points)
    tip = ""
    if path.tip:
        (x1, y1), (x2, y2) = points[-2:]
        across, down = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        foot_x, foot_y = x2 - across * 10, y2 - down * 10
        tip = (
            f'<path d="M{x2:g} {y2:g}L{foot_x - down * 5:g} {foot_y - across * 5:g}'
            f'L{foot_x + down * 5:g} {foot_y + across * 5:g}z" fill="{ink}"/>'
        )
        points[-1] = (foot_x, foot_y)
    way = "L".join(f"{x:g} {y:g}" for x, y in points)
    dash = _DASH.get(path.kind, "")
    return f'<path d="M{way}" fill="none" stroke="{ink}" stroke-width="2"{dash}/>{tip}'


def _disc(disc: Disc) -> str:
    x, y, half, tall = disc.x, disc.y, disc.half + 2, disc.radius + 1.5
    size = disc.radius / 0.78
    if disc.stopped:
        cut = tall * 0.58
        shape = (
            f'<path d="M{x - half + cut:g} {y - tall:g}H{x + half - cut:g}l{cut:g} {cut:g}'
            f"V{y + tall - cut:g}l{-cut:g} {cut:g}H{x - half + cut:g}l{-cut:g} {-cut:g}"
            f'V{y - tall + cut:g}z" fill="{_STOP}"/>'
        )
    else:
        shape = (
            f'<rect x="{x - half:g}" y="{y - tall:g}" width="{2 * half:g}" height="{2 * tall:g}" '
            f'rx="4" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
        )
    ink = "paper" if disc.stopped else "ink"
    return shape + _text(Line(x, y + size * 0.35, disc.text, size, True, ink, "middle"))


# -------------------------------------------------------------------------------------- matrix

_CELL, _GAP, _LEFT, _LANE = 112, 3, 104, 32
_SIZE = 14  # of letters, in units of the picture
_Point = tuple[float, float]
_ASIDE = (30, 8, -14, -36)
_MOST = 6  # risks in a row that are drawn one by one when they move
_MOST_IN_A_CELL = 12  # and in a cell when they do not


@dataclass(frozen=True, slots=True)
class _Spot:
    """A risk in a row of the matrix: in which columns it stands before and after."""

    mark: Mark
    before: int | None
    after: int | None


def matrix_svg(matrix: Matrix, ident: str) -> Markup:
    """The matrix with each risk before (white) and after (black) measures."""
    moves = any(cell.after for row in matrix.cells for cell in row)
    rows = [_row_spots(row) for row in matrix.cells]
    most = max((len(cell.before) for row in matrix.cells for cell in row), default=0)
    crowded = any(len(spots) > _MOST for spots in rows) if moves else most > _MOST_IN_A_CELL
    heights = [
        64.0 if crowded else _row_height(row, len(spots), moves=moves)
        for row, spots in zip(matrix.cells, rows, strict=True)
    ]
    parts: list[str] = []
    tops: list[float] = []
    top = 6.0
    for at, row in enumerate(matrix.cells):
        parts.extend(_row_ground(matrix.severity[at], row, top, heights[at]))
        if crowded:
            parts.extend(_row_counts(row, top))
        elif not moves:
            parts.extend(_row_marks(row, top))
        tops.append(top)
        top += heights[at] + _GAP
    if moves and not crowded:
        parts.extend(_moves(rows, tops))
    for at, word in enumerate(matrix.likelihood):
        x = _LEFT + at * (_CELL + _GAP) + _CELL / 2
        parts.append(_text(Line(x, top + 18, word, 15, bold=True, anchor="middle")))
    width = _LEFT + len(matrix.likelihood) * (_CELL + _GAP)
    middle = (_LEFT + width) / 2
    asks = "How likely is harm to people?"
    parts.append(_text(Line(middle, top + 42, asks, _SIZE, anchor="middle", ink="quiet")))
    parts.append(_text(Line(_LEFT - 10, 20, "How bad?", _SIZE, anchor="end", ink="quiet")))
    frame = _Frame(width, top + 52, ident, matrix.caption, describe_matrix(matrix), "fp-matrix")
    return Markup(frame.around(*parts))  # noqa: S704 - every text in it is escaped


def describe_matrix(matrix: Matrix) -> str:
    """What stands in which cell, in words."""
    said = []
    for severity, row in zip(matrix.severity, matrix.cells, strict=True):
        for likelihood, cell in zip(matrix.likelihood, row, strict=True):
            for marks, when in ((cell.before, ""), (cell.after, " after measures")):
                if marks:
                    numbers = ", ".join(mark.number for mark in marks)
                    said.append(f"{severity}, {likelihood.lower()} ({cell.word}){when}: {numbers}.")
    return " ".join(said) or "No cell holds anything."


def _row_spots(row: Sequence[MatrixCell]) -> list[_Spot]:
    before = {mark.number: (at, mark) for at, cell in enumerate(row) for mark in cell.before}
    after = {mark.number: (at, mark) for at, cell in enumerate(row) for mark in cell.after}
    numbers = dict.fromkeys([*before, *after])
    return [
        _Spot(
            (before.get(number) or after[number])[1],
            before[number][0] if number in before else None,
            after[number][0] if number in after else None,
        )
        for number in numbers
    ]


def _row_height(row: Sequence[MatrixCell], spots: int, *, moves: bool) -> float:
    if moves:
        return max(64, 34 + _LANE * spots)
    return max(64, 34 + 30 * max((len(cell.before) + 2) // 3 for cell in row))


def _row_ground(word: str, row: Sequence[MatrixCell], top: float, height: float) -> list[str]:
    parts = [_text(Line(_LEFT - 10, top + height / 2 + 5, word, 15, bold=True, anchor="end"))]
    for at, cell in enumerate(row):
        x = _LEFT + at * (_CELL + _GAP)
        parts.append(
            f'<rect x="{x}" y="{top:g}" width="{_CELL}" height="{height:g}" '
            f'fill="{_RAMP.get(cell.tone, _LOWEST)}" stroke="#7c6a52"/>'
        )
        parts.append(_text(Line(x + 9, top + 20, cell.word, _SIZE, bold=True)))
    return parts


def _row_counts(row: Sequence[MatrixCell], top: float) -> list[str]:
    parts = []
    for at, cell in enumerate(row):
        x = _LEFT + at * (_CELL + _GAP) + 9
        if cell.before or cell.after:
            after = f", {len(cell.after)} after" if cell.after else ""
            parts.append(_text(Line(x, top + 46, f"{len(cell.before)} here{after}", _SIZE)))
    return parts


def _row_marks(row: Sequence[MatrixCell], top: float) -> list[str]:
    parts = []
    for at, cell in enumerate(row):
        left = _LEFT + at * (_CELL + _GAP) + 22
        for place, mark in enumerate(cell.before):
            x, y = left + 34 * (place % 3), top + 46 + 30 * (place // 3)
            parts.append(_spot(mark, x, y, after=False))
    return parts


def _moves(rows: Sequence[Sequence[_Spot]], tops: Sequence[float]) -> list[str]:
    """Each risk before and after measures, with an arrow between, straight or across rows."""
    before: dict[Mark, _Point] = {}
    after: dict[Mark, _Point] = {}
    aside: dict[Mark, int] = {}
    for spots, top in zip(rows, tops, strict=True):
        for lane, spot in enumerate(spots):
            for at, places in ((spot.before, before), (spot.after, after)):
                if at is not None:
                    # A risk keeps its place from left to right: no upright arrow runs through the next.
                    side = aside.setdefault(spot.mark, _ASIDE[len(aside) % len(_ASIDE)])
                    x = _LEFT + at * (_CELL + _GAP) + _CELL / 2 + side
                    places[spot.mark] = x, top + 44 + _LANE * lane
    moved = [mark for mark in before if mark in after and before[mark] != after[mark]]
    still = [mark for mark in before if before[mark] == after.get(mark)]
    return [
        # Spots lie over arrows: an arrow across rows may pass behind another risk.
        *(_move(before[mark], after[mark]) for mark in moved),
        *(_spot(mark, *at, after=False) for mark, at in before.items() if mark not in still),
        *(_spot(mark, *at, after=True) for mark, at in after.items()),
    ]


def _move(start: _Point, end: _Point) -> str:
    (x, y), (to_x, to_y) = start, end
    length = hypot(to_x - x, to_y - y)
    right, down = (to_x - x) / length, (to_y - y) / length
    tip = to_x - 16 * right, to_y - 16 * down
    foot = tip[0] - 9 * right, tip[1] - 9 * down
    a, b = ((foot[0] + 5 * side * down, foot[1] - 5 * side * right) for side in (1, -1))
    line = f"M{_at(start)}L{_at(foot)}"
    return (
        f'<path d="{line}" stroke="{PAPER}" stroke-width="6" fill="none"/>'
        f'<path d="{line}" stroke="{INK}" stroke-width="2" fill="none"/>'
        f'<path d="M{_at(tip)}L{_at(a)}L{_at(b)}z" fill="{INK}"/>'
    )


def _at(point: _Point) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def _spot(mark: Mark, x: float, y: float, *, after: bool) -> str:
    fill, edge, ink = (INK, PAPER, "paper") if after else (PAPER, INK, "ink")
    half = 12 if len(mark.number) < 3 else 16
    return (
        f'<rect x="{x - half:g}" y="{y - 12:g}" width="{2 * half}" height="24" rx="12" '
        f'fill="{fill}" stroke="{edge}" stroke-width="2"/>'
        + _text(Line(x, y + 5, mark.number, _SIZE, bold=True, anchor="middle", ink=ink))
    )


# ---------------------------------------------------------------------------------------- bars


def bar_svg(bars: Bars, bar: Bar) -> Markup:
    """One score on its track; the words stand beside it, so this is only for the eye."""

    def at(value: float) -> float:
        return bars.share(value) * 236 + 2

    head = '<svg class="fp-bar" viewBox="0 0 240 22" preserveAspectRatio="none" aria-hidden="true">'
    if bar.value is None:
        track = '<rect x="2" y="6.5" width="236" height="9" fill="none" stroke="#40515c" '
        return Markup(f'{head}{track}stroke-dasharray="4 4"/></svg>')  # noqa: S704 - no text
    inner = [value for value, _ in bars.ticks if bars.low < value < bars.high]
    edges = "".join(f"M{at(value):.1f} 0V5M{at(value):.1f} 17V22" for value in inner)
    end = at(bar.value)
    ticks = f'<path d="{edges}" stroke="#40515c" stroke-width="1.5"/>' if edges else ""
    return Markup(  # noqa: S704 - no text in it
        f'{head}<rect x="2" y="6" width="236" height="10" fill="#e3eae9"/>'
        f'<rect x="2" y="6" width="{end - 2:.1f}" height="10" fill="{POST}"/>{ticks}'
        f'<rect x="{end - 2:.1f}" y="1" width="4" height="20" fill="{INK}"/></svg>'
    )
