"""Conditions: JSONLogic read and type-checked, its three outcomes derived, evaluated, put in English.

A condition is parsed once into a small tree. From it two plain JSONLogic expressions are derived in
negation normal form: *surely* (it holds whatever the blanks turn out to be) and *possibly* (it may
still hold). Any JSONLogic engine runs them; this module is the only one that knows which.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import datalogic_py

from app.core.domains import (
    DATE_VERBS,
    OPPOSITES,
    UNSURE,
    VERBS,
    Domain,
    Kind,
    date_number,
    is_date,
    listed,
)
from app.core.faults import Faults, Path, nearest

Json = Any
Scope = Mapping[str, Domain]

STEP_BUDGET = 20_000
_ENGINE = datalogic_py.Engine(
    families=[],
    config={
        "ops_budget": STEP_BUDGET,
        "max_recursion_depth": 64,
        "numeric_coercion": {"null_to_zero": False},
    },
)

EvaluationError = datalogic_py.EvaluateError
Rule = datalogic_py.Rule


# The tree. `domain` never takes part in equality: two conditions are the same if they ask the same.


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


# Reading


def read(raw: Json, scope: Scope, path: Path, faults: Faults) -> Expression:
    """Parse and type-check a condition; faults are noted at their path, and ALWAYS stands in."""
    return _Reader(scope, faults).read(raw, path)


class _Reader:
    """Reads conditions over one scope (the whole project, or the columns of a row)."""

    def __init__(self, scope: Scope, faults: Faults) -> None:
        self.scope = scope
        self.faults = faults

    def read(self, raw: Json, path: Path) -> Expression:
        if not isinstance(raw, dict) or len(raw) != 1:
            self.faults.add(path, f"a condition is one operator with its operands, not {_brief(raw)}")
            return ALWAYS
        op, args = next(iter(raw.items()))
        reader = _READERS.get(op)
        if reader is None:
            hint = nearest(str(op), _READERS) or f"; use one of {', '.join(_READERS)}"
            self.faults.add((*path, op), f"'{op}' is no operator of a condition{hint}")
            return ALWAYS
        return reader(self, op, args, (*path, op))

    def domain(self, raw: Json, path: Path) -> tuple[str, Domain] | None:
        """The name and domain behind {var: name}."""
        if not isinstance(raw, dict) or list(raw) != ["var"] or not isinstance(raw["var"], str):
            self.faults.add(path, f"expected {{var: name}}, not {_brief(raw)}")
            return None
        name = raw["var"]
        if name not in self.scope:
            self.faults.add((*path, "var"), f"nothing here is called '{name}'{nearest(name, self.scope)}")
            return None
        return name, self.scope[name]

    def fits(self, op: str, name: str, domain: Domain, path: Path) -> bool:
        if op in domain.operators():
            return True
        allowed = " or ".join(domain.operators()) or "nothing: no rule reads wording"
        self.faults.add(path, f"'{name}' cannot be compared with '{op}' (it allows {allowed})")
        return False

    def literal(self, domain: Domain, raw: Json, path: Path) -> str | float | None:
        """A literal that the domain allows, dates as numbers."""
        if domain.kind in (Kind.CODE, Kind.CODES):
            return self.code(domain, raw, path)
        if domain.kind is Kind.NUMBER and isinstance(raw, int | float) and not isinstance(raw, bool):
            return raw
        if domain.kind is Kind.DATE and isinstance(raw, str) and is_date(raw):
            return date_number(raw)
        wanted = {Kind.NUMBER: "a number", Kind.DATE: 'a date such as "2026-05-01"'}[domain.kind]
        self.faults.add(path, f"'{domain.name}' is compared with {wanted}, not {_brief(raw)}")
        return None

    def code(self, domain: Domain, raw: Json, path: Path) -> str | None:
        if isinstance(raw, str) and raw in domain.codes:
            return raw
        hint = (
            f'; write "{raw}" in quotes'
            if not isinstance(raw, str) and str(raw) in domain.codes
            else nearest(str(raw), domain.codes) or f"; its options are {', '.join(domain.codes)}"
        )
        self.faults.add(path, f"'{domain.name}' has no option {_brief(raw)}{hint}")
        return None

    def compare(self, op: str, args: Json, path: Path) -> Expression:
        if not _operands(args, 2):
            self.faults.add(path, f"'{op}' takes a {{var: name}} and a literal")
            return ALWAYS
        if not isinstance(args[0], dict) and isinstance(args[1], dict):
            self.faults.add(path, f"write the {{var: name}} first: {{'{op}': [{{var: ...}}, literal]}}")
            return ALWAYS
        found = self.domain(args[0], (*path, 0))
        if found is None or not self.fits(op, *found, (*path, 0)):
            return ALWAYS
        name, domain = found
        literal = self.literal(domain, args[1], (*path, 1))
        if literal is None:
            return ALWAYS
        if domain.kind is Kind.CODE:
            code = str(literal)
            if op in OPPOSITES and op not in ("===", "!=="):
                codes = _ordered(domain, op, code)
                return OneOf(name, codes, domain, unsure=domain.unsure, ordering=(op, code))
            return OneOf(name, (code,), domain, negated=op == "!==", unsure=domain.unsure)
        return Compare(name, op, literal, domain)

    def membership(self, op: str, args: Json, path: Path) -> Expression:
        if not _operands(args, 2):
            self.faults.add(path, "'in' is [literal, {var: multi}] or [{var: choice}, [literals]]")
            return ALWAYS
        if isinstance(args[0], dict):
            return self.one_of(args, path)
        found = self.domain(args[1], (*path, 1))
        if found is None:
            return ALWAYS
        name, domain = found
        if domain.kind is not Kind.CODES:
            self.faults.add(path, f"'{name}' is not a multi: write {{in: [{{var: {name}}}, [literals]]}}")
            return ALWAYS
        code = self.code(domain, args[0], (*path, 0))
        return ALWAYS if code is None else Includes(name, code, domain, unsure=domain.unsure)

    def one_of(self, args: list[Json], path: Path) -> Expression:
        found = self.domain(args[0], (*path, 0))
        if found is None:
            return ALWAYS
        name, domain = found
        if domain.kind is not Kind.CODE or not isinstance(args[1], list) or not args[1]:
            wrong = "a list of literals" if domain.kind is Kind.CODE else "a choice, band or decision"
            self.faults.add(path, f"'in' with '{name}' needs {wrong}: [{{var: choice}}, [literals]]")
            return ALWAYS
        codes = [self.code(domain, raw, (*path, 1, n)) for n, raw in enumerate(args[1])]
        known = tuple(code for code in codes if code is not None)
        return OneOf(name, known, domain, unsure=domain.unsure)

    def holds(self, op: str, args: Json, path: Path) -> Expression:
        found = self.domain({op: args}, path[:-1])
        if found is None:
            return ALWAYS
        name, domain = found
        if domain.kind is not Kind.TRUTH:
            self.faults.add(path, f"'{name}' is not a named condition: compare it with a literal")
            return ALWAYS
        return Holds(name, domain)

    def several(self, op: str, args: Json, path: Path) -> Expression:
        if not isinstance(args, list) or not args:
            self.faults.add(path, f"'{op}' takes a list of conditions")
            return ALWAYS
        items = tuple(self.read(raw, (*path, n)) for n, raw in enumerate(args))
        return Every(items) if op == "and" else Either(items)

    def negation(self, op: str, args: Json, path: Path) -> Expression:
        if isinstance(args, list) and len(args) == 1:
            return negate(self.read(args[0], (*path, 0)))
        if isinstance(args, dict):
            return negate(self.read(args, path))
        self.faults.add(path, f"'{op}' takes one condition")
        return ALWAYS

    def at_least(self, op: str, args: Json, path: Path) -> Expression:
        if not _operands(args, 2) or type(args[0]) is not int or not isinstance(args[1], list):
            self.faults.add(path, f"'{op}' is [a whole number, [conditions]]")
            return ALWAYS
        if not 1 <= args[0] <= len(args[1]):
            self.faults.add((*path, 0), f"{args[0]} of {len(args[1])} conditions cannot be")
            return ALWAYS
        items = tuple(self.read(raw, (*path, 1, n)) for n, raw in enumerate(args[1]))
        return AtLeast(args[0], items)

    def quantified(self, op: str, args: Json, path: Path) -> Expression:
        if not _operands(args, 2):
            self.faults.add(path, f"'{op}' is [{{var: rows}}, a condition over their columns]")
            return ALWAYS
        found = self.domain(args[0], (*path, 0))
        if found is None or not self.fits(op, *found, (*path, 0)):
            return ALWAYS
        name, domain = found
        body = _Reader(domain.columns, self.faults).read(args[1], (*path, 1))
        kind = "all" if op == "all" else "some"
        return Quantified(kind, name, body, domain, negated=op == "none")


_READERS = {
    **dict.fromkeys(VERBS, _Reader.compare),
    "in": _Reader.membership,
    "var": _Reader.holds,
    "and": _Reader.several,
    "or": _Reader.several,
    "!": _Reader.negation,
    "at_least": _Reader.at_least,
    "some": _Reader.quantified,
    "all": _Reader.quantified,
    "none": _Reader.quantified,
}
OPERATORS = tuple(_READERS)


def _operands(args: Json, number: int) -> bool:
    return isinstance(args, list) and len(args) == number


def _ordered(domain: Domain, op: str, code: str) -> tuple[str, ...]:
    """The codes of a band for which `code_i op code` holds; "I don't know" has no place in the order."""
    codes = [each for each in domain.codes if each != UNSURE]
    at = codes.index(code) if code in codes else len(codes)
    parts = {"<": codes[:at], "<=": codes[: at + 1], ">": codes[at + 1 :], ">=": codes[at:]}
    return tuple(parts[op])


def _brief(raw: Json) -> str:
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


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
    var: Json = {"var": leaf.var}
    unsure: Json = None
    match leaf:
        case Compare(_, op, literal):
            test: Json = {"and": [present(leaf.var), {op: [var, literal]}]}
        case OneOf(_, codes, _, negated):
            test = {"===": [var, codes[0]]} if len(codes) == 1 else {"in": [var, list(codes)]}
            if negated:
                test = {"and": [present(leaf.var), {"!": [test]}]}
            if leaf.unsure and UNSURE not in codes:
                unsure = {"===": [var, UNSURE]}
        case Includes(_, code, _, negated):
            test = {"in": [code, var]}
            if negated:
                test = {"and": [present(leaf.var), {"!": [test]}]}
            if leaf.unsure and code != UNSURE:
                unsure = {"in": [UNSURE, var]}
        case Holds(_, _, negated):
            test = {"===": [var, not negated]}
    possibly = [test, waits(leaf.var)]
    if unsure is None:
        return Outcomes(test, {"or": possibly})
    # "I don't know" settles nothing: unless it is named, it counts as waiting.
    return Outcomes({"and": [{"!": [unsure]}, test]}, {"or": [*possibly, unsure]})


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


# Evaluating


class Record:
    """Answers as conditions see them: nested by the dots of their ids, ready for many evaluations."""

    __slots__ = ("_handle",)

    def __init__(self, nested: dict[str, Any]) -> None:
        # Nothing here is deep: ids are short and rows one level, so the dict walk is bounded.
        self._handle = datalogic_py.DataHandle(nested)

    def evaluate(self, rule: datalogic_py.Rule) -> Json:
        """The value of a compiled expression. Raises EvaluationError."""
        return rule.evaluate_data(self._handle)


def compile_expression(expression: Json) -> datalogic_py.Rule:
    """Compile plain JSONLogic, once per distinct text. Raises datalogic_py.CompileError."""
    return _compile(json.dumps(expression, sort_keys=True))


@lru_cache(maxsize=20_000)
def _compile(text: str) -> datalogic_py.Rule:
    return _ENGINE.compile(text)


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
    return {"if": [surely, True, possibly, None, False]}


# English


def english(expression: Expression) -> str:
    """The condition as a clause, names in quotation marks."""
    match expression:
        case Every(items) if items:
            return " and ".join(_nested(item, Either) for item in items)
        case Either(items) if items:
            return " or ".join(_nested(item, Every) for item in items)
        case Every():
            return "always"
        case Either():
            return "never"
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
