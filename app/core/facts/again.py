"""The walk after a change: only what rests on a changed answer is worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core.domains import Kind, date_number
from app.core.facts.evaluation import Evaluation
from app.core.facts.known import Facts, Since, record_of
from app.core.logic import keyed
from app.core.program import (
    ColumnNode,
    DerivedNode,
    Group,
    Node,
    Program,
    QuestionNode,
    ScoreNode,
    node_reads,
)
from app.core.questions import Answer
from app.core.same import Same

WORTH_IT = 0.4
"""So great a share of a level is tested sooner at once than one by one."""


@dataclass(frozen=True)
class Readers:
    """Who reads what in a program.

    of: the nodes that read an id, or "rows/column". reads: the ids that a node reads. level: at
    which level a node is settled. groups: each question alone.
    """

    of: Mapping[str, tuple[str, ...]]
    reads: Mapping[str, frozenset[str]]
    level: Mapping[str, int]
    groups: Mapping[str, Group]


@lru_cache(maxsize=8)
def readers(program: Same[Program]) -> Readers:
    """Turn the dependency graph of a program round."""
    of: dict[str, list[str]] = {}
    reads: dict[str, frozenset[str]] = {}
    level: dict[str, int] = {}
    groups: dict[str, Group] = {}
    for n, nodes in enumerate(program.it.levels):
        for node in nodes:
            level[node.id] = n
            found = node_reads(node)
            reads[node.id] = frozenset(name.split("/", 1)[0] for name in found)
            for name in found:
                of.setdefault(name, []).append(node.id)
        for group in program.it.plan[n].questions:
            for id_ in group.ids:
                groups[id_] = Group.of(group.when, [id_], program.it.scope)
    return Readers({name: tuple(ids) for name, ids in of.items()}, reads, level, groups)


def evaluate_again(before: Facts, answers: Mapping[str, Answer]) -> Facts:
    """What other answers come to on the same day."""
    given, nodes = before.answers, before.program.nodes
    # Most answers are the very same objects.
    other = [id_ for id_, answer in answers.items() if given.get(id_) is not answer]
    other += given.keys() - answers.keys()
    changed = {id_ for id_ in other if id_ in nodes and given.get(id_) != answers.get(id_)}
    work = _Again(before, answers)
    work.walk_from(changed)
    return Facts(
        before.program,
        before.on,
        answers,
        work.values,
        frozenset(work.waiting),
        frozenset(work.shown),
        work.errors,
        work.encoded,
        Since(frozenset(work.changed), before.tested),
    )


class _Again(Evaluation):
    """An evaluation that begins with all that was known before.

    `changed`: what conditions now read otherwise. `fresh`: the rows questions whose rows are its
    own; those of `before` are never touched.
    """

    def __init__(self, before: Facts, answers: Mapping[str, Answer]) -> None:
        super().__init__(before.program, answers, date_number(before.on.isoformat()))
        self.before = before
        self.values = dict(before.values)
        self.encoded = dict(before.encoded)
        self.waiting = set(before.waiting)
        self.shown = set(before.shown)
        self.errors = dict(before.errors)
        self.readers = readers(Same(before.program))
        self.agenda: dict[int, dict[str, None]] = {}
        self.changed: set[str] = set()
        self.fresh: set[str] = set()

    def walk_from(self, answered: Iterable[str]) -> None:
        """Go through the levels, to what was answered otherwise and to all that rests on it."""
        self.answered_anew = frozenset(answered)
        for id_ in sorted(self.answered_anew):
            self.put_on_agenda(id_)
        for number, level in enumerate(self.program.plan):
            due = self.agenda.pop(number, None)
            if due is None:
                continue
            reads = level.reads
            whole = len(due) > len(level.nodes) * WORTH_IT
            if not whole:
                reads = keyed({name for id_ in due for name in self.readers.reads[id_]})
            record = record_of(self.encoded, self.waiting, reads, self.day)
            tests = level.tests
            self.verdicts = tests.over(record) if whole else tests.one_by_one(record)
            for id_ in due:
                self.visit(self.program.nodes[id_])

    def put_on_agenda(self, id_: str) -> None:
        self.agenda.setdefault(self.readers.level[id_], {})[id_] = None

    def visit(self, node: Node) -> None:
        """Settle one node again, and put what reads it on the agenda if it came out otherwise."""
        match node:
            case QuestionNode():
                self.ask_again(node)
            case ColumnNode(rows, column):
                self.column_again(node, rows, column)
            case DerivedNode(rows, column):
                self.column_again(node, rows, column.id)
            case _:
                self.settle_again(node)

    def has_changed(self, name: str) -> None:
        self.changed.add(name)
        for id_ in self.readers.of.get(name, ()):
            self.put_on_agenda(id_)

    # Questions

    def ask_again(self, node: QuestionNode) -> None:
        id_ = node.id
        if self.stands(node):
            return
        had = self.read_of(id_)
        self.forget(id_)
        self.errors.pop(id_, None)
        self.shown.discard(id_)
        rows = self.kind(id_) is Kind.ROWS
        if rows:
            self.fresh.add(id_)
            self.waiting -= {address for address in self.waiting if address.startswith(f"{id_}/")}
        self.ask(self.readers.groups[id_])
        if rows:
            # Its rows are new: every column is asked and derived again.
            for name in (id_, *(f"{id_}/{each}" for each in self.program.scope[id_].columns)):
                self.has_changed(name)
        elif had != self.read_of(id_):
            self.has_changed(id_)

    def stands(self, node: QuestionNode) -> bool:
        """Whether nothing about a question is new: asked as before, and answered as before."""
        id_ = node.id
        if id_ in self.answered_anew or id_ in self.errors:
            return False
        asked = self.reached(self.readers.groups[id_])
        if asked or id_ in self.errors:
            return id_ in self.shown and id_ not in self.errors
        return id_ not in self.shown and (asked is None) == (id_ in self.waiting)

    def kind(self, id_: str) -> Kind | None:
        domain = self.program.scope.get(id_)
        return domain.kind if domain else None

    # Derived facts

    def settle_again(self, node: Node) -> None:
        names = tuple(_names(node))
        had = [self.read_of(name) for name in names]
        for name in names:
            self.forget(name)
        self.errors.pop(node.id, None)
        self.settle_all((node,))
        for name, then in zip(names, had, strict=True):
            if then != self.read_of(name):
                self.has_changed(name)

    def column_again(self, node: Node, rows: str, column: str) -> None:
        self.errors.pop(node.id, None)
        self.own(rows)
        had = self.column_of(rows, column)
        for value, coded in zip(self.values.get(rows, ()), self.encoded.get(rows, ()), strict=True):
            value.pop(column, None)
            coded.pop(column, None)
            self.waiting.discard(f"{rows}/{coded['id']}/{column}")
        self.settle_all((node,))
        if had != self.column_of(rows, column):
            self.has_changed(f"{rows}/{column}")

    def own(self, rows: str) -> None:
        """Copy the rows of a question before anything in them is changed."""
        if rows in self.fresh or rows not in self.encoded:
            return
        self.fresh.add(rows)
        self.values[rows] = [dict(row) for row in self.values[rows]]
        self.encoded[rows] = [dict(row) for row in self.encoded[rows]]

    def column_of(self, rows: str, column: str) -> list[Any]:
        return [row.get(column) for row in self.encoded.get(rows, ())]

    # What conditions read

    def read_of(self, name: str) -> tuple[bool, Any]:
        return name in self.waiting, self.encoded.get(name)

    def forget(self, name: str) -> None:
        self.values.pop(name, None)
        self.encoded.pop(name, None)
        self.waiting.discard(name)


def _names(node: Node) -> Iterator[str]:
    """The ids under which a derived fact enters the record."""
    yield node.id
    if isinstance(node, ScoreNode) and node.rule.band:
        yield node.rule.band.id
