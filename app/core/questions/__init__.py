"""Questions and what each type of question can do: read, check, show, and say what it allows."""

from app.core.questions.asked import (
    BLANK,
    UNSURE_LABEL,
    Answer,
    Asked,
    Column,
    LookUp,
    MatrixUse,
    Option,
    Question,
    QuestionType,
    Reading,
    RowOutcome,
    Suggestion,
    row_label,
)
from app.core.questions.files import (
    FILE_KINDS,
    REFUSED,
    describe_file,
    file_day,
    file_size,
)
from app.core.questions.rows import MAX_ROWS, TOO_MANY_ROWS
from app.core.questions.texts import NAMED_CHECKS, clean
from app.core.questions.types import QUESTION_TYPES, TYPED_KEYS, type_of

__all__ = [
    "BLANK",
    "FILE_KINDS",
    "MAX_ROWS",
    "NAMED_CHECKS",
    "QUESTION_TYPES",
    "REFUSED",
    "TOO_MANY_ROWS",
    "TYPED_KEYS",
    "UNSURE_LABEL",
    "Answer",
    "Asked",
    "Column",
    "LookUp",
    "MatrixUse",
    "Option",
    "Question",
    "QuestionType",
    "Reading",
    "RowOutcome",
    "Suggestion",
    "clean",
    "describe_file",
    "file_day",
    "file_size",
    "row_label",
    "type_of",
]
