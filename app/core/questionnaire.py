"""Questionnaire > Section > Page > Question, as the files say it, frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field, model_validator

from app.core.models import Condition, Id, Model, Short, Text
from app.core.questions import Question


class Placement(Model):
    """A question placed on a page: defined here (`define`), or elsewhere (`use`)."""

    use: Id | None = None
    define: Question | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: object) -> object:
        if isinstance(raw, dict) and "define" not in raw and set(raw) != {"use"}:
            return {"define": raw}
        return raw

    @property
    def id(self) -> str:
        """The id of the question placed here."""
        return self.define.id if self.define else self.use or ""


class Page(Model):
    """Questions on one subject, shown together."""

    id: Short
    title: Text
    intro: Text | None = None
    show_if: Condition | None = None
    questions: tuple[Placement, ...] = Field(strict=False)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the questions placed here, in order."""
        return tuple(placement.id for placement in self.questions)


class Section(Model):
    """Pages under one heading of the task list."""

    id: Short
    title: Text
    show_if: Condition | None = None
    pages: tuple[Page, ...] = Field(strict=False)


class Questionnaire(Model):
    """One questionnaire file."""

    title: Text
    about: Text | None = None
    source: Text | None = None
    sections: tuple[Section, ...] = Field(strict=False)

    @cached_property
    def by_page(self) -> Mapping[str, tuple[Section, Page]]:
        """Every page with its section, by the id of the page."""
        return {page.id: (section, page) for section, page in self.pages()}

    def pages(self) -> Iterator[tuple[Section, Page]]:
        """Every page with its section, in order."""
        for section in self.sections:
            for page in section.pages:
                yield section, page
