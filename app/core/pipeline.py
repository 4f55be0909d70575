"""The pipeline as data: people, stages, routes, doors, and where a project stands on its route."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from app.core.models import Column, Condition, Id, Model, Short, Text, WebAddress
from app.core.rules import Decision, Outcome


class Person(Model):
    """A part somebody plays: answers questions `for` it, closes stages, acts."""

    title: Text
    about: Text | None = None


class Names(Model):
    """The questions the engine itself must know, to draw pictures and lists."""

    title: Id
    parties: Id
    flows: Id
    items: Id | None = None
    routes: Id | None = None
    risks: Id
    actions: Id | None = None
    review: Id | None = None


class AdviceAnswers(Model):
    """The questions that sending advice answers: `given` becomes the option `code`."""

    given: Id
    code: str
    by: Id
    on: Id
    proceed: Id
    summary: Id


class Reuse(Model):
    """What of an earlier project another one may begin with.

    `choose_again`: choices, such as those of law, that are never carried: somebody who renews is
    reminded of them and makes them anew. `wording`: long texts that another organisation may
    begin with, once the project is in the library. `topics`: the question of many options by which
    the library is searched.
    """

    choose_again: tuple[Id, ...] = Field(default=(), strict=False)
    wording: tuple[Id, ...] = Field(default=(), strict=False)
    topics: Id | None = None


class Signed(Model):
    """How a project begins from a document that was signed elsewhere.

    `kind`: the choice of what it is; `file`, `on`, `by`: the document, its date, who signed it.
    `stands_for`: by the option of `kind`, the stages that such a document settles.
    """

    kind: Id
    file: Id
    on: Id
    by: Id
    stands_for: dict[str, Annotated[tuple[Short, ...], Field(strict=False, min_length=1)]]


class Stage(Model):
    """One stage: its questionnaires, who takes part, whose act closes it, what is signed.

    `previews` are questionnaires of a later stage that may be begun here and are not owed here.
    `within`: in how many days the acts of the stage are asked for.
    """

    id: Short
    title: Text
    about: Text | None = None
    questionnaires: tuple[Short, ...] = Field((), strict=False)
    previews: tuple[Short, ...] = Field((), strict=False)
    takes_part: tuple[Short, ...] = Field((), strict=False)
    closed_by: Short
    needs: tuple[str, ...] = Field((), strict=False)
    within: int | None = Field(None, ge=1, le=366)
    documents: tuple[Short, ...] = Field((), strict=False)
    signed: Short | None = None


class DeclaredAct(Model):
    """An act beside advice, closing and signing, such as accepting the risk that remains.

    `does` completes "The signatory ...", `done` completes "Ann ...". `each`: once for the project,
    or by every controller. `choices` by code; `explain`: those that need words, `must_say`: that all do. `after`: acts that
    must be there first; `apart_from`: acts that the same person may not have done in the project.
    `answers`: questions it answers as it is done, with who did it, on which day, what they chose or
    wrote, or whether they wrote anything. `adopts`: an act by which others need none of their own.
    `asked_if`: a named condition: it is asked for only while that holds. `opens`: the output that a
    choice leads to.
    """

    id: Short
    title: Text
    about: Text
    does: Text
    done: Text
    stages: tuple[Short, ...] = Field(min_length=1, strict=False)
    by: tuple[Short, ...] = Field(min_length=1, strict=False)
    each: Literal["project", "controller"] = "project"
    ask: Text | None = None
    choices: dict[Short, Text] = Field(default_factory=dict)
    words: Text | None = None
    explain: tuple[Short, ...] = Field((), strict=False)
    must_say: bool = False
    after: tuple[Short, ...] = Field((), strict=False)
    apart_from: tuple[Short, ...] = Field((), strict=False)
    answers: dict[Id, Literal["who", "on", "choice", "words", "worded"]] = Field(
        default_factory=dict
    )
    adopts: Short | None = None
    asked_if: Id | None = None
    opens: dict[Short, Short] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.choices) != (self.ask is not None):
            raise ValueError("'ask' and 'choices' belong together")
        if (self.explain or self.must_say) and self.words is None:
            raise ValueError("what has to be explained needs 'words' that ask for it")
        return self


class Route(Model):
    """One outcome of the route decision, and the path it stands for."""

    code: Short
    label: Text
    when: Condition | None = None
    otherwise: bool = False
    stages: tuple[Short, ...] = Field(strict=False)
    optional: tuple[Short, ...] = Field((), strict=False)
    leaves_out: tuple[Short, ...] = Field((), strict=False)
    documents: tuple[Short, ...] = Field((), strict=False)
    limits: dict[str, int] = Field(default_factory=dict)
    text: Text | None = None


class Routes(Model):
    """The decision that chooses the route."""

    id: Id
    title: Text
    outcomes: tuple[Route, ...] = Field(strict=False)


class Door(Model):
    """A way in from the start page, and what is answered by taking it."""

    code: Short
    title: Text
    text: Text
    answers: dict[str, Any] = Field(default_factory=dict)


class Converters(Model):
    """What became of ids and option codes that earlier releases had, old to new.

    `columns`: by the rows question as it is called now. `options`: by the question, or "rows/column",
    as it is called now; a list of codes means that one option became several and the question is
    asked again. Nothing means of an option that it is gone and what it said no longer matters, and
    of a question or column only that it is gone: what was renamed to it can still be followed.
    """

    questions: dict[Id, Id | None] = Field(default_factory=dict)
    columns: dict[Id, dict[Column, Column | None]] = Field(default_factory=dict)
    options: dict[str, dict[str, str | list[str] | None]] = Field(default_factory=dict)


class Pipeline(Model):
    """questionnaires/pipeline.yaml.

    `on_every_route`: asked whatever the route turns out to be. `quick`: the few questions of the
    start page that decide most about the route. `in_short`: what a project's page says first.
    `feedback`: questions that ask what held people up; whoever writes the definitions reads them.
    `readers`: whom documents are for, in the order in which a page groups them. `legislation`: where
    each law is found, by every name that sources have for it: what they cite becomes a link.
    """

    title: Text
    people: dict[str, Person]
    names: Names
    on_every_route: tuple[Short, ...] = Field((), strict=False)
    stages: tuple[Stage, ...] = Field(strict=False)
    route: Routes
    doors: tuple[Door, ...] = Field(strict=False)
    quick: tuple[Id, ...] = Field((), strict=False, max_length=6)
    in_short: tuple[Id, ...] = Field((), strict=False)
    not_counted: tuple[Short, ...] = Field((), strict=False)
    feedback: tuple[Id, ...] = Field((), strict=False)
    readers: dict[str, Text] = Field(default_factory=dict)
    legislation: dict[Text, WebAddress] = Field(default_factory=dict)
    reuse: Reuse = Reuse()
    signed: Signed | None = None
    advice: AdviceAnswers | None = None
    acts: tuple[DeclaredAct, ...] = Field((), strict=False)
    converters: Converters = Converters()

    def questionnaires(self) -> list[str]:
        """Every questionnaire in the order of the stages."""
        return [name for stage in self.stages for name in stage.questionnaires]

    def stage(self, id_: str) -> Stage:
        """A stage by its id. Raises KeyError."""
        for stage in self.stages:
            if stage.id == id_:
                return stage
        raise KeyError(id_)

    def stage_of(self, questionnaire: str) -> Stage:
        """The stage a questionnaire belongs to. Raises KeyError."""
        for stage in self.stages:
            if questionnaire in stage.questionnaires:
                return stage
        raise KeyError(questionnaire)

    def answered_by_acts(self) -> frozenset[str]:
        """The questions that advice and declared acts answer, and those about what held people up."""
        said = {id_ for act in self.acts for id_ in act.answers}
        advice = self.advice
        if advice is not None:
            said |= {advice.given, advice.by, advice.on, advice.proceed, advice.summary}
        return frozenset(said).union(self.feedback)

    def acts_on(self, route: Route) -> tuple[DeclaredAct, ...]:
        """The declared acts of a route, in order."""
        return tuple(each for each in self.acts if not set(route.stages).isdisjoint(each.stages))

    def path(self, code: str | None) -> Route:
        """The route of a code; while it is undetermined, the last (fullest) one, provisionally."""
        if code is None:
            return self.route.outcomes[-1]
        for route in self.route.outcomes:
            if route.code == code:
                return route
        raise KeyError(code)

    def asked_by(self, route: Route) -> list[str]:
        """The questionnaires a route asks, in order; a preview whose own stage is not on it too."""
        return [
            name
            for id_ in route.stages
            for name in (*self.stage(id_).questionnaires, *self.stage(id_).previews)
            if name not in route.leaves_out and self.stage_on(route, name) == id_
        ]

    def stage_on(self, route: Route, questionnaire: str) -> str | None:
        """The stage at which a route asks a questionnaire: its own, or the one that previews it."""
        for kind in ("questionnaires", "previews"):
            for id_ in route.stages:
                if questionnaire in getattr(self.stage(id_), kind):
                    return id_
        return None

    def routes_of(self, questionnaire: str) -> tuple[str, ...] | None:
        """The routes that ask a questionnaire; None: every one."""
        if questionnaire in self.on_every_route:
            return None
        routes = tuple(r.code for r in self.route.outcomes if questionnaire in self.asked_by(r))
        return None if len(routes) == len(self.route.outcomes) else routes

    def decision(self) -> Decision:
        """The choice of the route as a decision among the rules."""
        outcomes = tuple(
            Outcome(code=r.code, label=r.label, when=r.when, otherwise=r.otherwise, text=r.text)
            for r in self.route.outcomes
        )
        return Decision(id=self.route.id, title=self.route.title, outcomes=outcomes)
