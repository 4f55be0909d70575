"""A page of a questionnaire about one subject: its address, what stands on it, and what comes next."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request, url_for

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.pages import Subject
from app.catalogue import Catalogue
from app.core.journey import Step
from app.core.pipeline import Stage
from app.core.questionnaire import Page, Section
from app.core.questions import Question
from app.core.sheet import NEW_ROW
from app.core.standing import after_signed, asked_at

pages = Blueprint("pages", __name__)

_ROW = re.compile(r"[1-9][0-9]{0,5}|\+[0-9a-z]{1,16}")
BUTTONS = {"add": "row", "change": "row", "remove": "remove"}
OF_ORGANISATIONS = "organisation_pages"
"""The same pages once more, about organisations."""


@dataclass(frozen=True)
class Place:
    """A page of a questionnaire about one project, or about one organisation."""

    reference: str
    questionnaire: str
    page: str
    of_organisation: bool = False

    @classmethod
    def here(cls, reference: str, questionnaire: str, page: str) -> Place:
        """The place that this request asks for."""
        return cls(reference, questionnaire, page, request.blueprint == OF_ORGANISATIONS)

    @property
    def where(self) -> str:
        """How events name it."""
        return f"{self.questionnaire}/{self.page}"

    def url(self, view: str = "show", **more: Any) -> str:
        """Its address, or that of something else about it."""
        pages_of = OF_ORGANISATIONS if self.of_organisation else pages.name
        return url_for(
            view if "." in view else f"{pages_of}.{view}",
            reference=self.reference,
            questionnaire=self.questionnaire,
            page=self.page,
            **more,
        )

    def definition(self, catalogue: Catalogue) -> tuple[Section, Page]:
        """The section and page that stand here. Raises NotFound."""
        questionnaire = catalogue.questionnaires.get(self.questionnaire)
        if questionnaire is None or self.page not in questionnaire.by_page:
            raise NotFound(self.where)
        return questionnaire.by_page[self.page]

    def questions(self, catalogue: Catalogue) -> list[Question]:
        """The questions placed here, asked or not. Raises NotFound."""
        _, page = self.definition(catalogue)
        return [catalogue.program.questions[placement.id] for placement in page.questions]


@dataclass(frozen=True)
class RowPlace:
    """One row of a rows question on a page; a number beginning with "+" is a row to be added."""

    page: Place
    question: str
    number: str

    def __post_init__(self) -> None:
        if not _ROW.fullmatch(self.number):
            raise NotFound(self.address)

    @property
    def address(self) -> str:
        """How a sheet names the row."""
        return f"{self.question}/{self.number}"

    @property
    def new(self) -> bool:
        """Whether the row is only now being added."""
        return self.number.startswith(NEW_ROW)

    def url(self, view: str = "row") -> str:
        """Its address in the web."""
        return self.page.url(view, question=self.question, row=self.number)

    def rows(self, catalogue: Catalogue) -> Question:
        """The rows question. Raises NotFound."""
        for question in self.page.questions(catalogue):
            if question.id == self.question and question.type == "rows":
                return question
        raise NotFound(self.address)


def place_of(reference: str, step: Step) -> Place:
    """The place of a step."""
    return Place(reference, step.questionnaire, step.page.id)


def new_row(place: Place, question: str) -> str:
    """Where a row is added: under a key of its own, so that posting it twice adds one row."""
    return RowPlace(place, question, f"{NEW_ROW}{secrets.token_hex(4)}").url()


def pressed(place: Place) -> str | None:
    """Where the button of a rows table leads; None when another button was pressed."""
    for button, view in BUTTONS.items():
        if request.form.get(button):
            question, _, number = request.form[button].partition("/")
            row = RowPlace(place, question, number) if number else None
            return row.url(view) if row else new_row(place, question)
    return None


def next_url(looked: Subject, actor: Actor, place: Place, step: Step | None) -> str:
    """The next page this person has something to do on, in this stage; else the end of it."""
    stage = looked.released.catalogue.pipeline.stage_of(place.questionnaire)
    names: Sequence[str] = stage.questionnaires
    following = _offered(looked, stage, place, step)
    settled = looked.evaluated.settled
    if stage.id in settled:  # what a signed document left to ask is owed at the stage after it
        after = after_signed(looked.route, settled) or stage.id
        stage = looked.released.catalogue.pipeline.stage(after)
        names = asked_at(looked.released.catalogue.pipeline, looked.route, after, settled)
    if following is None:
        following = looked.journey.onward(step, looked.person(actor), names)
    if following is not None:
        return replace(place, questionnaire=following.questionnaire, page=following.page.id).url()
    if place.of_organisation:
        return url_for("organisations.one", reference=place.reference)
    return url_for("projects.check_answers", reference=place.reference, stage=stage.id)


def _offered(looked: Subject, stage: Stage, place: Place, step: Step | None) -> Step | None:
    """The page after one that somebody opened because they like, in this or what else is offered.

    One choice may have opened the next questionnaire, so it goes on there.
    """
    optional = looked.route.optional
    if place.questionnaire not in optional:
        return None
    later = stage.questionnaires[stage.questionnaires.index(place.questionnaire) :]
    pages = (looked.journey.offered(step, name) for name in later if name in optional)
    return next(filter(None, pages), None)
