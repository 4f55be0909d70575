"""The test bench: every example of every rule, run on definitions, with what came of it and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.catalogue import ORGANISATIONS, RULES, Catalogue
from app.catalogue.reading import file_of
from app.core import logic
from app.core.examples import Rule, rules_with_examples, wrong_examples
from app.core.explanation import because
from app.core.facts import facts_given
from app.core.program import Program
from app.core.questions import Asked, Question, type_of
from app.core.rules import Rules
from app.core.same import Same

RAISED_BY, NOT_BY = "raised_by", "not_by"


@dataclass(frozen=True, slots=True)
class Tried:
    """One example after it was run: what was meant to come of it, whether it did, and why.

    `answers`: what it says, in words; `place`: where its rule stands in the file.
    """

    key: str
    answers: tuple[tuple[str, str], ...]
    right: bool
    reason: str

    @property
    def wanted(self) -> bool:
        """Whether the rule was to hold."""
        return self.key == RAISED_BY


@dataclass(frozen=True, slots=True)
class Benched:
    """A rule with all its examples."""

    file: str
    id: str
    title: str
    holds_when: str
    tried: tuple[Tried, ...]

    @property
    def wrong(self) -> int:
        """How many of its examples do not come out as they say."""
        return sum(not each.right for each in self.tried)


def parts(catalogue: Catalogue) -> Iterator[tuple[str, Catalogue]]:
    """What projects are asked, and what organisations are asked; each with its part of a folder."""
    yield "", catalogue
    if catalogue.organisations is not None:
        yield ORGANISATIONS, catalogue.organisations


def rule_files(catalogue: Catalogue) -> Iterator[tuple[str, Catalogue, Rules]]:
    """Every file of rules, with the part of the definitions it belongs to."""
    for below, part in parts(catalogue):
        for name, rules in part.rules.items():
            yield file_of(RULES + below, name), part, rules


def run_bench(catalogue: Catalogue, file: str, on: date) -> tuple[Benched, ...]:
    """Run every example of one file of rules."""
    return _run(Same(catalogue), file, on)


@lru_cache(maxsize=64)
def _run(held: Same[Catalogue], file: str, on: date) -> tuple[Benched, ...]:
    for name, part, rules in rule_files(held.it):
        if name == file:
            found = rules_with_examples(part.program, rules)
            return tuple(_benched(file, part.program, each, on) for each in found)
    return ()


def count_examples(catalogue: Catalogue, on: date) -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """How many examples there are in all; each that is wrong, by file, rule and what is wrong."""
    total = 0
    wrong: list[tuple[str, str, str]] = []
    for file, part, rules in rule_files(catalogue):
        for rule in rules_with_examples(part.program, rules):
            total += len(rule[1].raised_by) + len(rule[1].not_by)
            called = _called(rule)
            wrong += [(file, called, said) for _, said in wrong_examples(part.program, (rule,), on)]
    return total, tuple(wrong)


def example_words(program: Program, example: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The answers of an example as people read them."""
    return tuple(
        (_name(program, id_), _words(program, id_, value)) for id_, value in example.items()
    )


def _benched(file: str, program: Program, rule: Rule, on: date) -> Benched:
    path, exampled, when = rule
    amiss: dict[tuple[Any, ...], str] = {}
    for at, said in wrong_examples(program, (rule,), on):
        amiss.setdefault(at[: len(path) + 2], said)
    tried = [
        _tried(program, rule, (key, n), amiss.get((*path, key, n)), on)
        for key in (RAISED_BY, NOT_BY)
        for n in range(len(getattr(exampled, key)))
    ]
    title = getattr(exampled, "title", None) or getattr(exampled, "label", None) or _called(rule)
    return Benched(file, _called(rule), str(title), logic.english(when), tuple(tried))


def _tried(program: Program, rule: Rule, at: tuple[str, int], wrong: str | None, on: date) -> Tried:
    key, n = at
    example = getattr(rule[1], key)[n]
    answers = example_words(program, example)
    if wrong is not None:
        return Tried(key, answers, right=False, reason=f"{wrong[:1].upper()}{wrong[1:]}")
    if key == NOT_BY:
        return Tried(key, answers, right=True, reason="These answers do not make it hold")
    facts = facts_given(program, example, on)
    return Tried(key, answers, right=True, reason=because(rule[2], facts).text())


def _called(rule: Rule) -> str:
    return str(getattr(rule[1], "id", None) or getattr(rule[1], "code", ""))


def _name(program: Program, id_: str) -> str:
    question = program.questions.get(id_)
    if question is not None:
        return question.called
    domain = program.scope.get(id_)
    return domain.name if domain is not None else id_


def _words(program: Program, id_: str, value: Any) -> str:
    question = program.questions.get(id_)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "; ".join(_row(question, row) for row in value)
    if question is not None and question.type != "rows":
        return _shown(question, value)
    if value == []:
        return "none"
    domain = program.scope.get(id_)
    return domain.label(value) if domain is not None else str(value)


def _row(question: Question | None, row: Mapping[str, Any]) -> str:
    columns = {column.id: column for column in question.columns} if question else {}
    said = [
        f"{columns[name].called}: {_shown(columns[name], value)}"
        if name in columns and not columns[name].derived
        else f"{name}: {value}"
        for name, value in row.items()
        if name != "id"
    ]
    return ", ".join(said) or "a row"


def _shown(asked: Asked, value: Any) -> str:
    try:
        return type_of(asked).show(asked, value)
    except (KeyError, TypeError, ValueError):  # an example may say what no form would take
        return str(value)
