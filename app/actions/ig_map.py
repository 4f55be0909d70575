"""The map of who decides on information: every organisation against its roles, with gaps and dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.actions.organisation_sheets import ListedOrganisation
from app.catalogue import Organisations
from app.core.register import Role


class State(StrEnum):
    """How a role stands in an organisation."""

    HELD = "held"
    GAP = "gap"  # someone is needed and nobody is named
    NEEDLESS = "needless"  # this kind of organisation does not have the role
    UNKNOWN = "unknown"  # nobody has said yet


@dataclass(frozen=True, slots=True)
class Cell:
    """One role in one organisation: who holds it, and what else is to be said."""

    role: str
    state: State
    holder: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation on the map. `again`: its record should be gone through again."""

    organisation: ListedOrganisation
    kind: str
    kind_title: str
    cells: tuple[Cell, ...]
    checked: date | None
    again: bool

    @property
    def gaps(self) -> int:
        """How many roles have nobody."""
        return sum(cell.state is State.GAP for cell in self.cells)

    @property
    def unknown(self) -> int:
        """How many roles nobody has said anything of."""
        return sum(cell.state is State.UNKNOWN for cell in self.cells)


@dataclass(frozen=True, slots=True)
class IgMap:
    """All organisations, and the titles of the roles."""

    roles: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def gaps(self) -> int:
        """The gaps of all."""
        return sum(line.gaps for line in self.lines)

    @property
    def again(self) -> int:
        """How many records should be gone through again."""
        return sum(line.again for line in self.lines)

    @property
    def unknown(self) -> int:
        """How many organisations have not said everything."""
        return sum(line.unknown > 0 for line in self.lines)

    @property
    def whole(self) -> int:
        """In how many organisations every role is filled, or not needed."""
        return sum(not line.gaps and not line.unknown for line in self.lines)


def draw_map(catalogue: Organisations, listed: Iterable[ListedOrganisation]) -> IgMap:
    """The map of these organisations, from what was kept of them in brief."""
    register = catalogue.pipeline
    lines = tuple(_line(catalogue, each) for each in listed)
    return IgMap(tuple(role.title for role in register.roles), lines)


def _line(catalogue: Organisations, each: ListedOrganisation) -> Line:
    register = catalogue.pipeline
    checked = each.facts.get(register.checked.date)
    age = each.facts.get(register.checked.standing)
    said = each.facts.get(register.kind)
    kind = str(said.value) if said else each.kind
    kinds = catalogue.program.scope[register.kind].codes
    return Line(
        each,
        kind,
        kinds.get(kind, kind),
        tuple(_cell(catalogue, role, each) for role in register.roles),
        date.fromisoformat(str(checked.value)) if checked else None,
        age is not None and age.value in register.checked.again,
    )


def _cell(catalogue: Organisations, role: Role, each: ListedOrganisation) -> Cell:
    standing, holder = each.facts.get(role.standing), each.facts.get(role.holder)
    if standing is None:
        return Cell(role.title, State.UNKNOWN)
    code = str(standing.value)
    label = catalogue.program.scope[role.standing].label(code)
    held = str(holder.value) if holder else ""
    if code in role.gaps:
        return Cell(role.title, State.GAP, held, label)
    if code in role.needless:
        return Cell(role.title, State.NEEDLESS, "", label)
    if not held:
        return Cell(role.title, State.UNKNOWN)
    return Cell(role.title, State.HELD, held, "" if code in role.held else label)
