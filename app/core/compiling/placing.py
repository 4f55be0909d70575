"""Which questions there are, where each is placed, and what its options are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from app.core.compiling.draft import Draft, Spot
from app.core.faults import nearest
from app.core.program import Place, Source
from app.core.questionnaire import Page, Section
from app.core.questions import Column, Question
from app.core.soundness import asked_amiss

A = TypeVar("A", Question, Column)


def place_questions(draft: Draft) -> None:
    """Find every question and every place where it is asked."""
    rank = 0
    uses: list[tuple[str, Spot]] = []
    for source in draft.sources:
        _check_pages(draft, source)
        for section, page, at in _pages(draft, source):
            for q, placement in enumerate(page.questions):
                spot = at.at("questions", q)
                place = Place(source.name, section.id, page.id, rank)
                draft.places.setdefault(placement.id, []).append(place)
                rank += 1
                if placement.define is None:
                    uses.append((placement.id, spot.at("use")))
                else:
                    _define(draft, placement.define, spot)
    for id_, spot in uses:
        if id_ not in draft.questions:
            spot.missing("no questionnaire defines", id_, draft.questions)
            draft.places.pop(id_, None)


def _pages(draft: Draft, source: Source) -> Iterator[tuple[Section, Page, Spot]]:
    for s, section in enumerate(source.questionnaire.sections):
        for p, page in enumerate(section.pages):
            yield section, page, draft.spot(source.file, "sections", s, "pages", p)


def _check_pages(draft: Draft, source: Source) -> None:
    """Sections and pages are found by their ids, so each stands once in its questionnaire."""
    named = [
        ("section", section.id, draft.spot(source.file, "sections", s))
        for s, section in enumerate(source.questionnaire.sections)
    ]
    named += [("page", page.id, spot) for _, page, spot in _pages(draft, source)]
    seen: set[tuple[str, str]] = set()
    for kind, id_, spot in named:
        if (kind, id_) in seen:
            spot.at("id").fault(f"the {kind} '{id_}' is there already")
        seen.add((kind, id_))


def _define(draft: Draft, question: Question, spot: Spot) -> None:
    if question.id in draft.questions:
        first = draft.where[question.id].faults.file
        spot.at("id").fault(f"'{question.id}' is defined in {first} already: place it with 'use'")
        return
    draft.questions[question.id] = question
    draft.where[question.id] = spot
    spot.amiss(asked_amiss(question))
    names = [column.id for column in question.columns]
    for n, column in enumerate(question.columns):
        at = spot.at("columns", n)
        if names.index(column.id) != n or column.id == "id":
            at.at("id").fault(f"a column '{column.id}' is there already, or the name is reserved")
        at.amiss(asked_amiss(column))


def resolve_options(draft: Draft) -> None:
    """Give each question the options that it takes from an offer."""
    for id_, question in list(draft.questions.items()):
        spot = draft.where[id_]
        columns = tuple(
            _with_options(draft, column, spot.at("columns", n))
            for n, column in enumerate(question.columns)
        )
        resolved = _with_options(draft, question, spot)
        if columns != question.columns:
            resolved = resolved.changed(columns=columns)
        draft.questions[id_] = resolved


def _with_options(draft: Draft, asked: A, spot: Spot) -> A:
    if asked.offer and asked.offer not in draft.offers:
        spot.at("offer").missing("there is no offer", asked.offer, draft.offers)
    if not asked.options_from:
        return asked
    offer = draft.offers.get(asked.options_from)
    if offer is None:
        spot.at("options_from").missing("there is no offer", asked.options_from, draft.offers)
        return asked.changed(options={"missing": "missing"})
    options = {**asked.options, **{entry.code: entry.title for entry in offer.entries}}
    return asked.changed(options=options)


def check_references(draft: Draft) -> None:
    """Every row_of refers to a rows question; every justification to a choice and its options."""
    known = [id_ for id_, question in draft.questions.items() if question.type == "rows"]
    for id_, question in draft.questions.items():
        spot = draft.where[id_]
        for n, column in enumerate(question.columns):
            if column.rows and column.rows not in known:
                at = spot.at("columns", n, "rows")
                at.missing("there are no rows", column.rows, known)
            if column.confirms:
                _check_confirmed(draft, question, column, spot.at("columns", n, "confirms"))
        if question.justifies:
            _check_justified(draft, question, question.justifies)


def _check_confirmed(draft: Draft, question: Question, column: Column, spot: Spot) -> None:
    """What a party confirms are rows that may name a party, by one option of a choice."""
    use = column.confirms
    if use is None:
        return
    target = draft.questions.get(use.rows)
    refers = {c.rows for c in question.columns if c.type == "row_of"}
    if target is None or not refers & {c.rows for c in target.columns if c.type == "row_of"}:
        spot.at("rows").fault(
            f"'{use.rows}' has no row_of column that refers to the same rows as one of this question"
        )
    if use.right not in column.labels:
        spot.at("right").fault(
            f"the column has no option '{use.right}'{nearest(use.right, column.labels)}"
        )


def _check_justified(draft: Draft, question: Question, justifies: str) -> None:
    spot = draft.where[question.id]
    choice = draft.questions.get(justifies)
    if choice is None:
        spot.at("justifies").missing("no question", justifies, draft.questions)
        return
    for code in question.prompts:
        if code not in choice.labels:
            hint = nearest(code, choice.labels)
            spot.at("prompts", code).fault(f"'{choice.id}' has no option '{code}'{hint}")
