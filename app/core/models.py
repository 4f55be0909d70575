"""What every definition model shares: strict, frozen, no unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

ID = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
SHORT = r"^[a-z0-9][a-z0-9_-]*$"
COLUMN = r"^[a-z][a-z0-9_]*$"

LONGEST_ID = 80

Id = Annotated[str, StringConstraints(pattern=ID, max_length=LONGEST_ID)]
Short = Annotated[str, StringConstraints(pattern=SHORT, max_length=60)]
Column = Annotated[str, StringConstraints(pattern=COLUMN, max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https://[^\s\"<>]+[^\s\"<>/]$", max_length=500)
]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Condition = Annotated[Any, Field(json_schema_extra={"condition": True})]

_ID = re.compile(ID)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a question or of something derived."""
    return len(text) <= LONGEST_ID and _ID.fullmatch(text) is not None


class Model(BaseModel):
    """A definition: frozen, and a key it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def changed(self, **keys: object) -> Self:
        """A copy with other values for some keys; nothing worked out from the old ones comes along."""
        made = self.model_copy(update=keys)
        for remembered in made.__dict__.keys() - type(made).model_fields.keys():
            del made.__dict__[remembered]
        return made


class Sourced(Model):
    """A statement with its source in law or guidance, and whether a DPO has confirmed it.

    `checked` is the ISO date of the confirmation, or False when nobody has confirmed it yet;
    `checked_by` the officer who did, where that was done in the editor.
    """

    source: Text | None = None
    checked: Day | Literal[False] = False
    checked_by: Text | None = None
    extent: Text | None = None
    effective_from: Day | None = None
    effective_to: Day | None = None

    @field_validator("checked", mode="before")
    @classmethod
    def _a_day_or_not_yet(cls, raw: object) -> object:
        if raw is True:
            raise ValueError(
                "'checked' is the day it was confirmed, such as \"2026-05-01\", or false"
            )
        return raw

    def in_force(self, on: str) -> bool:
        """Whether this holds on an ISO date."""
        return (self.effective_from or "") <= on <= (self.effective_to or "9999-12-31")
