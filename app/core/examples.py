"""The examples of rules: whether each names what there is, and comes out as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from app.core.domains import Domain, Kind, is_date
from app.core.facts import facts_given
from app.core.faults import Path, nearest, shown
from app.core.logic import Expression
from app.core.program import Program
from app.core.questions import MAX_ROWS
from app.core.rules import Exemplified, Rules

Wrong = tuple[Path, str]  # where in the file, and what is wrong with it
Rule = tuple[Path, Exemplified, Expression]
OUTCOMES = {True: "it holds", False: "it does not hold", None: "nobody can tell"}


def rules_with_examples(program: Program, rules: Rules) -> Iterator[Rule]:
    """Each flag, named condition and entry of an offer of one file: its place and its condition."""
    flags = {each.rule.id: each.when for each in program.flags}
    for n, flag in enumerate(rules.flags):
        yield ("flags", n), flag, flags[flag.id]
    for n, condition in enumerate(rules.conditions):
        yield ("conditions", n), condition, program.named(condition.id)
    for n, offer in enumerate(rules.offers):
        whens = program.offers[offer.id].when
        for m, (entry, when) in enumerate(zip(offer.entries, whens, strict=True)):
            if when is not None:
                yield ("offers", n, "entries", m), entry, when


def wrong_examples(
    program: Program, rules: Iterable[Rule], on: date, most: int | None = None
) -> Iterator[Wrong]:
    """The examples of these rules that do not come out as they say, or that say what cannot be.

    `most`: how many are tried; None: all.
    """
    for path, example, wanted, when in islice(_examples(rules), most):
        amiss = list(_amiss(program, example))
        yield from (((*path, *below), said) for below, said in amiss)
        if amiss:
            continue
        truth = facts_given(program, example, on).truth(when)
        if truth is not wanted:
            said = (
                f"this example says that {OUTCOMES[wanted]}, yet with its answers"
                f" {OUTCOMES[truth]}: change the rule or the example"
            )
            yield path, said


def _examples(rules: Iterable[Rule]) -> Iterator[tuple[Path, dict[str, Any], bool, Expression]]:
    for path, exampled, when in rules:
        for key, wanted in (("raised_by", True), ("not_by", False)):
            for n, example in enumerate(getattr(exampled, key)):
                yield (*path, key, n), example, wanted, when


def _amiss(program: Program, example: Mapping[str, Any]) -> Iterator[Wrong]:
    for id_, value in example.items():
        domain = program.scope.get(id_)
        if domain is None:
            yield (id_,), f"nothing is called '{id_}'{nearest(id_, program.scope)}"
        elif domain.kind is Kind.ROWS:
            yield from _amiss_rows(id_, domain, value)
        elif not _fits(domain, value):
            yield (id_,), f"'{id_}' has no answer {shown(value)}{_instead(domain, value)}"


def _amiss_rows(id_: str, domain: Domain, value: Any) -> Iterator[Wrong]:
    if not isinstance(value, list):
        yield (id_,), f"'{id_}' is answered by a list of rows, [] where there are none"
    elif len(value) > MAX_ROWS:
        yield (id_,), f"more than {MAX_ROWS} rows: write fewer"
    else:
        for n, row in enumerate(value):
            for name, said in _amiss_row(id_, domain, row):
                yield (id_, n, *name), said


def _amiss_row(id_: str, domain: Domain, row: Any) -> Iterator[Wrong]:
    if not isinstance(row, dict):
        yield (), "a row is {column: answer}"
        return
    for name, answer in row.items():
        column = domain.columns.get(name)
        if column is not None:
            if not _fits(column, answer):
                yield (name,), f"'{name}' has no answer {shown(answer)}{_instead(column, answer)}"
        elif name not in ("id", "owner"):
            yield (name,), f"'{id_}' has no column '{name}'{nearest(name, domain.columns)}"
        elif name == "id" and type(answer) is not int:
            yield (name,), "the id of a row is a whole number"


def _fits(domain: Domain, value: Any) -> bool:
    if domain.kind is Kind.CODES:
        return isinstance(value, list) and all(_is_code(domain, each) for each in value)
    return _FITS.get(domain.kind, _is_text)(domain, value)


def _is_code(domain: Domain, value: Any) -> bool:
    return isinstance(value, str) and value in domain.codes


def _is_number(_: Domain, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(_: Domain, value: Any) -> bool:
    return isinstance(value, str)


_FITS: Mapping[Kind, Callable[[Domain, Any], bool]] = {
    Kind.CODE: _is_code,
    Kind.NUMBER: _is_number,
    Kind.DATE: lambda _, value: isinstance(value, str) and is_date(value),
    Kind.TRUTH: lambda _, value: isinstance(value, bool),
    Kind.ROW: lambda _, value: type(value) is int,
    Kind.FILE: lambda _, value: isinstance(value, dict),
}


def _instead(domain: Domain, value: Any) -> str:
    wanted = {
        Kind.CODES: f"a list of {', '.join(domain.codes)}",
        Kind.NUMBER: "a number",
        Kind.DATE: 'a date such as "2026-05-01"',
        Kind.TRUTH: "true or false",
        Kind.ROW: "the number of a row",
        Kind.TEXT: "a text",
        Kind.FILE: "a file, which no rule reads: leave it out",
    }
    if domain.kind is Kind.CODE:
        return nearest(str(value), domain.codes) or f"; its options are {', '.join(domain.codes)}"
    return f"; it takes {wanted[domain.kind]}"
