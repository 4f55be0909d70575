"""Conditions in English."""

from __future__ import annotations

from app.core.domains import DATE_VERBS, OPPOSITES, VERBS, Kind
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
from app.core.wording import listed


def english(expression: Expression) -> str:
    """The condition as a clause, names in quotation marks."""
    match expression:
        case Every(items):
            return " and ".join(_nested(item, Either) for item in items) or "always"
        case Either(items):
            return " or ".join(_nested(item, Every) for item in items) or "never"
        case AtLeast(number, items):
            return f"at least {number} of these hold: {'; '.join(english(item) for item in items)}"
        case Quantified(kind, _, body, domain, negated):
            which = {("some", False): "some", ("some", True): "no", ("all", False): "every"}.get(
                (kind, negated), "not every"
            )
            return f"for {which} {domain.row_name}, {english(body)}"
        case _:
            return leaf_english(expression)


def _nested(item: Expression, wrap: type) -> str:
    text = english(item)
    return f"({text})" if isinstance(item, wrap | AtLeast | Quantified) else text


def leaf_english(leaf: Leaf) -> str:
    """One comparison: “Schedule 1 condition” is “None chosen yet”."""
    name = f"“{leaf.domain.name}”"
    match leaf:
        case Holds(_, domain, negated):
            return f"it is not so that {name}" if negated else name
        case Includes(_, code, domain, negated):
            return f"{name} {'does not include' if negated else 'includes'} “{domain.label(code)}”"
        case OneOf(_, codes, domain, negated, _, ordering):
            if ordering:
                op = OPPOSITES[ordering[0]] if negated else ordering[0]
                return f"{name} {VERBS[op]} “{domain.label(ordering[1])}”"
            options = listed([f"“{domain.label(code)}”" for code in codes], "or")
            return f"{name} {'is not' if negated else 'is'} {options}"
        case Compare(_, op, literal, domain):
            if domain.kind is Kind.DATE:
                digits = str(literal)
                shown = domain.label(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
                return f"{name} {DATE_VERBS.get(op, VERBS[op])} {shown}"
            return f"{name} {VERBS[op]} {domain.label(literal)}"
