"""The letters that are mailed: their texts, read from outputs/letters/, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app import strict_yaml
from app.core.models import Model, Short, Text

FOLDER = Path("outputs") / "letters"
FILLED = re.compile(r"\{([a-z_]+)\}")


class BadLetters(Exception):
    """Letters that cannot be used, with every fault at once."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Letter(Model):
    """One letter; `{name}` in its subject or text is filled in when it is written."""

    id: Short
    subject: Text
    text: Text


class Letters(Model):
    """A file of letters."""

    letters: list[Letter]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is sent."""

    letter: str
    subject: str
    body: str


def read_letters(root: Path) -> dict[str, Letter]:
    """Every letter of a folder of definitions, by id. Raises BadLetters."""
    found: dict[str, Letter] = {}
    faults: list[str] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        parsed = strict_yaml.parse(path.read_bytes())
        faults += [f"{path.name}: {said}" for _, said in parsed.faults]
        try:
            read = Letters.model_validate(parsed.value).letters
        except ValidationError as wrong:
            faults += [f"{path.name}: {each['loc']}: {each['msg']}" for each in wrong.errors()]
            continue
        faults += [f"{path.name}: {each.id} is written twice" for each in read if each.id in found]
        found |= {each.id: each for each in read}
    if faults:
        raise BadLetters(faults)
    return found


def own_letters(shipped: Path, own: Path) -> dict[str, Letter]:
    """The shipped letters, with those that an installation wrote for itself in their place.

    Raises BadLetters: a letter may only fill in what the shipped one does, or it would have a gap.
    """
    letters = read_letters(shipped)
    theirs = read_letters(own) if own != shipped else {}
    faults = [f"there is no letter {id_}" for id_ in theirs.keys() - letters.keys()]
    for id_ in theirs.keys() & letters.keys():
        more = _filled(theirs[id_]) - _filled(letters[id_])
        faults += [f"{id_}: nothing is filled in for {{{word}}}" for word in sorted(more)]
    if faults:
        raise BadLetters(sorted(faults))
    return letters | theirs


def _filled(letter: Letter) -> set[str]:
    """The words that are filled in."""
    return set(FILLED.findall(f"{letter.subject} {letter.text}"))


def write_letter(letter: Letter, words: Mapping[str, str]) -> Written:
    """Fill in a letter. Raises KeyError for what is not given: a letter never goes out with a gap."""

    def fill(text: str) -> str:
        return FILLED.sub(lambda found: words[found[1]], text)

    # A subject is one line, whatever somebody is called.
    return Written(letter.id, " ".join(fill(letter.subject).split()), fill(letter.text))
