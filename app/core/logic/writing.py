"""A condition as a definition file says it: what reading it gives again."""

from __future__ import annotations

from app.core.domains import OPPOSITES, Kind
from app.core.logic.engine import Json
from app.core.logic.tree import (
    AtLeast,
    Compare,
    Either,
    Every,
    Expression,
    Holds,
    Includes,
    Leaf,
    OneOf,
    Quantified,
)


def written(expression: Expression) -> Json:
    """The condition as JSONLogic, for a file."""
    match expression:
        case Every(items):
            return {"and": [written(each) for each in items]}
        case Either(items):
            return {"or": [written(each) for each in items]}
        case AtLeast(number, items):
            return {"at_least": [number, [written(each) for each in items]]}
        case Quantified(kind, var, body, _, negated):
            op = "none" if negated and kind == "some" else kind
            said = {op: [{"var": var}, written(body)]}
            return _unless(said, negated=negated and op != "none")
        case _:
            return _leaf(expression)


def _leaf(leaf: Leaf) -> Json:
    var: Json = {"var": leaf.var}
    match leaf:
        case OneOf():
            return _one_of(leaf)
        case Includes(_, code, _, negated):
            return _unless({"in": [code, var]}, negated=negated)
        case Holds(_, _, negated):
            return _unless(var, negated=negated)
        case Compare(_, op, literal, domain):
            return {op: [var, _day(literal) if domain.kind is Kind.DATE else literal]}


def _one_of(leaf: OneOf) -> Json:
    var = {"var": leaf.var}
    if leaf.ordering:
        op, code = leaf.ordering
        return {OPPOSITES[op] if leaf.negated else op: [var, code]}
    if len(leaf.codes) == 1:
        return {"!==" if leaf.negated else "===": [var, leaf.codes[0]]}
    return _unless({"in": [var, list(leaf.codes)]}, negated=leaf.negated)


def _unless(said: Json, *, negated: bool) -> Json:
    return {"!": said} if negated else said


def _day(number: str | float) -> str:
    """A date as files write it, from the number it is compared as."""
    digits = str(int(number))
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
