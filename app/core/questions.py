"""Questions and what each type of question can do: read, check, show, and say what it allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from app.core.domains import UNSURE, Domain, Kind, is_date, listed, show_date
from app.core.models import Column as ColumnId
from app.core.models import Condition, Id, Model, Short, Text

Answer = Any  # str, list[str], int, float, or a list of rows; never None
UNSURE_LABEL = "I don’t know"


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
    """A derived column: `column` of the row that `row` refers to."""

    row: ColumnId
    column: ColumnId


class MatrixUse(Model):
    """A derived column: the rating of two columns in a risk matrix."""

    id: Short
    likelihood: ColumnId
    severity: ColumnId


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
    offer: Id | None = None
    suggest: tuple[Suggestion, ...] = Field((), strict=False)

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
            row_name=getattr(asked, "row_name", "row"),
            unit=asked.unit or "",
        )


# Text

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Typed text in NFC with plain line ends; the direction overrides that can disguise text go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BIDI_OVERRIDES.sub("", unicodedata.normalize("NFC", text)).strip()


def _read_text(asked: Asked, raw: str) -> Reading:
    text = clean(raw)
    if not text:
        return BLANK
    found = _UNPRINTABLE.search(text)
    if found:
        return Reading(
            error=f"Remove the character that cannot be printed after “{text[: found.start()][-20:]}”"
        )
    limit = asked.max_length or _LIMITS[asked.type]
    if len(text) > limit:
        return Reading(error=f"Use {limit:,} characters or fewer; this has {len(text):,}")
    if asked.type == "text" and "\n" in text:
        return Reading(error="Write this on one line")
    if asked.check:
        wanted = NAMED_CHECKS[asked.check](text)
        if wanted:
            return Reading(error=wanted)
    return Reading(text)


_LIMITS = {"text": 300, "long_text": 20_000, "justification": 20_000}


def _matches(pattern: str, wanted: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda text: None if compiled.fullmatch(text) else wanted


NAMED_CHECKS: dict[str, Callable[[str], str | None]] = {
    "email": _matches(
        r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", "Enter an email address like name@example.org"
    ),
    "telephone": _matches(r"\+?[0-9 ()-]{7,20}", "Enter a telephone number like 020 7946 0000"),
    "ico_number": _matches(
        r"[A-Za-z]{1,2}[0-9]{5,7}|[0-9]{8}", "Enter a registration number like Z1234567"
    ),
    "postcode": _matches(
        r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}", "Enter a postcode like SE1 2AA"
    ),
    "web_address": _matches(
        r"https?://[^\s]+\.[^\s]+", "Enter a web address that starts with https://"
    ),
}


def _text_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    return _read_text(asked, _first(posted))


def _text_file(asked: Asked, raw: Any) -> Reading:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(error="expected text")
    return _read_text(asked, str(raw))


def _show_text(_asked: Asked, answer: Answer) -> str:
    return str(answer)


# Choices


def _code(asked: Asked, raw: str) -> Reading:
    if not raw:
        return BLANK
    if raw not in asked.labels:
        return Reading(error="Choose one of the options")
    return Reading(raw)


def _choice_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    return _code(asked, _first(posted))


def _choice_file(asked: Asked, raw: Any) -> Reading:
    labels = asked.labels
    text = str(raw)
    if isinstance(raw, list | dict) or text not in labels:
        return Reading(error=f"'{raw}' is none of its options: {', '.join(labels)}")
    return Reading(text)


def _show_choice(asked: Asked, answer: Answer) -> str:
    return asked.labels.get(str(answer), str(answer))


def _codes(asked: Asked, codes: list[str]) -> Reading:
    chosen = [code for code in asked.labels if code in codes]
    alone = [code for code in chosen if code in (asked.exclusive, UNSURE)]
    if alone and len(chosen) > 1:
        return Reading(error=f"Choose “{asked.labels[alone[0]]}” alone, or the others without it")
    return Reading(chosen) if chosen else BLANK


def _multi_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    codes = [code for code in posted.get("", ()) if code]
    if any(code not in asked.labels for code in codes):
        return Reading(error="Choose from the options")
    return _codes(asked, codes)


def _multi_file(asked: Asked, raw: Any) -> Reading:
    if not isinstance(raw, list):
        return Reading(error="expected a list of option codes")
    labels = asked.labels
    unknown = [str(each) for each in raw if str(each) not in labels]
    if unknown:
        return Reading(error=f"{', '.join(unknown)}: none of its options: {', '.join(labels)}")
    return _codes(asked, [str(each) for each in raw])


def _show_multi(asked: Asked, answer: Answer) -> str:
    labels = asked.labels
    return listed([labels.get(code, code) for code in answer], "and")


# Numbers and dates


_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{0,15})?|-?\.\d{1,15}")


def _number_of(asked: Asked, text: str) -> Reading:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**12:
        return Reading(error="Enter a number, such as 12")
    if number != round(number, asked.decimals):
        places = (
            "a whole number" if asked.decimals == 0 else f"at most {asked.decimals} decimal places"
        )
        return Reading(error=f"Use {places}")
    if asked.min is not None and number < Decimal(str(asked.min)):
        return Reading(error=f"Enter {asked.min:,} or more")
    if asked.max is not None and number > Decimal(str(asked.max)):
        return Reading(error=f"Enter {asked.max:,} or less")
    return Reading(int(number) if asked.decimals == 0 else float(number))


def _number_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    text = clean(_first(posted)).replace(",", "").replace("£", "").replace(" ", "")
    if text and not _PLAIN_NUMBER.fullmatch(text):
        return Reading(error="Enter a number, such as 12")
    return _number_of(asked, text) if text else BLANK


def _number_file(asked: Asked, raw: Any) -> Reading:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return Reading(error=f"expected a number, not '{raw}'")
    return _number_of(asked, str(raw))


def _show_number(asked: Asked, answer: Answer) -> str:
    return f"{answer:,} {asked.unit or ''}".strip()


def _date_of(asked: Asked, text: str) -> Reading:
    for bound, wrong in ((asked.min, text < str(asked.min)), (asked.max, text > str(asked.max))):
        if bound is not None and wrong:
            when = "on or after" if bound is asked.min else "on or before"
            return Reading(error=f"Enter a date {when} {show_date(str(bound))}")
    return Reading(text)


def _date_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    parts = [clean(_first(posted, part)) for part in ("-day", "-month", "-year")]
    if not any(parts):
        return BLANK
    missing = [word for word, part in zip(("day", "month", "year"), parts, strict=True) if not part]
    if missing:
        return Reading(error=f"The date must include a {listed(missing, 'and')}")
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        return Reading(error="Enter a real date, such as 27 3 2026")
    try:
        day = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return Reading(error="Enter a real date, such as 27 3 2026")
    if not is_date(day.isoformat()):
        return Reading(error="Enter the year with four digits, such as 2026")
    return _date_of(asked, day.isoformat())


def _date_file(asked: Asked, raw: Any) -> Reading:
    if isinstance(raw, str) and is_date(raw):
        return _date_of(asked, raw)
    return Reading(error=f"expected a date like \"2026-05-01\", not '{raw}'")


def _show_date(_asked: Asked, answer: Answer) -> str:
    return show_date(str(answer))


# Rows. A row's columns are read one by one by their own types; here only "there are none".


def _rows_form(_asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    return Reading([]) if _first(posted, "-none") else BLANK


def _rows_file(_asked: Asked, raw: Any) -> Reading:
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        return Reading(error="expected a list of rows, each a mapping of columns ([] for none)")
    return Reading(raw)


def _show_rows(asked: Asked, answer: Answer) -> str:
    if not answer:
        return getattr(asked, "none", None) or "None"
    names = [row_label(asked, row) for row in answer]
    return listed(names, "and")


def row_label(asked: Asked, row: Mapping[str, Any]) -> str:
    """What a row is called: its first text, or its number."""
    for column in getattr(asked, "columns", ()):
        if column.type == "text" and row.get(column.id):
            return str(row[column.id])
    return f"{getattr(asked, 'row_name', 'row').capitalize()} {row.get('id', '')}".strip()


def _row_form(_asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    text = _first(posted)
    if not text:
        return BLANK
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        return Reading(error="Choose one of the list")
    return Reading(int(text))


def _row_file(_asked: Asked, raw: Any) -> Reading:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        return Reading(error=f"expected the number of a row (1 for the first), not '{raw}'")
    return Reading(raw)


def _first(posted: Mapping[str, Sequence[str]], part: str = "") -> str:
    values = posted.get(part, ())
    return values[0] if values else ""


_CHOOSING = frozenset({"options", "options_from", "unsure"})
_LONG = frozenset({"max_length"})

QUESTION_TYPES: dict[str, QuestionType] = {
    each.name: each
    for each in (
        QuestionType(
            "text", Kind.TEXT, "text", _text_form, _text_file, _show_text, _LONG | {"check"}
        ),
        QuestionType("long_text", Kind.TEXT, "textarea", _text_form, _text_file, _show_text, _LONG),
        QuestionType(
            "justification",
            Kind.TEXT,
            "textarea",
            _text_form,
            _text_file,
            _show_text,
            _LONG | {"justifies", "prompts"},
        ),
        QuestionType(
            "choice", Kind.CODE, "radios", _choice_form, _choice_file, _show_choice, _CHOOSING
        ),
        QuestionType(
            "band", Kind.CODE, "radios", _choice_form, _choice_file, _show_choice, _CHOOSING
        ),
        QuestionType(
            "yes_no",
            Kind.CODE,
            "radios",
            _choice_form,
            _choice_file,
            _show_choice,
            frozenset({"unsure"}),
        ),
        QuestionType(
            "multi",
            Kind.CODES,
            "checkboxes",
            _multi_form,
            _multi_file,
            _show_multi,
            _CHOOSING | {"exclusive"},
        ),
        QuestionType(
            "number",
            Kind.NUMBER,
            "number",
            _number_form,
            _number_file,
            _show_number,
            frozenset({"unit", "min", "max", "decimals"}),
        ),
        QuestionType(
            "date",
            Kind.DATE,
            "date",
            _date_form,
            _date_file,
            _show_date,
            frozenset({"min", "max"}),
            parts=("-day", "-month", "-year"),
        ),
        QuestionType(
            "rows",
            Kind.ROWS,
            "rows",
            _rows_form,
            _rows_file,
            _show_rows,
            frozenset({"columns", "row_name", "none"}),
            parts=("-none",),
        ),
        QuestionType(
            "row_of", Kind.ROW, "select", _row_form, _row_file, _show_text, frozenset({"rows"})
        ),
    )
}
TYPED_KEYS = frozenset().union(*(each.keys for each in QUESTION_TYPES.values()))


def type_of(asked: Asked) -> QuestionType:
    """The type of a question or asked column. Raises KeyError for a derived column."""
    return QUESTION_TYPES[asked.type]
