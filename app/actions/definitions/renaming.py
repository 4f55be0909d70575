"""A question under another id in all of a draft: every definition that names it follows, and a converter says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.actions.definitions.drafts import checked
from app.actions.errors import NotFound
from app.catalogue import ORGANISATIONS
from app.catalogue.editing import File
from app.catalogue.things import QUESTION, find, read_file
from app.core.models import is_id
from app.core.text import PLACE

PIPELINE = "questionnaires/pipeline.yaml"


@dataclass(frozen=True, slots=True)
class Renamed:
    """Files as a new name leaves them, and what the check finds with it that it did not find before."""

    files: Mapping[str, bytes]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """An id and the one that it becomes."""

    old: str
    new: str

    def __call__(self, text: str) -> str:
        """A text with the new name: it is the id, begins an address with it, or prints it in braces."""
        if text == self.old:
            return self.new
        if text.startswith(f"{self.old}/"):
            return self.new + text[len(self.old) :]
        return PLACE.sub(self._place, text) if "{" in text else text

    def _place(self, found: re.Match[str]) -> str:
        return f"{{{self.new}}}" if found[1] == self.old else found[0]


def id_amiss(files: Mapping[str, bytes], old: str, new: str) -> str:
    """What is wrong with a new id, in words; empty when nothing is."""
    if new == old:
        return "This is its id already: enter another one"
    if not is_id(new):
        return "An id is small letters, digits and low lines with a full stop, such as data.special"
    for id_ in _ids(files):
        if id_ == new:
            return f"There is something else called {new}: enter an id that nothing has"
        if id_ != old and (id_.startswith(f"{new}.") or new.startswith(f"{id_}.")):
            return f"{new} and {id_} begin alike: one id must not be the beginning of another"
    return ""


def rename_question(files: Mapping[str, bytes], base: Mapping[str, bytes], name: Name) -> Renamed:
    """Every file of a draft that changes when a question is called otherwise; `base`: its release.

    Answers that projects gave follow by a converter. Raises NotFound, CannotEdit.
    """
    if find(files, QUESTION, name.old) is None:
        raise NotFound(name.old)
    changed = {}
    for path in _of_projects(files):
        file = read_file(files[path])
        if file is None:
            continue
        named = file.rename(name)
        if path == PIPELINE:
            named = _converting(
                file, named, name, released=find(base, QUESTION, name.old) is not None
            )
        if named.content != files[path]:
            changed[path] = named.content
    before = {each.message for each in checked(files).faults}
    after = checked({**files, **changed}).faults
    return Renamed(
        changed,
        tuple(
            f"{each.path}, line {each.line}: {each.message}"
            for each in after
            if each.message not in before
        ),
    )


def _converting(before: File, file: File, name: Name, *, released: bool) -> File:
    """The pipeline with the entry that lets answers follow; those of earlier names lead on by it."""
    there = (before.value.get("converters") or {}).get("questions") or {}
    at = ("converters", "questions")
    if released:
        for older, became in there.items():
            if became == name.old:
                file = file.put((*at, older), name.old)
    if name.new in there:
        # It is called again what it was called once: what is there has become nothing else.
        file = file.put((*at, name.new), None)
    if not released:
        return file
    entry = {name.old: name.new}
    if "converters" not in file.value:
        return file.put(("converters",), {"questions": entry})
    if not file.value["converters"].get("questions"):
        return file.put(at, entry)
    return file.put((*at, name.old), name.new)


def _ids(files: Mapping[str, bytes]) -> Iterator[str]:
    """Every id with a full stop that projects' definitions have, of questions and of what is derived."""
    part = checked(files).catalogue
    if part is not None:
        yield from part.program.scope
        return
    for path in _of_projects(files):
        file = read_file(files[path])
        if file is not None:
            yield from _named(file.value)


def _named(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        own = value.get("id")
        if isinstance(own, str) and "." in own:
            yield own
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)


def _of_projects(files: Mapping[str, bytes]) -> Iterator[str]:
    """The files about projects; what organisations are asked has ids of its own."""
    folder = f"{ORGANISATIONS}/"
    yield from (path for path in files if path.endswith(".yaml") and folder not in path)
