"""Questions and what each type of question can do: read, check, show, and say what it allows."""

from app.core.questions.asked import (
    BLANK,
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
    REFUSED,
    describe_file,
    file_day,
)
from app.core.questions.rows import MAX_ROWS, TOO_MANY_ROWS
from app.core.questions.texts import NAMED_CHECKS, clean
from app.core.questions.types import QUESTION_TYPES, TYPED_KEYS, type_of

__all__ = [
    "BLANK",
    "MAX_ROWS",
    "NAMED_CHECKS",
    "QUESTION_TYPES",
    "REFUSED",
    "TOO_MANY_ROWS",
    "TYPED_KEYS",
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
    "row_label",
    "type_of",
]
