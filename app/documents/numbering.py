"""Which number and which anchor each block of a document has: the same in Word and in HTML."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.blocks import Block, Clause, Flagged, Heading, Part


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with what its place gives it."""

    block: Block
    number: str = ""
    anchor: str = ""
    title: str = ""  # of what can be listed in the contents
    top: bool = False  # listed there


class _Count:
    """Numbers of headings and clauses as they come."""

    def __init__(self) -> None:
        self.first = 0
        self.second = 0
        self.under_a_number = False
        self.clause = 0
        self.text = 0

    def heading(self, block: Heading) -> str:
        """The number of a heading: "2" or "2.1"; the third level has none."""
        if block.level == 1:
            self.under_a_number = block.numbered
            if not block.numbered:
                return ""
            self.first += 1
            self.second = 0
            return str(self.first)
        if block.level == 2 and block.numbered and self.under_a_number:
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
    """Every block with its number and, where something can link to it, its anchor."""
    count = _Count()
    return tuple(_place(at, block, count) for at, block in enumerate(blocks, 1))


def _place(at: int, block: Block, count: _Count) -> Placed:
    if isinstance(block, Heading):
        number = count.heading(block)
        anchor = block.anchor or f"h-{at}"
        return Placed(block, number, anchor, block.text, top=block.level == 1 and bool(number))
    if isinstance(block, Clause):
        number = count.clause_number(block)
        return Placed(block, number, f"c-{at}", block.title, top=bool(block.title))
    if isinstance(block, Part):
        count.under_a_number = False
        return Placed(block, "", block.anchor or f"p-{at}", block.title, top=True)
    if isinstance(block, Flagged):
        return Placed(block, block.number, block.anchor, block.title)
    return Placed(block)
