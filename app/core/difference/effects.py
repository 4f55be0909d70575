"""What a change of the definitions does to one project: old against new, on its own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.core.assessment import Result, outcomes
from app.core.difference.fitting import Fitted, fitted
from app.core.difference.printed import Printed
from app.core.difference.reach import Reach
from app.core.domains import Kind
from app.core.facts import Facts, facts
from app.core.papers import offered
from app.core.program import DecisionNode, Program, ScoreNode
from app.core.rules import FlagRule

ASK, LOOK, HIDDEN, FLAG, SCORE, DECISION, DOCUMENT = (
    "ask",
    "look",
    "hidden",
    "flag",
    "score",
    "decision",
    "document",
)
NOT_ASKED, ASKED, ANSWERED = "Not asked", "Not answered yet", "Answered"
AGAIN, TO_ANSWER = "To be answered again", "To be answered"
KEPT = "Not asked: the answer is kept, and no rule sees it"
WAITS = "Asked only once more is known: the answer waits"
NO_RULE, NOT_THERE = "No such rule", "Not there"
OPEN = "Not known yet"
READS_OTHERWISE, NEW_DOCUMENT, NOT_OFFERED = "Reads otherwise", "Offered", "Not offered"


class Effect(NamedTuple):
    """One thing that would be otherwise for a project. Equal for every project it is equal for."""

    kind: str
    id: str
    before: str
    after: str


class Both(NamedTuple):
    """A project under both catalogues."""

    old: Facts
    new: Facts
    fitted: Fitted


def evaluated(reach: Reach, answers: Mapping[str, Any], on: date) -> Both:
    """The facts that a change can touch, before and after; answers that no longer fit are dropped."""
    one, other = reach.parts
    fit = fitted(reach, answers)
    return Both(facts(one, answers, on), facts(other, fit.answers, on), fit)


def effects(reach: Reach, both: Both) -> Iterator[Effect]:
    """Everything that would be otherwise, but for signatures."""
    yield from _questions(reach, both)
    yield from _flags(reach, both)
    yield from _derived(reach, both)


# Questions


def _questions(reach: Reach, both: Both) -> Iterator[Effect]:
    old, new = reach.old.program.questions, reach.new.program.questions
    for id_ in sorted({*reach.values, *reach.grown} & {*old, *new}):
        yield from _question(reach, both, id_)
        question = new.get(id_) or old[id_]
        if question.type == "rows":
            yield from _cells(both, id_)


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


def _cells(both: Both, id_: str) -> Iterator[Effect]:
    """The columns of rows in which something is lost, or asked for the first time; each once."""
    old, new = _filled(both.old, id_), _filled(both.new, id_)
    if not (both.old.values.get(id_) and both.new.values.get(id_)):
        return
    waits = _waiting(both.new, id_) - _waiting(both.old, id_)
    gone = {column for row, column in old - new if (row, column) not in waits}
    asked = {column for row, column in waits if (row, column) in old}
    columns = {c.id: c for c in both.new.program.questions[id_].columns}
    for column in sorted(gone):
        after = KEPT if column in columns else "Deleted: the answer is kept, and no rule sees it"
        yield Effect(HIDDEN, f"{id_}/{column}", ANSWERED, after)
    for column in sorted(asked):
        yield Effect(ASK, f"{id_}/{column}", ANSWERED, AGAIN)
    first = {column for row, column in waits if (row, column) not in old} - asked
    for column in sorted(first):
        if column in columns and not columns[column].derived:
            yield Effect(ASK, f"{id_}/{column}", NOT_ASKED, TO_ANSWER)


def _filled(found: Facts, id_: str) -> set[tuple[str, str]]:
    derived = (
        {c.id for c in found.program.questions[id_].columns if c.derived}
        if id_ in found.program.questions
        else set()
    )
    return {
        (str(row["id"]), column)
        for row in found.values.get(id_) or ()
        for column in row
        if column not in ("id", "owner") and column not in derived
    }


def _waiting(found: Facts, id_: str) -> set[tuple[str, str]]:
    start = f"{id_}/"
    cells = (address.split("/") for address in found.waiting if address.startswith(start))
    return {(cell[1], cell[2]) for cell in cells if len(cell) == 3}


# Flags


def _flags(reach: Reach, both: Both) -> Iterator[Effect]:
    one, other = _weighed(both.old), _weighed(both.new)
    for id_ in sorted(reach.flags):
        before, after = one.get(id_), other.get(id_)
        # A rule that is new and clear, or was clear and goes, is nothing to anybody.
        if before != after and {before, after} != {None, Result.CLEAR.capitalize()}:
            yield Effect(FLAG, id_, before or NO_RULE, after or NO_RULE)


def _weighed(found: Facts) -> dict[str, str]:
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
        for id_, result in outcomes(found).items()
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
    for id_ in sorted(reach.values):
        kind = _kind(reach.old.program, id_) or _kind(reach.new.program, id_)
        if kind is not None:
            before, after = _said(both.old, id_), _said(both.new, id_)
            if before != after and {before, after} != {NOT_THERE, OPEN}:
                yield Effect(kind, id_, before, after)


def _kind(program: Program, id_: str) -> str | None:
    node = program.nodes.get(id_)
    if isinstance(node, DecisionNode):
        return DECISION
    domain = program.scope.get(id_)
    scored = isinstance(node, ScoreNode) or (node is None and id_ not in program.questions)
    return SCORE if scored and domain is not None and domain.kind is not Kind.TRUTH else None


def _said(found: Facts, id_: str) -> str:
    """A derived fact in words."""
    domain = found.program.scope.get(id_)
    if id_ in found.values and domain is not None:
        value = found.values[id_]
        return domain.label(round(value, 4) if isinstance(value, float) else value)
    return OPEN if id_ in found.waiting else NOT_THERE


# Documents


def documents(reach: Reach, both: Both, *, lifted: bool = False) -> Iterator[Effect]:
    """The documents of a project that would print otherwise, or be offered otherwise.

    `lifted`: a stop of the project was lifted, which every document tells.
    """
    if not reach.outlines:
        return
    before, after = _offered(reach.old, both.old), _offered(reach.new, both.new)
    flags = _flags_touched(reach, both)
    values = frozenset(id_ for id_ in reach.values if _differs(both, id_))
    for name, printed in reach.outlines.items():
        if name in before and name in after:
            judged = flags and (printed.judged or lifted)
            if judged or _prints_otherwise(reach, both, name, printed, values):
                yield Effect(DOCUMENT, name, "As it reads now", READS_OTHERWISE)
        elif name in before:
            yield Effect(DOCUMENT, name, NEW_DOCUMENT, NOT_OFFERED)
        elif name in after:
            yield Effect(DOCUMENT, name, NOT_OFFERED, NEW_DOCUMENT)


def _offered(definitions: Any, found: Facts) -> list[str]:
    pipeline = definitions.pipeline
    route = pipeline.path(found.values.get(pipeline.route.id))
    return offered(definitions.outlines, route.documents or definitions.outlines, found)


def _prints_otherwise(
    reach: Reach, both: Both, name: str, printed: Printed, values: frozenset[str]
) -> bool:
    if name in reach.rewritten or printed.ids & values:
        return True
    if printed.whole and (reach.asks or values):
        return True
    if printed.judged and any(id_ in reach.new.program.questions for id_ in values):
        return True  # what is left to answer is counted
    return any(_is_said(reach, both, id_) for id_ in printed.ids & reach.said)


def _is_said(reach: Reach, both: Both, id_: str) -> bool:
    """Whether something that reads otherwise is there to be printed."""
    programs = reach.old.program, reach.new.program
    if not any(id_ in program.scope or id_ in program.questions for program in programs):
        return True  # the words of an offer, a questionnaire or the pipeline
    return any(id_ in found.shown or id_ in found.values for found in (both.old, both.new))


def _flags_touched(reach: Reach, both: Both) -> bool:
    """Whether a document that tells of flags tells something else."""
    one, other = outcomes(both.old), outcomes(both.new)
    quiet = (None, Result.CLEAR)
    return any(one.get(id_) not in quiet or other.get(id_) not in quiet for id_ in reach.flags)


def _differs(both: Both, id_: str) -> bool:
    """Whether a fact comes out otherwise, or is asked otherwise."""
    old, new = both.old, both.new
    if old.values.get(id_) != new.values.get(id_) or (id_ in old.shown) != (id_ in new.shown):
        return True
    if (id_ in old.waiting) != (id_ in new.waiting):
        return True
    return bool(old.values.get(id_)) and _waiting(old, id_) != _waiting(new, id_)
