"""Which rules say the same, and which are raised whenever another one is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from app.core.logic import Holds
from app.core.program import ConditionNode, Raising
from app.core.proof.claims import Claim, Judged, NotSure
from app.core.proof.formula import Edit
from app.core.proof.lines import Definitions, Said
from app.core.proof.ruling import said_of
from app.core.proof.seen import Seen
from app.core.wording import short

SAME = "keep one of them, or let one say only that the other holds"
TWICE = "keep one of them, or change one so that they differ"
IMPLIED = "remove {a}, give it another severity, or write “implies: [{b}]” in it to accept this"
UNTRUE = "take {b} out of “implies”"


Apart = tuple[str, list[str]]  # that one holds, and none of the others
Ask = Callable[[Claim, Iterable[Apart]], bool]
"""Asks whether something can be, and as much as possible of something else with it."""


class Comparison:
    """Looks for flags of one severity that are never raised without another one.

    `fresh`: those that are compared with all others; of the rest it is known. What it asks and can
    be, `seen` knows from then on.
    """

    def __init__(
        self, definitions: Definitions, seen: Seen, ask: Ask, fresh: Collection[str]
    ) -> None:
        self.definitions = definitions
        self.flags = {each.rule.id: each for each in definitions.program.flags}
        self.seen = seen
        self.ask = ask
        self.fresh = fresh

    def implications(self) -> dict[tuple[str, str], Claim]:
        """The claims that one flag can be raised without another, of which it never is."""
        found: dict[tuple[str, str], Claim] = {}
        open_ = self._left({a: list(self._near(a)) for a in self.flags})
        while open_:
            (a, others), *hoped = _together(open_)
            if not self._raised(a, others, hoped) and self._raised(a, [], ()):
                found |= {(a, b): claim for b, claim in self._implied(a, others, hoped)}
            del open_[a]
            open_ = self._left(open_)
        return found

    def _implied(
        self, a: str, others: list[str], hoped: list[Apart]
    ) -> Iterator[tuple[str, Claim]]:
        """Those that are raised whenever one flag is."""
        for n, b in enumerate(others):
            if not self.seen.apart(a, b):
                claim = apart(self.definitions, self.flags[a], self.flags[b], "implied")
                rest = [(a, [each]) for each in others[n + 1 :]]
                if not self.ask(claim, [*rest, *hoped]):
                    yield b, claim

    def _near(self, a: str) -> Iterator[str]:
        """The flags that one may be the same as, and that it has not been compared with."""
        severity, all_ = self.flags[a].rule.severity, a in self.fresh
        for b, flag in self.flags.items():
            if b != a and flag.rule.severity == severity and (all_ or b in self.fresh):
                yield b

    def _left(self, pairs: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Those that have not been seen apart; flags of which there are most come first."""
        left = {a: [b for b in near if not self.seen.apart(a, b)] for a, near in pairs.items()}
        return {a: left[a] for a in sorted(left, key=lambda a: -len(left[a])) if left[a]}

    def _raised(self, a: str, without: list[str], hoped: Iterable[Apart]) -> bool:
        """Whether a flag can be raised without any of some others."""
        if not without and self.seen.held[a]:
            return True
        return self.ask(alone(self.definitions, a, without), hoped)


def _together(open_: Mapping[str, list[str]]) -> list[Apart]:
    """As much of what is open as does not clash at sight; all of the first."""
    holding: set[str] = set()
    failing: set[str] = set()
    found = []
    for a, others in open_.items():
        if a not in failing:
            holding.add(a)
            without = [b for b in others if b not in holding]
            failing.update(without)
            found.append((a, without))
    return found


class Likeness:
    """Looks for named conditions that hold under the same answers; not one that only names another."""

    def __init__(
        self, definitions: Definitions, seen: Seen, ask: Ask, fresh: Collection[str]
    ) -> None:
        self.definitions = definitions
        self.seen = seen
        self.ask = ask
        self.fresh = fresh

    def same(self) -> Iterator[Claim]:
        """The claims that two of them differ, of those that never do."""
        nodes = self.definitions.program.nodes.values()
        named = [node for node in nodes if isinstance(node, ConditionNode)]
        open_ = [pair for pair in combinations(named, 2) if self._open(*pair)]
        for n, (a, b) in enumerate(open_):
            claim = differ(self.definitions, a, b)
            hoped = [(one.id, [other.id]) for one, other in open_[n + 1 :]]
            if self._alike(claim, a.id, b.id, hoped) and self._holds(claim, a.id):
                yield claim

    def _open(self, a: ConditionNode, b: ConditionNode) -> bool:
        """Whether two may be the same, as far as is known."""
        fresh = a.id in self.fresh or b.id in self.fresh
        return fresh and not (_names(a, b) or _names(b, a) or self._told(a.id, b.id))

    def _told(self, a: str, b: str) -> bool:
        return self.seen.apart(a, b) or self.seen.apart(b, a)

    def _alike(self, claim: Claim, a: str, b: str, hoped: list[Apart]) -> bool:
        """Whether neither ever holds without the other."""
        if self._told(a, b):
            return False
        one, other = (atom.said for atom in claim.atoms if isinstance(atom, Judged | NotSure))
        ways = (claim, replace(claim, atoms=(Judged(other), NotSure(one))))
        return not any(self.ask(way, hoped) for way in ways)

    def _holds(self, claim: Claim, a: str) -> bool:
        return bool(self.seen.held[a]) or self.ask(replace(claim, atoms=claim.atoms[:1]), ())


def stated(definitions: Definitions) -> Iterator[tuple[Raising, Raising]]:
    """Flags that are said to imply each other."""
    by_id = {each.rule.id: each for each in definitions.program.flags}
    for a in definitions.program.flags:
        for name in a.rule.implies:
            yield a, by_id[name]


def _names(a: ConditionNode, b: ConditionNode) -> bool:
    return isinstance(a.when, Holds) and a.when.var == b.id


def differ(definitions: Definitions, a: ConditionNode, b: ConditionNode) -> Claim:
    """The claim that one named condition can hold without another."""
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


def alone(definitions: Definitions, a: str, others: Collection[str]) -> Claim:
    """The claim that a flag can be raised without any of some others."""
    saids = {each.rule.id: said_of(definitions, each) for each in definitions.program.flags}
    says = f"{a} is raised without {', '.join(others) or 'any other'}"
    without = (NotSure(saids[b]) for b in others)
    return Claim("apart", a, saids[a].place, (Judged(saids[a]), *without), says, UNTRUE)


def duplicate(definitions: Definitions, claim: Claim, a: str, b: str) -> Claim:
    """The finding that two flags are raised by the same answers."""
    titles = {each.rule.id: short(each.rule.title) for each in definitions.program.flags}
    says = f"{a} “{titles[a]}” and {b} “{titles[b]}” are raised by the same answers"
    return replace(claim, kind="duplicate", says=says, mend=TWICE, edit=None)
