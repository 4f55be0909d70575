"""A page of questions as a WTForms form: each field is read by its question's type, and by nothing else.

Fields are named by their address and kept in a dictionary, never as attributes: a question may be
called "x.validate".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

from flask import request
from wtforms.fields import Field
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.utils import unset_value

from app.core.questions import Asked, Column, Reading, type_of


class Posted(Protocol):
    """What a browser posts: any number of texts under each name."""

    def getlist(self, key: str, /) -> list[str]:
        """Every text under a name."""


class AnswerField(Field):
    """One answer, read by its question's type."""

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = asked
        self.reading = Reading()
        self.raw: str | tuple[str, ...] = ""

    def process(
        self,
        formdata: Posted | None,
        data: Any = unset_value,
        extra_filters: Any = None,
    ) -> None:
        """Read what was posted under every part of the name."""
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        kind = type_of(self.asked)
        posted: dict[str, Sequence[str]] = {
            part: formdata.getlist(f"{self.name}{part}") for part in kind.parts
        }
        self.reading = kind.from_form(self.asked, posted)
        self.data = self.reading.value
        every = [value for values in posted.values() for value in values]
        several = len(kind.parts) > 1 or kind.control == "checkboxes"
        self.raw = tuple(every) if several else "".join(every[:1])
        if self.reading.error:
            self.process_errors = [self.reading.error]

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        """Nothing more: a blank never refuses a save."""


class PageForm(BaseForm):
    """The fields of one page, by address."""

    @classmethod
    def of(cls, asked: Mapping[str, Asked]) -> PageForm:
        """A form over these addresses."""
        return cls(
            {address: UnboundField(AnswerField, question) for address, question in asked.items()}
        )

    def readings(self) -> Iterable[AnswerField]:
        """The fields that were read."""
        return (field for field in self._fields.values() if isinstance(field, AnswerField))


def typed(name: str, longest: int, kind: Literal["text", "long_text"] = "long_text") -> Reading:
    """What was posted under a name that is no question's, read as a question of this type would.

    What is typed beside the questions is printed in documents too: it is cleaned as answers are,
    and refused where no document can carry it.
    """
    asked = Column.model_validate({"id": "typed", "type": kind, "ask": name, "max_length": longest})
    reading = type_of(asked).from_form(asked, {"": request.form.getlist(name)})
    return Reading(reading.value or "", reading.error)
