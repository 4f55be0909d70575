"""Claims about questionnaires: every question, page, column and option can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.domains import UNSURE, Kind
from app.core.program import ColumnNode, DerivedNode
from app.core.proof.claims import Asked, Claim, Has, InRow, Judged
from app.core.proof.formula import Place
from app.core.proof.lines import Definitions, Said
from app.core.questions import Column, Question
from app.core.questions.asked import UNSURE_LABEL
from app.core.wording import short

LOOSEN = "change one of these lines so that they can be true together, or remove {}"


def asking_claims(definitions: Definitions) -> Iterator[Claim]:
    """Everything that can be asked and answered."""
    yield from _pages(definitions)
    for question in definitions.program.questions.values():
        yield from _question(definitions, question)
        for column in question.columns:
            yield from _column(definitions, question, column)
        yield from _suggestions(definitions, question)


def _pages(definitions: Definitions) -> Iterator[Claim]:
    where = definitions.where
    for kind, known in (("section", where.sections), ("page", where.pages)):
        for (questionnaire, id_), (each, place) in known.items():
            if each.show_if is None:
                continue
            title = short(each.title)
            at = place.at("show_if")
            about = f"the {kind} “{title}” is shown only if"
            said = Said(where.read(each.show_if), each.show_if, at, about)
            yield Claim(
                kind,
                f"{questionnaire}/{id_}",
                at,
                (Judged(said),),
                f"the {kind} “{title}” can never be shown",
                LOOSEN.format(f"the {kind}"),
                (said,),
            )


def _question(definitions: Definitions, question: Question) -> Iterator[Claim]:
    place = definitions.where.questions[question.id]
    ask = short(question.ask)
    own = definitions.where.own(question, place, None)
    at = own.place if own else place
    yield Claim(
        "question",
        question.id,
        at,
        (Asked(question.id),),
        f"the question “{ask}” ({question.id}) can never be asked",
        LOOSEN.format("the question"),
        (own,) if own else (),
    )
    if definitions.program.scope[question.id].kind in (Kind.CODE, Kind.CODES):
        for code, label in question.labels.items():
            yield Claim(
                "option",
                f"{question.id}={code}",
                _option(question, code, place),
                (Asked(question.id), Has(question.id, (code,))),
                f"the option “{short(label)}” of “{ask}” can never be chosen",
                LOOSEN.format("the option"),
            )


def _option(asked: Question | Column, code: str, place: Place) -> Place:
    return place.at("options", code) if code in asked.options else place


def _column(definitions: Definitions, question: Question, column: Column) -> Iterator[Claim]:
    rows, place = question.id, definitions.where.column(question.id, column.id)
    node = definitions.program.nodes.get(f"{rows}/{column.id}")
    what = f"the column “{short(column.called)}” of “{short(question.called)}”"
    name = f"{rows}/{column.id}"
    if isinstance(node, ColumnNode):
        own = definitions.where.own(column, place, rows)
        yield Claim(
            "column",
            name,
            place.at("show_if"),
            (InRow(rows, columns=(column.id,)),),
            f"{what} can never be asked",
            LOOSEN.format("the column"),
            (own,) if own else (),
        )
    elif isinstance(node, DerivedNode) and column.look_up:
        return
    domain = definitions.program.scope[rows].columns[column.id]
    for n, (code, label) in enumerate(domain.codes.items()):
        at = place.at("decide", n) if column.decide else _option(column, code, place)
        yield Claim(
            "column option",
            f"{name}={code}",
            at,
            (InRow(rows, code=(column.id, code)),),
            f"{what} can never be “{short(label if code != UNSURE else UNSURE_LABEL)}”",
            LOOSEN.format("it"),
        )


def _suggestions(definitions: Definitions, question: Question) -> Iterator[Claim]:
    place = definitions.where.questions[question.id]
    compiled = definitions.program.suggestions.get(question.id, ())
    for n, (when, suggestion) in enumerate(zip(compiled, question.suggest, strict=True)):
        at = place.at("suggest", n, "when")
        about = f"an answer to “{short(question.ask)}” is suggested only if"
        said = Said(when, suggestion.when, at, about)
        yield Claim(
            "suggestion",
            f"{question.id}#{n + 1}",
            at,
            (Asked(question.id), Judged(said)),
            f"suggestion {n + 1} for “{short(question.ask)}” can never be made",
            LOOSEN.format("the suggestion"),
            (said,),
        )
