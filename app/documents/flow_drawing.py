"""The picture of the data flows: columns with straight arrows for a page, one trunk for a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.blocks import Flow
from app.documents.flow import Arrangement, Lane, Station, arrange
from app.documents.shapes import (
    Box,
    BoxText,
    Disc,
    Drawing,
    Line,
    Path,
    Scale,
    box_text,
    fit,
    set_text,
)


class _Sheet:
    """What has been put on a picture so far."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.boxes: list[Box] = []
        self.paths: list[Path] = []
        self.discs: list[Disc] = []
        self.lines: list[Line] = []

    def station(self, box: Box, text: BoxText) -> None:
        """An organisation with its name."""
        self.boxes.append(box)
        self.lines.extend(set_text(text, box, self.scale))

    def number(self, lane: Lane, x: float, y: float) -> None:
        """The number of a lane, starting at `x`."""
        scale = self.scale
        radius = scale.text * 0.78
        half = max(radius, scale.measure(lane.label, scale.text, True) / 2 + scale.text * 0.35)
        self.discs.append(Disc(x + half, y, lane.label, half, radius, lane.stopped is not None))

    def finish(self, height: float) -> Drawing:
        """The picture."""
        return Drawing(
            self.scale.width,
            height,
            tuple(self.boxes),
            tuple(self.paths),
            tuple(self.discs),
            tuple(self.lines),
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand, as parts of the width."""

    giver: float
    hub: tuple[float, float]
    receiver: float


_THREE = _Columns(0.25, (0.45, 0.6), 0.775)
_TWO = _Columns(0.3, (0.5, 0.5), 0.7)


def draw_columns(flow: Flow, scale: Scale) -> tuple[Drawing, ...]:
    """The flows in columns; more than one picture when they do not fit one page."""
    plan = arrange(flow)
    most = scale.most_lanes
    pages: list[Drawing] = []
    if plan.hub is not None:
        longest = max(len(plan.into), len(plan.out))
        for start in range(0, longest, most):
            into, out = plan.into[start : start + most], plan.out[start : start + most]
            pages.append(_draw_hub(plan.hub, into, out, scale))
    pages.extend(
        _draw_direct(plan.direct[start : start + most], scale)
        for start in range(0, len(plan.direct), most)
    )
    return tuple(pages)


def _label_width(columns: _Columns, scale: Scale, *, into: bool, across: bool) -> float:
    if across:
        return (columns.receiver - columns.giver) * scale.width - scale.text * 4
    left = columns.hub[0] - columns.giver if into else columns.receiver - columns.hub[1]
    return left * scale.width - scale.text * 1.4


@dataclass(frozen=True, slots=True)
class _Step:
    """How high a lane is, and how far down in it the arrow runs."""

    height: float
    arrow: float


def _step(lanes: Sequence[Lane], label_width: float, box_width: float, scale: Scale) -> _Step:
    """High enough for the words above and below the arrow and for the boxes at its ends."""
    above = below = 1
    tallest = 0.0
    for lane in lanes:
        above = max(above, len(fit(lane.what, label_width, scale.text, True, 3, scale)))
        below = max(below, len(fit(lane.when, label_width, scale.text, False, 2, scale)))
        for station in (lane.giver, lane.receiver):
            tallest = max(tallest, box_text(station, box_width, scale).height(scale))
    box = tallest / 2 + scale.text * 1.2
    up = max(above * scale.lead(scale.text) + scale.text * 1.2, box)
    down = max(below * scale.lead(scale.text) + scale.text * 1.3, box)
    return _Step(up + down, up)


def _heads(sheet: _Sheet, *heads: tuple[float, str]) -> float:
    """The words over the columns; returns where the boxes start."""
    scale = sheet.scale
    for x, text in heads:
        sheet.lines.append(Line(x, scale.name, text, scale.name, bold=True, ink="quiet"))
    return scale.name * 1.9


def _spans(lanes: Sequence[Lane], *, giver: bool) -> list[tuple[Station, int, int]]:
    """Lanes beside each other that share an organisation: (which, from, to)."""
    spans: list[tuple[Station, int, int]] = []
    for at, lane in enumerate(lanes):
        station = lane.giver if giver else lane.receiver
        if spans and spans[-1][0] == station:
            spans[-1] = (station, spans[-1][1], at)
        else:
            spans.append((station, at, at))
    return spans


def _side(
    sheet: _Sheet,
    lanes: Sequence[Lane],
    at: tuple[float, float],
    ways: Sequence[float],
    *,
    giver: bool,
) -> None:
    """The boxes of one side: one for each organisation, from its first lane to its last."""
    x, width = at
    scale = sheet.scale
    for station, first, last in _spans(lanes, giver=giver):
        text = box_text(station, width, scale)
        half = max(text.height(scale) / 2 + scale.text * 0.8, scale.text * 1.7)
        height = ways[last] - ways[first] + 2 * half
        stopped = all(lane.stopped for lane in lanes[first : last + 1])
        look = "stopped" if stopped else "plain"
        box = Box(x, ways[first] - half, width, height, look, station.dashed, station.rounded)
        sheet.station(box, text)


def _arrow(sheet: _Sheet, lane: Lane, x: tuple[float, float], y: float) -> None:
    """A lane's way with its number, what travels above it and when below."""
    scale = sheet.scale
    start, end = x[0] + scale.text * 0.35, x[1] - scale.text * 0.35
    sheet.paths.append(Path(((start, y), (end, y)), lane.kind, lane.stopped is not None))
    sheet.number(lane, start + 2, y)
    ink = "stop" if lane.stopped else "ink"
    left, width = start + scale.text * 0.5, end - start - scale.text * 0.7
    above = fit(lane.what or "Not said yet", width, scale.text, True, 3, scale)
    for back, text in enumerate(reversed(above)):
        line = y - scale.text * 1.3 - back * scale.lead(scale.text)
        sheet.lines.append(Line(left, line, text, scale.text, bold=True, ink=ink))
    for down, text in enumerate(fit(lane.when, width, scale.text, False, 2, scale)):
        line = y + scale.text * 1.95 + down * scale.lead(scale.text)
        sheet.lines.append(Line(left, line, text, scale.text, ink=ink))


def _draw_hub(hub: Station, into: Sequence[Lane], out: Sequence[Lane], scale: Scale) -> Drawing:
    sheet = _Sheet(scale)
    wide, columns = scale.width, _THREE
    edge = 1.0
    box = columns.giver * wide - edge
    hub_left, hub_right = columns.hub[0] * wide, columns.hub[1] * wide
    right = columns.receiver * wide
    heads = [(edge, "Who gives")] if into else []
    heads.append((hub_left, "Gives and receives"))
    top = _heads(sheet, *heads, *([(right, "Who receives")] if out else []))
    left_step = _step(into, _label_width(columns, scale, into=True, across=False), box, scale)
    far = wide - right - edge
    right_step = _step(out, _label_width(columns, scale, into=False, across=False), far, scale)
    height = max(len(into) * left_step.height, len(out) * right_step.height)
    height = max(
        height, box_text(hub, hub_right - hub_left, scale, 4).height(scale) + scale.name * 2
    )
    left_ways = _ways(len(into), left_step, top, height)
    right_ways = _ways(len(out), right_step, top, height)
    _side(sheet, into, (edge, box), left_ways, giver=True)
    _side(sheet, out, (right, far), right_ways, giver=False)
    middle = Box(hub_left, top, hub_right - hub_left, height, "hub")
    sheet.station(middle, box_text(hub, middle.width, scale, 4))
    for lane, y in zip(into, left_ways, strict=True):
        _arrow(sheet, lane, (box + edge, hub_left), y)
    for lane, y in zip(out, right_ways, strict=True):
        _arrow(sheet, lane, (hub_right, right), y)
    return sheet.finish(_legend(sheet, (*into, *out), top + height))


def _ways(count: int, step: _Step, top: float, height: float) -> list[float]:
    """Where the arrows run: evenly over the height."""
    share = height / max(1, count)
    return [top + share * at + (share - step.height) / 2 + step.arrow for at in range(count)]


def _draw_direct(lanes: Sequence[Lane], scale: Scale) -> Drawing:
    sheet = _Sheet(scale)
    wide, columns = scale.width, _TWO
    edge = 1.0
    box = columns.giver * wide - edge
    right = columns.receiver * wide
    top = _heads(sheet, (edge, "Who gives"), (right, "Who receives"))
    step = _step(lanes, _label_width(columns, scale, into=True, across=True), box, scale)
    height = step.height * len(lanes)
    ways = _ways(len(lanes), step, top, height)
    _side(sheet, lanes, (edge, box), ways, giver=True)
    _side(sheet, lanes, (right, wide - right - edge), ways, giver=False)
    for lane, y in zip(lanes, ways, strict=True):
        _arrow(sheet, lane, (box + edge, right), y)
    return sheet.finish(_legend(sheet, lanes, top + height))


_KINDS = {"named": "names people", "coded": "coded, names replaced", "counts": "counts only"}


def _legend(sheet: _Sheet, lanes: Sequence[Lane], y: float) -> float:
    """What the kinds of line that occur mean; returns where the picture ends."""
    scale = sheet.scale
    used = [(kind, text, False) for kind, text in _KINDS.items() if _uses(lanes, kind)]
    if any(lane.stopped for lane in lanes):
        used.append(("named", "stopped: may not flow yet", True))
    x, y = 1.0, y + scale.text * 1.1
    for kind, text, stopped in used:
        sample, words = scale.text * 3.4, scale.measure(text, scale.text, False)
        if x + sample + words > scale.width and x > 1:
            x, y = 1.0, y + scale.lead(scale.text) * 1.2
        sheet.paths.append(Path(((x, y), (x + sample, y)), kind, stopped, tip=False))
        x += sample + scale.text * 0.6
        sheet.lines.append(Line(x, y + scale.text * 0.34, text, scale.text))
        x += words + scale.text * 2
    return y + scale.text


def _uses(lanes: Sequence[Lane], kind: str) -> bool:
    return any(lane.kind == kind and not lane.stopped for lane in lanes)


def draw_trunk(flow: Flow, scale: Scale) -> Drawing:
    """The same flows in one column for a phone: each giver with its arrows below it."""
    plan = arrange(flow)
    sheet = _Sheet(scale)
    y = 2.0
    if plan.hub is not None and plan.into:
        y = _gather(sheet, plan, y)
        y = _branch(sheet, plan.hub, plan.out, y, hub=True)
    for station, first, last in _spans(plan.direct, giver=True):
        y = _branch(sheet, station, plan.direct[first : last + 1], y, hub=False)
    return sheet.finish(_legend(sheet, (*plan.into, *plan.out, *plan.direct), y))


def _said(lane: Lane, width: float, scale: Scale) -> tuple[str, ...]:
    words = ", ".join(part for part in (lane.what, lane.when) if part)
    return tuple(fit(words, width - scale.name * 1.6, scale.text, False, 3, scale))


def _phone_box(
    sheet: _Sheet, station: Station, lane: Lane, at: tuple[float, float], width: float
) -> Box:
    """A box that says who, and what travels there."""
    scale = sheet.scale
    text = box_text(station, width, scale)
    text = BoxText(text.names, (*text.roles, *_said(lane, width, scale)))
    height = text.height(scale) + scale.text * 1.2
    look = "stopped" if lane.stopped else "plain"
    box = Box(at[0], at[1], width, height, look, station.dashed, station.rounded)
    sheet.station(box, text)
    return box


def _gather(sheet: _Sheet, plan: Arrangement, y: float) -> float:
    """Givers on the left, running into a trunk on the right; returns where the hub starts."""
    scale = sheet.scale
    trunk, width = scale.width - scale.text * 1.6, scale.width * 0.66
    first = None
    for lane in plan.into:
        box = _phone_box(sheet, lane.giver, lane, (1, y), width)
        middle = box.y + box.height / 2
        first = middle if first is None else first
        way = ((1 + width, middle), (trunk, middle))
        sheet.paths.append(Path(way, lane.kind, lane.stopped is not None, tip=False))
        sheet.number(lane, 1 + width + scale.text * 0.7, middle)
        y = box.y + box.height + scale.text * 0.8
    y += scale.text * 1.2
    sheet.paths.append(Path(((trunk, first or y), (trunk, y))))
    return y


def _branch(
    sheet: _Sheet, station: Station, lanes: Sequence[Lane], y: float, *, hub: bool
) -> float:
    """A giver over the whole width, and below it an arrow to each receiver."""
    scale = sheet.scale
    text = box_text(station, scale.width, scale)
    head = Box(
        1, y, scale.width - 2, text.height(scale) + scale.text * 1.4, "hub" if hub else "plain"
    )
    sheet.station(head, text)
    y = middle = bottom = head.y + head.height
    trunk, left = scale.text * 1.6, scale.text * 6.5
    for lane in lanes:
        box = _phone_box(
            sheet, lane.receiver, lane, (left, y + scale.text * 0.9), scale.width - left - 1
        )
        middle = box.y + box.height / 2
        way = ((trunk, middle), (left - 2, middle))
        sheet.paths.append(Path(way, lane.kind, lane.stopped is not None))
        sheet.number(lane, trunk + scale.text * 0.7, middle)
        y = box.y + box.height
    if lanes:
        sheet.paths.append(Path(((trunk, bottom), (trunk, middle)), tip=False))
    return y + scale.text * 1.4
