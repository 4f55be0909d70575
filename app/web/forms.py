"""A page of questions as a WTForms form: each field is read by its question's type, and by nothing else.

Fields are named by their address and kept in a dictionary, never as attributes: a question may be
called "x.validate".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields import Field
from wtforms.form import BaseForm

from app.core.questions import Asked, Reading, type_of


class AnswerField(Field):
    """One answer, read by its question's type."""

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = asked
        self.reading = Reading()
        self.raw: str | tuple[str, ...] = ""

    def process(self, formdata: MultiDict[str, str] | None, data: Any = None, extra_filters: Any = None) -> None:
        """Read what was posted under every part of the name."""
        self.process_errors = []
        if formdata is None:
            return
        kind = type_of(self.asked)
        posted: dict[str, Sequence[str]] = {
            part: formdata.getlist(f"{self.name}{part}") for part in kind.parts
        }
        self.reading = kind.from_form(self.asked, posted)
        self.data = self.reading.value
        every = [value for values in posted.values() for value in values]
        self.raw = tuple(every) if len(kind.parts) > 1 or kind.control == "checkboxes" else "".join(every[:1])
        if self.reading.error:
            self.process_errors = [self.reading.error]

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        """Nothing more: a blank never refuses a save."""


class PageForm(BaseForm):
    """The fields of one page, by address."""

    @classmethod
    def of(cls, asked: Mapping[str, Asked]) -> PageForm:
        """A form over these addresses."""
        return cls(dict(_fields(tuple(asked.items()))))

    def readings(self) -> Iterable[AnswerField]:
        """The fields that were read."""
        return (field for field in self._fields.values() if isinstance(field, AnswerField))


@lru_cache(maxsize=2048)
def _field(address: str, asked_id: int) -> Any:
    return AnswerField(_ASKED[asked_id])


_ASKED: dict[int, Asked] = {}


def _fields(asked: Iterable[tuple[str, Asked]]) -> Iterable[tuple[str, Any]]:
    """Unbound fields, built once per address and question."""
    for address, question in asked:
        # The catalogue keeps its questions for as long as the process lives, so ids stay true.
        _ASKED.setdefault(id(question), question)
        yield address, _field(address, id(question))
