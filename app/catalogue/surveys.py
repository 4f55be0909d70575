"""Documents over many projects: their outlines, read from outputs/surveys/ and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath

from pydantic import Field

from app.catalogue import BadDefinitions, files_in
from app.catalogue.reading import Reader, file_of
from app.core.blocks import Tone
from app.core.faults import Path, nearest
from app.core.models import Model, Short, Text
from app.core.soundness import Amiss

FOLDER = "outputs/surveys"
LISTS = {
    "advice": ("on", "project", "what", "who", "said"),
    "overruled": ("on", "project", "what", "who", "said"),
    "lifted": ("on", "project", "what", "who", "said"),
    "actions": ("by", "project", "what", "who", "days"),
    "reviews": ("by", "project", "who", "days"),
    "times": ("what", "ended", "middle", "longest", "open"),
    "waiting": ("project", "what", "days", "who"),
}
"""What can be listed, and the columns that each list can print."""
FILLED = re.compile(r"\{([a-z_]+)\}")
WORDS = frozenset({"organisation", "first", "last", "on"})
"""What is filled in."""


class Count(Model):
    """How long one of the lists is, at the top of the document."""

    of: Short
    one: Text
    many: Text
    tone: Tone = Field(default=Tone.PLAIN, strict=False)


class Section(Model):
    """One list under its heading; `none` is said when it is empty."""

    title: Text
    about: Text | None = None
    of: Short
    columns: dict[Short, Text] = Field(min_length=1)
    widths: tuple[int, ...] = Field(default=(), strict=False)
    none: Text

    def amiss(self) -> Iterator[Amiss]:
        """A list or columns that there are not, widths that do not add up, words nobody fills in."""
        yield from _in_list(self.of, ("of",))
        known = LISTS.get(self.of, tuple(self.columns))
        for name in self.columns:
            if name not in known:
                said = f"'{self.of}' has no column '{name}'{nearest(name, known)}"
                yield ("columns", name), said
        if self.widths and (len(self.widths), sum(self.widths)) != (len(self.columns), 100):
            yield ("widths",), "write one width for each column, 100 together"
        yield from _filled_in(self.about, ("about",))


class Survey(Model):
    """A document over many projects."""

    title: Text
    file: Short
    marking: Text
    lead: Text
    basis: Text | None = None
    tiles: tuple[Count, ...] = Field(default=(), strict=False)
    sections: tuple[Section, ...] = Field(strict=False)

    def amiss(self) -> Iterator[Amiss]:
        """What an outline says of lists, columns and words that there are not."""
        for n, tile in enumerate(self.tiles):
            yield from _in_list(tile.of, ("tiles", n, "of"))
        for n, section in enumerate(self.sections):
            for path, said in section.amiss():
                yield ("sections", n, *path), said
        yield from _filled_in(self.lead, ("lead",))
        yield from _filled_in(self.basis, ("basis",))


def _in_list(name: str, path: Path) -> Iterator[Amiss]:
    if name not in LISTS:
        yield path, f"there is no list '{name}'{nearest(name, LISTS)}"


def _filled_in(text: str | None, path: Path) -> Iterator[Amiss]:
    for word in FILLED.findall(text or ""):
        if word not in WORDS:
            yield path, f"nothing is filled in for {{{word}}}{nearest(word, WORDS)}"


def read_surveys(root: FilePath) -> dict[str, Survey]:
    """Every outline of a folder of definitions, by the name of its file.

    Raises BadDefinitions with every fault.
    """
    reader = Reader(files_in(root, FOLDER))
    found = reader.folder(FOLDER, Survey)
    for name, survey in found.items():
        for path, said in survey.amiss():
            reader.faults[file_of(FOLDER, name)].add(path, said)
    if lines := reader.lines():
        raise BadDefinitions(lines)
    return found
