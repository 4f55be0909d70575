"""What a change of the definitions does to one project: old against new, on its own answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from app.core.assessment import Result, outcomes
from app.core.difference.change import Definitions
from app.core.difference.fitting import Fitted, fitted
from app.core.difference.graph import bases
from app.core.difference.reach import Reach
from app.core.domains import UNSURE
from app.core.explanation import because, settled_by
from app.core.facts import Facts, facts
from app.core.logic import Expression
from app.core.program import Program
from app.core.rules import FlagRule

ASK, LOOK, HIDDEN, FLAG = "ask", "look", "hidden", "flag"
DOCUMENT, SIGNATURE = "document", "signature"
NOT_ASKED, ASKED, ANSWERED = "Not asked", "Not answered yet", "Answered"
AGAIN, TO_ANSWER = "To be answered again", "To be answered"
KEPT = "Not asked: the answer is kept, and no rule sees it"
WAITS = "Asked only once more is known: the answer waits"
NO_RULE, NOT_THERE = "No such rule", "Not there"
OPEN = "Not known yet"
COVERS = "Covers what stands"
UNCOVERED = "Out of date once the project moves; what was signed stays as it is"
NO_DOCUMENT = "The document is not offered any more; what was signed stays as it is"
READS_OTHERWISE, NEW_DOCUMENT, NOT_OFFERED = "Reads otherwise", "Offered", "Not offered"


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
    for id_, rows in reach.watched:
        yield from _question(reach, both, id_)
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
    results = both.results
    one, other = _weighed(both.old, results[0]), _weighed(both.new, results[1])
    for id_ in sorted(reach.flags):
        before, after = one.get(id_), other.get(id_)
        # A rule that is new and clear, or was clear and goes, is nothing to anybody.
        if before != after and {before, after} != {None, Result.CLEAR.capitalize()}:
            yield Effect(FLAG, id_, before or NO_RULE, after or NO_RULE)


def _weighed(found: Facts, results: Mapping[str, Result]) -> dict[str, str]:
    """Each rule with what it comes to, and how much it weighs where it is raised."""
    rules = {each.rule.id: each.rule for each in found.program.flags}
    if not rules:
        return {}
    step_up = found.program.step_up
    stepped = step_up is not None and bool(found.truth(step_up))
    return {
        id_: _weight(rules[id_], found.program, stepped=stepped)
        if result in (Result.RAISED, Result.ERROR)
        else result.capitalize()
        for id_, result in results.items()
    }


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


# Documents


NOBODY: frozenset[str] = frozenset()


def documents(
    reach: Reach, both: Both, signed: Collection[str] = NOBODY, *, lifted: bool = False
) -> Iterator[Effect]:
    """The documents of a project that would print otherwise, or be offered otherwise.

    `signed`: those that somebody signed. They are never changed: what they would print now puts the
    signatures under them out of date. `lifted`: a stop was lifted, which every document tells.
    """
    if not reach.outlines:
        return
    before = _offered(reach.old, both.old, reach.gates[0])
    after = _offered(reach.new, both.new, reach.gates[1])
    moved = () if both.same else reach.values
    values = frozenset(id_ for id_ in moved if _differs(both, id_))
    flags = _flags_touched(reach, both, values)
    behind = flags or _behind_flags(reach, both)
    for name, printed in reach.outlines.items():
        if name in before and name in after:
            told = (flags and (printed.judged or lifted)) or (behind and printed.detailed)
            if told or _prints_otherwise(reach, both, name, values):
                yield _otherwise(name, signed)
        elif name in before and name in signed:
            yield Effect(SIGNATURE, name, COVERS, NO_DOCUMENT)
        elif name in before:
            yield Effect(DOCUMENT, name, NEW_DOCUMENT, NOT_OFFERED)
        elif name in after:
            yield Effect(DOCUMENT, name, NOT_OFFERED, NEW_DOCUMENT)


def _otherwise(name: str, signed: Collection[str]) -> Effect:
    """A document that would print otherwise: it is made again, or its signatures are out of date."""
    if name in signed:
        return Effect(SIGNATURE, name, COVERS, UNCOVERED)
    return Effect(DOCUMENT, name, "As it reads now", READS_OTHERWISE)


def _offered(
    definitions: Definitions, found: Facts, gates: Mapping[str, Expression | None]
) -> set[str]:
    """The documents that a project has."""
    pipeline = definitions.pipeline
    route = pipeline.path(found.values.get(pipeline.route.id))
    named = route.documents or definitions.outlines
    gated = ((name, gates[name]) for name in named if name in gates)
    return {name for name, gate in gated if gate is None or found.truth(gate)}


def _prints_otherwise(reach: Reach, both: Both, name: str, values: frozenset[str]) -> bool:
    printed = reach.outlines[name]
    if name in reach.rewritten or not printed.ids.isdisjoint(values):
        return True
    if printed.whole and (reach.asks or values):
        return True
    if printed.detailed and not values.isdisjoint(reach.new.program.questions):
        return True  # what is left to answer is counted
    if printed.gaps and any(_is_open(both.new, id_) for id_ in printed.ids & reach.reworded):
        return True
    told = printed.ids & reach.said | printed.asked & reach.reworded
    return any(_is_said(reach, both, id_) for id_ in told)


def _is_said(reach: Reach, both: Both, id_: str) -> bool:
    """Whether something that reads otherwise is there to be printed."""
    programs = reach.old.program, reach.new.program
    if not any(id_ in program.scope for program in programs):
        return True  # the words of an offer, a questionnaire or the pipeline
    return any(id_ in found.shown or id_ in found.values for found in (both.old, both.new))


QUIET = (None, Result.CLEAR)


def _flags_touched(reach: Reach, both: Both, values: frozenset[str]) -> bool:
    """Whether a document that tells of flags tells something else, the questions behind them apart."""
    if not reach.flags:
        return False
    one, other = both.results
    return any(
        one.get(id_) != other.get(id_)
        or id_ in reach.restated
        or not values.isdisjoint(reach.cones[id_])
        for id_ in reach.flags
        if one.get(id_) not in QUIET or other.get(id_) not in QUIET
    )


def _behind_flags(reach: Reach, both: Both) -> bool:
    """Whether a question reads otherwise that is told beside a flag."""
    said = (reach.said | reach.reworded) & reach.new.program.scope.keys()
    if not said:
        return False
    found = both.new
    if not said <= reach.new.program.questions.keys():
        return True  # a derived fact reads otherwise: its name may stand for what is behind it
    answered = {id_ for id_ in said if id_ in found.values}
    blank = {id_ for id_ in said if _is_open(found, id_)}
    results = both.results[1]
    for each in found.program.flags:
        result, cone = results.get(each.rule.id), reach.cones[each.rule.id]
        told: tuple[str, ...] = ()
        if result is Result.RAISED and not cone.isdisjoint(answered):
            told = because(each.when, found).answers
        elif result is Result.UNDETERMINED and not cone.isdisjoint(blank):
            told = settled_by(each.when, found)
        if not said.isdisjoint(bases(told)):
            return True
    return False


def _is_open(found: Facts, id_: str) -> bool:
    """Whether some answer of a question is still to be given, or is "I don't know"."""
    value = found.values.get(id_)
    rows = isinstance(value, list) and any(isinstance(each, dict) for each in value)
    return value is None or rows or value in (UNSURE, [UNSURE])


def _differs(both: Both, id_: str) -> bool:
    """Whether a fact comes out otherwise, or is asked otherwise."""
    old, new = both.old, both.new
    if old.values.get(id_) != new.values.get(id_) or (id_ in old.shown) != (id_ in new.shown):
        return True
    if (id_ in old.waiting) != (id_ in new.waiting):
        return True
    before, after = both.waiting
    return before.get(id_) != after.get(id_)
