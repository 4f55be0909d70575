"""Outlines of documents as the files in outputs/ say them."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.core.models import Condition, Id, Model, Short, Text

KINDS = (
    "heading",
    "text",
    "bullets",
    "answers",
    "answers_of",
    "rows",
    "if",
    "each",
    "schedule",
    "clause",
    "part",
)


class Piece(Model):
    """One block of an outline; exactly one of its kinds is given."""

    heading: Text | None = None
    level: int = 1
    text: Text | None = None
    bullets: tuple[Text, ...] | None = Field(None, strict=False)
    answers: tuple[Id, ...] | None = Field(None, strict=False)
    answers_of: Short | None = None
    except_: tuple[Id, ...] = Field((), alias="except", strict=False)
    rows: Id | None = None
    columns: tuple[str, ...] = Field((), strict=False)
    of: str | None = None
    title: Text | None = None
    if_: Condition | None = Field(None, alias="if")
    each: Id | None = None
    where: Condition | None = None
    blocks: tuple[Piece, ...] = Field((), strict=False)
    schedule: Text | None = None
    clause: Text | None = None
    locked: bool = False
    parts: tuple[Text, ...] = Field((), strict=False)
    part: Short | None = None
    scores: tuple[Id, ...] = Field((), strict=False)
    decision: Id | None = None
    offer: Id | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Piece:
        kinds = self.kinds()
        if len(kinds) != 1:
            said = " and ".join(kinds) or "none of them"
            message = f"a block is exactly one of {', '.join(KINDS)}; this has {said}"
            raise ValueError(message)
        return self

    def kinds(self) -> list[str]:
        """The kinds given here."""
        found = [k for k in KINDS if getattr(self, "if_" if k == "if" else k) is not None]
        # A clause has a text of its own; so has a part with a heading of its own.
        return [k for k in found if not (k == "text" and "clause" in found)]

    @property
    def kind(self) -> str:
        """The kind of this block."""
        return self.kinds()[0]


class Outline(Model):
    """One output file."""

    title: Text
    file: Short
    marking: Text = "OFFICIAL"
    about: Text | None = None
    contents: bool = True
    subtitle: Text | None = None
    blocks: tuple[Piece, ...] = Field(strict=False)
