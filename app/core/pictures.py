"""What the pictures of a document show: the risk matrix and the data flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.blocks import (
    RATED,
    Block,
    Flow,
    FlowEnd,
    FlowLine,
    Mark,
    Matrix,
    MatrixCell,
)
from app.core.outputs import Piece
from app.core.parties import is_processor
from app.core.program import DerivedNode
from app.core.questions import MatrixUse, Question, row_label
from app.core.record import Record
from app.core.rules import Floor
from app.core.rules import Matrix as MatrixRule


def matrix(record: Record, _piece: Piece) -> Iterator[Block]:
    """The risk matrix: accepted risks before and after measures, or the raised flags."""
    of_rules = next(iter(record.facts.program.matrices.values()), None)
    if of_rules is None:
        return
    uses = risk_scale(record)
    rule = record.facts.program.matrices[uses[0].id] if uses else of_rules
    before, after = _risk_marks(record, uses)
    raised = _raised_floors(record, rule) if before else ()
    note = f"Each number is that of a risk below.{_floor_notes(rule, raised)}"
    if not before:
        other = f" Risks are rated on another scale here: {rule.title}." if rule != of_rules else ""
        rule, before, after = of_rules, _flag_marks(record), {}
        note = f"Each number is that of a flag.{other}"
    severities = list(reversed(rule.severity))
    cells = tuple(
        tuple(
            _matrix_cell(rule, raised, (s, likelihood), before, after)
            for likelihood in rule.likelihood
        )
        for s in severities
    )
    yield Matrix(
        "Risks to people, by likelihood and severity",
        tuple(rule.likelihood.values()),
        tuple(rule.severity[s] for s in severities),
        cells,
        note,
    )


Marks = dict[tuple[str, str], list[Mark]]


def _matrix_cell(
    rule: MatrixRule,
    raised: tuple[Floor, ...],
    at: tuple[str, str],
    before: Marks,
    after: Marks,
) -> MatrixCell:
    severity, likelihood = at
    rating = rule.cells[severity][likelihood]
    floor = next((f for f in rule.floor if (f.severity, f.likelihood) == at), None)
    word = floor.label if floor else rule.ratings[rating]
    if floor and floor in raised:
        rating, word = floor.rating, rule.ratings[floor.rating]
    return MatrixCell(word, RATED[rating], tuple(before.get(at, ())), tuple(after.get(at, ())))


def _raised_floors(record: Record, rule: MatrixRule) -> tuple[Floor, ...]:
    """The cells that rate higher on these answers: what the picture says is what risks are rated."""
    rated = next(
        (
            node
            for node in record.facts.program.nodes.values()
            if isinstance(node, DerivedNode) and node.matrix == rule
        ),
        None,
    )
    conditions = rated.floor if rated else ()
    floors = zip(rule.floor, conditions, strict=False)
    return tuple(floor for floor, when in floors if record.facts.truth(when))


def _floor_notes(rule: MatrixRule, raised: tuple[Floor, ...]) -> str:
    """Why a cell rates higher here, or what its words mean where it does not."""
    said = (
        f" {floor.because}"
        if floor in raised
        else f" “{floor.label}”: unlikely, and kept in sight because the harm would be"
        f" {rule.severity[floor.severity].lower()}."
        for floor in rule.floor
    )
    return "".join(said)


def risk_scale(record: Record) -> list[MatrixUse]:
    """How risks are rated on the scale that the project chose: before and after measures.

    The scale is what a derived column looks up; where none is chosen, that of the rules.
    """
    columns = record.question(record.pipeline.names.risks).columns
    looked_up = [column.look_up.question for column in columns if column.look_up]
    chosen = {record.facts.values.get(question) for question in looked_up if question}
    uses = [column.matrix for column in columns if column.matrix]
    scale = next((each for each in record.facts.program.matrices if each in chosen), None)
    scale = scale or next(iter(record.facts.program.matrices), None)
    return [use for use in uses if use.id == scale]


def _risk_marks(record: Record, uses: list[MatrixUse]) -> tuple[Marks, Marks]:
    question = record.question(record.pipeline.names.risks)
    marks: tuple[Marks, Marks] = ({}, {})
    for n, row in enumerate(record.facts.values.get(question.id, ()), 1):
        mark = Mark(str(n), row_label(question, row), f"risk-{row['id']}")
        for placed, use in zip(marks, uses, strict=False):
            at = row.get(use.severity), row.get(use.likelihood)
            if all(at):
                placed.setdefault((str(at[0]), str(at[1])), []).append(mark)
    return marks


def _flag_marks(record: Record) -> Marks:
    marks: Marks = {}
    for flag in record.raised:
        if flag.severity and flag.rule.likelihood:
            mark = Mark(str(record.numbers[flag.id]), flag.rule.title, f"flag-{flag.id}")
            marks.setdefault((flag.severity, flag.rule.likelihood), []).append(mark)
    return marks


def flow(record: Record, _piece: Piece) -> Iterator[Block]:
    """The data flows as a picture."""
    picture = flow_picture(record)
    if picture is not None:
        yield picture


def flow_picture(record: Record) -> Flow | None:
    """The data flows, or None when there are none to draw."""
    names = record.pipeline.names
    parties = record.question(names.parties)
    rows = {row["id"]: row for row in record.facts.values.get(names.parties, ())}
    flows = record.question(names.flows)
    drawn = [
        (n, row)
        for n, row in enumerate(record.facts.values.get(names.flows, ()), 1)
        if row.get("from") in rows and row.get("to") in rows
    ]
    if not drawn:
        return None
    stopped = _stopped_flows(record, [row for _, row in drawn])
    used = [id_ for id_ in rows if any(id_ in (row["from"], row["to"]) for _, row in drawn)]
    ends = tuple(_end(record, parties, rows[id_]) for id_ in used)
    lines = tuple(
        FlowLine(
            n,
            str(row["from"]),
            str(row["to"]),
            column_words(record, flows, row, "what"),
            column_words(record, flows, row, "frequency"),
            str(row.get("identifies", "named")),
            stopped.get(row["id"]),
        )
        for n, row in drawn
    )
    return Flow(
        "Where the information goes",
        ends,
        lines,
        f"{len(lines)} flows between {len(ends)} organisations.",
    )


def _stopped_flows(record: Record, flows: list[Mapping[str, Any]]) -> dict[int, str]:
    """The flag that stops each flow: one about the flow itself, or about its giver's legal route."""
    names, found = record.pipeline.names, dict[int, str]()
    for flag in record.stops:
        rows = {tuple(answer.split("/")[:2]) for answer in flag.because.answers if "/" in answer}
        givers = {giver for at in rows if at[0] == names.routes for giver in _whose(record, *at)}
        for row in flows:
            if (names.flows, str(row["id"])) in rows or row["from"] in givers:
                found.setdefault(row["id"], f"flag {record.numbers[flag.id]}")
    return found


def _whose(record: Record, question: str, row_id: str) -> list[object]:
    """The party for which alone a legal route was chosen; one for a kind of party names none."""
    row = record.row(f"{question}/{row_id}") or {}
    parties = record.pipeline.names.parties
    return [
        row.get(column.id) for column in record.question(question).columns if column.rows == parties
    ]


def column_words(record: Record, question: Question, row: Mapping[str, Any], column: str) -> str:
    """A column of a row in words; nothing when it is blank."""
    if column not in row:
        return ""
    return record.said(question.column(column), row[column], question.id).text


def _end(record: Record, parties: Question, row: Mapping[str, Any]) -> FlowEnd:
    role = column_words(record, parties, row, "role")
    kind = column_words(record, parties, row, "kind")
    return FlowEnd(
        str(row["id"]),
        row_label(parties, row),
        ", ".join(word for word in (role, kind) if word),
        dashed=is_processor(row),
        rounded=row.get("kind") == "nhs",
    )
