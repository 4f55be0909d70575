"""Who uses a question or one of its options: which rules, scores, questions and documents read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.catalogue import Catalogue
from app.core.difference.graph import Graph
from app.core.difference.printed import printed
from app.core.same import Same

Mention = tuple[str, str]
"""A question (or "rows/column") and the code of an option; an empty code: it is read as a whole."""

_TESTS = ("===", "!==", "<", "<=", ">", ">=", "in")


@dataclass(frozen=True, slots=True)
class Use:
    """What reads something. Rules are flags; `asks` are questions asked because of it."""

    rules: tuple[tuple[str, str], ...] = ()
    scores: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()

    def words(self) -> str:
        """How much uses it: "6 rules, 3 documents"."""
        counted = (
            (len(self.rules), "rule"),
            (len(self.scores), "score"),
            (len(self.others), "decision or offer"),
            (len(self.asks), "question"),
            (len(self.documents), "document"),
        )
        said = [f"{n} {_plural(word, n)}" for n, word in counted if n]
        return ", ".join(said) or "Nothing yet"


def _plural(word: str, n: int) -> str:
    if n == 1:
        return word
    return "decisions or offers" if word.startswith("decision") else f"{word}s"


@dataclass
class Uses:
    """Everything that is read in a catalogue, and by what."""

    catalogue: Catalogue
    graph: Graph = field(init=False)
    mentions: dict[str, set[Mention]] = field(init=False)
    printed: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        program = self.catalogue.program
        self.graph = Graph(program)
        self.mentions = {}
        for rules in self.catalogue.rules.values():
            for kind in ("flags", "conditions", "scores", "decisions", "offers"):
                for each in getattr(rules, kind):
                    self.mentions[f"{kind}:{each.id}"] = set(mentioned(each.model_dump()))
        for id_, question in program.questions.items():
            raw = [question.show_if, *(s.when for s in question.suggest)]
            self.mentions[f"questions:{id_}"] = set(mentioned(raw))
        self.printed = {
            name: printed(outline, self.catalogue, self.graph).ids
            for name, outline in self.catalogue.outlines.items()
        }

    def of_option(self, id_: str, code: str) -> Use:
        """What reads this option; `id_`: a question, or "rows/column"."""
        return self._use({(id_, code)}, id_)

    def of_question(self, id_: str) -> Use:
        """What reads this question at all."""
        wanted = {m for found in self.mentions.values() for m in found if m[0] == id_}
        return self._use(wanted | {(id_, "")}, id_)

    def _use(self, wanted: set[Mention], id_: str) -> Use:
        found: defaultdict[str, list[str]] = defaultdict(list)
        derived: set[str] = set()
        waiting = set(wanted)
        while waiting:
            users = [key for key, those in self.mentions.items() if those & waiting]
            waiting = set()
            for key in users:
                kind, _, name = key.partition(":")
                if name not in found[kind]:
                    found[kind].append(name)
                    # What is asked because of it is told, but not everything that reads those answers.
                    if kind in ("conditions", "scores", "decisions"):
                        derived |= set(self._ids(kind, name))
                        waiting |= {m for id_ in self._ids(kind, name) for m in self._whole(id_)}
        base = id_.split("/", maxsplit=1)[0]
        documents = [
            name for name, ids in self.printed.items() if base in ids or not derived.isdisjoint(ids)
        ]
        others = found["decisions"] + found["offers"]
        return Use(
            self._named("flags", found["flags"]),
            self._named("scores", found["scores"]),
            (*self._named("decisions", found["decisions"]), *self._named("offers", found["offers"]))
            if others
            else (),
            tuple(
                (q, self.catalogue.program.questions[q].ask) for q in found["questions"] if q != id_
            ),
            tuple((name, self.catalogue.outlines[name].title) for name in documents),
        )

    def _ids(self, kind: str, name: str) -> Iterator[str]:
        yield name
        if kind == "scores":
            for rules in self.catalogue.rules.values():
                yield from (s.band.id for s in rules.scores if s.id == name and s.band)

    def _whole(self, id_: str) -> Iterator[Mention]:
        for found in self.mentions.values():
            yield from (mention for mention in found if mention[0] == id_)

    def _named(self, kind: str, ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
        titles = {
            each.id: str(each.title)
            for rules in self.catalogue.rules.values()
            for each in getattr(rules, kind)
        }
        return tuple((id_, titles[id_]) for id_ in ids)


def mentioned(raw: Any, rows: str = "") -> Iterator[Mention]:
    """Every option and whole answer that a definition names in a condition or score."""
    if isinstance(raw, dict):
        if len(raw) == 1:
            op, args = next(iter(raw.items()))
            found = _operator(op, args, rows)
            if found is not None:
                yield from found
                return
        table = raw.get("table") or raw.get("points")
        if isinstance(raw.get("points"), str):
            yield _at(raw["points"], rows), ""
        if isinstance(table, dict) and isinstance(raw.get("points"), str):
            yield from ((_at(raw["points"], rows), str(code)) for code in table)
        yield from _several(raw.values(), rows)
    elif isinstance(raw, list | tuple):
        yield from _several(raw, rows)


def _several(parts: Iterable[Any], rows: str) -> Iterator[Mention]:
    for part in parts:
        yield from mentioned(part, rows)


def _operator(op: Any, args: Any, rows: str) -> list[Mention] | None:
    """What one operator names; None where it is no operator that reads."""
    if op == "var" and isinstance(args, str):
        return [(_at(args, rows), "")]
    if not isinstance(args, list | tuple) or len(args) != 2:
        return None
    about, other = (args[1], args[0]) if op == "in" and _var(args[1]) else (args[0], args[1])
    if not _var(about):
        return None
    if op in ("some", "all", "none", "count_rows"):
        return [(_var(about), ""), *mentioned(other, _var(about))]
    codes = other if op == "in" and isinstance(other, list | tuple) else [other]
    return [(_at(_var(about), rows), str(code)) for code in codes] if op in _TESTS else None


def _var(raw: Any) -> str:
    return str(raw["var"]) if isinstance(raw, dict) and set(raw) == {"var"} else ""


def _at(name: str, rows: str) -> str:
    return f"{rows}/{name}" if rows and "." not in name else name


@lru_cache(maxsize=4)
def _uses(same: Same[Catalogue]) -> Uses:
    return Uses(same.it)


def uses_of(catalogue: Catalogue) -> Uses:
    """What reads what in a catalogue; worked out once."""
    return _uses(Same(catalogue))
