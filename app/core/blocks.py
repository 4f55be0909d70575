"""What a document is made of: plain blocks, which Word and HTML both draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """How a piece of text or a cell is marked; always together with a word."""

    PLAIN = "plain"
    QUIET = "quiet"  # captions, who and when
    STRONG = "strong"
    EMPHASIS = "emphasis"
    UNANSWERED = "unanswered"
    STOP = "stop"
    BREACH = "breach"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"
    OK = "ok"
    TAG = "tag"  # "not yet confirmed by a DPO"


RATED: Mapping[str, Tone] = {each.value: each for each in (Tone.HIGH, Tone.MEDIUM, Tone.LOW)}
"""How each rating of a risk matrix is marked, gravest first."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one tone; `to` links to a block's anchor or an https address."""

    text: str
    tone: Tone = Tone.PLAIN
    to: str | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 to 3. Numbered by the renderer (level 1 "1", level 2 "1.1") unless told not to.

    Where a document has clauses, they alone are numbered.
    """

    text: str
    level: int = 1
    anchor: str | None = None
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `tone` QUIET is the small style, STRONG the lead, EMPHASIS an inset."""

    runs: Runs
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered when the order matters (what happens next)."""

    items: tuple[Runs, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: paragraphs of runs. A tone other than PLAIN fills it (with its worded text)."""

    paragraphs: tuple[Runs, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row. `widths` are parts of the measure, summing to 100."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()
    show_caption: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what is said of it (answers, document control)."""

    caption: str
    pairs: tuple[tuple[str, Cell], ...]
    show_caption: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first sentence of a report: what holds it up, or that nothing does."""

    runs: Runs
    tone: Tone


@dataclass(frozen=True, slots=True)
class Tile:
    """A count with its word."""

    count: str
    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Tiles:
    """Counts side by side at the top of a report."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A risk or flag placed in the matrix: its number, a title and where its text stands."""

    number: str
    title: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One cell: its rating's word and tone and what sits in it, before and after measures."""

    word: str
    tone: Tone
    before: tuple[Mark, ...] = ()
    after: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Severity down (gravest first), likelihood across (rising)."""

    caption: str
    likelihood: tuple[str, ...]
    severity: tuple[str, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """An organisation in the flow picture."""

    key: str
    name: str
    role: str  # "Controller, NHS"
    dashed: bool = False  # a processor
    rounded: bool = False  # NHS


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One data flow. `kind`: named (solid), coded (dashed), counts (dotted)."""

    number: int
    giver: str  # FlowEnd.key
    receiver: str
    what: str
    when: str
    kind: str
    stopped: str | None = None  # the flag that stops it, as "flag 3"


@dataclass(frozen=True, slots=True)
class Flow:
    """The data flows as a picture; the same facts follow as a table.

    `description` comes before the flows in the words for those who do not see the picture.
    """

    caption: str
    ends: tuple[FlowEnd, ...]
    lines: tuple[FlowLine, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One score: its value or None when incomplete, band in words, and breaches."""

    label: str
    value: float | None
    band: str
    breaches: tuple[str, ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """Scores on one axis; `ticks` are (value, label) where a band begins."""

    caption: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]

    def share(self, value: float) -> float:
        """Where a value stands on the axis, from 0 to 1; what is beyond an end stands at the end."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Flagged:
    """One flag, whole."""

    number: str
    title: str
    anchor: str
    marks: Runs  # STOP, HIGH, "Probable, significant harm.", "Stops the DPIA from being closed."
    rows: tuple[tuple[str, Cell], ...]  # Because, Answers, Measures, Source
    edge: Tone


AGREED = "Agreed wording. Do not change in this copy."


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause with lettered parts. Locked text is agreed and marked so.

    One without a title is the next paragraph of the clause before it: 3.2 after 3.1.
    """

    title: str
    runs: Runs
    parts: tuple[Runs, ...] = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Room for one signature, or the signature given."""

    organisation: str
    signatory: str
    authority: str
    binds: str
    signed: str | None = None  # "Signed by ... on ..."


@dataclass(frozen=True, slots=True)
class Part:
    """Starts a part on a new page with its own title and footer name (a schedule, an annex)."""

    title: str
    anchor: str | None = None


Block = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | Facts
    | Verdict
    | Tiles
    | Matrix
    | Flow
    | Bars
    | Flagged
    | Clause
    | Signature
    | Part
)


@dataclass(frozen=True, slots=True)
class Control:
    """What every page and the properties of a document say of it."""

    title: str
    project: str
    marking: str
    release: str
    content_hash: str
    on: str  # ISO date: document dates come from data, never from the clock
    status: str = "Draft"
    author: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A composed document."""

    control: Control
    blocks: tuple[Block, ...] = field(default=())
    contents: bool = True  # a list of contents after the title
