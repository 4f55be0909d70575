"""What is wrong with a definition, where, and how to mend it."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

Path = tuple[str | int, ...]
LIKELY = 8  # names that are compared letter by letter with one that is not known
HINTED = 200  # faults of one file that say which name may be meant: nobody reads more at once
LONGEST_MEANT = 200  # what is longer was not meant as a name
LONGEST_SHOWN = 60  # letters of a value that is told


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one file. `path` leads from the top of the file to the value at fault.

    `missing` is the name that no definition has; a file that cannot be read may have it. `known`:
    the names there are.
    """

    file: str
    path: Path
    said: str
    missing: str | None = field(default=None, compare=False)
    known: Collection[str] = field(default=(), compare=False)

    @property
    def message(self) -> str:
        """What is wrong, with the name that may be meant: looked for only where it is told."""
        return self.said if self.missing is None else self.said + nearest(self.missing, self.known)


class Faults:
    """Collects the faults of one file, so that all are reported together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, path: Path, message: str) -> None:
        """Note a fault at `path`."""
        self.found.append(Fault(self.file, path, message))

    def missing(self, path: Path, said: str, name: str, known: Iterable[str]) -> None:
        """Note a name that no definition has, with the nearest one there is.

        `said` goes before the name ("there is no offer"), or has {} in its place.
        """
        said = said if "{}" in said else f"{said} '{{}}'"
        guessed = tuple(known) if len(self.found) < HINTED else ()
        self.found.append(Fault(self.file, path, said.format(name), name, guessed))


def shown(value: object) -> str:
    """A value that is at fault, cut where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known name, or an empty text."""
    if len(name) > LONGEST_MEANT:
        return ""
    # To compare all at length takes seconds where a broken file leaves hundreds of names unknown.
    parts = _parts(name)

    def likeness(other: str) -> tuple[float, str]:
        return len(parts & _parts(other)) - abs(len(name) - len(other)) / 2, other

    likely = heapq.nlargest(LIKELY, known, key=likeness)
    close = difflib.get_close_matches(name, likely, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


@lru_cache(maxsize=10_000)
def _parts(name: str) -> frozenset[str]:
    """The letters, and the pairs of letters that stand beside each other, with a sign for either end."""
    marked = f"\0{name}\0"
    return frozenset(name) | {marked[n : n + 2] for n in range(len(marked) - 1)}
