"""Which rules say the same, and which are raised whenever another one is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.core.logic import Holds
from app.core.program import ConditionNode, Raising
from app.core.proof.claims import Claim, Judged, NotSure
from app.core.proof.formula import Model, Oracle
from app.core.proof.lines import Definitions, Said, short
from app.core.proof.ruling import said_of
from app.core.proof.world import World

SAME = "keep one of them, or let one say {var: ...} with the name of the other"
TWICE = "keep one of them, or change one so that they differ"
IMPLIED = "remove {a}, give it another severity, or write `implies: [{b}]` in it to accept this"
UNTRUE = "take {b} out of `implies`"


@dataclass(frozen=True)
class Pair:
    """Whenever `a` holds, `b` does, unless the claim can be."""

    a: str
    b: str
    claim: Claim


class Comparison:
    """Looks for flags of one severity that are never raised without another one."""

    def __init__(
        self, definitions: Definitions, world: World, oracle: Oracle, models: Iterable[Model]
    ) -> None:
        self.flags = definitions.program.flags
        self.oracle = oracle
        self.surely = {each.rule.id: world.outcome(each.when)[0] for each in self.flags}
        self.count = 0
        self.raised = dict.fromkeys(self.surely, 0)  # the models that raise each, as bits
        self.known = dict.fromkeys(self.surely, 0)  # the models that say of each
        for model in models:
            self.note(model)

    def note(self, model: Model) -> None:
        """Remember which flags one more model raises."""
        for id_, literal in self.surely.items():
            self.known[id_] |= model.knows(literal) << self.count
            self.raised[id_] |= (literal in model) << self.count
        self.count += 1

    def implications(self) -> dict[tuple[str, str], tuple[Raising, Raising]]:
        """The pairs of which the first is never raised without the second, though it can be."""
        found = {}
        for a in self.flags:
            if self.raised[a.rule.id]:
                for b in self.implied(a):
                    found[a.rule.id, b.rule.id] = a, b
        return found

    def implied(self, a: Raising) -> list[Raising]:
        """The flags that one flag implies."""
        surely = self.surely[a.rule.id]
        left = self.never_apart(a)
        if not left:
            return []
        model = self.oracle.model([surely, *(-self.surely[b.rule.id] for b in left)])
        if model is not None:
            self.note(model)
            return []
        found = []
        for b in left:
            if self._never_apart(a, b):
                model = self.oracle.model([surely, -self.surely[b.rule.id]])
                if model is None:
                    found.append(b)
                else:
                    self.note(model)
        return found

    def never_apart(self, a: Raising) -> list[Raising]:
        """The flags of its severity that every model so far raises with it."""
        return [
            b
            for b in self.flags
            if b is not a and b.rule.severity == a.rule.severity and self._never_apart(a, b)
        ]

    def _never_apart(self, a: Raising, b: Raising) -> bool:
        without = self.known[b.rule.id] & ~self.raised[b.rule.id]
        return self.raised[a.rule.id] & without == 0


def stated(definitions: Definitions) -> Iterator[tuple[Raising, Raising]]:
    """Flags that are said to imply each other."""
    by_id = {each.rule.id: each for each in definitions.program.flags}
    for a in definitions.program.flags:
        for name in a.rule.implies:
            yield a, by_id[name]


def same_conditions(
    definitions: Definitions, world: World, models: Sequence[Model]
) -> Iterator[tuple[Pair, Pair]]:
    """Named conditions that no model so far tells apart, both ways; not one that names the other."""
    named = [n for n in definitions.program.nodes.values() if isinstance(n, ConditionNode)]
    surely = {node.id: world.outcome(node.when)[0] for node in named}
    saying = [model for model in models if all(map(model.knows, surely.values()))]
    by_bits: dict[tuple[bool, ...], list[ConditionNode]] = {}
    for node in named:
        bits = tuple(surely[node.id] in model for model in saying)
        by_bits.setdefault(bits, []).append(node)
    for alike in by_bits.values():
        for a, b in combinations(alike, 2):
            if not _names(a, b) and not _names(b, a):
                yield _named(definitions, a, b), _named(definitions, b, a)


def _names(a: ConditionNode, b: ConditionNode) -> bool:
    return isinstance(a.when, Holds) and a.when.var == b.id


def _named(definitions: Definitions, a: ConditionNode, b: ConditionNode) -> Pair:
    saids = []
    for node in (a, b):
        place = definitions.where.rule("conditions", node.id).at("when")
        saids.append(Said(node.when, node.rule.when, place, f"“{node.rule.title}” means that"))
    says = f"“{short(a.rule.title)}” ({a.id}) and “{short(b.rule.title)}” ({b.id}) mean the same"
    atoms = (Judged(saids[0]), NotSure(saids[1]))
    claim = Claim("duplicate", f"{a.id}={b.id}", saids[0].place, atoms, says, SAME)
    return Pair(a.id, b.id, claim)


def apart(definitions: Definitions, a: Raising, b: Raising, kind: str) -> Claim:
    """The claim that one flag can be raised without another."""
    one, other = a.rule, b.rule
    said = said_of(definitions, a)
    place = definitions.where.rule("flags", one.id)
    says = f"{one.id} says that it implies {other.id}, but it can be raised without it"
    mend = UNTRUE
    if kind == "implied":
        titles = f"{one.id} “{short(one.title)}” is raised, {other.id} “{short(other.title)}”"
        says = f"whenever {titles} is raised as well, and both have the same severity"
        mend = IMPLIED
    at = place.at("implies", one.implies.index(other.id)) if kind == "implies" else place.at("when")
    atoms = (Judged(said), NotSure(said_of(definitions, b)))
    name = f"{one.id}>{other.id}"
    return Claim(kind, name, at, atoms, says, mend.format(a=one.id, b=other.id))


def duplicate(claim: Claim, a: Raising, b: Raising) -> Claim:
    """The finding that two flags are raised by the same answers."""
    one, other = a.rule, b.rule
    says = (
        f"{one.id} “{short(one.title)}” and {other.id} “{short(other.title)}”"
        " are raised by the same answers"
    )
    return replace(claim, kind="duplicate", says=says, mend=TWICE)
