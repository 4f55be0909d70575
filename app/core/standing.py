"""Where a project stands on its route: which stages are closed, and what holds the next one up."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from app.core.assessment import Assessment, Flag, Result
from app.core.explanation import because
from app.core.facts import Facts
from app.core.journey import Journey, Step
from app.core.logic import Either, Every, Expression, Holds, english, negate, reads
from app.core.pipeline import Pipeline, Route, Stage
from app.core.program import ConditionNode, DecisionNode, Program
from app.core.questionnaire import Questionnaire

FEW = 3
CLOSE, SIGN, ADVISE, DISMISS, LIFT = "close_stage", "signature", "dpo_advice", "dismiss", "lift"
SETTLE = "settled"
"""A stage that a document settles which was signed elsewhere: it is closed, and was never open here."""

CLOSED = (CLOSE, SETTLE)
MOVE, STAY = "move", "stay"
MUST_MOVE = "must_move"
"""Needed before a stage closes while the project's release is one that must be left."""

MUST_CORRECT, IMPROVE = "must_correct", "improve"
SENT_BACK = (MUST_CORRECT, IMPROVE)
"""Acts by which a reviewer sends something back to the project: a flag, a section, a question."""

MENDED, CONTENT = "mended", "content"
"""What becomes of it: the project says that it is done, and who asked is content with it."""


class Act(Protocol):
    """What somebody did to a project, as far as standing needs it."""

    @property
    def kind(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def who(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def content_hash(self) -> str | None: ...


A = TypeVar("A", bound=Act)


def said_with(act: Act) -> Mapping[str, Any]:
    """What somebody said with an act, by the names of its parts; nothing of acts read in brief."""
    return getattr(act, "content", None) or {}


@dataclass(frozen=True, slots=True)
class Standing:
    """One stage: closed by an act, or what still holds it up."""

    stage: Stage
    number: int
    closed: Act | None
    current: bool
    stops: tuple[Flag, ...]
    open_stops: tuple[Flag, ...]  # undetermined rules that would stop it
    unfinished: tuple[Step, ...]
    needs: tuple[str, ...]  # acts that must come first

    @property
    def can_close(self) -> bool:
        """Whether its act may be done now."""
        return not (self.closed or self.stops or self.open_stops or self.unfinished or self.needs)


def judged_at(program: Program, pipeline: Pipeline, route: Route) -> dict[str, str]:
    """For each rule the stage from which it is judged on this route.

    It is the first by which everything the rule reads has been placed, or later by its `from`.
    A rule that reads something this route never asks is not judged on it.
    """
    order = {name: n for n, name in enumerate(route.stages)}
    stage_on = {name: pipeline.stage_on(route, name) for name in pipeline.questionnaires()}
    first: dict[str, int] = {}
    for id_, places in program.places.items():
        on = [order[stage] for p in places if (stage := stage_on[p.questionnaire]) is not None]
        if on:
            first[id_] = min(on)
    found = {}
    for each in program.flags:
        if all(root in first for root in each.roots):
            at = max((first[root] for root in each.roots), default=0)
            at = max(at, order.get(each.rule.from_ or "", 0))
            found[each.rule.id] = route.stages[at]
    return found


def answered_flags(acts: Iterable[Act], assessment: Assessment) -> dict[str, Act]:
    """The flags that a person has dismissed or a DPO has lifted, while its answers are the same.

    What stops a stage is only lifted, never dismissed.
    """
    hashes = {flag.id: because_hash(flag) for flag in assessment.flags}
    stops = {flag.id for flag in assessment.flags if flag.blocks}
    return {
        act.about: act
        for act in acts
        if (act.kind == LIFT or (act.kind == DISMISS and act.about not in stops))
        and act.content_hash == hashes.get(act.about)
    }


def stays(acts: Iterable[A]) -> tuple[A, ...]:
    """The acts of a DPO who said why the project does not move; a move ends what they said."""
    found: list[A] = []
    for act in acts:
        if act.kind == MOVE:
            found = []
        elif act.kind == STAY:
            found.append(act)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Request:
    """Something that an organisation's reviewer sent back, and what has become of it so far."""

    sent: Act
    mended: Act | None = None
    content: Act | None = None

    @property
    def about(self) -> str:
        """What it is about: a flag, a section or a question."""
        return self.sent.about

    @property
    def holds(self) -> bool:
        """Whether it keeps a stage from closing: what must be corrected, until they are content."""
        return self.sent.kind == MUST_CORRECT and self.content is None


def requests(acts: Iterable[Act]) -> tuple[Request, ...]:
    """What was sent back, the oldest first; of one thing the last word of each organisation counts."""
    found: dict[tuple[str, str], Request] = {}
    for act in acts:
        key = (act.about, act.organisation)
        if act.kind in SENT_BACK:
            found[key] = Request(act)
        elif act.kind == CONTENT and key in found:
            found[key] = replace(found[key], content=act)
        elif act.kind == MENDED:
            # Whoever else asked for the same has it done as well.
            for each in [each for each in found if each[0] == act.about]:
                found[each] = replace(found[each], mended=act)
    return tuple(found.values())


def because_hash(flag: Flag) -> str:
    """Stands for the answers in a flag's because: a dismissal lapses when it changes."""
    said = (*flag.because.clauses, *flag.because.given)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def standings(
    pipeline: Pipeline,
    program: Program,
    route: Route,
    assessment: Assessment,
    journey: Journey,
    acts: Iterable[Act] | None,
) -> tuple[Standing, ...]:
    """Every stage of the route, in order.

    Answers of a file, where nobody can act (None), stand at the first stage that they cannot close.
    """
    from_file = acts is None
    acts = tuple(acts or ())
    closed: Mapping[str, Act] = {act.stage: act for act in acts if act.kind in CLOSED}
    settled = settled_stages(acts)
    answered = answered_flags(acts, assessment).keys()
    open_ = [flag for flag in assessment.flags if flag.id not in answered]
    holding = tuple(_holding(open_, judged_at(program, pipeline, route), route, settled))
    done = {act.kind for act in acts}
    back = (MUST_CORRECT,) if any(each.holds for each in requests(acts)) else ()
    current = next((id_ for id_ in route.stages if id_ not in closed), None)
    found = []
    for n, id_ in enumerate(route.stages):
        stage = pipeline.stage(id_)
        held = [flag for first, flag in holding if first <= n]
        left_out = (*route.optional, *route.leaves_out)
        names = [q for q in asked_at(pipeline, route, id_, settled) if q not in left_out]
        found.append(
            Standing(
                stage,
                n + 1,
                closed.get(id_),
                not from_file and id_ == current,
                tuple(f for f in held if f.result in (Result.RAISED, Result.ERROR)),
                tuple(f for f in held if f.result is Result.UNDETERMINED),
                tuple(step for step in journey.of(names) if not step.complete),
                (*(kind for kind in stage.needs if kind not in done), *back),
            )
        )
    if from_file:
        at = next((n for n, each in enumerate(found) if not each.can_close), len(found) - 1)
        found[at] = replace(found[at], current=True)
    return tuple(found)


def _holding(
    flags: Iterable[Flag], judged: Mapping[str, str], route: Route, settled: frozenset[str]
) -> Iterator[tuple[int, Flag]]:
    """The flags that hold a stage up, each with the first it does: judged, and named by its rule."""
    order = {id_: n for n, id_ in enumerate(route.stages)}
    for flag in flags:
        blocked = [order[id_] for id_ in flag.blocks if id_ in order]
        stage = judged.get(flag.id)
        if blocked and stage is not None and not moot(flag, stage, settled):
            yield max(min(blocked), order[stage]), flag


def settled_stages(acts: Iterable[Act]) -> frozenset[str]:
    """The stages that a document settles which was signed elsewhere."""
    return frozenset(act.stage for act in acts if act.kind == SETTLE)


def moot(flag: Flag, judged: str, settled: frozenset[str]) -> bool:
    """Whether nobody is asked what would settle a rule: a signed document stands for its stage.

    What is raised is never moot, nor what stops a stage that is still to come.
    """
    return (
        judged in settled and flag.result is Result.UNDETERMINED and settled.issuperset(flag.blocks)
    )


def after_signed(route: Route, settled: frozenset[str]) -> str | None:
    """The first stage of a route that no signed document settles; None when all are settled."""
    return next((id_ for id_ in route.stages if id_ not in settled), None)


def asked_at(pipeline: Pipeline, route: Route, id_: str, settled: frozenset[str]) -> list[str]:
    """The questionnaires of a stage; at the first after a signed document, of its stages too."""
    here = settled and id_ == after_signed(route, settled)
    before = [each for each in route.stages if each in settled] if here else []
    return [name for each in (*before, id_) for name in pipeline.stage(each).questionnaires]


def held_back(
    found: tuple[Standing, ...], acts: Iterable[Act], must_move: int | None
) -> tuple[Standing, ...]:
    """The same while a project must move to a release, unless a DPO has said why not."""
    if must_move is None or any(act.about == str(must_move) for act in stays(acts)):
        return found
    return tuple(
        each if each.closed else replace(each, needs=(*each.needs, MUST_MOVE)) for each in found
    )


@dataclass(frozen=True, slots=True)
class Likely:
    """The route the answers lead to so far. `open`: the addresses of answers that could change it."""

    route: Route
    settled: bool
    because: tuple[str, ...]
    open: tuple[str, ...]


def likely_route(pipeline: Pipeline, facts: Facts, assessment: Assessment) -> Likely:
    """The first route that is sure, or that nothing rules out once its quick questions are answered.

    Until then it is the fullest route: nobody is promised a shorter way than they may have.
    """
    decided = assessment.decisions[pipeline.route.id]
    node = facts.program.nodes[pipeline.route.id]
    reasons: tuple[str, ...] = ()
    for code, when in node.outcomes if isinstance(node, DecisionNode) else ():
        truth = facts.truth(when)
        if truth or (truth is None and _quick_answered(pipeline, facts, when)):
            # What falls through to the last route does so for what ruled out the one before.
            because_of = _in_short(when, facts) if truth else ()
            return Likely(
                pipeline.path(code),
                decided.outcome is not None,
                because_of or reasons,
                decided.needs,
            )
        if truth is False:
            reasons = because(negate(when), facts).clauses
    return Likely(pipeline.path(None), decided.outcome is not None, reasons, decided.needs)


def _in_short(when: Expression, facts: Facts) -> tuple[str, ...]:
    """Why a route holds; a named condition that fails for many reasons is only named."""
    match when:
        case Every(items) | Either(items):
            held = (item for item in items if facts.truth(item) is True)
            return tuple(dict.fromkeys(said for item in held for said in _in_short(item, facts)))
        case Holds(_, _, True):
            clauses = because(when, facts).clauses
            return clauses if len(clauses) <= FEW else (english(when),)
        case Holds(var, _, False) if isinstance(node := facts.program.nodes[var], ConditionNode):
            return _in_short(node.when, facts)
        case _:
            return because(when, facts).clauses


def _quick_answered(pipeline: Pipeline, facts: Facts, when: Expression) -> bool:
    """Whether the quick questions have said what they can of a route; of some they say nothing."""
    roots = {root for name in reads(when) for root in facts.program.roots.get(name, {name})}
    quick = roots.intersection(pipeline.quick)
    return bool(quick) and all(id_ in facts.values and id_ not in facts.waiting for id_ in quick)


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many questions a route asks of one person: surely, and at most."""

    surely: int
    at_most: int


def asked_of(
    pipeline: Pipeline, facts: Facts, questionnaires: Mapping[str, Questionnaire], route: Route
) -> dict[str, HowMany]:
    """For each person how many questions a route has for them, as far as the answers tell."""
    names = [
        n for n in pipeline.asked_by(route) if n not in (*pipeline.not_counted, *route.optional)
    ]
    ids = {
        p.id for name in names for _, page in questionnaires[name].pages() for p in page.questions
    }
    known = facts.program.questions
    surely = Counter(known[id_].for_ for id_ in ids & facts.shown)
    possibly = Counter(known[id_].for_ for id_ in ids & (facts.shown | facts.waiting))
    return {
        person: HowMany(
            surely[person], max(surely[person], min(count, route.limits.get(person, count)))
        )
        for person, count in possibly.items()
    }
