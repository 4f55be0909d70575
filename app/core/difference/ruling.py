"""What differs in the rules: conditions, scores, bands, decisions, offers, flags, risk matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.difference.change import Effect, Thing
from app.core.difference.comparing import GONE, HERE, Comparison, Part, summary
from app.core.difference.words import Words
from app.core.rules import Bands, Decision, Entry, Matrix, Offer, Outcome, Rules
from app.core.wording import short

WORDING, MEANING, SCORING = Effect.WORDING, Effect.MEANING, Effect.SCORING


def _has_law(each: Any) -> bool:
    """Whether something names the law it rests on."""
    return bool(getattr(each, "act", None) or getattr(each, "source", None))


LEVELS = Part("level", lambda each: each.code, lambda each: each.label, SCORING, SCORING)
OUTCOMES = Part(
    "outcome", lambda each: each.code, lambda each: each.label, MEANING, MEANING, _has_law
)
ENTRIES = Part("entry", lambda each: each.code, lambda each: each.title, MEANING, WORDING, _has_law)
UNLESS = Part("near miss", None, lambda each: each.because, MEANING, MEANING, lambda _each: True)
FLOORS = Part("raised cell", None, lambda each: each.label, SCORING, SCORING, lambda _each: True)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of list of a rules file: its key there, and what one of its things is called."""

    name: str
    each: str
    title: str
    effect: Effect
    law: Callable[[Any], bool] = _has_law


KINDS = (
    _Kind(
        "conditions",
        "condition",
        "Condition",
        MEANING,
        lambda each: bool(each.because or each.source),
    ),
    _Kind("scores", "score", "Score", SCORING),
    _Kind("bands", "bands", "Bands", SCORING),
    _Kind("decisions", "decision", "Decision", MEANING),
    _Kind("offers", "offer", "Offer", MEANING, lambda each: any(map(_has_law, each.entries))),
    _Kind("flags", "rule", "Rule", MEANING, lambda _each: True),
    _Kind("matrices", "matrix", "Risk matrix", SCORING),
)


class Ruling:
    """Compares the rules of two catalogues; each is known by its id, whatever file it is in."""

    def __init__(self, comparison: Comparison, below: str) -> None:
        self.it = comparison
        self.folder = f"rules{below}"
        self.deep: dict[str, Callable[[Thing, Any, Any], None]] = {
            "bands": self.bands,
            "decisions": self.decision,
            "offers": self.offer,
            "matrices": self.matrix,
        }

    def compare(self) -> None:
        """Note every difference."""
        old, new = self.it.old.rules, self.it.new.rules
        for name in [*new, *(name for name in old if name not in new)]:
            self.file(name)
        for kind in KINDS:
            self.kind(kind, _listed(old, kind.name), _listed(new, kind.name))

    def file(self, name: str) -> None:
        """A rules file that came or went empty; what is in it is told by itself."""
        before, after = self.it.old.rules.get(name), self.it.new.rules.get(name)
        file = f"{self.folder}/{name}.yaml"
        thing = Thing("rules", name, f"Rules in {name}.yaml", file)
        if before is None or after is None:
            said = ("", "New file") if before is None else ("The file", "")
            self.it.note(thing, HERE if before is None else GONE, WORDING, said)
            return
        for kind in KINDS:
            part = Part(kind.title.lower(), lambda each: each.id, _title, WORDING, WORDING)
            pair = getattr(before, kind.name), getattr(after, kind.name)
            self.it.order(thing, kind.name, part, *pair)

    def kind(
        self, kind: _Kind, old: Mapping[str, tuple[str, Any]], new: Mapping[str, tuple[str, Any]]
    ) -> None:
        """All of one kind, by id."""
        moved = {self.it.renamed.get(id_, id_): each for id_, each in old.items()}
        for id_, (name, each) in new.items():
            thing = self.thing(kind, each, name)
            before = moved.get(id_)
            if before is None:
                said = "", self.told(each, self.it.after, thing)
                self.it.note(thing, HERE, kind.effect, said, law=kind.law(each))
                continue
            if before[0] != name:
                said = f"In {before[0]}.yaml", f"In {name}.yaml"
                self.it.note(thing, "file", WORDING, said)
            if not self.it.same(before[1], each):
                thing = replace(thing, law=kind.law(each) or kind.law(before[1]))
                self.deep.get(kind.name, self.it.keys)(thing, before[1], each)
        for id_, (name, each) in moved.items():
            if id_ not in new:
                thing = self.thing(kind, each, name)
                said = self.told(each, self.it.before, thing), ""
                self.it.note(thing, GONE, kind.effect, said, law=kind.law(each))

    def thing(self, kind: _Kind, each: Any, name: str) -> Thing:
        where = f"{kind.title} {each.id}: {short(_title(each))}"
        if kind.name != "flags":
            where = f"{kind.title}: {short(_title(each))}"
        rows = getattr(each, "each", None)
        file = f"{self.folder}/{name}.yaml"
        return Thing(kind.each, each.id, where, file, rows=rows)

    def told(self, each: Any, words: Words, thing: Thing) -> str:
        """What a rule says that came or went."""
        for name, part in (("outcomes", OUTCOMES), ("entries", ENTRIES), ("levels", LEVELS)):
            inner = getattr(each, name, None)
            if inner is not None:
                return f"{_title(each)}: {', '.join(map(part.named, inner))}"
        return summary(each, words, thing)

    # What has parts

    def bands(self, thing: Thing, old: Bands, new: Bands) -> None:
        """A table of bands."""
        self._with(thing, old, new, "levels", LEVELS)

    def decision(self, thing: Thing, old: Decision, new: Decision) -> None:
        """A decision; its source is its own, those of its outcomes theirs."""
        self._with(thing, old, new, "outcomes", OUTCOMES, self.outcome)

    def outcome(self, thing: Thing, old: Outcome, new: Outcome) -> None:
        """One outcome of a decision."""
        self.it.keys(replace(thing, law=True), old, new)

    def offer(self, thing: Thing, old: Offer, new: Offer) -> None:
        """An offer with its entries."""
        self._with(thing, old, new, "entries", ENTRIES, self.entry)

    def entry(self, thing: Thing, old: Entry, new: Entry) -> None:
        """One entry: a measure states no law, a gateway does."""
        law = _has_law(old) or _has_law(new)
        self._with(replace(thing, law=law), old, new, "unless", UNLESS)

    def matrix(self, thing: Thing, old: Matrix, new: Matrix) -> None:
        """A risk matrix."""
        self._with(replace(thing, law=True), old, new, "floor", FLOORS)

    def _with(
        self,
        thing: Thing,
        old: Any,
        new: Any,
        name: str,
        part: Part,
        both: Callable[[Thing, Any, Any], None] | None = None,
    ) -> None:
        def parts() -> None:
            pair = getattr(old, name), getattr(new, name)
            self.it.parts(thing, name, part, pair, both or self.it.keys)

        self.it.keys(thing, old, new, {name: parts})


def _title(each: Any) -> str:
    return str(getattr(each, "title", each.id))


def _listed(rules: Mapping[str, Rules], kind: str) -> dict[str, tuple[str, Any]]:
    return {each.id: (name, each) for name, file in rules.items() for each in getattr(file, kind)}
