"""What the outline of the risk report holds besides its flags: pictures, decision, routes, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.actions.review.reports import Report
from app.core import logic, parts
from app.core.blocks import Bar, Bars, Block, Flow, Matrix, Table
from app.core.faults import Faults
from app.core.outputs import Piece
from app.core.program import ScoreNode
from app.core.record import Record
from app.documents.html import matrix_note
from app.documents.svg import bar_svg, matrix_svg
from app.web.citing import cited
from app.web.pictures import draw_flow
from app.web.reports.words import cell_lines, plain
from app.web.site import Context, day_words

OUTPUT = "risk_report"
NOT_KNOWN = "\N{EN DASH}"


def draw_parts(report: Report) -> Context:
    """The pictures, decision, routes and scores that the outline of the report holds."""
    found: Context = {}
    for piece in _pieces(report, report.looked.released.catalogue.outlines[OUTPUT].blocks):
        draw = DRAWN.get(piece.part or "")
        if draw is not None:
            found |= draw(report, piece)
    return found


def _pieces(report: Report, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of an outline whose conditions hold."""
    facts = report.record.facts
    for piece in pieces:
        if piece.if_ is None:
            yield piece
            continue
        # The loader has checked the condition; reading it again here finds no fault.
        if facts.truth(logic.read(piece.if_, facts.program.scope, (), Faults(OUTPUT))):
            yield from _pieces(report, piece.blocks)
        else:
            yield from _pieces(report, piece.else_)


def _first(report: Report, piece: Piece, kind: type[Any]) -> Any:
    blocks: Iterator[Block] = parts.PARTS[piece.part or ""](report.record, piece)
    return next((block for block in blocks if isinstance(block, kind)), None)


def _matrix(report: Report, piece: Piece) -> Context:
    matrix = _first(report, piece, Matrix)
    marked = matrix and any(cell.before or cell.after for row in matrix.cells for cell in row)
    if not marked:
        return {}
    return {
        "matrix_html": matrix_svg(matrix, "matrix"),
        "matrix_note": matrix_note(matrix),
    }


def _flow(report: Report, piece: Piece) -> Context:
    flow = _first(report, piece, Flow)
    if flow is None:
        return {}
    drawn = draw_flow(flow)
    return {
        "flow_html": drawn["html"],
        "flow_note": drawn["note"],
        "flow_table_title": drawn["table_title"],
        "flow_table_html": drawn["table_html"],
    }


def _decision(report: Report, piece: Piece) -> Context:
    made = report.record.assessment.decisions.get(piece.decision or "")
    if made is None:
        return {}
    if made.outcome is None:
        text = "The answers above would settle it."
        return {
            "decision": {
                "title": made.title,
                "outcome": "Not decided yet",
                "text": text,
                "reasons": [],
            }
        }
    laws = report.record.pipeline.legislation
    reasons = [
        {"text": reason.text, "source": cited(reason.source or "", laws)} for reason in made.reasons
    ]
    return {
        "decision": {
            "title": made.title,
            "outcome": made.outcome.label,
            "text": plain(made.outcome.text or ""),
            "reasons": reasons,
        }
    }


def _legal_routes(report: Report, piece: Piece) -> Context:
    table = _first(report, piece, Table)
    if table is None:
        return {}
    record = report.record
    id_ = record.pipeline.names.routes or ""
    rows = record.facts.values.get(id_, ())
    return {
        "legal_routes": [
            {
                "party": cell_lines(cells[:1]),
                "lines": cell_lines(cells[1:]),
                "chosen_by": _chosen_by(record, f"{id_}/{row['id']}"),
            }
            for cells, row in zip(table.rows, rows, strict=False)
        ]
    }


def _chosen_by(record: Record, row: str) -> str:
    given = [given for address, given in record.given.items() if address.startswith(f"{row}/")]
    newest = max(given, key=lambda each: each.at, default=None)
    return f"{newest.by}, {day_words(newest.at)}" if newest else ""


def _ethics(report: Report, piece: Piece) -> Context:
    bars = _first(report, piece, Bars)
    if bars is None:
        return {}
    passed = len(report.record.tolerances)
    lead = {0: "No tolerance is reached on the answers so far.", 1: "1 tolerance is reached."}.get(
        passed, f"{passed} tolerances are reached."
    )
    note = " They matter more than a low score." if passed else ""
    return {
        "ethics": {
            "lead": lead + note,
            "scores": [
                _score(report.record, bars, id_, bar)
                for id_, bar in zip(piece.scores, bars.bars, strict=False)
            ],
            "note": "UK Statistics Authority ethics self-assessment. Each score is the mean of the items that apply.",
        },
        "ethics_note": _missing_note(report.record, piece),
    }


def _missing_note(record: Record, piece: Piece) -> str:
    """How many answers the scores drawn here still wait for; those of other frameworks do not count."""
    scores = record.assessment.scores
    missing = {need for id_ in piece.scores if id_ in scores for need in scores[id_].missing}
    if not missing:
        return ""
    answers = "its last answer is" if len(missing) == 1 else f"{len(missing)} answers are"
    return f"No overall ethics score is shown until {answers} in."


def _score(record: Record, bars: Bars, id_: str, bar: Bar) -> Context:
    known = bar.value is not None
    passed = len(record.tolerances)
    none = "None reached" if known else "Not known until answered"
    # The total is worked out from the other scores: every tolerance counts there.
    node = record.facts.program.nodes.get(id_)
    if (
        passed
        and isinstance(node, ScoreNode)
        and not node.compiled.reads.isdisjoint(record.assessment.scores)
    ):
        none = f"{passed} in all"
    return {
        "title": bar.label,
        "value": f"{bar.value:.2f}" if known else NOT_KNOWN,
        "band": bar.band,
        "mark": None if known else "open",
        "bar_html": bar_svg(bars, bar),
        "breaches": bar.breaches,
        "none_text": none,
    }


DRAWN: dict[str, Callable[[Report, Piece], Context]] = {
    "matrix": _matrix,
    "flow": _flow,
    "decision": _decision,
    "legal_routes": _legal_routes,
    "scores": _ethics,
}
