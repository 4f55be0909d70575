"""Documents over many projects: their outlines, read from outputs/surveys/ and checked."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, ValidationError

from app import strict_yaml
from app.core.blocks import Tone
from app.core.models import Model, Short, Text

FOLDER = Path("outputs") / "surveys"
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


class BadSurveys(Exception):
    """Outlines that cannot be used, with every fault at once."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


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


class Survey(Model):
    """A document over many projects."""

    title: Text
    file: Short
    marking: Text
    lead: Text
    basis: Text | None = None
    tiles: tuple[Count, ...] = Field(default=(), strict=False)
    sections: tuple[Section, ...] = Field(strict=False)

    def faults(self) -> list[str]:
        """Lists and columns that there are not, widths that do not add up, words nobody fills in."""
        named = [*(each.of for each in self.tiles), *(each.of for each in self.sections)]
        found = [f"there is no list {each}" for each in named if each not in LISTS]
        for each in self.sections:
            there = LISTS.get(each.of, ())
            found += [f"{each.title}: no column {c}" for c in each.columns if c not in there]
            if each.widths and (len(each.widths), sum(each.widths)) != (len(each.columns), 100):
                found.append(f"{each.title}: one width for each column, 100 together")
        said = " ".join(
            [self.lead, self.basis or "", *(each.about or "" for each in self.sections)]
        )
        found += [
            f"nothing is filled in for {{{w}}}" for w in FILLED.findall(said) if w not in WORDS
        ]
        return found


def read_surveys(root: Path) -> dict[str, Survey]:
    """Every outline of a folder of definitions, by the name of its file. Raises BadSurveys."""
    found: dict[str, Survey] = {}
    faults: list[str] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        parsed = strict_yaml.parse(path.read_bytes())
        faults += [f"{path.name}: {said}" for _, said in parsed.faults]
        try:
            read = Survey.model_validate(parsed.value)
        except ValidationError as wrong:
            faults += [f"{path.name}: {each['loc']}: {each['msg']}" for each in wrong.errors()]
            continue
        faults += [f"{path.name}: {said}" for said in read.faults()]
        found[path.stem] = read
    if faults:
        raise BadSurveys(faults)
    return found
