"""Why a rule holds, and what would settle it: derived from the expression and the answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    node_reads,
)
from app.core.questions import LookUp, row_label


@dataclass(frozen=True, slots=True)
class Because:
    """The clauses that make a condition hold, and the addresses of the answers they rest on.

    `given` are those answers themselves, as text: what was said of a flag lapses when they change.
    """

    clauses: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    def text(self) -> str:
        """The clauses as one sentence part: "... and ..."."""
        return " and ".join(self.clauses)


def because(expression: Expression, facts: Facts) -> Because:
    """The comparisons that make a raised condition hold, with the answers."""
    clauses: dict[str, None] = {}
    answers: dict[str, None] = {}
    _collect(expression, facts, clauses, answers)
    given = tuple(repr(_given(address, facts)) for address in answers)
    return Because(tuple(clauses), tuple(answers), given)


def _given(address: str, facts: Facts) -> object:
    """The answer at an address: of a question, or of one column of one row."""
    id_, *within = address.split("/")
    value = facts.values.get(id_)
    if len(within) != 2:
        return value
    row, column = within
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
    scores = (node for node in program.nodes.values() if isinstance(node, ScoreNode))
    banded = {node.rule.band.id: node.id for node in scores if node.rule.band}
    waiting, seen = [*logic.reads(when)], set[str]()
    while waiting:
        name = waiting.pop()
        name = banded.get(name, name)
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
    found: dict[str, None] = {}
    _unsettled(expression, facts, found, frozenset())
    return tuple(found)


def _unsettled(
    expression: Expression, facts: Facts, found: dict[str, None], seen: frozenset[str]
) -> None:
    match expression:
        case Every(items) | Either(items) | AtLeast(_, items):
            for item in items:
                if facts.truth(item) is None:
                    _unsettled(item, facts, found, seen)
        case Quantified():
            _unsettled_rows(expression, facts, found, seen)
        case _:
            _behind(expression.var, facts, found, seen)


def _unsettled_rows(
    expression: Quantified, facts: Facts, found: dict[str, None], seen: frozenset[str]
) -> None:
    if expression.var in facts.waiting:
        _behind(expression.var, facts, found, seen)
        return
    for code in facts.encoded.get(expression.var, ()):
        record = Record(code)
        if logic.truth(expression.body, record) is None:
            for name in sorted(logic.reads(expression.body)):
                _column_behind(expression.var, code, name, facts, found, seen)


def _column_behind(
    rows: str,
    code: dict[str, object],
    name: str,
    facts: Facts,
    found: dict[str, None],
    seen: frozenset[str],
) -> None:
    address = f"{rows}/{code['id']}/{name}"
    node = facts.program.nodes.get(f"{rows}/{name}")
    unsure = code.get(name) == UNSURE or code.get(name) == [UNSURE]
    if address not in facts.waiting and not unsure:
        return
    if isinstance(node, DerivedNode):
        _derived_behind(node, code, facts, found, seen)
    elif isinstance(node, ColumnNode) and logic.truth(node.when, Record(code)) is None:
        for column in sorted(logic.reads(node.when)):
            _column_behind(rows, code, column, facts, found, seen)
    else:
        found[address] = None


def _derived_behind(
    node: DerivedNode,
    code: dict[str, object],
    facts: Facts,
    found: dict[str, None],
    seen: frozenset[str],
) -> None:
    """Follow a derived column of one row back to what its value waits for."""
    for column in _columns_read(node):
        _column_behind(node.rows, code, column, facts, found, seen)
    rated = node.column.matrix
    for floor, when in zip(node.matrix.floor if node.matrix else (), node.floor, strict=True):
        here = rated and (code.get(rated.severity), code.get(rated.likelihood))
        if here == (floor.severity, floor.likelihood) and facts.truth(when) is None:
            _unsettled(when, facts, found, seen)
    use = node.column.look_up
    if use is not None and use.question:
        _behind(use.question, facts, found, seen)
    elif use is not None and node.target is not None and code.get(str(use.row), WAITS) != WAITS:
        _looked_up_behind(node, use, code, facts, found, seen)


def _looked_up_behind(
    node: DerivedNode,
    use: LookUp,
    code: dict[str, object],
    facts: Facts,
    found: dict[str, None],
    seen: frozenset[str],
) -> None:
    """Follow what is looked up in other rows to the row that it stands in."""
    target, key = str(node.target), use.by or "id"
    _behind(target, facts, found, seen)
    rows = facts.encoded.get(target, ())
    there = [row for row in rows if row.get(key) == code[str(use.row)]]
    for row in rows:
        if row.get(key) == WAITS:
            _column_behind(target, row, key, facts, found, seen)
    for row in there:
        _column_behind(target, row, str(use.column), facts, found, seen)
    if not there and not use.by and target in facts.values:
        # The row referred to is gone: another must be chosen.
        found[f"{node.rows}/{code['id']}/{use.row}"] = None


def _columns_read(node: DerivedNode) -> list[str]:
    if node.column.matrix:
        return [node.column.matrix.likelihood, node.column.matrix.severity]
    if node.column.look_up:
        return [node.column.look_up.row] if node.column.look_up.row else []
    return sorted({name for _, when in node.outcomes for name in logic.reads(when)})


def _behind(id_: str, facts: Facts, found: dict[str, None], seen: frozenset[str]) -> None:
    """Follow one waiting id back to the questions that decide it."""
    if id_ in seen:
        return
    known = facts.traced.get(id_)
    if known is None:
        traced: dict[str, None] = {}
        _trace(id_, facts, traced, seen | {id_})
        known = facts.traced[id_] = tuple(traced)
    found.update(dict.fromkeys(known))


def _trace(id_: str, facts: Facts, found: dict[str, None], seen: frozenset[str]) -> None:
    node = facts.program.nodes.get(id_) or _band_of(id_, facts)
    if isinstance(node, QuestionNode) and (id_ in facts.shown or node.when is None):
        if id_ in facts.waiting or facts.values.get(id_) in (UNSURE, [UNSURE]):
            found[id_] = None
        return
    if isinstance(node, ScoreNode):
        for name in (*sorted(node.compiled.reads), *node.rule.with_):
            _behind(name.split("/")[0], facts, found, seen)
    for when in _awaited(node, facts):
        _unsettled(when, facts, found, seen)


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


def _band_of(id_: str, facts: Facts) -> ScoreNode | None:
    for node in facts.program.nodes.values():
        if isinstance(node, ScoreNode) and node.rule.band and node.rule.band.id == id_:
            return node
    return None
