"""Answers from a file: a mapping of question ids to answers, every fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app import strict_yaml
from app.core.faults import nearest
from app.core.program import Program
from app.core.questions import Question, Reading, type_of
from app.core.sheet import NEW_ROW, Change
from app.documents.uploads import Refused
from app.strict_yaml import At

Files = Callable[[str], Any]
"""Reads a path as the answer that names the file lying there. Raises Refused."""


class BadAnswers(Exception):
    """The file has faults; `lines` names each as file:line:column: message."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_answers(
    name: str, text: bytes, program: Program, files: Files | None = None
) -> dict[str, Any]:
    """The answers of a file. Raises BadAnswers with every fault of it.

    A choice is matched by what is written, so `1` and "1" are one. Rows are lists of mappings and
    are numbered from 1; an empty list says that there are none. `files` reads the path that stands
    where a file answers; without it only what such an answer holds can be read.
    """
    parsed = strict_yaml.parse(text)
    faults = list(parsed.faults)
    answers: dict[str, Any] = {}
    if parsed.value is None and all(message == "the file is empty" for _, message in faults):
        return {}
    if not isinstance(parsed.value, dict):
        faults = faults or [((), "expected a mapping of question ids to answers")]
    else:
        for id_, raw in parsed.value.items():
            for fault in _read(id_, raw, program, answers, files):
                faults.append(fault)
    if faults:
        marks = strict_yaml.places(text)
        placed = sorted((*strict_yaml.place(marks, path), message) for path, message in faults)
        raise BadAnswers([f"{name}:{line}:{column}: {message}" for line, column, message in placed])
    return answers


def _read(
    id_: str, raw: Any, program: Program, answers: dict[str, Any], files: Files | None
) -> Iterator[tuple[At, str]]:
    question = program.questions.get(id_)
    if question is None:
        if id_ in program.scope:
            yield (id_,), f"'{id_}' is worked out from other answers: remove it"
        else:
            yield (id_,), f"there is no question '{id_}'{nearest(id_, program.questions)}"
    elif raw is not None:
        reading = _reading(question, raw, files)
        if reading.error:
            yield (id_,), f"'{id_}': {reading.error}"
        elif question.type == "rows":
            rows: list[dict[str, Any]] = []
            for n, row in enumerate(reading.value or ()):
                yield from _read_row(question, row, (id_, n), rows)
            answers[id_] = rows
        elif reading.value is not None:
            answers[id_] = reading.value


def _reading(question: Question, raw: Any, files: Files | None) -> Reading:
    if question.type == "file" and isinstance(raw, str) and files is not None:
        try:
            raw = files(raw)
        except Refused as refused:
            return Reading(error=str(refused))
    return type_of(question).from_file(question, raw)


def _read_row(
    question: Question, row: Mapping[str, Any], path: At, rows: list[dict[str, Any]]
) -> Iterator[tuple[At, str]]:
    known = {column.id: column for column in question.columns}
    place = len(rows) + 1
    answered: dict[str, Any] = {"id": place}
    for name, raw in row.items():
        column = known.get(name)
        if name == "id" and column is None:
            yield from _misnumbered(raw, place, (*path, name))
        elif column is None:
            yield (*path, name), f"'{question.id}' has no column '{name}'{nearest(name, known)}"
        elif column.derived:
            yield (*path, name), f"'{name}' is worked out from the rest of the row: remove it"
        elif raw is not None:
            reading = type_of(column).from_file(column, raw)
            if reading.error:
                yield (*path, name), f"'{name}': {reading.error}"
            elif reading.value is not None:
                answered[name] = reading.value
    rows.append(answered)


def _misnumbered(raw: Any, place: int, path: At) -> Iterator[tuple[At, str]]:
    """A row's number may be written down, and is its place in any case."""
    if str(raw) != str(place):
        yield path, f"rows are numbered by their place, and this is row {place}: remove the id"


def changes_of(answers: Mapping[str, Any]) -> list[Change]:
    """The answers of a file as the changes of a sheet that make them."""
    return [change for id_, value in answers.items() for change in _changes(id_, value)]


def _changes(id_: str, value: Any) -> Iterator[Change]:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        yield Change(id_, value)
        return
    for n, row in enumerate(value, 1):
        columns = {name: answer for name, answer in row.items() if name != "id"}
        yield Change(f"{id_}/{NEW_ROW}{n}", {"owner": None, **columns})


def check_references(answers: Mapping[str, Any], program: Program) -> list[str]:
    """Rows that refer to a row that is not there, in words."""
    found = []
    for id_, rows in answers.items():
        question = program.questions[id_]
        for column in question.columns:
            if column.type == "row_of" and column.rows:
                there = {row["id"] for row in answers.get(column.rows, ())}
                found += [
                    f"'{id_}' row {row['id']}: '{column.id}' names row {row[column.id]} of"
                    f" '{column.rows}', which has {len(there)} rows"
                    for row in rows
                    if column.id in row and row[column.id] not in there
                ]
    return found
