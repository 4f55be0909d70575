"""The letters that are mailed: their texts, read from outputs/letters/, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.catalogue import BadDefinitions, files_in
from app.catalogue.reading import Reader, file_of
from app.core.models import Model, Short, Text

FOLDER = "outputs/letters"
FILLED = re.compile(r"\{([a-z_]+)\}")


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
    """Every letter of a folder of definitions, by id. Raises BadDefinitions with every fault."""
    reader = Reader(files_in(root, FOLDER))
    found: dict[str, Letter] = {}
    for name, file in reader.folder(FOLDER, Letters).items():
        for n, letter in enumerate(file.letters):
            if letter.id in found:
                said = f"the letter '{letter.id}' is written already: give this one another id"
                reader.faults[file_of(FOLDER, name)].add(("letters", n, "id"), said)
            found[letter.id] = letter
    if lines := reader.lines():
        raise BadDefinitions(lines)
    return found


def own_letters(shipped: Path, own: Path) -> dict[str, Letter]:
    """The shipped letters, with those that an installation wrote for itself in their place.

    Raises BadDefinitions: a letter may only fill in what the shipped one does, or it would have a gap.
    """
    letters = read_letters(shipped)
    theirs = read_letters(own) if own != shipped else {}
    faults = [f"there is no letter {id_}" for id_ in theirs.keys() - letters.keys()]
    for id_ in theirs.keys() & letters.keys():
        more = _filled(theirs[id_]) - _filled(letters[id_])
        faults += [f"{id_}: nothing is filled in for {{{word}}}" for word in sorted(more)]
    if faults:
        raise BadDefinitions(sorted(faults))
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
