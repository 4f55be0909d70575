"""A catalogue while it is compiled: what is known so far, and where each definition stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.core import logic
from app.core.domains import Domain
from app.core.faults import Faults, Path
from app.core.logic import Expression
from app.core.program import Node, Place, Source
from app.core.questions import Question
from app.core.rules import (
    Bands,
    Decision,
    FlagRule,
    Matrix,
    NamedCondition,
    Offer,
    Rules,
    Score,
)
from app.core.soundness import Amiss

R = TypeVar("R")
Scope = Mapping[str, Domain]
_KEYS: Mapping[type, str] = {
    NamedCondition: "conditions",
    Score: "scores",
    Bands: "bands",
    Decision: "decisions",
    Offer: "offers",
    FlagRule: "flags",
    Matrix: "matrices",
}
"""Under which key of a file each kind of rule stands."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: a file, and the path in it. Its faults are noted there."""

    faults: Faults
    path: Path

    def at(self, *more: str | int) -> Spot:
        """A place within this one."""
        return Spot(self.faults, (*self.path, *more))

    def fault(self, message: str) -> None:
        """Note what is wrong here."""
        self.faults.add(self.path, message)

    def missing(self, said: str, name: str, known: Iterable[str]) -> None:
        """Note that a name is not known, with the nearest one that is."""
        self.faults.missing(self.path, said, name, known)

    def amiss(self, found: Iterable[Amiss]) -> None:
        """Note everything that is wrong within this place."""
        for key, message in found:
            self.at(*key).fault(message)


class Draft:
    """What is known of a catalogue so far; each step of compiling adds its part."""

    def __init__(
        self,
        sources: Iterable[Source],
        rules: Iterable[tuple[str, Rules]],
        route: tuple[str, Decision] | None,
        faults: Mapping[str, Faults],
    ) -> None:
        self.sources = tuple(sources)
        self.rules = tuple(rules)
        self.route = route
        self.faults = faults
        self.where: dict[str, Spot] = {}
        self.questions: dict[str, Question] = {}
        self.places: dict[str, list[Place]] = {}
        self.placed: dict[str, list[Expression | None]] = {}
        self.scope: dict[str, Domain] = {}
        self.matrices: dict[str, Matrix] = {}
        self.bands: dict[str, Bands] = {}
        self.offers: dict[str, Offer] = {}
        self.nodes: dict[str, Node] = {}
        self.pages: dict[tuple[str, str], Expression] = {}  # when each is asked
        self.gates: list[tuple[Spot, Expression, int]] = []  # with the rank of what they gate

    def spot(self, file: str, *path: str | int) -> Spot:
        """A place in a file."""
        return Spot(self.faults[file], path)

    def each(self, kind: type[R]) -> Iterator[tuple[Spot, R]]:
        """Every rule of a kind, with where it stands."""
        key = _KEYS[kind]
        for file, rules in self.rules:
            for n, rule in enumerate(getattr(rules, key)):
                yield self.spot(file, key, n), rule

    def decisions(self) -> Iterator[tuple[Spot, Decision]]:
        """Every decision; the route is the last."""
        yield from self.each(Decision)
        if self.route:
            file, route = self.route
            yield self.spot(file, "route"), route

    def condition(self, raw: object, spot: Spot, scope: Scope | None = None) -> Expression:
        """A condition over the whole project, or over the columns of a row."""
        return logic.read(raw, self.scope if scope is None else scope, spot.path, spot.faults)
