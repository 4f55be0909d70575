"""How a source of law is told: what it is, where it stands, and whether somebody has confirmed it."""

from __future__ import annotations

from app.core.blocks import Run, Runs, Tone
from app.core.citations import cite
from app.core.domains import show_date
from app.core.record import Record


def source(record: Record, said: str | None, checked: str | bool, by: str | None = None) -> Runs:
    """A source of law, and whether a DPO has confirmed it; `by`: which one, where that is known."""
    if not said:
        return ()
    told = (*cited(record, said), Run(". "))
    if checked:
        how = f"Confirmed by {by}," if by else "Source read"
        return (*told, Run(f"{how} {show_date(str(checked))}", Tone.QUIET))
    return (*told, Run("Not yet confirmed by a DPO", Tone.TAG))


def cited(record: Record, said: str, tone: Tone = Tone.PLAIN) -> Runs:
    """A source whose citations lead to the law."""
    pieces = cite(said, record.pipeline.legislation)
    return tuple(Run(piece.text, tone, piece.at) for piece in pieces)
