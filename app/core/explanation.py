"""Why a rule holds, and what would settle it: derived from the expression and the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.core import logic
from app.core.domains import UNSURE, Kind
from app.core.facts import Facts
from app.core.logic import (
    WAITS,
    AtLeast,
    Either,
    Every,
    Expression,
    Holds,
    Leaf,
    Quantified,
    Record,
)
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    QuestionNode,
    ScoreNode,
    base_of,
    node_reads,
)
from app.core.questions import LookUp, row_label
from app.core.sheet import read_address
from app.core.wording import listed

Row = dict[str, Any]  # as conditions read it


@dataclass(frozen=True, slots=True)
class Because:
    """The clauses that make a condition hold, and the addresses of the answers they rest on.

    `given` are those answers themselves, as text: what was said of a flag lapses when they change.
    """

    clauses: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    def text(self) -> str:
        """The clauses as one sentence part: "... and ...", alike ones told together."""
        return " and ".join(self.told())

    def told(self) -> tuple[str, ...]:
        """The clauses as they are told: those of one subject, or the same of several rows, as one."""
        return tuple(_together(self.clauses))


_INCLUDES = "” includes "
_OF_A_ROW = re.compile(r"for (“[^”]*”), (.+)")


def _together(clauses: Iterable[str]) -> Iterator[str]:
    """Clauses of one subject, or that say the same of several rows, as one."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for clause in clauses:
        before, part, after = "", clause, ""
        if of_row := _OF_A_ROW.fullmatch(clause):
            before, part, after = "for ", of_row[1], f", {of_row[2]}"
        elif clause.count(_INCLUDES) == 1:
            subject, _, part = clause.partition(_INCLUDES)
            before = f"{subject}{_INCLUDES}"
        alike.setdefault((before, after, "" if before else clause), []).append(part)
    for (before, after, _), parts in alike.items():
        yield f"{before}{listed(parts)}{after}"


def because(expression: Expression, facts: Facts) -> Because:
    """The comparisons that make a raised condition hold, with the answers."""
    clauses: dict[str, None] = {}
    answers: dict[str, None] = {}
    _collect(expression, facts, clauses, answers)
    given = tuple(repr(given_at(address, facts)) for address in answers)
    return Because(tuple(clauses), tuple(answers), given)


def given_at(address: str, facts: Facts) -> Any:
    """The answer at an address, of a question or of one column of one row; None where it is blank."""
    id_, row, column = read_address(address)
    value = facts.values.get(id_)
    if row is None:
        return value
    return next((each.get(column) for each in value or () if str(each["id"]) == row), None)


def _collect(
    expression: Expression, facts: Facts, clauses: dict[str, None], answers: dict[str, None]
) -> None:
    match expression:
        case Every(items) | Either(items) | AtLeast(_, items):
            for item in items:
                if facts.truth(item) is True:
                    _collect(item, facts, clauses, answers)
        case Quantified():
            _collect_rows(expression, facts, clauses, answers)
        case Holds(var, _, negated):
            when = facts.program.named(var)
            inner = logic.negate(when) if negated else when
            if facts.truth(inner) is True:
                _collect(inner, facts, clauses, answers)
            else:
                # What is not asked makes neither a comparison nor its opposite hold; the name stands.
                clauses[logic.leaf_english(expression)] = None
                answers.update(dict.fromkeys(_answers_behind(var, facts)))
        case _:
            clauses[_clause(expression, facts)] = None
            answers.update(dict.fromkeys(_answers_behind(expression.var, facts)))


def _clause(leaf: Leaf, facts: Facts) -> str:
    """A comparison with the answer itself: “How many people” is “10,000 to 99,999”."""
    question = facts.program.questions.get(leaf.var)
    value = facts.values.get(leaf.var)
    if question is not None and question.restricted:
        return f"of the answer to “{leaf.domain.name}”, which is restricted"
    if isinstance(leaf, logic.Compare) and leaf.domain.kind is Kind.NUMBER and value is not None:
        shown = leaf.domain.label(round(value, 2))
        return (
            f"“{leaf.domain.name}” is {shown}, which {logic.leaf_english(leaf).split('” ', 1)[1]}"
        )
    if isinstance(leaf, logic.OneOf) and question is not None and isinstance(value, str):
        return f"“{leaf.domain.name}” is “{leaf.domain.label(value)}”"
    return logic.leaf_english(leaf)


def _answers_behind(id_: str, facts: Facts) -> list[str]:
    """The answered questions behind an id; a derived fact is followed back to them."""
    if id_ in facts.program.questions:
        return [id_]
    roots = facts.program.roots.get(id_, frozenset())
    places = facts.program.places
    return sorted((r for r in roots if r in facts.values), key=lambda r: places[r][0].rank)


def _collect_rows(
    expression: Quantified, facts: Facts, clauses: dict[str, None], answers: dict[str, None]
) -> None:
    question = facts.program.questions[expression.var]
    rows = facts.values.get(expression.var, ())
    coded = facts.encoded.get(expression.var, ())
    if expression.negated or expression.kind == "all":
        clauses[logic.english(expression)] = None
        answers[expression.var] = None
    if expression.negated:
        return
    for row, code in zip(rows, coded, strict=True):
        record = Record(code)
        if logic.truth(expression.body, record) is not True:
            continue
        leaves = _true_leaves(expression.body, record)
        label = row_label(question, row)
        said = " and ".join(dict.fromkeys(logic.leaf_english(leaf) for leaf in leaves))
        clauses[f"for “{label}”, {said}"] = None
        answers.update(dict.fromkeys(f"{expression.var}/{row['id']}/{leaf.var}" for leaf in leaves))


def _true_leaves(body: Expression, record: Record) -> list[Leaf]:
    match body:
        case Every(items) | Either(items) | AtLeast(_, items):
            return [
                leaf
                for item in items
                if logic.truth(item, record) is True
                for leaf in _true_leaves(item, record)
            ]
        case Quantified():
            return []
        case _:
            return [body]


def broken_behind(when: Expression, facts: Facts) -> tuple[str, ...]:
    """What a condition rests on that could not be worked out, by its name; mostly nothing."""
    if not facts.errors:
        return ()
    program, found = facts.program, dict[str, None]()
    waiting, seen = [*logic.reads(when)], set[str]()
    while waiting:
        name = waiting.pop()
        name = program.bands[name].id if name in program.bands else name
        if name in seen:
            continue
        seen.add(name)
        if name in facts.errors:
            found[_name_of(name, facts)] = None
        elif name in program.nodes:
            waiting += node_reads(program.nodes[name])
    return tuple(sorted(found))


def read_by(when: Expression, facts: Facts) -> tuple[str, ...]:
    """What a condition reads, by name."""
    return tuple(sorted({_name_of(name, facts) for name in logic.reads(when)}))


def _name_of(id_: str, facts: Facts) -> str:
    name, _, column = id_.partition("/")
    domain = facts.program.scope[name]
    return domain.columns[column].name if column in domain.columns else domain.name


def settled_by(expression: Expression, facts: Facts) -> tuple[str, ...]:
    """The addresses of the shown blanks (or "I don't know"s) that would settle a condition."""
    trace = _Trace(facts)
    trace.condition(expression)
    return tuple(trace.found)


class _Trace:
    """Follows what is not settled back to the blanks that decide it, in order, each once.

    `seen`: the facts that are being followed already; they may read each other through rows.
    """

    def __init__(self, facts: Facts, seen: frozenset[str] = frozenset()) -> None:
        self.facts = facts
        self.seen = seen
        self.found: dict[str, None] = {}

    def condition(self, expression: Expression) -> None:
        """What would settle a condition that is not settled."""
        match expression:
            case Every(items) | Either(items) | AtLeast(_, items):
                for item in items:
                    if self.facts.truth(item) is None:
                        self.condition(item)
            case Quantified():
                self.rows(expression)
            case _:
                self.fact(expression.var)

    def rows(self, expression: Quantified) -> None:
        if expression.var in self.facts.waiting:
            self.fact(expression.var)
            return
        for code in self.facts.encoded.get(expression.var, ()):
            if logic.truth(expression.body, Record(code)) is None:
                for name in sorted(logic.reads(expression.body)):
                    self.column(expression.var, code, name)

    def column(self, rows: str, code: Row, name: str) -> None:
        """Follow a column of one row, as conditions read it."""
        address = f"{rows}/{code['id']}/{name}"
        node = self.facts.program.nodes.get(f"{rows}/{name}")
        unsure = code.get(name) in (UNSURE, [UNSURE])
        if address not in self.facts.waiting and not unsure:
            return
        if isinstance(node, DerivedNode):
            self.derived(node, code)
        elif isinstance(node, ColumnNode) and logic.truth(node.when, Record(code)) is None:
            for column in sorted(logic.reads(node.when)):
                self.column(rows, code, column)
        else:
            self.found[address] = None

    def derived(self, node: DerivedNode, code: Row) -> None:
        """Follow a derived column of one row back to what its value waits for."""
        for column in _columns_read(node):
            self.column(node.rows, code, column)
        rated = node.column.matrix
        for floor, when in zip(node.matrix.floor if node.matrix else (), node.floor, strict=True):
            here = rated and (code.get(rated.severity), code.get(rated.likelihood))
            if here == (floor.severity, floor.likelihood) and self.facts.truth(when) is None:
                self.condition(when)
        use = node.column.look_up
        if use is not None and use.question:
            self.fact(use.question)
        elif use is not None and node.target is not None and code.get(str(use.row), WAITS) != WAITS:
            self.looked_up(node, use, code)

    def looked_up(self, node: DerivedNode, use: LookUp, code: Row) -> None:
        """Follow what is looked up in other rows to the row that it stands in."""
        target, key = str(node.target), use.by or "id"
        self.fact(target)
        rows = self.facts.encoded.get(target, ())
        there = [row for row in rows if row.get(key) == code[str(use.row)]]
        for row in rows:
            if row.get(key) == WAITS:
                self.column(target, row, key)
        for row in there:
            self.column(target, row, str(use.column))
        if not there and not use.by and target in self.facts.values:
            # The row referred to is gone: another must be chosen.
            self.found[f"{node.rows}/{code['id']}/{use.row}"] = None

    def fact(self, id_: str) -> None:
        """Follow one waiting fact back to the questions that decide it."""
        if id_ in self.seen:
            return
        known = self.facts.traced.get(id_)
        if known is None:
            within = _Trace(self.facts, self.seen | {id_})
            within.node(id_)
            known = self.facts.traced[id_] = tuple(within.found)
        self.found.update(dict.fromkeys(known))

    def node(self, id_: str) -> None:
        """What a fact itself waits for."""
        facts, program = self.facts, self.facts.program
        node = program.nodes.get(id_) or program.bands.get(id_)
        if isinstance(node, QuestionNode) and (id_ in facts.shown or node.when is None):
            if id_ in facts.waiting or facts.values.get(id_) in (UNSURE, [UNSURE]):
                self.found[id_] = None
            return
        if isinstance(node, ScoreNode):
            for name in (*sorted(node.compiled.reads), *node.rule.with_):
                self.fact(base_of(name))
        for when in _awaited(node, facts):
            self.condition(when)


def _columns_read(node: DerivedNode) -> list[str]:
    if node.column.matrix:
        return [node.column.matrix.likelihood, node.column.matrix.severity]
    if node.column.look_up:
        return [node.column.look_up.row] if node.column.look_up.row else []
    return sorted({name for _, when in node.outcomes for name in logic.reads(when)})


def _awaited(node: Node | None, facts: Facts) -> Iterable[Expression]:
    """The conditions for which a fact waits."""
    match node:
        case QuestionNode(id_, when) if when is not None and id_ in facts.waiting:
            return (when,)
        case ConditionNode(_, _, when):
            return (when,)
        case DecisionNode(_, _, only_if, outcomes):
            every = (*((only_if,) if only_if else ()), *(when for _, when in outcomes))
            return tuple(when for when in every if facts.truth(when) is None)
        case ScoreNode(_, _, compiled):
            return compiled.conditions
        case _:
            return ()
