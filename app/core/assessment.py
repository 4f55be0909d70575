"""What the rules say of the answers: flags, tasks, scores, decisions, offers, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from app.core import logic
from app.core.explanation import Because, because, broken_behind, read_by, settled_by
from app.core.facts import Facts, level_of
from app.core.logic import EvaluationError, Expression, Verdict, Verdicts
from app.core.offering import Offered, Offers
from app.core.program import DecisionNode, Program, Raising, ScoreNode
from app.core.rules import FlagRule, Level, Matrix, Outcome
from app.core.same import Same
from app.core.wording import listed


class Result(StrEnum):
    """The outcome of one rule."""

    RAISED = "raised"
    CLEAR = "clear"
    UNDETERMINED = "undetermined"
    ERROR = "error"


RESULTS: Mapping[object, Result] = {
    True: Result.RAISED,
    False: Result.CLEAR,
    None: Result.UNDETERMINED,
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One rule judged. `needs`: addresses of the blank answers that would settle it, when open."""

    rule: FlagRule
    result: Result
    because: Because
    needs: tuple[str, ...] = ()
    severity: str | None = None
    rating: str | None = None
    blocks: tuple[str, ...] = ()
    error: str | None = None

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def raised(self) -> bool:
        """Whether it holds."""
        return self.result is Result.RAISED


@dataclass(frozen=True, slots=True)
class Scored:
    """A score: its value (None while incomplete, or when nothing counts), band, and what is missing."""

    id: str
    title: str
    value: float | None
    level: Level | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: its outcome (None while undetermined or not asked) and the reasons in words."""

    id: str
    title: str
    outcome: Outcome | None
    reasons: tuple[Reason, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision, with the source of the named condition behind it."""

    text: str
    source: str | None = None
    checked: str | bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the rules say."""

    flags: tuple[Flag, ...]
    tasks: tuple[Flag, ...]
    scores: Mapping[str, Scored]
    decisions: Mapping[str, Decided]
    offers: Mapping[str, Offered]

    def raised(self) -> tuple[Flag, ...]:
        """Flags raised, gravest first."""
        return tuple(sorted((f for f in self.flags if f.raised), key=_gravity))

    def of(self, result: Result) -> tuple[Flag, ...]:
        """Flags with this result, gravest first."""
        return tuple(sorted((f for f in self.flags if f.result is result), key=_gravity))


def _gravity(flag: Flag) -> tuple[int, int, str]:
    order = {"high": 0, "medium": 1, "low": 2}
    return (0 if flag.blocks else 1, order.get(flag.rating or "", 3), flag.id)


def outcomes(facts: Facts) -> dict[str, Result]:
    """The bare result of every flag rule."""
    found = _results(facts, _verdicts(facts))
    return {each.rule.id: RESULTS.get(result, Result.ERROR) for each, result in found}


def _verdicts(facts: Facts) -> Verdicts:
    """What the conditions of all flag rules come to, tested at once."""
    return facts.over(facts.program.flag_tests)


def _results(facts: Facts, verdicts: Verdicts) -> list[tuple[Raising, Verdict]]:
    """The rules in force, each with what it comes to."""
    out = _out_of_force(Same(facts.program), facts.on)
    found = zip(facts.program.flags, verdicts.each(), strict=False)  # the last may be the step-up
    judged = [each for each in found if each[0].rule.id not in out] if out else list(found)
    if facts.errors:
        return [(each, _resting(each, result, facts)) for each, result in judged]
    return judged


def _resting(each: Raising, result: Verdict, facts: Facts) -> Verdict:
    """What no blank can settle because something behind it cannot be worked out is an error too."""
    if result is None and broken_behind(each.when, facts) and not settled_by(each.when, facts):
        return EvaluationError(each.rule.id)
    return result


def _unworkable(when: Expression, facts: Facts) -> str:
    """What could not be worked out, by name: what a condition rests on, or else what it reads."""
    names = broken_behind(when, facts) or read_by(when, facts)
    return f"{listed([f'“{n}”' for n in names], 'and')} could not be worked out from the answers"


@dataclass(frozen=True, slots=True)
class Brief:
    """Counts for lists, without reasons: cheap enough for every save."""

    raised: int
    stops: int
    undetermined: int
    tasks: int
    worst: str | None  # stop, tolerance, high, medium, low


WORST = ("stop", "tolerance", "high", "medium", "low")


def brief(facts: Facts) -> Brief:
    """Count what the rules say."""
    program = facts.program
    verdicts = _verdicts(facts)
    stepped = stepped_up(facts)
    matrix = next(iter(program.matrices.values()), None)
    judged = _results(facts, verdicts)
    raised = [each.rule for each, found in judged if found is not False and found is not None]
    flags = [rule for rule in raised if not rule.task_until]
    grades = {_grade(rule, matrix, stepped=stepped) for rule in flags}
    return Brief(
        len(flags),
        sum(bool(rule.blocks and rule.checked) for rule in flags),
        sum(found is None for _, found in judged),
        len(raised) - len(flags),
        next((word for word in WORST if word in grades), None),
    )


def _grade(rule: FlagRule, matrix: Matrix | None, *, stepped: bool) -> str:
    if rule.blocks and rule.checked:
        return "stop"
    if rule.kind == "tolerance":
        return "tolerance"
    if matrix is None or not rule.severity or not rule.likelihood:
        return "low"
    severity = _step(matrix, rule.severity) if stepped else rule.severity
    return matrix.cells[severity][rule.likelihood]


def assess(facts: Facts, stage: str | None = None) -> Assessment:
    """Judge every rule over the facts.

    `stage` is the stage being signed or closed: what is merely "not done yet" (`task_until`) is a
    task before that stage and a flag at it.
    """
    verdicts = _verdicts(facts)
    stepped = stepped_up(facts)
    judged = [
        (_judge(each, found, facts, stepped), each.rule)
        for each, found in _results(facts, verdicts)
    ]
    late = [flag for flag, rule in judged if rule.task_until and stage not in rule.task_until]
    return Assessment(
        flags=tuple(
            flag for flag, rule in judged if not rule.task_until or stage in rule.task_until
        ),
        tasks=tuple(flag for flag in late if flag.raised),
        scores=dict(_scores(facts)),
        decisions=dict(_decisions(facts)),
        offers=Offers(facts),
    )


@lru_cache(maxsize=8)
def _out_of_force(program: Same[Program], on: date) -> frozenset[str]:
    """The rules whose law is not in force on a day."""
    day = on.isoformat()
    return frozenset(each.rule.id for each in program.it.flags if not each.rule.in_force(day))


def stepped_up(facts: Facts) -> bool:
    """Whether the severity of every flag rises one step; tested with the rules."""
    step_up = facts.program.step_up
    return step_up is not None and _verdicts(facts).holds(step_up)


def _judge(each: Raising, found: Verdict, facts: Facts, stepped: bool) -> Flag:
    rule = each.rule
    result = RESULTS.get(found, Result.ERROR)
    error = _unworkable(each.when, facts) if result is Result.ERROR else None
    matrix = next(iter(facts.program.matrices.values()), None)
    severity = (
        _step(matrix, rule.severity) if stepped and matrix and rule.severity else rule.severity
    )
    rating = None
    if matrix and rule.likelihood and severity:
        rating = matrix.cells[severity][rule.likelihood]
    return Flag(
        rule,
        result,
        because(each.when, facts) if result is Result.RAISED else Because(),
        settled_by(each.when, facts) if result is Result.UNDETERMINED else (),
        severity,
        rating,
        # Law that nobody has confirmed warns and never stops; what cannot be evaluated always stops.
        rule.blocks if rule.checked or result is Result.ERROR else (),
        error,
    )


def _step(matrix: Matrix, severity: str) -> str:
    scale = list(matrix.severity)
    return scale[min(scale.index(severity) + 1, len(scale) - 1)]


def _scores(facts: Facts) -> Iterator[tuple[str, Scored]]:
    for node in facts.program.nodes.values():
        if isinstance(node, ScoreNode):
            value = facts.values.get(node.id)
            banded = node.rule.band and node.rule.band.id in facts.values
            level = level_of(node, value) if value is not None and banded else None
            yield node.id, Scored(node.id, node.rule.title, value, level, missing(node, facts))


def missing(node: ScoreNode, facts: Facts) -> tuple[str, ...]:
    """The questions that keep a score or its band back, scores it reads followed back."""
    found: dict[str, None] = {}
    for name in (*sorted(node.compiled.reads), *node.rule.with_):
        inner = facts.program.nodes.get(name)
        if isinstance(inner, ScoreNode):
            found.update(dict.fromkeys(missing(inner, facts)))
        elif name in facts.waiting:
            found.update(dict.fromkeys(settled_by_name(name, facts)))
    for when in node.compiled.conditions:
        if facts.truth(when) is None:
            found.update(dict.fromkeys(settled_by(when, facts)))
    order = facts.program.places
    return tuple(sorted(found, key=lambda id_: order[id_][0].rank if id_ in order else 0))


def settled_by_name(name: str, facts: Facts) -> tuple[str, ...]:
    """The blank questions behind one waiting id; an id that is asked and blank is its own answer."""
    node = facts.program.nodes.get(name)
    # A question that merely waits to be asked is missing too: its score cannot stand without it.
    return (name,) if node is None or name in facts.program.questions else ()


def _decisions(facts: Facts) -> Iterator[tuple[str, Decided]]:
    for node in facts.program.nodes.values():
        if isinstance(node, DecisionNode):
            code = facts.values.get(node.id)
            outcome = next((o for o in node.rule.outcomes if o.code == code), None)
            when = dict(node.outcomes).get(code) if code else None
            reasons = (
                tuple(_reasons(when, facts))
                if when is not None and outcome and outcome.when
                else ()
            )
            needs = tuple(_needs(node, facts)) if node.id in facts.waiting else ()
            yield node.id, Decided(node.id, node.rule.title, outcome, reasons, needs)


def _needs(node: DecisionNode, facts: Facts) -> Iterable[str]:
    found: dict[str, None] = {}
    whens = [when for _, when in node.outcomes] + ([node.only_if] if node.only_if else [])
    for when in whens:
        if facts.truth(when) is None:
            found.update(dict.fromkeys(settled_by(when, facts)))
    return found


def _reasons(when: Expression, facts: Facts) -> Iterator[Reason]:
    """The named conditions and comparisons that make an outcome hold."""
    match when:
        case logic.Every(items) | logic.Either(items) | logic.AtLeast(_, items):
            for item in items:
                if facts.truth(item) is True:
                    yield from _reasons(item, facts)
        case logic.Holds(var, _, False):
            node = facts.program.nodes.get(var)
            rule = getattr(node, "rule", None)
            inner = getattr(node, "when", None)
            if rule is not None and (rule.because or rule.source or inner is None):
                yield Reason(rule.because or rule.title, rule.source, rule.checked)
            elif inner is not None:
                yield from _reasons(inner, facts)
        case _:
            yield Reason(because(when, facts).text())
