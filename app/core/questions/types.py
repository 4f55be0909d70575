"""The types of question, each with everything it can do."""

from __future__ import annotations

from app.core.domains import Kind
from app.core.questions import choices, files, numbers, rows, texts
from app.core.questions.asked import Asked, QuestionType

_CHOOSING = frozenset({"options", "options_from", "unsure"})
_LONG = frozenset({"max_length"})

QUESTION_TYPES: dict[str, QuestionType] = {
    each.name: each
    for each in (
        QuestionType(
            "text",
            Kind.TEXT,
            "text",
            texts.text_form,
            texts.text_file,
            texts.show_text,
            _LONG | {"check"},
        ),
        QuestionType(
            "long_text",
            Kind.TEXT,
            "long_text",
            texts.text_form,
            texts.text_file,
            texts.show_text,
            _LONG,
        ),
        QuestionType(
            "justification",
            Kind.TEXT,
            "long_text",
            texts.text_form,
            texts.text_file,
            texts.show_text,
            _LONG | {"justifies", "prompts"},
        ),
        QuestionType(
            "choice",
            Kind.CODE,
            "radios",
            choices.choice_form,
            choices.choice_file,
            choices.show_choice,
            _CHOOSING,
        ),
        QuestionType(
            "band",
            Kind.CODE,
            "band",
            choices.choice_form,
            choices.choice_file,
            choices.show_choice,
            _CHOOSING,
        ),
        QuestionType(
            "yes_no",
            Kind.CODE,
            "radios",
            choices.choice_form,
            choices.choice_file,
            choices.show_choice,
            frozenset({"unsure"}),
        ),
        QuestionType(
            "multi",
            Kind.CODES,
            "checkboxes",
            choices.multi_form,
            choices.multi_file,
            choices.show_multi,
            _CHOOSING | {"exclusive"},
        ),
        QuestionType(
            "number",
            Kind.NUMBER,
            "number",
            numbers.number_form,
            numbers.number_file,
            numbers.show_number,
            frozenset({"unit", "min", "max", "decimals"}),
        ),
        QuestionType(
            "date",
            Kind.DATE,
            "date",
            numbers.date_form,
            numbers.date_file,
            numbers.show_date,
            frozenset({"min", "max"}),
            parts=("-day", "-month", "-year"),
        ),
        QuestionType(
            "rows",
            Kind.ROWS,
            "rows_table",
            rows.rows_form,
            rows.rows_file,
            rows.show_rows,
            frozenset({"columns", "row_name", "none"}),
            parts=("-none",),
        ),
        QuestionType(
            "row_of",
            Kind.ROW,
            "select",
            rows.row_form,
            rows.row_file,
            texts.show_text,
            frozenset({"rows"}),
        ),
        QuestionType(
            "file",
            Kind.FILE,
            "file",
            files.file_form,
            files.file_file,
            files.show_file,
            parts=("", files.REFUSED),
        ),
    )
}
TYPED_KEYS = frozenset().union(*(each.keys for each in QUESTION_TYPES.values()))


def type_of(asked: Asked) -> QuestionType:
    """The type of a question or asked column. Raises KeyError for a derived column."""
    return QUESTION_TYPES[asked.type]
