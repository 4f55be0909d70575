"""Clauses over numbered literals, gates built from them, and what a solver says of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pysat.solvers import Solver

from app.core.faults import Path

T = TypeVar("T")
TRUE, FALSE = 1, -1
ENGINE = "minisat22"
LARGE = 20_000  # clauses from which on the first small set is taken
EFFORT = 3_000  # conflicts after which a search is given up
DROPS = 40  # times that hopes are given up for one model
LADDER = 6  # from so many literals on, "at most one of them" is said by a ladder


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands: its file, and the path from the top of the file."""

    file: str
    path: Path

    def at(self, *more: str | int) -> Place:
        """A place within this one."""
        return Place(self.file, (*self.path, *more))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a definition, and what it says."""

    place: Place
    says: str


@dataclass(frozen=True)
class Edit:
    """What stands in one place of a file from then on; `value` None: nothing does."""

    place: Place
    value: Any


Says = Callable[[], str]


class Later(Mapping[Any, int]):
    """Literals of which clauses are made when one of them is first asked for."""

    def __init__(self, make: Callable[[], Mapping[Any, int]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[Any, int]:
        return self._make()

    def make(self) -> None:
        """Make them now."""
        _ = self._made

    def __getitem__(self, key: Any) -> int:
        return self._made[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class Formula:
    """Clauses, gates (each built once), and the lines of definitions that clauses rest on."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = [[TRUE]]
        self.top = TRUE
        self.lines: dict[int, tuple[Place, Says]] = {}
        self.free: list[int] = []  # what people choose
        self._named: dict[Place, int] = {}
        self._gates: dict[tuple[int, ...], int] = {}

    def new(self) -> int:
        """A literal that nothing is said of yet."""
        self.top += 1
        return self.top

    def choose(self) -> int:
        """A literal that somebody's answer decides."""
        self.free.append(self.new())
        return self.top

    def add(self, *literals: int) -> None:
        """At least one of these holds."""
        self.clauses.append(list(literals))

    def named(self, place: Place, says: Says) -> int:
        """The literal of a definition line: clauses that hold only because of it carry it negated."""
        if place not in self._named:
            self._named[place] = self.new()
            self.lines[self._named[place]] = (place, says)
        return self._named[place]

    def every(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly if all of these do."""
        kept = set(literals) - {TRUE}
        if FALSE in kept or any(-each in kept for each in kept):
            return FALSE
        if len(kept) < 2:
            return kept.pop() if kept else TRUE
        key = tuple(sorted(kept))
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = self.new()
            for each in key:
                self.clauses.append([-gate, each])
            self.clauses.append([gate, *(-each for each in key)])
        return gate

    def some(self, literals: Iterable[int]) -> int:
        """A literal that holds exactly if any of these does."""
        return -self.every(-each for each in literals)

    def at_least(self, number: int, literals: Sequence[int]) -> int:
        """A literal that holds exactly if at least so many of these do."""
        counted = [TRUE] + [FALSE] * number
        for each in literals:
            for n in range(number, 0, -1):
                counted[n] = self.some([counted[n], self.every([counted[n - 1], each])])
        return counted[number]

    def same(self, a: int, b: int, given: int = TRUE) -> None:
        """Both hold or neither, where `given` does."""
        self.add(-given, -a, b)
        self.add(-given, a, -b)

    def at_most_one(self, literals: Sequence[int], given: int = TRUE) -> None:
        """No two of these hold, where `given` does."""
        if len(literals) < LADDER:
            for n, a in enumerate(literals):
                for b in literals[n + 1 :]:
                    self.add(-given, -a, -b)
            return
        before = literals[0]
        for each in literals[1:]:
            self.add(-given, -before, -each)
            after = self.new()
            self.add(-before, after)
            self.add(-each, after)
            before = after

    def exactly_one(self, literals: Sequence[int], given: int = TRUE) -> None:
        """One of these holds, where `given` does."""
        self.add(-given, *literals)
        self.at_most_one(literals, given)


class Model:
    """One way in which a formula holds."""

    __slots__ = ("_signs",)

    def __init__(self, literals: list[int]) -> None:
        self._signs = literals

    def __contains__(self, literal: int) -> bool:
        return self.knows(literal) and self._signs[abs(literal) - 1] == literal

    def chosen(self, literals: Mapping[T, int]) -> list[T]:
        """Those whose literal holds; all of them are known and positive."""
        signs = self._signs
        return [each for each, literal in literals.items() if signs[literal - 1] > 0]

    def knows(self, literal: int) -> bool:
        """Whether it was made when there was this literal."""
        return abs(literal) <= len(self._signs)


class Oracle:
    """Answers whether a formula can hold together with some literals, all its lines standing."""

    def __init__(self, formula: Formula, seed: int = 1) -> None:
        self.formula = formula
        self.asked = 0
        self._fed = 0
        self._stated: set[int] = set()
        self._solver = Solver(name=ENGINE)
        # Other answers each time: one witness then shows more that can happen.
        self._chance = random.Random(seed)  # noqa: S311 - variety, no secret

    def _feed(self) -> None:
        clauses = self.formula.clauses
        if self._fed < len(clauses):
            self._solver.append_formula(clauses[self._fed :], no_return=True)
            self._fed = len(clauses)
        for line in self.formula.lines.keys() - self._stated:
            self._solver.add_clause([line])
            self._stated.add(line)

    def model(self, literals: Iterable[int], rather: Iterable[int] = ()) -> Model | None:
        """One way in which these hold, and rather those as well; None: there is none."""
        self._shuffle(rather)
        return Model(self._solver.get_model()) if self.holds(literals) else None

    def widest(
        self, literals: Sequence[int], hoped: Iterable[Sequence[int]], rather: Iterable[int] = ()
    ) -> Model | None:
        """One way in which these hold, and with them as many of the hoped ones as go together."""
        self._shuffle(rather)
        groups = [tuple(each) for each in hoped]
        owners: dict[int, list[int]] = {}
        for n, several in enumerate(groups):
            for each in several:
                owners.setdefault(each, []).append(n)
        kept = dict.fromkeys(range(len(groups)))
        for _ in range(DROPS):
            if self.holds([*literals, *[each for n in kept for each in groups[n]]]):
                return Model(self._solver.get_model())
            core = self._solver.get_core() or ()
            # Those that cannot be together, but for the first of them, wait for another model.
            clash = sorted({n for each in core for n in owners.get(each, ()) if n in kept})
            if not clash:
                return None
            for n in clash[len(clash) > 1 :]:
                del kept[n]
        return self.model(literals, rather)

    def _shuffle(self, rather: Iterable[int]) -> None:
        """Look at other answers first than the last time, and at those that had better be."""
        self._feed()
        free = self.formula.free
        bits = f"{self._chance.getrandbits(len(free) + 1):0{len(free) + 1}b}"
        phases = [each if bit == "1" else -each for each, bit in zip(free, bits, strict=False)]
        self._solver.set_phases([*phases, *rather])

    def holds(self, literals: Iterable[int]) -> bool:
        """Whether these can hold together."""
        self._feed()
        self.asked += 1
        found: bool = self._solver.solve(assumptions=list(literals))
        return found

    def close(self) -> None:
        """Let go of the solver."""
        self._solver.delete()


class Contradictions:
    """Finds the smallest set of lines that rule something out."""

    TRIES = 60

    def __init__(self, formula: Formula) -> None:
        self._formula = formula
        self._solver = Solver(name=ENGINE, bootstrap_with=formula.clauses)

    def among(self, wanted: Iterable[int]) -> list[int]:
        """The fewest of the wanted literals and of the lines that cannot hold together.

        A set from which nothing can be left out is found first; then, some times over, whether
        starting elsewhere gives a smaller one.
        """
        every = list(dict.fromkeys((*wanted, *self._formula.lines)))
        if self._solver.solve(assumptions=every):
            return []
        best = self._shrunk(self._solver.get_core())
        chance = random.Random(0)  # noqa: S311 - variety, no secret
        tries = min(self.TRIES, 4 * len(best)) if len(self._formula.clauses) < LARGE else 0
        for _ in range(tries):
            left_out = chance.choice(best)
            if self._solver.solve(assumptions=[each for each in every if each != left_out]):
                continue
            other = self._shrunk(self._solver.get_core())
            if len(other) < len(best):
                best = other
        return best

    def _shrunk(self, core: list[int]) -> list[int]:
        kept = list(core)
        for each in core:
            rest = [one for one in kept if one != each]
            # Where it would take long to see whether one can be left out, it stays.
            self._solver.conf_budget(EFFORT)
            if self._solver.solve_limited(assumptions=rest) is False:
                found = set(self._solver.get_core() or ())
                kept = [one for one in rest if one in found]
        return kept

    def close(self) -> None:
        """Let go of the solver."""
        self._solver.delete()
