"""Values of definitions in plain words: conditions, sums, lists, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.core import logic
from app.core.difference.change import canonical
from app.core.domains import Domain, show_date
from app.core.faults import Faults
from app.core.logic import Expression
from app.core.models import Model
from app.core.program import Program
from app.core.wording import listed, short


class Words:
    """Puts what one catalogue says into words; `rows` names the rows whose columns may be read."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def scope(self, rows: str | None) -> Mapping[str, Domain]:
        """What a condition may name here."""
        scope = self.program.scope
        return {**scope, **scope[rows].columns} if rows and rows in scope else scope

    def name(self, id_: str, rows: str | None = None) -> str:
        """What a question, derived fact or column is called."""
        question = self.program.questions.get(id_)
        if question is not None:
            return f"“{short(question.called)}”"
        domain = self.scope(rows).get(id_)
        if domain is not None:
            return f"“{short(domain.name)}”"
        offer = self.program.offers.get(id_)
        return f"“{short(offer.rule.title)}”" if offer else id_

    def names(self, ids: Iterable[str], rows: str | None = None) -> str:
        """Several of them."""
        return ", ".join(self.name(id_, rows) for id_ in ids)

    def expression(self, raw: Any, rows: str | None) -> Expression | None:
        """A condition of a file, read; None where it cannot be (it names what is not there)."""
        faults = Faults("")
        read = logic.read(raw, self.scope(rows), (), faults)
        return None if faults.found else read

    def condition(self, raw: Any, rows: str | None = None) -> str:
        """A condition as a clause."""
        read = self.expression(raw, rows)
        return canonical(raw) if read is None else logic.english(read)

    # Scores

    def score(self, raw: Any) -> str:
        """A score's expression as a clause."""
        if not isinstance(raw, Mapping):
            return f"{raw:,}" if isinstance(raw, int | float) else str(raw)
        key = next((k for k in raw if k != "table"), "")
        said = _SCORES.get(key)
        try:
            return said(self, raw[key], raw) if said else canonical(raw)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            return canonical(raw)

    def _parts(self, raw: Iterable[Any]) -> str:
        return listed([self.score(part) for part in raw])

    def _points(self, id_: str, raw: Mapping[str, Any]) -> str:
        table = raw.get("table")
        return f"{self.name(id_)}{f' ({self.points(table, id_)})' if table else ''}"

    def points(self, table: Mapping[str, Any], id_: str = "") -> str:
        """A table of points: “Yes” counts 2."""
        domain = self.program.scope.get(id_)
        labels = domain.codes if domain else {}
        return ", ".join(
            f"“{labels.get(code, code)}” "
            f"{'is left out' if points == 'omit' else f'counts {points}'}"
            for code, points in table.items()
        )


def _many(word: str) -> Callable[[Words, Any, Any], str]:
    return lambda words, raw, _: f"the {word} of {words._parts(raw)}"  # noqa: SLF001 - of this module


def _count_rows(words: Words, raw: Any, _: Any) -> str:
    rows = raw[0]["var"]
    return f"the number of rows of {words.name(rows)} where {words.condition(raw[1], rows)}"


def _sum_rows(words: Words, raw: Any, _: Any) -> str:
    rows = raw[0]["var"]
    start, end = raw[1]["days"]
    named = f"{words.name(start, rows)} to {words.name(end, rows)}"
    return f"the days from {named}, over all rows of {words.name(rows)}"


def _day(words: Words, id_: str) -> str:
    return "the day of the assessment" if id_ == "today" else words.name(id_)


_SCORES: dict[str, Callable[[Words, Any, Any], str]] = {
    "var": lambda words, raw, _: words.name(raw),
    "points": lambda words, raw, whole: words._points(raw, whole),  # noqa: SLF001
    "mean": _many("mean"),
    "sum": _many("sum"),
    "product": _many("product"),
    "min": _many("least"),
    "max": _many("most"),
    "count": lambda words, raw, _: (
        f"how many of {len(raw)} hold: {'; '.join(words.condition(each) for each in raw)}"
    ),
    "count_rows": _count_rows,
    "sum_rows": _sum_rows,
    "days": lambda words, raw, _: f"the days from {_day(words, raw[0])} to {_day(words, raw[1])}",
    "subtract": lambda words, raw, _: f"{words.score(raw[0])} less {words.score(raw[1])}",
    "divide": lambda words, raw, _: f"{words.score(raw[0])} divided by {words.score(raw[1])}",
    "round": lambda words, raw, _: f"{words.score(raw)}, rounded",
    "if": lambda words, raw, _: (
        f"{words.score(raw[1])} if {words.condition(raw[0])}, otherwise {words.score(raw[2])}"
    ),
}


# Plain values


def plain(value: Any) -> str:
    """A value of a definition as it would be read out."""
    match value:
        case None | bool():
            return _TRUTHS[value]
        case str():
            return show_date(value)
        case Mapping():
            return "; ".join(f"{key}: {plain(each)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(plain(each) for each in value)
        case Model():
            said = {name: getattr(value, name) for name in type(value).model_fields}
            return plain({n.rstrip("_"): v for n, v in said.items() if v not in (None, ())})
        case _:
            return str(value)


_TRUTHS = {None: "", True: "Yes", False: "No"}
