"""The dependency graph of a catalogue: every question and derived fact, in levels of evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.core import logic, scores
from app.core.domains import Domain, Kind
from app.core.logic import Batch, Expression, keyed
from app.core.questionnaire import Questionnaire
from app.core.questions import Column, LookUp, Question
from app.core.rules import Decision, FlagRule, Level, Matrix, NamedCondition, Offer, Score

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """A questionnaire with its file and the routes that ask it (None: every route)."""

    name: str
    file: str
    questionnaire: Questionnaire
    routes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: questionnaire, section, page, and its rank in the whole pipeline."""

    questionnaire: str
    section: str
    page: str
    rank: int


@dataclass(frozen=True, slots=True)
class QuestionNode:
    """A question and when it is asked (None: always)."""

    id: str
    when: Expression | None


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """A row's column that is asked only under a condition over earlier columns."""

    rows: str
    column: str
    when: Expression

    @property
    def id(self) -> str:
        return f"{self.rows}/{self.column}"


@dataclass(frozen=True, slots=True)
class DerivedNode:
    """A row's column that is worked out: looked up, rated by a matrix, or decided over the row."""

    rows: str
    column: Column
    outcomes: tuple[tuple[str, Expression], ...] = ()
    matrix: Matrix | None = None
    floor: tuple[Expression, ...] = ()
    target: str | None = None  # look_up: the rows question referred to

    @property
    def id(self) -> str:
        return f"{self.rows}/{self.column.id}"


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """A named condition."""

    id: str
    rule: NamedCondition
    when: Expression


@dataclass(frozen=True, slots=True)
class DecisionNode:
    """A decision; an outcome without condition is the one otherwise."""

    id: str
    rule: Decision
    only_if: Expression | None
    outcomes: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class ScoreNode:
    """A score, compiled, with the levels of its band.

    `unsettled_by`: those of its questions whose "I don't know" settles nothing.
    """

    id: str
    rule: Score
    compiled: scores.Compiled
    levels: tuple[Level, ...] = ()
    unsettled_by: tuple[str, ...] = ()


Node = QuestionNode | ColumnNode | DerivedNode | ConditionNode | DecisionNode | ScoreNode


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one level that are asked under one condition (None: always).

    `kinds`: each with its kind, None where conditions read the answer just as it is.
    """

    when: Expression | None
    ids: tuple[str, ...]
    kinds: tuple[tuple[str, Kind | None], ...]

    @classmethod
    def of(cls, when: Expression | None, ids: Sequence[str], scope: Mapping[str, Domain]) -> Group:
        """Lay out the questions of one condition."""
        told = {Kind.ROWS, Kind.DATE, Kind.TEXT}
        # What has a fault of its own, such as a type that there is not, has no domain.
        kinds = ((id_, scope[id_].kind) for id_ in ids if id_ in scope)
        return cls(
            when,
            tuple(ids),
            tuple((id_, kind if kind in told else None) for id_, kind in kinds),
        )


@dataclass(frozen=True, slots=True)
class Round:
    """One level of evaluation: nodes that rest on earlier levels only, laid out for a quick walk.

    `reads`: the ids their conditions read, with their keys; a record of the level then holds nothing else.
    `questions`: the groups of those asked under one condition. `conditions`: the named ones, and
    `places`: their ids with the places of their tests. `others`: what else is derived.
    """

    nodes: tuple[Node, ...]
    reads: tuple[tuple[str, str], ...]
    tests: Batch
    questions: tuple[Group, ...]
    conditions: tuple[ConditionNode, ...]
    places: tuple[tuple[str, int], ...]
    others: tuple[Node, ...]

    @classmethod
    def of(cls, nodes: tuple[Node, ...], scope: Mapping[str, Domain]) -> Round:
        """Lay out one level."""
        reads = bases(name for node in nodes for name in node_reads(node))
        asked: dict[Expression | None, list[str]] = {}
        for node in nodes:
            if isinstance(node, QuestionNode):
                asked.setdefault(node.when, []).append(node.id)
        tests = Batch(
            [*(when for when in asked if when is not None), *_all(_tests, nodes)],
            _all(_row_tests, nodes),
            [node.compiled.expression for node in nodes if isinstance(node, ScoreNode)],
        )
        conditions = tuple(node for node in nodes if isinstance(node, ConditionNode))
        return cls(
            nodes,
            keyed(reads),
            tests,
            tuple(Group.of(when, ids, scope) for when, ids in asked.items()),
            conditions,
            tuple((node.id, tests.places[id(node.when)]) for node in conditions),
            tuple(node for node in nodes if not isinstance(node, QuestionNode | ConditionNode)),
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One `unless` of an entry, over the row or over the project."""

    test: Expression
    because: str
    of_row: bool


@dataclass(frozen=True, slots=True)
class EntryTest:
    """The conditions of an entry apart: over the project, over the row, and what bars it."""

    when: Expression
    where: Expression
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Offering:
    """An offer with the compiled condition of each entry (None: always), whole and in its parts.

    `where`: the rows it is for. `reads`: the columns that its conditions read.
    """

    rule: Offer
    when: tuple[Expression | None, ...]
    tests: tuple[EntryTest, ...]
    where: Expression
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Raising:
    """A flag rule with its compiled condition and everything it reads, derived facts followed back."""

    rule: FlagRule
    when: Expression
    roots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Program:
    """All definitions compiled: what facts() and assess() run.

    `gates`: by questionnaire and page, when a page that stands under a condition is asked. `roots`:
    the questions that each fact rests on.
    """

    questions: Mapping[str, Question]
    places: Mapping[str, tuple[Place, ...]]
    scope: Mapping[str, Domain]
    levels: tuple[tuple[Node, ...], ...]
    nodes: Mapping[str, Node]
    offers: Mapping[str, Offering]
    flags: tuple[Raising, ...]
    matrices: Mapping[str, Matrix]
    step_up: Expression | None
    suggestions: Mapping[str, tuple[Expression, ...]]
    gates: Mapping[tuple[str, str], Expression] = field(default_factory=dict)
    roots: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bands: Mapping[str, ScoreNode] = field(init=False)  # the score behind each band
    plan: tuple[Round, ...] = field(init=False)
    plain_columns: Mapping[str, tuple[tuple[str, Kind], ...]] = field(init=False)
    required_columns: Mapping[str, frozenset[str]] = field(init=False)
    flag_tests: Batch = field(init=False)
    gate_tests: Batch = field(init=False)

    def __post_init__(self) -> None:
        scored = (node for node in self.nodes.values() if isinstance(node, ScoreNode))
        bands = {node.rule.band.id: node for node in scored if node.rule.band}
        object.__setattr__(self, "bands", bands)
        plan = tuple(Round.of(nodes, self.scope) for nodes in self.levels)
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "plain_columns", self._plain_columns())
        object.__setattr__(self, "required_columns", self._required_columns())
        stepped = [self.step_up] if self.step_up is not None else []
        flags = Batch([*(each.when for each in self.flags), *stepped])
        object.__setattr__(self, "flag_tests", flags)
        object.__setattr__(self, "gate_tests", Batch(self.gates.values()))

    def named(self, id_: str) -> Expression:
        """The condition behind a name. Raises KeyError."""
        node = self.nodes[id_]
        if not isinstance(node, ConditionNode):
            raise KeyError(id_)
        return node.when

    def _required_columns(self) -> dict[str, frozenset[str]]:
        """Of each rows question the columns that somebody must answer."""
        return {
            id_: frozenset(c.id for c in question.columns if c.required and not c.derived)
            for id_, question in self.questions.items()
            if question.type == "rows"
        }

    def _plain_columns(self) -> dict[str, tuple[tuple[str, Kind], ...]]:
        """Of each rows question the columns asked without a condition, with their kinds."""
        return {
            id_: tuple(
                (column.id, self.scope[id_].columns[column.id].kind)
                for column in question.columns
                if not column.derived and f"{id_}/{column.id}" not in self.nodes
            )
            for id_, question in self.questions.items()
            if question.type == "rows" and id_ in self.scope
        }


def _all(tests: Callable[[Node], Iterable[T]], nodes: Iterable[Node]) -> list[T]:
    return [each for node in nodes for each in tests(node)]


def _tests(node: Node) -> tuple[Expression, ...]:
    """The conditions of one node over the whole record, but for those that ask a question."""
    match node:
        case ConditionNode(_, _, when):
            return (when,)
        case DecisionNode(_, _, only_if, outcomes):
            return (*((only_if,) if only_if is not None else ()), *(when for _, when in outcomes))
        case ScoreNode(_, _, compiled):
            return compiled.conditions
        case DerivedNode():
            return node.floor
        case QuestionNode() | ColumnNode():
            return ()


def _row_tests(node: Node) -> tuple[tuple[str, Expression], ...]:
    """The conditions of one node over each row."""
    match node:
        case ColumnNode(rows, _, when):
            return ((rows, when),)
        case DerivedNode(rows, _, outcomes):
            return tuple((rows, when) for _, when in outcomes)
        case _:
            return ()


def base_of(name: str) -> str:
    """The id that a name begins with: of a column ("rows/column") or a cell its rows question."""
    return name.partition("/")[0]


def bases(names: Iterable[str]) -> set[str]:
    """The ids that names begin with."""
    return set(map(base_of, names))


def node_reads(node: Node) -> frozenset[str]:
    """The ids (and "rows/column") one node reads."""
    match node:
        case QuestionNode(_, when):
            return logic.reads(when) if when else frozenset()
        case ColumnNode(rows, _, when):
            return frozenset({rows}) | {f"{rows}/{name}" for name in logic.reads(when)}
        case DerivedNode():
            return _derived_reads(node)
        case ConditionNode(_, _, when):
            return logic.reads(when)
        case DecisionNode(_, _, only_if, outcomes):
            whens = [when for _, when in outcomes] + ([only_if] if only_if else [])
            return frozenset().union(*map(logic.reads, whens))
        case ScoreNode(_, rule, compiled):
            return compiled.reads.union(rule.with_, *map(logic.reads, compiled.conditions))


def _looked_up_reads(node: DerivedNode, use: LookUp) -> set[str]:
    if use.question:
        return {use.question}
    there = {f"{node.target}/{name}" for name in (use.column, use.by) if name}
    return {f"{node.rows}/{use.row}", str(node.target), *there}


def _derived_reads(node: DerivedNode) -> frozenset[str]:
    rows, column = node.rows, node.column
    reads = {rows}
    if column.look_up:
        reads |= _looked_up_reads(node, column.look_up)
    if column.matrix:
        reads |= {f"{rows}/{column.matrix.likelihood}", f"{rows}/{column.matrix.severity}"}
        reads.update(*map(logic.reads, node.floor))
    for _, when in node.outcomes:
        reads |= {f"{rows}/{name}" for name in logic.reads(when)}
    return frozenset(reads)
