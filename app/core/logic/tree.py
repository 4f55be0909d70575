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

    The record they run over holds what is surely shown and answered under its id, and `true` under
    "waiting." + id for what waits; in a row, the same for its columns.
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
    return {"!": [{"missing": [var]}]}


def waits(var: str) -> Json:
    """Whether this id waits."""
    return {"===": [{"var": f"waiting.{var}"}, True]}


def _derive_leaf(leaf: Leaf) -> Outcomes:
    test, unsure = _test(leaf), _unsure(leaf)
    possibly = [test, waits(leaf.var)]
    if unsure is None:
        return Outcomes(test, {"or": possibly})
    # "I don't know" settles nothing: unless it is named, it counts as waiting.
    return Outcomes({"and": [{"!": [unsure]}, test]}, {"or": [*possibly, unsure]})


def _test(leaf: Leaf) -> Json:
    """One comparison that holds only over an answer."""
    var: Json = {"var": leaf.var}
    match leaf:
        case Compare(_, op, literal):
            return {"and": [present(leaf.var), {op: [var, literal]}]}
        case Holds(_, _, negated):
            return {"===": [var, not negated]}
        case OneOf(_, codes):
            one = len(codes) == 1
            test: Json = {"===": [var, codes[0]]} if one else {"in": [var, list(codes)]}
        case Includes(_, code):
            test = {"in": [code, var]}
    return {"and": [present(leaf.var), {"!": [test]}]} if leaf.negated else test


def _unsure(leaf: Leaf) -> Json | None:
    """Whether the answer is an "I don't know" that the comparison does not name; None: never."""
    match leaf:
        case OneOf(var, codes) if leaf.unsure and UNSURE not in codes:
            return {"===": [{"var": var}, UNSURE]}
        case Includes(var, code) if leaf.unsure and code != UNSURE:
            return {"in": [UNSURE, {"var": var}]}
        case _:
            return None


def _derive_rows(expression: Quantified) -> Outcomes:
    rows = {"var": expression.var}
    there = present(expression.var)
    body = derive(expression.body)
    if expression.kind == "settled":
        open_ = {"some": [rows, {"and": [body.possibly, {"!": [body.surely]}]}]}
        return Outcomes({"and": [there, {"!": [open_]}]}, {"or": [waits(expression.var), there]})
    surely = {"and": [there, {expression.kind: [rows, body.surely]}]}
    possibly = {"and": [there, {expression.kind: [rows, body.possibly]}]}
    if expression.negated:
        surely, possibly = (
            {"and": [there, {"!": [{expression.kind: [rows, body.possibly]}]}]},
            {"and": [there, {"!": [{expression.kind: [rows, body.surely]}]}]},
        )
    return Outcomes(surely, {"or": [waits(expression.var), possibly]})


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
