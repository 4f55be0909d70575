"""What follows from the answers: derived columns, conditions, scores, decisions, offers, flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from app.core import logic, scores
from app.core.compiling.draft import Draft, Scope, Spot
from app.core.domains import UNSURE, UNSURE_IS
from app.core.logic import Expression
from app.core.program import (
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    Raising,
    ScoreNode,
    base_of,
)
from app.core.questions import QUESTION_TYPES, Column, MatrixUse, Question, RowOutcome, type_of
from app.core.rules import Decision, FlagRule, Matrix, NamedCondition, Outcome, Score
from app.core.soundness import scale_amiss


def derived_nodes(draft: Draft, question: Question) -> Iterator[DerivedNode]:
    """The columns of a rows question that are worked out."""
    for n, column in enumerate(question.columns):
        if column.derived:
            spot = draft.where[question.id].at("columns", n)
            yield _derived_node(draft, question, column, spot)


def _derived_node(draft: Draft, question: Question, column: Column, spot: Spot) -> DerivedNode:
    scope = draft.scope[question.id].columns
    if column.decide:
        for n, outcome in enumerate(column.decide):
            check_meaning(outcome.code, spot.at("decide", n))
        outcomes = tuple(
            (outcome.code, _outcome(draft, outcome, spot.at("decide", n), scope))
            for n, outcome in enumerate(column.decide)
        )
        return DerivedNode(question.id, column, outcomes=outcomes)
    if column.matrix:
        matrix = _matrix(draft, column.matrix, scope, spot.at("matrix"))
        floor = _floor(draft, matrix) if matrix else ()
        return DerivedNode(question.id, column, matrix=matrix, floor=floor)
    refers = {c.id: c.rows for c in question.columns}
    use = column.look_up
    target = (use.rows or refers.get(use.row or "")) if use else None
    return DerivedNode(question.id, column, target=target)


def _matrix(draft: Draft, use: MatrixUse, scope: Scope, spot: Spot) -> Matrix | None:
    """The matrix that rates two columns, whose options must be its scales."""
    matrix = draft.matrices.get(use.id)
    if matrix is None:
        spot.at("id").missing("there is no matrix", use.id, draft.matrices)
        return None
    for name, scale in ((use.likelihood, matrix.likelihood), (use.severity, matrix.severity)):
        if name in scope:
            spot.amiss(scale_amiss(name, scope[name].codes, scale))
        else:
            spot.missing("no column", name, scope)
    return matrix


def _floor(draft: Draft, matrix: Matrix) -> tuple[Expression, ...]:
    spot = next(spot for spot, each in draft.each(Matrix) if each is matrix)
    return tuple(
        draft.condition(floor.when, spot.at("floor", n, "when"))
        for n, floor in enumerate(matrix.floor)
    )


def _outcome(
    draft: Draft, outcome: Outcome | RowOutcome, spot: Spot, scope: Scope | None = None
) -> Expression:
    if (outcome.when is None) != outcome.otherwise:
        spot.fault("an outcome has either 'when' or 'otherwise: true'")
    if outcome.when is None:
        return logic.ALWAYS
    return draft.condition(outcome.when, spot.at("when"), scope)


def rule_nodes(draft: Draft) -> Iterator[Node]:
    """Every named condition, score and decision."""
    for spot, condition in draft.each(NamedCondition):
        when = draft.condition(condition.when, spot.at("when"))
        yield ConditionNode(condition.id, condition, when)
    for spot, score in draft.each(Score):
        yield _score_node(draft, spot, score)
    for spot, decision in draft.decisions():
        yield _decision_node(draft, spot, decision)


def _score_node(draft: Draft, spot: Spot, score: Score) -> ScoreNode:
    at = spot.at("value")
    compiled = scores.read(score.value, score.points, draft.scope, at.path, at.faults)
    for n, name in enumerate(score.with_):
        if name not in draft.questions:
            spot.at("with", n).missing("no question", name, draft.questions)
    table = draft.bands.get(score.band.from_) if score.band else None
    unsettled_by = (
        name
        for name in sorted(compiled.reads - compiled.settles_unsure)
        if draft.scope[name].unsure
    )
    return ScoreNode(score.id, score, compiled, table.levels if table else (), tuple(unsettled_by))


def _decision_node(draft: Draft, spot: Spot, decision: Decision) -> DecisionNode:
    only_if = None
    if decision.only_if is not None:
        only_if = draft.condition(decision.only_if, spot.at("only_if"))
    codes = [outcome.code for outcome in decision.outcomes]
    for n, outcome in enumerate(decision.outcomes):
        at = spot.at("outcomes", n)
        if outcome.otherwise and n != len(codes) - 1:
            at.fault("'otherwise' comes last: what follows never holds")
        check_code(codes, n, at)
    outcomes = tuple(
        (outcome.code, _outcome(draft, outcome, spot.at("outcomes", n)))
        for n, outcome in enumerate(decision.outcomes)
    )
    return DecisionNode(decision.id, decision, only_if, outcomes)


def check_code(codes: list[str], n: int, spot: Spot) -> None:
    """Note a code that is there already, or that means something else."""
    check_meaning(codes[n], spot)
    if codes.index(codes[n]) != n:
        spot.at("code").fault(f"'{codes[n]}' is there already")


def check_meaning(code: str, spot: Spot) -> None:
    """Note a derived code that conditions would read as "I don't know"."""
    if code == UNSURE:
        spot.at("code").fault(f"{UNSURE_IS}: give it another code, such as not_known")


def raisings(draft: Draft, roots: Mapping[str, frozenset[str]]) -> tuple[Raising, ...]:
    """Every flag with its condition, and the questions behind it."""
    flags = list(draft.each(FlagRule))
    times = Counter(rule.id for _, rule in flags)
    measures = {entry.code for offer in draft.offers.values() for entry in offer.entries}
    for spot, rule in flags:
        if times[rule.id] > 1:
            spot.at("id").fault(f"the flag '{rule.id}' is defined twice")
        _check_flag(draft, spot, rule, measures)
    return tuple(_raising(draft, spot, rule, roots) for spot, rule in flags)


def _check_flag(draft: Draft, spot: Spot, rule: FlagRule, known: set[str]) -> None:
    """Its measures (`known`: those offered) and its place in the risk matrix are known."""
    for n, code in enumerate(rule.measures):
        if code not in known:
            spot.at("measures", n).missing("no offer has the measure", code, known)
    matrix = next(iter(draft.matrices.values()), None)
    scales = (
        ("likelihood", rule.likelihood, matrix.likelihood if matrix else {}),
        ("severity", rule.severity, matrix.severity if matrix else {}),
    )
    for key, value, codes in scales:
        if value is not None and value not in codes:
            spot.at(key).fault(f"'{value}' is none of {', '.join(codes) or 'the matrix'}")


def _raising(
    draft: Draft, spot: Spot, rule: FlagRule, roots: Mapping[str, frozenset[str]]
) -> Raising:
    when = draft.condition(rule.when, spot.at("when"))
    # A plain column ("law.routes/kind") rests on its rows question.
    behind = (
        roots.get(name, roots.get(base, frozenset({base})))
        for name in logic.reads(when)
        for base in [base_of(name)]
    )
    return Raising(rule, when, frozenset().union(*behind))


def step_up(draft: Draft) -> Expression | None:
    """When the severity of every flag rises one step."""
    for spot, matrix in draft.each(Matrix):
        if matrix.step_up:
            return draft.condition(matrix.step_up.when, spot.at("step_up", "when"))
    return None


def suggestions(draft: Draft) -> dict[str, tuple[Expression, ...]]:
    """The condition of every suggested answer, by its question."""
    return {
        id_: tuple(_suggestion(draft, question, n) for n in range(len(question.suggest)))
        for id_, question in draft.questions.items()
        if question.suggest
    }


def _suggestion(draft: Draft, question: Question, n: int) -> Expression:
    suggestion, spot = question.suggest[n], draft.where[question.id].at("suggest", n)
    if question.type in QUESTION_TYPES:
        reading = type_of(question).from_file(question, suggestion.answer)
        if reading.error:
            spot.at("answer").fault(reading.error)
    return draft.condition(suggestion.when, spot.at("when"))
