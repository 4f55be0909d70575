"""The one space of names: what each question and derived fact is called and may be compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from app.core.compiling.draft import Draft, Spot
from app.core.domains import Domain, Kind
from app.core.questions import QUESTION_TYPES, Column, LookUp, Question, type_of
from app.core.rules import Bands, BandUse, Matrix, NamedCondition, Offer, Score
from app.core.scores import ON
from app.core.soundness import Amiss, bands_amiss, matrix_amiss

T = TypeVar("T", Matrix, Bands, Offer)


def collect_tables(draft: Draft) -> None:
    """Note the risk matrices, bands and offers by their ids."""
    for spot, matrix in draft.each(Matrix):
        _collect(draft.matrices, matrix, spot, matrix_amiss(matrix))
    for spot, bands in draft.each(Bands):
        _collect(draft.bands, bands, spot, bands_amiss(bands))
    for spot, offer in draft.each(Offer):
        _collect(draft.offers, offer, spot, ())


def _collect(known: dict[str, T], table: T, spot: Spot, amiss: Iterable[Amiss]) -> None:
    if table.id in known:
        spot.at("id").fault(f"'{table.id}' is defined twice")
    known[table.id] = table
    spot.amiss(amiss)


def name_all(draft: Draft) -> None:
    """Give every question and derived fact its name and what it may be compared with."""
    _name_questions(draft)
    for spot, condition in draft.each(NamedCondition):
        _name(draft, spot, condition.id, Domain(Kind.TRUTH, condition.title))
    for spot, score in draft.each(Score):
        _name(draft, spot, score.id, Domain(Kind.NUMBER, score.title))
        if score.band:
            domain = _band_domain(draft, spot, score.title, score.band)
            _name(draft, spot.at("band"), score.band.id, domain)
    for spot, decision in draft.decisions():
        codes = {outcome.code: outcome.label for outcome in decision.outcomes}
        _name(draft, spot, decision.id, Domain(Kind.CODE, decision.title, codes))


def _name(draft: Draft, spot: Spot, id_: str, domain: Domain) -> None:
    if id_ in draft.scope:
        spot.at("id").fault(f"'{id_}' is the name of something else already")
    draft.scope[id_] = domain
    draft.where[id_] = spot


def _name_questions(draft: Draft) -> None:
    known = [each for each in draft.questions.values() if each.type in QUESTION_TYPES]
    for question in known:
        columns = {c.id: _column_domain(draft, c) for c in question.columns if not c.look_up}
        draft.scope[question.id] = type_of(question).domain(question, columns)
    # What is looked up in other rows is known when all rows are.
    for question in known:
        for n, column in enumerate(question.columns):
            if column.look_up:
                spot = draft.where[question.id].at("columns", n, "look_up")
                domain = _looked_up(draft, question, column.look_up, spot)
                own = draft.scope[question.id]
                columns = {**own.columns, column.id: replace(domain, name=column.called)}
                draft.scope[question.id] = replace(own, columns=columns)


def _column_domain(draft: Draft, column: Column) -> Domain:
    if column.decide:
        return Domain(Kind.CODE, column.called, {o.code: o.label for o in column.decide})
    if column.matrix:
        matrix = draft.matrices.get(column.matrix.id)
        return Domain(Kind.CODE, column.called, matrix.ratings if matrix else {}, ordered=True)
    if column.type not in QUESTION_TYPES:
        return Domain(Kind.TEXT, column.called)
    return type_of(column).domain(column)


def _looked_up(draft: Draft, question: Question, use: LookUp, spot: Spot) -> Domain:
    if use.question:
        return _answered(draft, use.question, spot)
    refers = {c.id: c.rows or "" for c in question.columns if c.type == "row_of"}
    there = refers.get(use.row or "", "")
    target = draft.scope.get(use.rows or there)
    column = use.column or ""
    matched = use.rows is None or there == _refers(draft, use.rows, use.by)
    if target is not None and column in target.columns and matched:
        return target.columns[column]
    # Rows that are not there are a fault of the column that refers to them.
    if use.row not in refers or use.rows or target is not None:
        spot.fault(
            "look_up names a row_of column of this row, and a column of the rows it refers to"
            if use.rows is None
            else "look_up names a row_of column of this row, and rows with a column of that name "
            "whose 'by' refers to the same rows"
        )
    return Domain(Kind.TEXT, "")


def _answered(draft: Draft, id_: str, spot: Spot) -> Domain:
    """What a question answered once for all rows may be compared with."""
    domain = draft.scope.get(id_)
    if domain is None or domain.kind is not Kind.CODE:
        spot.at("question").missing("there is no choice", id_, draft.questions)
        return Domain(Kind.TEXT, "")
    return domain


def _refers(draft: Draft, rows: str, by: str | None) -> str | None:
    """The rows question that a column of other rows refers to."""
    other = draft.questions.get(rows)
    return next((c.rows for c in other.columns if c.id == by), None) if other else None


def _band_domain(draft: Draft, spot: Spot, score: str, use: BandUse) -> Domain:
    table = draft.bands.get(use.from_)
    if table is None:
        spot.at("band", "from").missing("there are no bands", use.from_, draft.bands)
        return Domain(Kind.CODE, score)
    codes = {level.code: level.label for level in table.levels}
    return Domain(Kind.CODE, score, codes, ordered=True)


def check_ids(draft: Draft) -> None:
    """No id begins another one, and none is a word of our own."""
    known = {*draft.scope, *draft.offers}
    for id_ in sorted(known & set(draft.where)):
        spot = draft.where[id_].at("id")
        parts = id_.split(".")
        for end in range(1, len(parts)):
            shorter = ".".join(parts[:end])
            if shorter in known:
                spot.fault(f"'{shorter}' is another id and begins '{id_}': rename one of them")
        if parts[0] == ON:
            spot.fault(f"'{parts[0]}' is reserved: begin the id with another word")
