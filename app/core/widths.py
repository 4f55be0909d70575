"""How wide the columns of a table are, from what they hold."""

from __future__ import annotations

from app.core.blocks import Cell

LINE = 92  # letters on a line of a table that spans the page
ROOM = 40  # letters that a column to write in has room for


def widths(header: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> tuple[int, ...]:
    """Parts of the measure for columns, summing to 100: no word broken, the rest by what they hold."""
    least, held = [], []
    for n, title in enumerate(header):
        texts = [" ".join(run.text for line in row[n].paragraphs for run in line) for row in rows]
        words = [word for text_ in (title, *texts) for word in text_.split()]
        least.append(min(18, max(map(len, words), default=1) + 3))
        said = sum(map(len, texts)) / max(1, len(texts))
        held.append(said or ROOM)
    spare = max(0, LINE - sum(least))
    wanted = [max(0.0, min(70.0, length) - few) for few, length in zip(least, held, strict=True)]
    share = [
        few + spare * want / (sum(wanted) or 1) for few, want in zip(least, wanted, strict=True)
    ]
    parts = [round(100 * each / sum(share)) for each in share]
    parts[-1] += 100 - sum(parts)
    return tuple(parts)
