"""The parts a picture is made of, in one coordinate system for print and screen."""

from collections.abc import Callable
from dataclasses import dataclass

from app.documents.flow import Station

# The width of a text: (text, size, bold) -> units.
Measure = Callable[[str, float, bool], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    ink: str = "ink"  # ink | quiet | stop | paper | soft
    anchor: str = "start"  # start | middle | end


@dataclass(frozen=True, slots=True)
class Box:
    """An organisation."""

    x: float
    y: float
    width: float
    height: float
    look: str = "plain"  # plain | hub | stopped
    dashed: bool = False
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A way along straight pieces, with a tip at its end if it is an arrow."""

    points: tuple[tuple[float, float], ...]
    kind: str = "named"  # named | coded | counts
    stopped: bool = False
    tip: bool = True


@dataclass(frozen=True, slots=True)
class Disc:
    """The number of a flow on its way; eight-sided when the flow is stopped."""

    x: float
    y: float
    text: str
    half: float  # half its width
    radius: float
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture before it is drawn."""

    width: float
    height: float
    boxes: tuple[Box, ...] = ()
    paths: tuple[Path, ...] = ()
    discs: tuple[Disc, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes in one medium: units are pixels on screen and 1/96 inch in print."""

    width: float
    name: float  # size of names
    text: float  # size of all else
    measure: Measure
    most_lanes: int = 10_000  # in one picture, so that it fits a page

    def lead(self, size: float) -> float:
        """From one line of this size to the next."""
        return size * 1.25


def wrap(text: str, width: float, size: float, bold: bool, scale: Scale) -> list[str]:
    """Text in lines no wider than `width`; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if scale.measure(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        pieces = _break(word, width, size, bold, scale)
        lines.extend(pieces[:-1])
        line = pieces[-1]
    return [*lines, line] if line else lines


def _break(word: str, width: float, size: float, bold: bool, scale: Scale) -> list[str]:
    pieces: list[str] = []
    while scale.measure(word, size, bold) > width and len(word) > 1:
        fits = next(
            (
                n
                for n in range(len(word) - 1, 1, -1)
                if scale.measure(word[:n], size, bold) <= width
            ),
            1,
        )
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def fit(text: str, width: float, size: float, bold: bool, most: int, scale: Scale) -> list[str]:
    """At most `most` lines; what is left out is marked, and said in full in the table."""
    lines = wrap(text[:400], width, size, bold, scale)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and scale.measure(last + "…", size, bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;.") + "…"]


@dataclass(frozen=True, slots=True)
class BoxText:
    """What stands in a box, already in lines."""

    names: tuple[str, ...]
    roles: tuple[str, ...]

    def height(self, scale: Scale) -> float:
        """How high the lines stand together."""
        return len(self.names) * scale.lead(scale.name) + len(self.roles) * scale.lead(scale.text)


def box_text(station: Station, width: float, scale: Scale, most: int = 2) -> BoxText:
    """The name and the role of an organisation, in lines: at most so many for the role."""
    inner = width - scale.name * 1.6
    return BoxText(
        tuple(fit(station.name or "Not said yet", inner, scale.name, True, 3, scale)),
        tuple(fit(station.role, inner, scale.text, False, most, scale)),
    )


def set_text(text: BoxText, box: Box, scale: Scale) -> tuple[Line, ...]:
    """The lines of a box, in the middle of its height."""
    ink, soft = ("paper", "soft") if box.look == "hub" else ("ink", "quiet")
    x = box.x + scale.name * 0.8
    y = box.y + (box.height - text.height(scale)) / 2
    out: list[Line] = []
    for name in text.names:
        y += scale.lead(scale.name)
        out.append(Line(x, y - scale.name * 0.32, name, scale.name, bold=True, ink=ink))
    for role in text.roles:
        y += scale.lead(scale.text)
        out.append(Line(x, y - scale.text * 0.32, role, scale.text, ink=soft))
    return tuple(out)
