"""Who gives what to whom, arranged for a picture: lanes, a hub if there is one, like with like."""

from collections import Counter
from dataclasses import dataclass, replace

from app.core.blocks import Cell, Flow, FlowEnd, FlowLine, Run, Table, Tone

MANY = 12  # from here on, flows that say the same are drawn as one
_ALIKE = 3  # so many of them at least
_HUB_SHARE = 0.6  # of all flows, for an organisation to be drawn in the middle


@dataclass(frozen=True, slots=True)
class Station:
    """A box of the picture: one organisation, or several that do the same."""

    keys: tuple[str, ...]
    name: str
    role: str
    dashed: bool = False
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One arrow of the picture: one flow, or several that say the same."""

    numbers: tuple[int, ...]
    giver: Station
    receiver: Station
    what: str
    when: str
    kind: str
    stopped: str | None

    @property
    def label(self) -> str:
        """Its number, or from which to which."""
        first, last = self.numbers[0], self.numbers[-1]
        if len(self.numbers) == 1:
            return str(first)
        if last - first == len(self.numbers) - 1:
            return f"{first}\u2013{last}"
        return f"{first}+{len(self.numbers) - 1}"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is drawn: lanes into the hub and out of it, and lanes straight across."""

    hub: Station | None
    into: tuple[Lane, ...]
    out: tuple[Lane, ...]
    direct: tuple[Lane, ...]


def arrange(flow: Flow) -> Arrangement:
    """The lanes of a flow, with the organisation most of them pass through in the middle."""
    ends = {end.key: end for end in flow.ends}
    lanes = [_lane(line, ends) for line in flow.lines]
    if len(lanes) > MANY:
        lanes = _join(_join(lanes, giver=True), giver=False)
    hub = _find_hub(lanes)
    if hub is None:
        return Arrangement(None, (), (), _in_order(lanes))
    rest = [lane for lane in lanes if hub not in (lane.giver, lane.receiver)]
    into = [lane for lane in lanes if lane.receiver == hub]
    out = [lane for lane in lanes if lane.giver == hub and lane.receiver != hub]
    return Arrangement(hub, _in_order(into), _in_order(out, by_receiver=True), _in_order(rest))


def _lane(line: FlowLine, ends: dict[str, FlowEnd]) -> Lane:
    when = f"Stopped: see {line.stopped}" if line.stopped else line.when
    giver, receiver = _station(line.giver, ends), _station(line.receiver, ends)
    return Lane((line.number,), giver, receiver, line.what, when, line.kind, line.stopped)


def _station(key: str, ends: dict[str, FlowEnd]) -> Station:
    end = ends.get(key) or FlowEnd(key, "Not said yet", "")
    return Station((key,), end.name, end.role, end.dashed, end.rounded)


def _join(lanes: list[Lane], *, giver: bool) -> list[Lane]:
    """Lanes that differ only in who gives (or receives), drawn as one."""
    groups: dict[object, list[Lane]] = {}
    for lane in lanes:
        side, other = (lane.giver, lane.receiver) if giver else (lane.receiver, lane.giver)
        same = (other.keys, side.role, side.dashed, side.rounded)
        groups.setdefault((same, lane.what, lane.when, lane.kind, lane.stopped), []).append(lane)
    out: list[Lane] = []
    for group in groups.values():
        stations = [lane.giver if giver else lane.receiver for lane in group]
        if len({station.keys for station in stations}) < _ALIKE:
            out.extend(group)
            continue
        joined = _together(stations)
        numbers = tuple(sorted(number for lane in group for number in lane.numbers))
        first = replace(group[0], numbers=numbers)
        out.append(replace(first, giver=joined) if giver else replace(first, receiver=joined))
    return out


def _together(stations: list[Station]) -> Station:
    distinct = list(dict.fromkeys(stations))
    keys = tuple(dict.fromkeys(key for station in distinct for key in station.keys))
    role = f"{distinct[0].name} and {len(keys) - 1} more"
    return replace(distinct[0], keys=keys, name=f"{len(keys)} organisations", role=role)


def _find_hub(lanes: list[Lane]) -> Station | None:
    """The organisation that receives from some, gives to others, and is in most lanes."""
    receives: Counter[Station] = Counter()
    gives: Counter[Station] = Counter()
    for lane in lanes:
        if lane.giver != lane.receiver:
            receives[lane.receiver] += len(lane.numbers)
            gives[lane.giver] += len(lane.numbers)
    both = [station for station in receives if station in gives]
    if not both:
        return None
    hub = max(both, key=lambda station: receives[station] + gives[station])
    through = receives[hub] + gives[hub]
    flows = sum(len(lane.numbers) for lane in lanes)
    return hub if through >= 3 and through / flows >= _HUB_SHARE else None


def _in_order(lanes: list[Lane], *, by_receiver: bool = False) -> tuple[Lane, ...]:
    """Lanes of one organisation beside each other, in the order they are first met."""
    first: dict[Station, int] = {}
    for lane in lanes:
        first.setdefault(lane.receiver if by_receiver else lane.giver, len(first))
    second: dict[Station, int] = {}
    for lane in lanes:
        second.setdefault(lane.giver if by_receiver else lane.receiver, len(second))

    def place(lane: Lane) -> tuple[int, int, int]:
        near, far = lane.giver, lane.receiver
        if by_receiver:
            near, far = far, near
        return first[near], second[far], lane.numbers[0]

    return tuple(sorted(lanes, key=place))


def describe(flow: Flow) -> str:
    """The flows in words, for those who do not see the picture."""
    names = {end.key: end.name for end in flow.ends}
    said = [
        f"{line.number}: {names.get(line.giver, 'not said yet')} gives "
        f"{names.get(line.receiver, 'not said yet')} {line.what or 'something not said yet'}"
        + (f", stopped, see {line.stopped}" if line.stopped else "")
        + "."
        for line in flow.lines[:MANY]
    ]
    more = len(flow.lines) - MANY
    if more > 0:
        said.append(f"And {more} more.")
    return " ".join([flow.description, *said, "The table says the same in words."]).strip()


def flow_table(flow: Flow) -> Table:
    """The data flows in words: what the picture says, and every name in full."""
    names = {end.key: end.name for end in flow.ends}
    stops = any(line.stopped for line in flow.lines)
    header = ("Flow", "From", "To", "What", "How often", "State")
    rows = []
    for line in flow.lines:
        state = (
            Run(f"Stopped: see {line.stopped}", Tone.STOP) if line.stopped else Run("Not stopped")
        )
        texts = (
            Run(str(line.number)),
            _said(names.get(line.giver, "")),
            _said(names.get(line.receiver, "")),
            _said(line.what),
            _said(line.when),
            state,
        )
        rows.append(tuple(Cell(((text,),)) for text in (texts if stops else texts[:5])))
    widths = (7, 18, 18, 20, 16, 21) if stops else (8, 22, 22, 26, 22)
    shown = header if stops else header[:5]
    return Table(f"{flow.caption}: the same in words", shown, tuple(rows), widths)


def _said(text: str) -> Run:
    return Run(text) if text else Run("Not answered yet", Tone.UNANSWERED)
