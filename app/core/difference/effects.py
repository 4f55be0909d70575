"""What a change of the definitions does to one project: old against new, on its own answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from app.core.assessment import Result, outcomes, stepped_up
from app.core.difference.fitting import Fitted, fitted
from app.core.difference.reach import Reach
from app.core.facts import Facts, facts
from app.core.program import Program, bases
from app.core.rules import FlagRule
from app.core.same import Same

ASK, LOOK, HIDDEN, FLAG = "ask", "look", "hidden", "flag"
DOCUMENT, SIGNATURE = "document", "signature"
NOT_ASKED, ASKED, ANSWERED = "Not asked", "Not answered yet", "Answered"
AGAIN, TO_ANSWER = "To be answered again", "To be answered"
KEPT = "Not asked: the answer is kept, and no rule sees it"
WAITS = "Asked only once more is known: the answer waits"
NO_RULE, NOT_THERE = "No such rule", "Not there"
OPEN = "Not known yet"


class Effect(NamedTuple):
    """One thing that would be otherwise for a project. Equal for every project it is equal for."""

    kind: str
    id: str
    before: str
    after: str


Cells = Mapping[str, set[tuple[str, str]]]


@dataclass(frozen=True)
class Both:
    """A project under both catalogues. `same`: every fact comes out as before."""

    old: Facts
    new: Facts
    fitted: Fitted
    same: bool = False

    @cached_property
    def results(self) -> tuple[Mapping[str, Result], Mapping[str, Result]]:
        """What the rules come to."""
        after = outcomes(self.new)
        if not self.same:
            return outcomes(self.old), after
        rules = [each.rule.id for each in self.old.program.flags]
        return {id_: after[id_] for id_ in rules if id_ in after}, after

    @cached_property
    def stepped(self) -> tuple[bool, bool]:
        """Whether the severity of every flag rises one step."""
        return stepped_up(self.old), stepped_up(self.new)

    @cached_property
    def waiting(self) -> tuple[Cells, Cells]:
        """The cells of rows that wait, by the rows question."""
        return _waiting(self.old), _waiting(self.new)


def evaluated(reach: Reach, answers: Mapping[str, Any], on: date) -> Both | None:
    """The facts that a change can touch, before and after; None where it touches none of them.

    What differs is looked at first: where it comes out as before, all that rests on it does too.
    Answers that no longer fit are dropped.
    """
    fit = fitted(reach, answers)
    if reach.first is not reach.parts and _alike(reach, answers, fit, on):
        if reach.wordless:
            return None
        new = facts(reach.parts[1], fit.answers, on)
        return Both(replace(new, program=reach.parts[0]), new, fit, same=True)
    one, other = reach.parts
    return Both(facts(one, answers, on), facts(other, fit.answers, on), fit)


def _alike(reach: Reach, answers: Mapping[str, Any], fit: Fitted, on: date) -> bool:
    """Whether nothing that is worked out in another way comes out otherwise."""
    if fit.dropped:
        return False
    if not (reach.changed or reach.restated):
        return True
    one, other = reach.first
    first = Both(facts(one, answers, on), facts(other, fit.answers, on), fit)
    return first.results[0] == first.results[1] and not any(
        _differs(first, id_) for id_ in reach.changed
    )


def effects(reach: Reach, both: Both) -> Iterator[Effect]:
    """Everything that would be otherwise, but for documents and signatures."""
    yield from _questions(reach, both)
    yield from _flags(reach, both)
    if not both.same:
        yield from _derived(reach, both)


# Questions


def _questions(reach: Reach, both: Both) -> Iterator[Effect]:
    # What is asked alike, and still fits, is answered alike.
    touched = both.old.shown ^ both.new.shown | both.fitted.dropped.keys() | reach.grown.keys()
    for id_ in sorted(touched & reach.watched.keys()):
        yield from _question(reach, both, id_)
    for id_, rows in () if both.same else reach.watched.items():
        if rows:
            yield from _cells(reach, both, id_)


def _question(reach: Reach, both: Both, id_: str) -> Iterator[Effect]:
    answered = id_ in both.old.shown and id_ in both.old.values
    if answered:
        yield from _answered(reach, both, id_)
    elif both.new.blank(id_) and not both.old.blank(id_):
        yield Effect(ASK, id_, NOT_ASKED, TO_ANSWER)


def _answered(reach: Reach, both: Both, id_: str) -> Iterator[Effect]:
    """What becomes of an answer that counts."""
    if id_ not in reach.new.program.questions:
        yield Effect(HIDDEN, id_, ANSWERED, "Deleted: the answer is kept, and no rule sees it")
    elif id_ in both.fitted.dropped:
        yield Effect(ASK, id_, _held(both, id_), AGAIN)
    elif id_ not in both.new.shown:
        yield Effect(HIDDEN, id_, ANSWERED, WAITS if id_ in both.new.waiting else KEPT)
    elif id_ in reach.grown:
        more = ", ".join(f"“{label}”" for label in reach.grown[id_])
        yield Effect(LOOK, id_, ANSWERED, f"{ANSWERED}; new to consider: {more}")


def _held(both: Both, id_: str) -> str:
    """An answer that no longer fits; wording is nobody's to see here."""
    lost = both.fitted.dropped[id_]
    return f"{ANSWERED} {lost}" if lost else ANSWERED


def _cells(reach: Reach, both: Both, id_: str) -> Iterator[Effect]:
    """The columns of rows in which something is lost, or asked for the first time; each once."""
    old, new = _filled(reach, both.old, id_), _filled(reach, both.new, id_)
    if not (both.old.values.get(id_) and both.new.values.get(id_)):
        return
    before, after = both.waiting
    waits = after.get(id_, set()) - before.get(id_, set())
    gone = {column for row, column in old - new if (row, column) not in waits}
    asked = {column for row, column in waits if (row, column) in old}
    columns = {c.id: c for c in both.new.program.questions[id_].columns}
    for column in sorted(gone):
        said = KEPT if column in columns else "Deleted: the answer is kept, and no rule sees it"
        yield Effect(HIDDEN, f"{id_}/{column}", ANSWERED, said)
    for column in sorted(asked):
        yield Effect(ASK, f"{id_}/{column}", ANSWERED, AGAIN)
    first = {column for row, column in waits if (row, column) not in old} - asked
    for column in sorted(first):
        if column in columns and not columns[column].derived:
            yield Effect(ASK, f"{id_}/{column}", NOT_ASKED, TO_ANSWER)


def _filled(reach: Reach, found: Facts, id_: str) -> set[tuple[str, str]]:
    """The cells answered, columns by what they are called now."""
    question = found.program.questions.get(id_)
    if question is None:
        return set()
    columns = [column.id for column in question.columns if not column.derived]
    before = found.program is reach.parts[0]
    now = reach.way.converters.columns.get(id_, {}) if before else {}
    return {
        (str(row["id"]), now.get(column, column) or column)
        for row in found.values.get(id_) or ()
        for column in columns
        if column in row
    }


def _waiting(found: Facts) -> Cells:
    cells: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for address in found.waiting:
        if "/" in address:
            id_, row, column = address.split("/")
            cells[id_].add((row, column))
    return cells


# Flags


def _flags(reach: Reach, both: Both) -> Iterator[Effect]:
    one, other = both.results
    for id_ in sorted(reach.flags):
        before, after = one.get(id_), other.get(id_)
        # A rule that is new and clear, or was clear and goes, is nothing to anybody.
        if {before, after} <= {None, Result.CLEAR} or not _may_weigh(reach, id_, before, after):
            continue
        said = _weighed(both, 0, id_, before), _weighed(both, 1, id_, after)
        if said[0] != said[1]:
            yield Effect(FLAG, id_, *said)


RAISED = (Result.RAISED, Result.ERROR)


def _may_weigh(reach: Reach, id_: str, before: Result | None, after: Result | None) -> bool:
    """Whether a rule comes out otherwise, or the same and may weigh otherwise."""
    if before != after:
        return True
    return after in RAISED and (id_ in reach.restated or reach.steps)


def _weighed(both: Both, side: int, id_: str, result: Result | None) -> str:
    """What a rule comes to, and how much it weighs where it is raised."""
    if result is None:
        return NO_RULE
    if result not in RAISED:
        return result.capitalize()
    found = (both.old, both.new)[side]
    return _weights(Same(found.program), stepped=both.stepped[side])[id_]


@lru_cache(maxsize=16)
def _weights(held: Same[Program], *, stepped: bool) -> Mapping[str, str]:
    """How much each rule of a program weighs where it is raised."""
    flags = held.it.flags
    return {each.rule.id: _weight(each.rule, held.it, stepped=stepped) for each in flags}


def _weight(rule: FlagRule, program: Program, *, stepped: bool) -> str:
    if rule.blocks and rule.checked:
        return f"Raised, stops {', '.join(rule.blocks)}"
    matrix = next(iter(program.matrices.values()), None)
    if matrix is None or not rule.likelihood or not rule.severity:
        return "Raised"
    scale = list(matrix.severity)
    at = min(scale.index(rule.severity) + stepped, len(scale) - 1)
    rating = matrix.cells[scale[at]][rule.likelihood]
    return f"Raised, {matrix.ratings[rating].lower()}"


# Scores and decisions


def _derived(reach: Reach, both: Both) -> Iterator[Effect]:
    for id_, kind in reach.derived:
        before, after = _said(both.old, id_), _said(both.new, id_)
        same = both.old.values.get(id_) == both.new.values.get(id_) and id_ in both.old.values
        if not same and before != after and {before, after} != {NOT_THERE, OPEN}:
            yield Effect(kind, id_, before, after)


def _said(found: Facts, id_: str) -> str:
    """A derived fact in words."""
    domain = found.program.scope.get(id_)
    if id_ in found.values and domain is not None:
        value = found.values[id_]
        return domain.label(round(value, 4) if isinstance(value, float) else value)
    return OPEN if id_ in found.waiting else NOT_THERE


def differing(reach: Reach, both: Both) -> frozenset[str]:
    """The facts that come out otherwise, or are asked otherwise."""
    old, new = both.old.values, both.new.values
    asked = both.old.shown ^ both.new.shown | bases(both.old.waiting ^ both.new.waiting)
    return frozenset(id_ for id_ in reach.values if id_ in asked or old.get(id_) != new.get(id_))


def _differs(both: Both, id_: str) -> bool:
    """Whether a fact comes out otherwise, or is asked otherwise."""
    old, new = both.old, both.new
    if old.values.get(id_) != new.values.get(id_) or (id_ in old.shown) != (id_ in new.shown):
        return True
    if (id_ in old.waiting) != (id_ in new.waiting):
        return True
    before, after = both.waiting
    return before.get(id_) != after.get(id_)
