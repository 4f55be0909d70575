"""What a person would answer, in the words of the screen: sample answers read against the definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.actions.answers_file import read_answers
from app.catalogue import Catalogue
from app.core.questions import Column, Question, row_label

OPTIONAL = " (optional)"
Words = str | tuple[str, ...]
"""One answer: a text, the label of an option, several labels, or day, month and year."""
RowWords = Mapping[str, Words]
"""The answers of one row, by the words of its columns."""


@dataclass(frozen=True)
class Told:
    """Everything one project would be told, by the words of its questions."""

    answers: Mapping[str, Words]
    rows: Mapping[str, Sequence[RowWords]]
    optional: frozenset[str] = field(default=frozenset())

    def of(self, ask: str) -> Words | None:
        """The answer to a question; None when there is none."""
        return self.answers.get(ask)


def tell(
    catalogue: Catalogue,
    text: bytes,
    extra: Mapping[str, Any] | None = None,
    first_rows: Mapping[str, int] | None = None,
) -> Told:
    """Answers of a file (and more of them) in words; of some rows only the first ones."""
    program = catalogue.program
    given = {**read_answers("answers", text, program), **(extra or {})}
    for id_, number in (first_rows or {}).items():
        given[id_] = given[id_][:number]
    answers: dict[str, Words] = {}
    rows: dict[str, Sequence[RowWords]] = {}
    for id_, value in given.items():
        question = program.questions[id_]
        if question.type == "rows":
            rows[question.ask] = [_row(catalogue, given, question, row) for row in value]
        else:
            answers[question.ask] = words(question, value)
    return Told(answers, rows)


def words(asked: Question | Column, value: Any) -> Words:
    """An answer as it stands on the screen."""
    if asked.type == "multi":
        return tuple(asked.labels[code] for code in value)
    if asked.type == "date":
        year, month, day = str(value).split("-")
        return day.lstrip("0"), month.lstrip("0"), year
    return str(asked.labels.get(value, value)) if asked.labels else str(value)


def _row(
    catalogue: Catalogue, given: Mapping[str, Any], question: Question, row: Mapping[str, Any]
) -> RowWords:
    found: dict[str, Words] = {}
    for column in question.columns:
        if column.id not in row:
            continue
        value = row[column.id]
        if column.type == "row_of":
            target = catalogue.program.questions[str(column.rows)]
            among = {str(each["id"]): each for each in given[target.id]}
            found[column.ask or column.called] = row_label(target, among[str(value)])
        else:
            found[column.ask or column.called] = words(column, value)
    return found
