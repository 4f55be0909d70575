"""How wide the columns of a table are, from what they hold."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.blocks import Cell

LINE = 92  # letters on a line of a table that spans the page
SMALL_LINE = 112  # and of one with so many columns that it is set smaller
CROWDED = 0.8  # of the line is taken by the words that may not be broken: it is set smaller
ROOM = 40  # letters that a column to write in has room for
MOST = 70  # letters of a column that count: what says more than this runs over several lines
SHORT = 20  # letters that stay on one line, such as a date, while there is room
_MARGIN = 3  # letters


def widths(header: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> tuple[int, ...]:
    """Parts of the measure for columns, summing to 100: no word broken, the rest by what they hold."""
    least, heads, held, whole = [], [], [], []
    for n, title in enumerate(header):
        texts = [" ".join(run.text for line in row[n].paragraphs for run in line) for row in rows]
        words = [word for text_ in (title, *texts) for word in text_.split()]
        least.append(min(18, max(map(len, words), default=1) + _MARGIN))
        heads.append(min(18, max(least[-1], len(title) // 2 + _MARGIN)))
        said = sum(map(len, texts)) / max(1, len(texts))
        held.append(min(MOST, said or ROOM))
        longest = max(map(len, (title, *texts))) if said else ROOM
        whole.append(max(least[-1], min(MOST, longest) + _MARGIN))
    if sum(whole) <= LINE:
        return _parts(whole)
    if sum(least) > CROWDED * LINE:
        return _parts(_shared_out(least, held, SMALL_LINE))
    # A title takes two lines while there is room, however little its column says.
    least = heads if sum(heads) <= CROWDED * LINE else least
    return _parts(_shared_out(_kept_whole(least, whole), held, LINE))


def _kept_whole(least: Sequence[int], whole: Sequence[int]) -> list[int]:
    """What each column needs: short ones stay on one line, the shortest first, while there is room."""
    kept = list(least)
    for n in sorted(range(len(whole)), key=lambda each: whole[each]):
        others = sum(kept) - kept[n]
        long = sum(each > SHORT + _MARGIN for each in whole)
        if whole[n] <= SHORT + _MARGIN and others + whole[n] <= LINE - long * SHORT / 2:
            kept[n] = whole[n]
    return kept


def _shared_out(least: Sequence[int], held: Sequence[float], line: int) -> list[float]:
    """The line shared out: what each column needs, and the rest by what it says."""
    spare = max(0, line - sum(least))
    wanted = [max(0.0, length - few) for few, length in zip(least, held, strict=True)]
    total = sum(wanted)
    if not total:
        return [few + spare / len(least) for few in least]
    return [few + spare * want / total for few, want in zip(least, wanted, strict=True)]


def _parts(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares as whole numbers that sum to 100."""
    parts = [round(100 * each / sum(shares)) for each in shares]
    parts[-1] += 100 - sum(parts)
    return tuple(parts)
