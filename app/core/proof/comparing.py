"""Which rules say the same, and which are raised whenever another one is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from app.core.logic import Holds
from app.core.program import ConditionNode, Raising
from app.core.proof.claims import Claim, Judged, NotSure
from app.core.proof.formula import Edit, Model, Oracle
from app.core.proof.lines import Definitions, Said, short
from app.core.proof.ruling import said_of

SAME = "keep one of them, or let one say only that the other holds"
FRESH = 6
ROUNDS = 3
FEW = 12  # flags of which each is looked at by itself first
TWICE = "keep one of them, or change one so that they differ"
IMPLIED = "remove {a}, give it another severity, or write “implies: [{b}]” in it to accept this"
UNTRUE = "take {b} out of “implies”"


def fresh(oracle: Oracle) -> list[Model]:
    """Some models that say of everything looked at so far."""
    models = (oracle.model([]) for _ in range(FRESH))
    return [model for model in models if model is not None]


class Seen:
    """Which of some literals hold in which models, as bits."""

    def __init__(
        self, literals: Mapping[str, int], oracle: Oracle, models: Iterable[Model]
    ) -> None:
        self.literals = literals
        self.oracle = oracle
        self.count = 0
        self.held = dict.fromkeys(literals, 0)
        self.known = dict.fromkeys(literals, 0)  # models made when there was this literal
        for model in (*models, *fresh(oracle)):
            self.note(model)

    def note(self, model: Model) -> None:
        """Remember what holds in one more model."""
        for id_, literal in self.literals.items():
            self.known[id_] |= model.knows(literal) << self.count
            self.held[id_] |= (literal in model) << self.count
        self.count += 1

    def note_held(self, held: Collection[str]) -> None:
        """Remember what holds under answers that were evaluated."""
        for id_ in self.literals:
            self.known[id_] |= 1 << self.count
            self.held[id_] |= (id_ in held) << self.count
        self.count += 1

    def apart(self, a: str, b: str) -> bool:
        """Whether the first has been seen without the second."""
        return self.held[a] & self.known[b] & ~self.held[b] != 0

    def never_without(self, a: str, b: str) -> bool:
        """Whether the first never holds without the second; a model that shows it is remembered."""
        if self.apart(a, b):
            return False
        model = self.oracle.model([self.literals[a], -self.literals[b]])
        if model is not None:
            self.note(model)
        return model is None

    def spread(self, b: str, others: Iterable[str]) -> None:
        """Look for as many of some others as may be seen together without this one."""
        for _ in range(ROUNDS):
            left = [[self.literals[a]] for a in others if a != b and not self.apart(a, b)]
            model = self.oracle.widest([-self.literals[b]], left) if left else None
            if model is None:
                return
            self.note(model)

    def possible(self, a: str) -> bool:
        """Whether it can hold."""
        return self.held[a] != 0 or self.oracle.holds([self.literals[a]])


class Comparison:
    """Looks for flags of one severity that are never raised without another one.

    `fresh`: those that are compared with all others; of the rest it is known.
    """

    def __init__(self, definitions: Definitions, seen: Seen, fresh: Collection[str]) -> None:
        self.flags = definitions.program.flags
        self.seen = seen
        self.fresh = fresh

    def implications(self) -> dict[tuple[str, str], tuple[Raising, Raising]]:
        """The pairs of which the first is never raised without the second, though it can be."""
        if len(self.fresh) <= FEW:
            for b in self.flags:
                if b.rule.id in self.fresh:
                    self.seen.spread(b.rule.id, [each.rule.id for each in self.near(b)])
        found = {}
        for a in self.flags:
            for b in self.implied(a):
                found[a.rule.id, b.rule.id] = a, b
        return found

    def near(self, a: Raising) -> list[Raising]:
        """The flags that it may be the same as, and that it has not been compared with."""
        return [
            b
            for b in self.flags
            if b is not a
            and b.rule.severity == a.rule.severity
            and (a.rule.id in self.fresh or b.rule.id in self.fresh)
        ]

    def implied(self, a: Raising) -> list[Raising]:
        """The flags that one flag implies."""
        left = [b for b in self.near(a) if not self.seen.apart(a.rule.id, b.rule.id)]
        if not left or not self.seen.possible(a.rule.id):
            return []
        without = [-self.seen.literals[b.rule.id] for b in left]
        model = self.seen.oracle.model([self.seen.literals[a.rule.id], *without])
        if model is not None:
            self.seen.note(model)
            return []
        return [b for b in left if self.seen.never_without(a.rule.id, b.rule.id)]


def stated(definitions: Definitions) -> Iterator[tuple[Raising, Raising]]:
    """Flags that are said to imply each other."""
    by_id = {each.rule.id: each for each in definitions.program.flags}
    for a in definitions.program.flags:
        for name in a.rule.implies:
            yield a, by_id[name]


def same_conditions(
    definitions: Definitions, seen: Seen, wanted: Callable[[ConditionNode], bool]
) -> Iterator[Claim]:
    """Named conditions that hold under the same answers; not one that only names the other."""
    named = [n for n in definitions.program.nodes.values() if isinstance(n, ConditionNode)]
    for a, b in combinations(named, 2):
        if not (wanted(a) or wanted(b)) or _names(a, b) or _names(b, a):
            continue
        if seen.apart(a.id, b.id) or seen.apart(b.id, a.id):
            continue
        same = seen.never_without(a.id, b.id) and seen.never_without(b.id, a.id)
        if same and seen.possible(a.id):
            yield _named(definitions, a, b)


def _names(a: ConditionNode, b: ConditionNode) -> bool:
    return isinstance(a.when, Holds) and a.when.var == b.id


def _named(definitions: Definitions, a: ConditionNode, b: ConditionNode) -> Claim:
    saids = []
    for node in (a, b):
        place = definitions.where.rule("conditions", node.id).at("when")
        saids.append(Said(node.when, node.rule.when, place, f"“{node.rule.title}” means that"))
    says = f"“{short(a.rule.title)}” ({a.id}) and “{short(b.rule.title)}” ({b.id}) mean the same"
    atoms = (Judged(saids[0]), NotSure(saids[1]))
    edit = Edit(saids[1].place, {"var": a.id})
    return Claim("duplicate", f"{a.id}={b.id}", saids[0].place, atoms, says, SAME, edit=edit)


def apart(definitions: Definitions, a: Raising, b: Raising, kind: str) -> Claim:
    """The claim that one flag can be raised without another."""
    one, other = a.rule, b.rule
    said = said_of(definitions, a)
    place = definitions.where.rule("flags", one.id)
    says = f"{one.id} says that it implies {other.id}, but it can be raised without it"
    mend, implies = UNTRUE, [each for each in one.implies if each != other.id]
    if kind == "implied":
        titles = f"{one.id} “{short(one.title)}” is raised, {other.id} “{short(other.title)}”"
        says = f"whenever {titles} is raised as well, and both have the same severity"
        mend, implies = IMPLIED, [*one.implies, other.id]
    at = place.at("implies", one.implies.index(other.id)) if kind == "implies" else place.at("when")
    atoms = (Judged(said), NotSure(said_of(definitions, b)))
    name = f"{one.id}>{other.id}"
    edit = Edit(place.at("implies"), implies or None)
    return Claim(kind, name, at, atoms, says, mend.format(a=one.id, b=other.id), edit=edit)


def duplicate(claim: Claim, a: Raising, b: Raising) -> Claim:
    """The finding that two flags are raised by the same answers."""
    one, other = a.rule, b.rule
    says = (
        f"{one.id} “{short(one.title)}” and {other.id} “{short(other.title)}”"
        " are raised by the same answers"
    )
    return replace(claim, kind="duplicate", says=says, mend=TWICE, edit=None)
