"""How far the difference of two catalogues reaches: which facts, flags and documents it can touch.

Two programs are compared fact by fact, then followed to everything that rests on what differs. Only
that has to be worked out for a project, and only on the answers it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.difference.change import Definitions, canonical
from app.core.difference.graph import Graph, bases, read_by
from app.core.difference.printed import (
    PIPELINE,
    Printed,
    named,
    of_offer,
    of_questionnaire,
    printed,
)
from app.core.domains import Domain
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    Program,
    QuestionNode,
    Raising,
    ScoreNode,
)
from app.core.questions import Asked, Question
from app.core.rules import FlagRule

UNSEEN = frozenset({"raised_by", "not_by", "implies"})
"""Keys of a flag that nobody sees: they are for proofs."""

FITTING = ("type", "exclusive", "unsure", "min", "max", "decimals", "max_length", "check")
"""Keys that decide whether an answer still fits its question."""


@dataclass(frozen=True)
class Reach:
    """What the difference of two catalogues can touch.

    `values`: facts that may come out otherwise, or be asked otherwise; `said`: what reads otherwise;
    `flags`: rules that may come out, weigh or read otherwise; `outlines`: documents that may print
    otherwise, with what they rest on; `asks`: whether what is asked differs at all; `refit`: questions whose answers may no longer fit; `grown`:
    those with new options, and the labels of these.
    """

    old: Definitions
    new: Definitions
    values: frozenset[str]
    said: frozenset[str]
    flags: frozenset[str]
    outlines: Mapping[str, Printed]
    asks: bool
    refit: frozenset[str]
    grown: Mapping[str, tuple[str, ...]]
    parts: tuple[Program, Program]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The questions whose answers matter."""
        return frozenset(
            node.id
            for part in self.parts
            for node in part.nodes.values()
            if isinstance(node, QuestionNode)
        )

    @cached_property
    def rewritten(self) -> frozenset[str]:
        """The documents whose own definition differs."""
        one, other = self.old.outlines, self.new.outlines
        return frozenset(
            name for name in self.outlines if canonical(one.get(name)) != canonical(other.get(name))
        )

    @property
    def nothing(self) -> bool:
        """Whether no project can notice."""
        return not (self.values or self.flags or self.outlines or self.refit or self.grown)


def reach(old: Definitions, new: Definitions) -> Reach:
    """How far a change reaches."""
    return _Following(old, new).reach()


def everything(old: Definitions, new: Definitions) -> Reach:
    """As if all of it were touched: what tests compare with."""
    found = _Following(old, new)
    both = found.old.program, found.new.program
    return Reach(
        old,
        new,
        frozenset(id_ for program in both for id_ in program.scope),
        frozenset(found.said()),
        frozenset(each.rule.id for program in both for each in program.flags),
        {name: found.printed(name) for name in {**old.outlines, **new.outlines}},
        found.asks(),
        frozenset(found.refit()),
        dict(found.grown()),
        both,
    )


class _Following:
    def __init__(self, old: Definitions, new: Definitions) -> None:
        self.definitions = old, new
        self.old, self.new = Graph(old.program), Graph(new.program)

    def reach(self) -> Reach:
        old, new = self.definitions
        refit = frozenset(self.refit())
        changed = set(self.changed()) | refit
        values = frozenset(self.old.reached(changed) | self.new.reached(changed))
        said = frozenset(self.said())
        flags = frozenset(self.flags(values, said))
        outlines = dict(self.outlines(values, said, flags))
        grown = dict(self.grown())
        watched = {*values, *grown}
        if outlines:
            watched |= set().union(*(each.ids for each in outlines.values())) & said
            watched |= set(self.gates())
        parts = self.old.part(watched, flags), self.new.part(watched, flags)
        return Reach(old, new, values, said, flags, outlines, self.asks(), refit, grown, parts)

    # What comes out otherwise

    def changed(self) -> Iterator[str]:
        """The facts that are worked out, or asked, in another way."""
        one, other = self.old.program.nodes, self.new.program.nodes
        for key in {**one, **other}:
            if key not in one or key not in other or _works(one[key]) != _works(other[key]):
                yield key.split("/", 1)[0]
                yield from (
                    node.rule.band.id
                    for node in (one.get(key), other.get(key))
                    if isinstance(node, ScoreNode) and node.rule.band
                )

    def refit(self) -> Iterator[str]:
        """The questions whose answers may no longer fit."""
        one, other = self.old.program.questions, self.new.program.questions
        for id_, question in one.items():
            now = other.get(id_)
            if now is not None and _fits(question) != _fits(now):
                yield id_

    def grown(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The questions with new options."""
        one, other = self.old.program.questions, self.new.program.questions
        for id_, question in one.items():
            now = other.get(id_)
            if now is None or not question.labels or question.type != now.type:
                continue
            more = tuple(now.labels[code] for code in now.labels if code not in question.labels)
            if more:
                yield id_, more

    # What reads otherwise

    def said(self) -> Iterator[str]:
        """Facts, offers, questionnaires and the pipeline where they read otherwise."""
        old, new = self.definitions
        one, other = old.program, new.program
        for id_ in {**one.scope, **other.scope}:
            if _words(one, id_) != _words(other, id_):
                yield id_
        for id_ in {**one.offers, **other.offers}:
            rules = [program.offers[id_].rule for program in (one, other) if id_ in program.offers]
            if len(rules) == 1 or canonical(rules[0]) != canonical(rules[1]):
                yield of_offer(id_)
        for name in {**old.questionnaires, **new.questionnaires}:
            if _titles(old, name) != _titles(new, name):
                yield of_questionnaire(name)
        if _people(old) != _people(new):
            yield PIPELINE

    # Flags and documents

    def flags(self, values: frozenset[str], said: frozenset[str]) -> Iterator[str]:
        """The rules that may come out, weigh or read otherwise."""
        one = {each.rule.id: each for each in self.old.program.flags}
        other = {each.rule.id: each for each in self.new.program.flags}
        every = self.weighs_otherwise(values)
        measures = self.measures()
        for id_ in {**one, **other}:
            if every or id_ not in one or id_ not in other or self.differs(one[id_], other[id_]):
                yield id_
                continue
            cone = self.old.cone(read_by(one[id_].when)) | self.new.cone(read_by(other[id_].when))
            if cone & (values | said) or measures & set(other[id_].rule.measures):
                yield id_

    def differs(self, old: Raising, new: Raising) -> bool:
        """Whether a rule asks or says something else."""
        return old.when != new.when or _seen(old.rule) != _seen(new.rule)

    def weighs_otherwise(self, values: frozenset[str]) -> bool:
        """Whether every flag may weigh otherwise."""
        one, other = self.old.program, self.new.program
        matrices = [canonical(list(program.matrices.values())) for program in (one, other)]
        if matrices[0] != matrices[1] or one.step_up != other.step_up:
            return True
        step_up = one.step_up
        return step_up is not None and bool(self.old.cone(read_by(step_up)) & values)

    def measures(self) -> set[str]:
        """The codes of measures that read otherwise."""
        one, other = (
            {e.code: canonical(e) for o in graph.program.offers.values() for e in o.rule.entries}
            for graph in (self.old, self.new)
        )
        return {code for code in {**one, **other} if one.get(code) != other.get(code)}

    def printed(self, name: str) -> Printed:
        """What a document rests on, before and after."""
        both = [
            printed(each.outlines[name], each, graph)
            for each, graph in zip(self.definitions, (self.old, self.new), strict=True)
            if name in each.outlines
        ]
        ids = frozenset().union(*(each.ids for each in both))
        return Printed(ids, any(e.judged for e in both), any(e.whole for e in both))

    def outlines(
        self, values: frozenset[str], said: frozenset[str], flags: frozenset[str]
    ) -> Iterator[tuple[str, Printed]]:
        """The documents that may print otherwise, or be offered otherwise."""
        old, new = self.definitions
        offered = _offered(old) != _offered(new) or bool(set(self.gates()) & values)
        asks = self.asks()
        for name in {**old.outlines, **new.outlines}:
            found = self.printed(name)
            if (
                offered
                or canonical(old.outlines.get(name)) != canonical(new.outlines.get(name))
                or found.ids & (values | said)
                or (found.judged and (flags or values))
                or (found.whole and (values or asks))
            ):
                yield name, found

    def asks(self) -> bool:
        """Whether anything differs in what is asked, guidance included."""
        one, other = (dict(each.questionnaires) for each in self.definitions)
        return (
            canonical(one) != canonical(other)
            or self.old.program.scope.keys() != self.new.program.scope.keys()
        )

    def gates(self) -> Iterator[str]:
        """What decides which documents a project has: its route, and their conditions."""
        for each in self.definitions:
            yield each.pipeline.route.id
            for outline in each.outlines.values():
                yield from bases(named(outline.if_))


def _works(node: Node) -> tuple[Any, ...]:
    """What a fact comes from, without its words."""
    match node:
        case QuestionNode(_, when) | ColumnNode(_, _, when) | ConditionNode(_, _, when):
            return (when,)
        case DecisionNode(_, _, only_if, outcomes):
            return only_if, outcomes
        case ScoreNode(_, rule, compiled, levels, unsettled_by):
            levels_ = tuple((level.code, level.from_) for level in levels)
            return compiled, levels_, unsettled_by, rule.with_, rule.band and rule.band.id
        case DerivedNode(_, column, outcomes, matrix, floor, target):
            rated = matrix and (canonical(matrix.cells), _floors(matrix), list(matrix.severity))
            return column.look_up, column.matrix, outcomes, rated, floor, target


def _floors(matrix: Any) -> list[tuple[str, str, str]]:
    return [(each.severity, each.likelihood, each.rating) for each in matrix.floor]


def _fits(asked: Asked) -> tuple[Any, ...]:
    """What decides whether an answer fits."""
    keys = tuple(getattr(asked, key) for key in FITTING)
    columns = asked.columns if isinstance(asked, Question) else ()
    codes = tuple(asked.labels)
    rows = getattr(asked, "rows", None)
    return (*keys, codes, rows, tuple((c.id, _fits(c)) for c in columns if not c.derived))


def _words(program: Program, id_: str) -> Any:
    """How a fact reads where it is printed."""
    question = program.questions.get(id_)
    if question is None:
        return _domain(program.scope.get(id_))
    return (
        _asked(question),
        _domain(program.scope.get(id_)),
        question.none,
        question.hint,
        question.guide,
    )


def _asked(asked: Asked) -> tuple[Any, ...]:
    columns = asked.columns if isinstance(asked, Question) else ()
    labels = tuple(asked.labels.items())
    own = asked.ask, asked.called, labels, asked.unit, asked.required, asked.for_
    return (*own, tuple((column.id, column.type, _asked(column)) for column in columns))


def _domain(domain: Domain | None) -> Any:
    if domain is None:
        return None
    columns = tuple((name, _domain(each)) for name, each in domain.columns.items())
    return domain.name, tuple(domain.codes.items()), domain.row_name, domain.unit, columns


def _titles(definitions: Definitions, name: str) -> Any:
    """What is printed of a questionnaire but for its questions: titles, and the order of all."""
    found = definitions.questionnaires.get(name)
    if found is None:
        return None
    return found.title, [(s.title, [(p.title, p.ids) for p in s.pages]) for s in found.sections]


def _people(definitions: Definitions) -> Any:
    """What documents say of people, stages and routes, and how far a project has come."""
    pipeline = definitions.pipeline
    people = {code: person.title for code, person in pipeline.people.items()}
    return people, canonical(pipeline.stages), canonical(pipeline.route), pipeline.advice


def _offered(definitions: Definitions) -> Any:
    """What decides which documents each route has, but for their conditions."""
    routes = [(route.code, route.documents) for route in definitions.pipeline.route.outcomes]
    return routes, [(name, canonical(each.if_)) for name, each in definitions.outlines.items()]


def _seen(rule: FlagRule) -> str:
    """All that people see of a rule."""
    fields = type(rule).model_fields
    return canonical({name: getattr(rule, name) for name in fields if name not in UNSEEN})
