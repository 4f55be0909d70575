"""How a source of law is told: what it is, and whether somebody has confirmed it."""

from __future__ import annotations

from app.core.blocks import Run, Runs, Tone
from app.core.domains import show_date


def source(said: str | None, checked: str | bool, by: str | None = None) -> Runs:
    """A source of law, and whether a DPO has confirmed it; `by`: which one, where that is known."""
    if not said:
        return ()
    if checked:
        how = f"Confirmed by {by}," if by else "Source read"
        return (Run(f"{said}. "), Run(f"{how} {show_date(str(checked))}", Tone.QUIET))
    return (Run(f"{said}. "), Run("Not yet confirmed by a DPO", Tone.TAG))
