"""Conditions, examples, sources and ids in words, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core import logic
from app.core.domains import Domain, Kind, show_date
from app.core.logic import AtLeast, Either, Every, Expression, Quantified
from app.core.models import Sourced
from app.core.program import Program

Lines = Iterator[str]
DEEPEST = 3  # conditions nested deeper are said in one sentence
SHOWN = 3  # examples of each kind; the others differ in a word
NOT_YET = "not yet confirmed by a DPO"


def cell(text: object) -> str:
    """A text within a table or a list item: one line."""
    return " ".join(str(text).split()).replace("|", "\\|")


def checked_words(checked: str | bool) -> str:
    """Whether the source was read, and when."""
    return f"source read {show_date(checked)}" if isinstance(checked, str) else NOT_YET


def sourced(stated: Sourced) -> Lines:
    """Source, extent and dates of a statement, as list items."""
    if stated.source:
        yield f"- **Source:** {cell(stated.source)} ({checked_words(stated.checked)})"
    if stated.extent:
        yield f"- **Extent:** {cell(stated.extent)}"
    if stated.effective_from:
        yield f"- **In force from:** {show_date(stated.effective_from)}"
    if stated.effective_to:
        yield f"- **Until:** {show_date(stated.effective_to)}"


def condition(when: Expression, depth: int = 0) -> Lines:
    """A condition as a list within a list: all of these, any of these."""
    pad = "  " * depth
    match when:
        case Every(items) | Either(items) | AtLeast(_, items) if items and depth < DEEPEST:
            yield f"{pad}- {_how(when)}"
            for item in items:
                yield from condition(item, depth + 1)
        case Quantified(body=Every() | Either() as body) if depth < DEEPEST:
            yield f"{pad}- {_which(when)}"
            yield from condition(body, depth + 1)
        case _:
            yield f"{pad}- {cell(logic.english(when))}"


def _which(when: Quantified) -> str:
    named = {("some", False): "some", ("some", True): "no", ("all", False): "every"}
    return f"for {named.get((when.kind, when.negated), 'not every')} {when.domain.row_name}:"


def _how(when: Every | Either | AtLeast) -> str:
    match when:
        case Every():
            return "all of these hold:"
        case Either():
            return "any of these holds:"
        case AtLeast(number):
            return f"at least {number} hold:"


def examples(label: str, given: Iterable[Mapping[str, Any]], program: Program) -> Lines:
    """Examples in words; the first few, since the others differ in a word."""
    every = list(given)
    if not every:
        return
    yield f"- **{label}:**"
    for example in every[:SHOWN]:
        yield f"  - {cell(_example(example, program))}"
    if len(every) > SHOWN:
        yield f"  - and {len(every) - SHOWN} more like these"


def _example(example: Mapping[str, Any], program: Program) -> str:
    said = [
        _said(program.scope[id_], value) for id_, value in example.items() if id_ in program.scope
    ]
    return "; ".join(said) or "nothing is answered"


def _said(domain: Domain, value: Any) -> str:
    if domain.kind is Kind.ROWS:
        rows = [_row(domain, row) for row in value]
        return "; ".join(rows) if rows else f"no {domain.row_name}"
    return f"“{domain.name}” is {_label(domain, value)}"


def _row(domain: Domain, row: Mapping[str, Any]) -> str:
    said = [
        f"“{domain.columns[name].name}” as {_label(domain.columns[name], value)}"
        for name, value in row.items()
        if name in domain.columns
    ]
    return f"one {domain.row_name} with {', '.join(said)}" if said else f"one {domain.row_name}"


def _label(domain: Domain, value: Any) -> str:
    if isinstance(value, bool):
        return "so" if value else "not so"
    values = value if isinstance(value, list) else [value]
    if not values:
        return "answered with none"
    return " and ".join(f"“{domain.label(each)}”" for each in values)


def within(label: str, said: str, pad: str = "") -> Lines:
    """A text of one or several paragraphs as a list item, its own lists kept."""
    lines = said.strip().split("\n")
    if len(lines) == 1:
        yield f"{pad}- **{label}:** {lines[0]}"
        return
    yield f"{pad}- **{label}:**"
    yield ""
    yield from (f"{pad}  {line}" if line.strip() else "" for line in lines)
    yield ""


def anchor(heading: str) -> str:
    """The address of a heading on its page, as the usual Markdown readers make it."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")
