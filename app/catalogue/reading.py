"""Definition files read into models, with every fault of every file in words and in its place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from app import strict_yaml
from app.catalogue.definitions_kept import recall
from app.core.faults import Fault, Faults, nearest, shown
from app.core.faults import Path as At
from app.core.models import Model

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class ReadFile(Generic[M]):
    """One text read as a model, or what is wrong with it."""

    made: M | None
    faults: tuple[tuple[At, str], ...] = ()


def read_text(text: bytes, model: type[M]) -> ReadFile[M]:
    """Read one text by itself."""
    value = recall(text)
    if value is None:
        parsed = strict_yaml.parse(text)
        if parsed.faults:
            return ReadFile(None, tuple(parsed.faults))
        value = parsed.value
    try:
        return ReadFile(model.model_validate(value))
    except ValidationError as errors:
        found = _in_words(errors, strict_yaml.places(text), _keys_below(model))
        return ReadFile(None, tuple(found))


class Shelf:
    """The files read last, by their content: who checks a draft again and again changes only one.

    `most`: bytes of text; the values of a text take some twenty times as much.
    """

    def __init__(self, most: int = 3_000_000) -> None:
        self.left = most
        self.kept: OrderedDict[tuple[bytes, type[Model]], ReadFile[Any]] = OrderedDict()
        self.lock = Lock()

    def read(self, text: bytes, model: type[M]) -> ReadFile[M]:
        """Read one text, or recall it."""
        key = text, model
        with self.lock:
            found = self.kept.get(key)
            if found is not None:
                self.kept.move_to_end(key)
                return found
        found = read_text(text, model)
        with self.lock:
            if key not in self.kept:
                self.left -= len(text)
            self.kept[key] = found
            while self.left < 0 and self.kept:
                (dropped, _), _ = self.kept.popitem(last=False)
                self.left += len(dropped)
        return found


class Reader:
    """Reads files, and says at the end what is wrong with them and where.

    Where each value stands takes more memory than all that is read: of a file with faults it is
    read again.
    """

    def __init__(self, files: Mapping[str, bytes], shelf: Shelf | None = None) -> None:
        self.files = files
        self.shelf = shelf
        self.faults = {name: Faults(name) for name in files}
        self.unread: list[str] = []  # files whose definitions are not known

    def read(self, file: str, model: type[M]) -> M | None:
        """One file as a model; None when it has faults, which are noted."""
        text = self.files[file]
        found = self.shelf.read(text, model) if self.shelf else read_text(text, model)
        if found.made is None:
            for path, message in found.faults:
                self.faults[file].add(path, message)
            self.unread.append(file)
        return found.made

    def folder(self, folder: str, model: type[M], but: str = "") -> dict[str, M]:
        """Every file of a folder, by its name without ending."""
        read = {name: self.read(file_of(folder, name), model) for name in self.names(folder, but)}
        return {name: found for name, found in read.items() if found is not None}

    def names(self, folder: str, but: str = "") -> list[str]:
        """The files of a folder without their endings, whether they can be read or not."""
        return [
            file.removeprefix(f"{folder}/").removesuffix(".yaml")
            for file in self.files
            if file.startswith(f"{folder}/") and file != but
        ]

    def lines(self) -> list[str]:
        """Every fault as file:line:column: message, in the order of the files."""
        found = {fault for each in self.faults.values() for fault in each.found}
        told = [fault for fault in found if not self._follows(fault)]
        files = {fault.file for fault in told} & self.files.keys()
        marks = {file: strict_yaml.places(self.files[file]) for file in files}
        placed = sorted(
            (each.file, *strict_yaml.place(marks.get(each.file, {}), each.path), each.message)
            for each in told
        )
        return [f"{file}:{line}:{column}: {said}" for file, line, column, said in placed]

    def _follows(self, fault: Fault) -> bool:
        """Whether a name may be missing only because the file that defines it cannot be read."""
        missing = fault.missing
        return missing is not None and any(
            missing.encode() in self.files[file] for file in self.unread
        )


def file_of(folder: str, name: str) -> str:
    """The file of a definition."""
    return f"{folder}/{name}.yaml"


def _in_words(
    errors: ValidationError, marks: Mapping[At, strict_yaml.Mark], keys: frozenset[str]
) -> list[tuple[At, str]]:
    """Pydantic's errors as (path, message), in words that say how to mend; `keys`: those known."""
    found: dict[At, str] = {}
    for error in errors.errors(include_url=False)[: strict_yaml.MAX_FAULTS]:
        path: At = ()
        for part in error["loc"]:
            # Parts that name a branch of a union, or our own wrapping, stand in no file.
            if (*path, part) in marks:
                path = (*path, part)
        last = str(error["loc"][-1]) if error["loc"] else ""  # the whole file is at fault
        message = _message(error["type"], last, error["msg"], error.get("input"))
        if error["type"] == "extra_forbidden":
            message = f"'{last}' is no key here{nearest(last, keys)}"
        found.setdefault(path, message)
        if error["type"] == "extra_forbidden":
            found[path] = message
    return list(found.items())


_WANTED = {
    "string_type": "expected text, not {}: write it in quotes",
    "bool_type": "expected true or false, not {}",
    "tuple_type": "expected a list, not {}",
    "list_type": "expected a list, not {}",
    "model_type": "expected keys with their values, not {}",
    "dict_type": "expected keys with their values, not {}",
}


def _message(kind: str, last: str, text: str, given: object) -> str:
    if kind in _WANTED:
        return _WANTED[kind].format(shown(given))
    if kind == "missing":
        return f"needs '{last}'"
    if kind == "string_pattern_mismatch":
        form = "lower case, digits and _, with a dot for questions"
        return f"'{given}' has not the form of an id ({form})"
    said = text.removeprefix("Value error, ")
    return said if kind == "value_error" else said[0].lower() + said[1:]


@cache
def _keys_below(model: type[BaseModel]) -> frozenset[str]:
    """Every key that a file of this model may hold somewhere."""
    seen, waiting = set[type[BaseModel]](), [model]
    keys: set[str] = set()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        for name, field in each.model_fields.items():
            keys.add(field.alias or name)
            waiting += _models_in(field.annotation)
    return frozenset(keys)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)
