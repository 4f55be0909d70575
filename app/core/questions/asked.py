"""Questions and columns as the files say them, and what a type of question must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from app.core.domains import UNSURE, Domain, Kind
from app.core.models import Column as ColumnId
from app.core.models import Condition, Id, Model, Short, Text

Answer = Any  # str, list[str], int, float, or a list of rows; never None
UNSURE_LABEL = "I don't know"


class Option(Model):
    """One option of a choice, multi or band."""

    label: Text
    hint: Text | None = None


class Suggestion(Model):
    """A proposed answer: shown with its reason, accepted by a person, never preselected."""

    when: Condition
    answer: Any
    because: Text


class LookUp(Model):
    """A derived column: what stands elsewhere, in one of three places.

    `column` of the row that `row` refers to; with `rows` and `by`, `column` of the row of those
    rows whose `by` refers to the same row; or the answer to a `question`, alike for every row.
    """

    row: ColumnId | None = None
    column: ColumnId | None = None
    rows: Id | None = None
    by: ColumnId | None = None
    question: Id | None = None


class MatrixUse(Model):
    """A derived column: the rating of two columns in a risk matrix."""

    id: Short
    likelihood: ColumnId
    severity: ColumnId


class Confirms(Model):
    """A column by which a party says of the rows that hold for it whether they are right.

    `rows`: the question they belong to; `right`: the option by which they are. By any other the
    party takes them over as rows of its own, and changes those.
    """

    rows: Id
    right: str


class RowOutcome(Model):
    """One outcome of a decision over a row."""

    code: str
    label: Text
    when: Condition | None = None
    otherwise: bool = False


class _Asked(Model):
    """What questions and columns have in common."""

    type: str = ""
    ask: Text | None = None
    name: Text | None = None
    for_: str = Field("lead", alias="for")
    hint: Text | None = None
    guide: Text | None = None
    why: Text | None = None
    source: Text | None = None
    required: bool = True
    show_if: Condition | None = None
    unsure_shows: bool | None = Field(None, alias="unsure_shows")
    options: dict[str, str | Option] = Field(default_factory=dict)
    options_from: Id | None = None
    exclusive: str | None = None
    unsure: bool | None = None
    unit: Text | None = None
    min: int | float | str | None = None
    max: int | float | str | None = None
    decimals: int = Field(0, ge=0, le=6)
    max_length: int | None = Field(None, ge=1, le=100_000)
    check: str | None = None
    offer: Id | None = None
    material: bool = True

    @model_validator(mode="before")
    @classmethod
    def _unsure_beside_show_if(cls, raw: Any) -> Any:
        """`unsure: hide|show` beside `show_if` says what "I don't know" does there."""
        if isinstance(raw, dict) and raw.get("unsure") in ("hide", "show"):
            raw = {**raw, "unsure_shows": raw["unsure"] == "show"}
            del raw["unsure"]
        return raw

    @property
    def called(self) -> str:
        """The short name in tables and reasons."""
        return self.name or self.ask or ""

    @cached_property
    def labels(self) -> dict[str, str]:
        """Option labels by code, in order, with "I don't know" last."""
        labels = {
            code: option if isinstance(option, str) else option.label
            for code, option in self.options.items()
        }
        yes_no = self.type == "yes_no"
        if yes_no and not labels:
            labels = {"yes": "Yes", "no": "No"}
        if (self.unsure or (yes_no and self.unsure is None)) and UNSURE not in labels:
            labels[UNSURE] = UNSURE_LABEL
        return labels

    def option_hint(self, code: str) -> str:
        """The hint of an option, or an empty text."""
        option = self.options.get(code)
        return option.hint or "" if isinstance(option, Option) else ""


class Column(_Asked):
    """A column of a rows question: asked, or derived from the row."""

    id: ColumnId
    type: str = "derived"
    title: Text | None = None
    rows: Id | None = None
    confirms: Confirms | None = None
    look_up: LookUp | None = None
    matrix: MatrixUse | None = None
    decide: tuple[RowOutcome, ...] | None = Field(None, strict=False)

    @property
    def called(self) -> str:
        """The short name in tables and reasons."""
        return self.name or self.title or self.ask or self.id

    @property
    def derived(self) -> bool:
        """Whether the column is worked out rather than asked."""
        return self.type == "derived"

    @property
    def restricted(self) -> bool:
        """Never: other questions name rows, and would tell of them."""
        return False


class Question(_Asked):
    """One question; see docs/definitions.md for every key."""

    id: Id
    type: str
    ask: Text
    justifies: Id | None = None
    prompts: dict[str, Text] = Field(default_factory=dict)
    columns: tuple[Column, ...] = Field((), strict=False)
    row_name: str = "row"
    none: Text | None = None
    suggest: tuple[Suggestion, ...] = Field((), strict=False)
    restricted: bool = False  # the answer is seen by those who look after information alone

    def column(self, name: str) -> Column:
        """A column by its id. Raises KeyError."""
        for column in self.columns:
            if column.id == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading typed or filed input: an answer, a blank (None), or an error."""

    value: Answer | None = None
    error: str | None = None


BLANK = Reading()
Asked = Question | Column


@dataclass(frozen=True, slots=True)
class QuestionType:
    """Everything one type of question can do.

    `from_form` takes the values posted under each part of its name (see `parts`); `from_file` takes
    the parsed value of an answers file; both give a Reading. `show` puts an answer into words.
    """

    name: str
    kind: Kind
    control: str
    from_form: Callable[[Asked, Mapping[str, Sequence[str]]], Reading]
    from_file: Callable[[Asked, Any], Reading]
    show: Callable[[Asked, Answer], str]
    keys: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ("",)

    def domain(self, asked: Asked, columns: Mapping[str, Domain] | None = None) -> Domain:
        """What conditions may compare."""
        return Domain(
            self.kind,
            asked.called,
            asked.labels,
            ordered=self.name == "band",
            columns=columns or {},
            row_name=asked.row_name if isinstance(asked, Question) else "row",
            unit=asked.unit or "",
        )


def row_label(question: Question, row: Mapping[str, Any]) -> str:
    """What a row is called: its first text, or its number."""
    for column in question.columns:
        if column.type == "text" and row.get(column.id):
            return str(row[column.id])
    return f"{question.row_name.capitalize()} {row.get('id', '')}".strip()


def first_of(posted: Mapping[str, Sequence[str]], part: str = "") -> str:
    """The first text posted under a part of the name."""
    values = posted.get(part, ())
    return values[0] if values else ""
