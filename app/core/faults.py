"""What is wrong with a definition, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one file. `path` leads from the top of the file to the value at fault.

    `missing` is the name that no definition has; a file that cannot be read may have it.
    """

    file: str
    path: Path
    message: str
    missing: str | None = field(default=None, compare=False)


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
        message = said.format(name) + nearest(name, known)
        self.found.append(Fault(self.file, path, message, name))


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known name, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""
