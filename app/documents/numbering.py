"""Which number and which anchor each block of a document has: the same in Word and in HTML."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.blocks import Block, Clause, Flagged, Heading, Part, Run, Runs


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with what its place gives it."""

    block: Block
    number: str = ""
    anchor: str = ""
    title: str = ""  # of what can be listed in the contents
    top: bool = False  # listed there
    level: int = 0  # of what has a heading: never more than one below the heading before it


class _Count:
    """Numbers of headings and clauses as they come."""

    def __init__(self, *, numbers_headings: bool) -> None:
        self.numbers_headings = numbers_headings
        self.first = 0
        self.second = 0
        self.under_a_number = False
        self.clause = 0
        self.text = 0
        self.open: list[int] = []  # the levels, as written, that a heading stands under

    def step(self, level: int) -> int:
        """A level that skips none, and is the same for headings written alike."""
        while self.open and self.open[-1] >= level:
            self.open.pop()
        self.open.append(level)
        return len(self.open)

    def heading(self, block: Heading, level: int) -> str:
        """The number of a heading: "2" or "2.1"; the third level has none."""
        numbered = block.numbered and self.numbers_headings
        if level == 1:
            self.under_a_number = numbered
            if not numbered:
                return ""
            self.first += 1
            self.second = 0
            return str(self.first)
        if level == 2 and numbered and self.under_a_number:
            self.second += 1
            return f"{self.first}.{self.second}"
        return ""

    def clause_number(self, block: Clause) -> str:
        """The number of a clause, or of one more paragraph of the clause before it."""
        if block.title or not self.clause:
            self.clause += 1
            self.text = 0
        if block.runs:
            self.text += 1
        return str(self.clause) if block.title else f"{self.clause}.{self.text}"


def place(blocks: Iterable[Block]) -> tuple[Placed, ...]:
    """Every block with its number and, where something can link to it, its anchor.

    Where there are clauses, they alone are numbered: "clause 3" must mean one thing.
    """
    every = tuple(blocks)
    count = _Count(numbers_headings=not any(isinstance(block, Clause) for block in every))
    return tuple(_place(at, block, count) for at, block in enumerate(every, 1))


def _place(at: int, block: Block, count: _Count) -> Placed:
    match block:
        case Heading():
            level = count.step(block.level)
            number = count.heading(block, level)
            top = level == 1 and block.numbered
            return Placed(block, number, block.anchor or f"h-{at}", block.text, top, level)
        case Clause():
            number = count.clause_number(block)
            level = count.step(2) if block.title else 0
            return Placed(block, number, f"c-{at}", block.title, bool(block.title), level)
        case Part():
            count.open, count.under_a_number = [1], False
            return Placed(block, "", block.anchor or f"p-{at}", block.title, top=True, level=1)
        case Flagged():
            level = count.step(2)
            return Placed(block, block.number, block.anchor, block.title, level=level)
        case _:
            return Placed(block)


def space_out(runs: Runs) -> Runs:
    """Marks that stand beside each other, with a space between any two that have none."""
    out: list[Run] = []
    for run in runs:
        if out and not out[-1].text.endswith(" ") and not run.text.startswith((" ", ".", ",")):
            out.append(Run(" "))
        out.append(run)
    return tuple(out)
