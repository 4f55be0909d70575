"""What the ethics self-assessment comes to: tolerances reached, and scores as bars."""

from __future__ import annotations

from collections.abc import Iterator

from app.core import text
from app.core.blocks import Bar, Bars, Block, Cell, Table
from app.core.outputs import Piece
from app.core.program import ScoreNode
from app.core.record import Record


def tolerances(record: Record, _piece: Piece) -> Iterator[Block]:
    """The ethics tolerances reached, with the answer and its justification."""
    if not record.tolerances:
        return
    rows = []
    for flag in record.tolerances:
        id_ = next(iter(flag.because.answers), "")
        why = f"{id_}_why"
        known = why in record.facts.program.questions
        rows.append(
            (
                Cell((text.plain(flag.rule.title),)),
                Cell(((record.answer(id_),),) if id_ else (text.plain(""),)),
                Cell(((record.answer(why),),) if known else (text.plain(flag.rule.because),)),
            )
        )
    yield Table(
        "Tolerances reached", ("Item", "Answer", "Justification given"), tuple(rows), (24, 34, 42)
    )


def scores(record: Record, piece: Piece) -> Iterator[Block]:
    """Scores as bars; no colour and no band before an answer is complete."""
    chosen = [
        record.assessment.scores[id_] for id_ in piece.scores if id_ in record.assessment.scores
    ]
    known = record.facts.program.nodes.items()
    nodes = {id_: node for id_, node in known if isinstance(node, ScoreNode)}
    named = [nodes[id_].levels for id_ in piece.scores if id_ in nodes]
    levels = next((levels for levels in named if levels), ())
    ticks = tuple((float(level.from_), level.label) for level in levels if level.from_ is not None)
    breached = {f.rule.id.split(".", 1)[-1]: f.rule.title for f in record.tolerances}
    bars = []
    for scored in chosen:
        node = nodes[scored.id]
        reads = {name.split(".", 1)[-1] for name in node.compiled.reads}
        bars.append(
            Bar(
                scored.title,
                scored.value if scored.level else None,
                scored.level.label if scored.level else "Not yet",
                tuple(title for item, title in breached.items() if item in reads),
                len(scored.missing),
            )
        )
    if bars:
        top = max([3.0, *(bar.value or 0 for bar in bars)])
        yield Bars("Scores, 1 is low risk", 1.0, top, ticks, tuple(bars))
