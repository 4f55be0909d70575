"""A condition as a small tree: its opposite, what it reads, and its two plain expressions.

*Surely* (it holds whatever the blanks turn out to be) and *possibly* (it may still hold) are plain
JSONLogic in negation normal form, derived once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from app.core.domains import OPPOSITES, UNSURE, Domain
from app.core.logic.engine import Json, Record, Rule, compile_expression

# `domain` never takes part in equality: two conditions are the same if they ask the same.


class _Testable:
    """A condition that is compiled when first tested, once."""

    @cached_property
    def verdict(self) -> Rule:
        """*Surely* and *possibly* as one compiled expression: true, null (undetermined) or false."""
        return compile_expression(verdict(self))  # type: ignore[arg-type]  # all are Expressions

    @cached_property
    def verdicts(self) -> dict[str, Rule]:
        """The same over each row of a rows question, compiled when first needed, by its id."""
        return {}


@dataclass(frozen=True)
class Compare(_Testable):
    """A question, column or derived fact against a literal."""

    var: str
    op: str
    literal: str | float
    domain: Domain = field(compare=False)


@dataclass(frozen=True)
class OneOf(_Testable):
    """A choice, band, decision in a list of codes.

    `unsure`: "I don't know" is among the answers and settles nothing, unless it is named.
    """

    var: str
    codes: tuple[str, ...]
    domain: Domain = field(compare=False)
    negated: bool = False
    unsure: bool = False
    ordering: tuple[str, str] | None = field(default=None, compare=False)  # band: (op, code)


@dataclass(frozen=True)
class Includes(_Testable):
    """A code among the answers of a multi; `unsure` as for OneOf."""

    var: str
    code: str
    domain: Domain = field(compare=False)
    negated: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Holds(_Testable):
    """A named condition."""

    var: str
    domain: Domain = field(compare=False)
    negated: bool = False


@dataclass(frozen=True)
class Quantified(_Testable):
    """`some` or `all` rows; `none` is a negated `some`. `settled`: no row is undetermined (scores)."""

    kind: str
    var: str
    body: Expression
    domain: Domain = field(compare=False)
    negated: bool = False


@dataclass(frozen=True)
class Every(_Testable):
    """All of these (and)."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Either(_Testable):
    """Any of these (or)."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class AtLeast(_Testable):
    """At least so many of these."""

    number: int
    items: tuple[Expression, ...]


Leaf = Compare | OneOf | Includes | Holds
Expression = Leaf | Quantified | Every | Either | AtLeast
ALWAYS = Every(())
NEVER = Either(())
WAITS = "\0"
"""What a record holds in place of an answer or fact that waits; no option, no text can be it."""


# Negation, and what is read


def negate(expression: Expression) -> Expression:
    """The opposite, pushed down to the comparisons; it stops at a quantifier."""
    match expression:
        case Compare(var, op, literal, domain):
            return Compare(var, OPPOSITES[op], literal, domain)
        case OneOf() | Includes() | Holds() | Quantified():
            return replace(expression, negated=not expression.negated)
        case Every(items):
            return Either(tuple(map(negate, items)))
        case Either(items):
            return Every(tuple(map(negate, items)))
        case AtLeast(number, items):
            return AtLeast(len(items) - number + 1, tuple(map(negate, items)))


def reads(expression: Expression) -> frozenset[str]:
    """The ids a condition reads; a row's column as "rows.id/column"."""
    match expression:
        case Quantified(_, var, body):
            return frozenset({var}) | {f"{var}/{column}" for column in reads(body)}
        case Every(items) | Either(items) | AtLeast(_, items):
            return frozenset().union(*map(reads, items))
        case _:
            return frozenset({expression.var})


def names_unsure(expression: Expression, var: str) -> bool:
    """Whether some comparison with `var` names the answer "I don't know"."""
    match expression:
        case OneOf(name, codes):
            return name == var and UNSURE in codes
        case Includes(name, code):
            return name == var and code == UNSURE
        case Every(items) | Either(items) | AtLeast(_, items):
            return any(names_unsure(item, var) for item in items)
        case Quantified(_, rows, body):
            return var.startswith(f"{rows}/") and names_unsure(body, var.removeprefix(f"{rows}/"))
        case _:
            return False


# Deriving the two plain expressions


class Outcomes(NamedTuple):
    """The plain JSONLogic expressions of one condition."""

    surely: Json
    possibly: Json


def derive(expression: Expression) -> Outcomes:
    """*Surely* and *possibly*, as plain JSONLogic.

    The record they run over holds what is surely shown and answered under its id, and WAITS under
    the id of what waits; in a row, the same for its columns. What is not asked reads as null.
    """
    match expression:
        case Every(items):
            return _joined("and", items, empty=True)
        case Either(items):
            return _joined("or", items, empty=False)
        case AtLeast(number, items):
            sides = zip(*(derive(item) for item in items), strict=True)
            surely, possibly = (
                {">=": [{"+": [{"if": [side, 1, 0]} for side in each]}, number]} for each in sides
            )
            return Outcomes(surely, possibly)
        case Quantified():
            return _derive_rows(expression)
        case _:
            return _derive_leaf(expression)


def _joined(op: str, items: tuple[Expression, ...], *, empty: bool) -> Outcomes:
    if not items:
        return Outcomes(empty, empty)
    parts = [derive(item) for item in items]
    if len(parts) == 1:
        return parts[0]
    return Outcomes({op: [p.surely for p in parts]}, {op: [p.possibly for p in parts]})


def present(var: str) -> Json:
    """Whether the record holds an answer under this id."""
    return {"!": [{"in": [{"var": var}, [None, WAITS]]}]}


def _derive_leaf(leaf: Leaf) -> Outcomes:
    """One comparison, which surely holds only over an answer."""
    var: Json = {"var": leaf.var}
    # "I don't know" settles nothing: unless it is named, it counts as waiting.
    open_ = [WAITS, UNSURE] if _leaves_unsure(leaf) else [WAITS]
    match leaf:
        case Compare(_, op, literal):
            test = {op: [var, literal]}
            return Outcomes(
                {"and": [present(leaf.var), test]},
                {"or": [_is(var, open_), {"and": [{"!==": [var, None]}, test]}]},
            )
        case Holds(_, _, negated):
            return Outcomes(_is(var, [not negated]), _is(var, [not negated, *open_]))
        case OneOf(_, codes, negated=False):
            return Outcomes(_is(var, [*codes]), _is(var, [*codes, *open_]))
        case OneOf(_, codes):
            return Outcomes(_is_none(var, [None, *codes, *open_]), _is_none(var, [None, *codes]))
        case Includes():
            return _derive_includes(leaf, open_)


def _derive_includes(leaf: Includes, open_: list[str]) -> Outcomes:
    var: Json = {"var": leaf.var}
    test: Json = {"in": [leaf.code, var]}
    unsure = [{"in": [code, var]} for code in open_ if code != WAITS]
    if not leaf.negated:
        surely = [test, *({"!": [each]} for each in unsure)]
        return Outcomes({"and": surely}, {"or": [test, _is(var, [WAITS]), *unsure]})
    # Nothing is in what waits: only that it was asked is to be seen.
    without = {"and": [{"!": [test]}, {"!==": [var, None]}]}
    surely = [{"!": [test]}, present(leaf.var), *({"!": [each]} for each in unsure)]
    return Outcomes({"and": surely}, {"or": [without, *unsure]})


def _is(var: Json, values: list[Json]) -> Json:
    return {"===": [var, values[0]]} if len(values) == 1 else {"in": [var, values]}


def _is_none(var: Json, values: list[Json]) -> Json:
    return {"!": [{"in": [var, values]}]}


def _leaves_unsure(leaf: Leaf) -> bool:
    """Whether the answer may be an "I don't know" that the comparison does not name."""
    match leaf:
        case OneOf(_, codes):
            return leaf.unsure and UNSURE not in codes
        case Includes(_, code):
            return leaf.unsure and code != UNSURE
        case _:
            return False


def _derive_rows(expression: Quantified) -> Outcomes:
    rows: Json = {"var": expression.var}
    waits, there = _is(rows, [WAITS]), present(expression.var)
    body = derive(expression.body)
    if expression.kind == "settled":
        open_ = {"some": [rows, {"and": [body.possibly, {"!": [body.surely]}]}]}
        return Outcomes({"and": [there, {"!": [open_]}]}, {"or": [waits, there]})
    surely, possibly = ({expression.kind: [rows, side]} for side in body)
    if expression.negated:
        surely, possibly = {"!": [possibly]}, {"!": [surely]}
    return Outcomes({"and": [there, surely]}, {"or": [waits, {"and": [there, possibly]}]})


def truth(expression: Expression, record: Record) -> bool | None:
    """True: surely. False: not possibly. None: undetermined. Raises EvaluationError."""
    found: bool | None = record.evaluate(expression.verdict)
    return found


def truths(expression: Expression, rows: str, record: Record) -> list[bool | None]:
    """The same over every row of a rows question. Raises EvaluationError."""
    rule = expression.verdicts.get(rows)
    if rule is None:
        rule = compile_expression({"map": [{"var": rows}, verdict(expression)]})
        expression.verdicts[rows] = rule
    found: list[bool | None] = record.evaluate(rule)
    return found


def verdict(expression: Expression) -> Json:
    """Both outcomes in one plain expression: true (surely), null (possibly) or false."""
    surely, possibly = derive(expression)
    # Most conditions do not hold, and then one of the two tells it.
    return {"if": [possibly, {"if": [surely, True, None]}, False]}
