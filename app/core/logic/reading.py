"""Conditions read from JSONLogic and type-checked; every fault with its place and a way to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.core.domains import OPPOSITES, UNSURE, VERBS, Domain, Kind, date_number, is_date
from app.core.faults import Faults, Path, nearest
from app.core.logic.engine import Json
from app.core.logic.tree import (
    ALWAYS,
    AtLeast,
    Compare,
    Either,
    Every,
    Expression,
    Holds,
    Includes,
    OneOf,
    Quantified,
    negate,
)

Scope = Mapping[str, Domain]
MAX_PARTS = 2_000  # in one condition or score: operators and what they compare
TOO_MANY = f"more than {MAX_PARTS:,} parts in one definition: give some of them a name of their own"


def read(raw: Json, scope: Scope, path: Path, faults: Faults) -> Expression:
    """Parse and type-check a condition; faults are noted at their path, and ALWAYS stands in."""
    if not has_bounds(raw, path, faults):
        return ALWAYS
    return _Reader(scope, faults).read(raw, path)


def has_bounds(raw: Json, path: Path, faults: Faults) -> bool:
    """Whether a condition or score has no more parts than one may have; noted when it has."""
    left, waiting = MAX_PARTS, [raw]
    while waiting and left >= 0:
        part = waiting.pop()
        if isinstance(part, dict):
            left -= 1
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    if left < 0:
        faults.add(path, TOO_MANY)
    return left >= 0


class _Reader:
    """Reads conditions over one scope (the whole project, or the columns of a row)."""

    def __init__(self, scope: Scope, faults: Faults) -> None:
        self.scope = scope
        self.faults = faults

    def read(self, raw: Json, path: Path) -> Expression:
        if not isinstance(raw, dict) or len(raw) != 1:
            self.faults.add(
                path, f"a condition is one operator with its operands, not {_brief(raw)}"
            )
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
            self.faults.missing((*path, "var"), "nothing here is called", name, self.scope)
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
        if (
            domain.kind is Kind.NUMBER
            and isinstance(raw, int | float)
            and not isinstance(raw, bool)
        ):
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
        found = self.compared(op, args, path)
        if found is None:
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

    def compared(self, op: str, args: Json, path: Path) -> tuple[str, Domain] | None:
        """The name and domain that a comparison is about."""
        if not _operands(args, 2):
            self.faults.add(path, f"'{op}' takes a {{var: name}} and a literal")
            return None
        if not isinstance(args[0], dict) and isinstance(args[1], dict):
            wanted = f"{{'{op}': [{{var: ...}}, literal]}}"
            self.faults.add(path, f"write the {{var: name}} first: {wanted}")
            return None
        found = self.domain(args[0], (*path, 0))
        return found if found and self.fits(op, *found, (*path, 0)) else None

    def membership(self, op: str, args: Json, path: Path) -> Expression:
        if not _operands(args, 2):
            self.faults.add(
                path, f"'{op}' is [literal, {{var: multi}}] or [{{var: choice}}, [literals]]"
            )
            return ALWAYS
        if isinstance(args[0], dict):
            return self.one_of(args, path)
        found = self.domain(args[1], (*path, 1))
        if found is None:
            return ALWAYS
        name, domain = found
        if domain.kind is not Kind.CODES:
            self.faults.add(
                path, f"'{name}' is not a multi: write {{in: [{{var: {name}}}, [literals]]}}"
            )
            return ALWAYS
        code = self.code(domain, args[0], (*path, 0))
        return ALWAYS if code is None else Includes(name, code, domain, unsure=domain.unsure)

    def one_of(self, args: list[Json], path: Path) -> Expression:
        found = self.domain(args[0], (*path, 0))
        if found is None:
            return ALWAYS
        name, domain = found
        if domain.kind is not Kind.CODE or not isinstance(args[1], list) or not args[1]:
            wrong = (
                "a list of literals" if domain.kind is Kind.CODE else "a choice, band or decision"
            )
            self.faults.add(
                path, f"'in' with '{name}' needs {wrong}: [{{var: choice}}, [literals]]"
            )
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
