"""Where each definition stands in its file, and what it says there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core import logic
from app.core.compiling import say_unsure
from app.core.faults import Faults
from app.core.logic import Every, Expression, OneOf
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.program import Program
from app.core.proof.formula import Place
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Question
from app.core.rules import Rules
from app.core.wording import short


@dataclass(frozen=True)
class Definitions:
    """One compiled catalogue, as far as proofs read it.

    `below`: the folder within questionnaires/, rules/ and outputs/ in which its files are.
    """

    pipeline: Pipeline
    questionnaires: Mapping[str, Questionnaire]
    rules: Mapping[str, Rules]
    outlines: Mapping[str, Outline]
    program: Program
    below: str = ""

    def file(self, folder: str, name: str) -> str:
        """The file of one of its definitions."""
        return f"{folder}{self.below}/{name}.yaml"

    @property
    def pipeline_file(self) -> str:
        """The file of the pipeline."""
        return self.file("questionnaires", "pipeline")

    @cached_property
    def where(self) -> Where:
        """Where each of them stands."""
        return Where(self)


@dataclass(frozen=True)
class Said:
    """A condition as it stands in a file; `about` says whose it is."""

    expression: Expression
    raw: Any
    place: Place
    about: str

    def parts(self) -> Iterator[Said]:
        """What it asks for one by one, where it joins several things by `and`."""
        items = self.raw.get("and") if isinstance(self.raw, dict) else None
        if isinstance(self.expression, Every) and items and len(items) > 1:
            for n, (item, raw) in enumerate(zip(self.expression.items, items, strict=True)):
                yield from Said(item, raw, self.place.at("and", n), self.about).parts()
        else:
            yield self

    def ways(self) -> Iterator[Said]:
        """What may make it hold one by one, where it joins several things by `or`."""
        items = self.raw.get("or") if isinstance(self.raw, dict) else None
        if isinstance(self.expression, logic.Either) and items and len(items) > 1:
            for n, (item, raw) in enumerate(zip(self.expression.items, items, strict=True)):
                yield from Said(item, raw, self.place.at("or", n), self.about).ways()
        else:
            yield self

    def english(self) -> str:
        """What this line says."""
        return f"{self.about} {logic.english(self.expression)}"


class Where:
    """The places of all definitions, by their ids."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.questions: dict[str, Place] = {}
        self.sections: dict[tuple[str, str], tuple[Section, Place]] = {}
        self.pages: dict[tuple[str, str], tuple[Page, Place]] = {}
        for name, questionnaire in definitions.questionnaires.items():
            self._questionnaire(name, questionnaire)
        self.rules: dict[tuple[str, str], Place] = {}
        for name, rules in definitions.rules.items():
            for kind in (
                "conditions",
                "scores",
                "bands",
                "decisions",
                "offers",
                "flags",
                "matrices",
            ):
                for n, each in enumerate(getattr(rules, kind)):
                    self.rules[kind, each.id] = Place(definitions.file("rules", name), (kind, n))
        self.rules["decisions", definitions.pipeline.route.id] = Place(
            definitions.pipeline_file, ("route",)
        )
        self._gates: dict[tuple[str, ...], Said | None] = {}

    def _questionnaire(self, name: str, questionnaire: Questionnaire) -> None:
        for s, section in enumerate(questionnaire.sections):
            at = Place(self.definitions.file("questionnaires", name), ("sections", s))
            self.sections[name, section.id] = section, at
            for p, page in enumerate(section.pages):
                on = at.at("pages", p)
                self.pages[name, page.id] = page, on
                for q, placement in enumerate(page.questions):
                    if placement.define is not None:
                        self.questions[placement.id] = on.at("questions", q)

    def rule(self, kind: str, id_: str) -> Place:
        """The place of something in a rules file."""
        return self.rules[kind, id_]

    def column(self, rows: str, name: str) -> Place:
        """The place of a column of a rows question."""
        names = [column.id for column in self.definitions.program.questions[rows].columns]
        return self.questions[rows].at("columns", names.index(name))

    def read(self, raw: Any, rows: str | None = None) -> Expression:
        """A condition of a file; the loader has checked it, so it has no fault."""
        scope = self.definitions.program.scope
        return logic.read(raw, scope[rows].columns if rows else scope, (), Faults(""))

    # When a question is asked, as its files say it

    def gates(self, id_: str) -> dict[Expression, Said]:
        """The conditions that stand around a question, by what they come to."""
        question = self.definitions.program.questions[id_]
        found = [self.own(question, self.questions[id_], None)]
        for place in self.definitions.program.places[id_]:
            found.append(self._routes(place.questionnaire))
            found.append(self._gate(place.questionnaire, place.section, section=True))
            found.append(self._gate(place.questionnaire, place.page, section=False))
        if question.justifies:
            found += self.gates(question.justifies).values()
        return {said.expression: said for said in reversed(found) if said is not None}

    def own(self, asked: Any, place: Place, rows: str | None) -> Said | None:
        """The own condition of a question or column."""
        if asked.show_if is None:
            return None
        expression = self.read(asked.show_if, rows)
        if asked.unsure_shows is not None:
            expression = say_unsure(expression, shows=asked.unsure_shows)
        what = f"“{short(asked.called)}” is asked only if"
        return Said(expression, asked.show_if, place.at("show_if"), what)

    def _gate(self, questionnaire: str, id_: str, *, section: bool) -> Said | None:
        key = (questionnaire, id_, "section" if section else "page")
        if key not in self._gates:
            known: Any = self.sections if section else self.pages
            each, place = known[questionnaire, id_]
            said = None
            if each.show_if is not None:
                what = f"the {key[2]} “{short(each.title)}” is shown only if"
                said = Said(self.read(each.show_if), each.show_if, place.at("show_if"), what)
            self._gates[key] = said
        return self._gates[key]

    def _routes(self, questionnaire: str) -> Said | None:
        key = (questionnaire, "routes")
        if key not in self._gates:
            self._gates[key] = self._on_routes(questionnaire)
        return self._gates[key]

    def _on_routes(self, questionnaire: str) -> Said | None:
        pipeline = self.definitions.pipeline
        routes = pipeline.routes_of(questionnaire)
        if routes is None:
            return None
        stages = [each.id for each in pipeline.stages]
        stage = pipeline.stage_of(questionnaire).id
        place = Place(self.definitions.pipeline_file, ("stages", stages.index(stage)))
        title = self.definitions.questionnaires[questionnaire].title
        id_ = pipeline.route.id
        expression: Expression = logic.NEVER
        if routes:
            expression = OneOf(id_, routes, self.definitions.program.scope[id_])
        return Said(expression, {}, place, f"the questionnaire “{title}” is asked only if")


def name_of(program: Program, id_: str) -> str:
    """What a question or fact is called."""
    question: Question | None = program.questions.get(id_)
    return short(question.called if question else program.scope[id_].name)
