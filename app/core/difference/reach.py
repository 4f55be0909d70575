"""How far the difference of two catalogues reaches: which facts, flags and documents it can touch.

Two programs are compared fact by fact, then followed to everything that rests on what differs. Only
that has to be worked out for a project, and only on the answers it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.core.difference.change import Definitions, canonical
from app.core.difference.graph import Graph, read_by
from app.core.difference.printed import (
    PIPELINE,
    Printed,
    named,
    of_levels,
    of_offer,
    of_questionnaire,
    printed,
)
from app.core.difference.signs import (
    Gates,
    alike,
    blank,
    columns_of,
    gates_of,
    kind_of,
    levels,
    offered,
    people,
    seen,
    takes,
    titles,
    wording,
    words,
    works,
)
from app.core.moving.converting import Side, Way
from app.core.program import Program, QuestionNode, Raising, ScoreNode, base_of, bases


@dataclass(frozen=True)
class Reach:
    """What the difference of two catalogues can touch.

    `values`: facts that may come out otherwise, or be asked otherwise; `said`: what reads otherwise;
    `reworded`: questions that read otherwise where they are printed with their answers;
    `flags`: rules that may come out, weigh or read otherwise; `outlines`: documents that may print
    otherwise, with what they rest on; `asks`: whether what is asked differs at all; `refit`: questions whose answers may no longer fit; `grown`:
    those with new options, and the labels of these. `changed`: the facts that are worked out in
    another way themselves: where none of them differs for a project, no fact does.

    `parts`: what works out all of this, before and after; `first`: what works out `changed` alone.
    """

    old: Definitions
    new: Definitions
    values: frozenset[str]
    said: frozenset[str]
    reworded: frozenset[str]
    flags: frozenset[str]
    outlines: Mapping[str, Printed]
    asks: bool
    refit: frozenset[str]
    grown: Mapping[str, tuple[str, ...]]
    changed: frozenset[str]
    parts: tuple[Program, Program]
    first: tuple[Program, Program]

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
    def way(self) -> Way:
        """From the names of one catalogue to those of the other."""
        sides = (
            Side("", n, each.program, each.pipeline.converters)
            for n, each in enumerate((self.old, self.new))
        )
        return Way(*sides)

    @cached_property
    def watched(self) -> Mapping[str, bool]:
        """The questions whose answers may be touched, and whether they are rows."""
        old, new = self.old.program.questions, self.new.program.questions
        ids = sorted({*self.values, *self.grown} & {*old, *new})
        return {id_: (new.get(id_) or old[id_]).type == "rows" for id_ in ids}

    @cached_property
    def steps(self) -> bool:
        """Whether the severity of every flag may rise where it did not, or the other way round."""
        one, other = (each.program.step_up for each in (self.old, self.new))
        cone = Graph(self.new.program).cone(read_by(other)) if other is not None else set()
        return one != other or not self.values.isdisjoint(cone)

    @cached_property
    def derived(self) -> tuple[tuple[str, str], ...]:
        """The scores, bands and decisions that may come out otherwise."""
        programs = self.old.program, self.new.program
        kinds = (
            (id_, next(filter(None, (kind_of(p, id_) for p in programs)), None))
            for id_ in sorted(self.values)
        )
        return tuple((id_, kind) for id_, kind in kinds if kind is not None)

    @cached_property
    def rewritten(self) -> frozenset[str]:
        """The documents whose own definition differs."""
        one, other = self.old.outlines, self.new.outlines
        return frozenset(
            name for name in self.outlines if canonical(one.get(name)) != canonical(other.get(name))
        )

    @cached_property
    def restated(self) -> frozenset[str]:
        """The rules that say, ask or weigh something else themselves."""
        return frozenset(each.rule.id for part in self.first for each in part.flags)

    @cached_property
    def wordless(self) -> bool:
        """Whether nothing is touched of a project whose facts all come out as before."""
        offered_ = offered(self.old) != offered(self.new)
        told = (
            each.ids & (self.said | self.reworded) or (each.whole and self.asks)
            for each in self.outlines.values()
        )
        behind = any(each.detailed for each in self.outlines.values())
        return not (
            self.restated
            or self.grown
            or self.rewritten
            or offered_
            or any(told)
            or (behind and (self.said or self.reworded))
        )

    @cached_property
    def cones(self) -> Mapping[str, frozenset[str]]:
        """Of each rule that can be touched all that it rests on, before and after."""
        found: dict[str, set[str]] = {}
        for graph in (Graph(self.old.program), Graph(self.new.program)):
            for each in graph.program.flags:
                if each.rule.id in self.flags:
                    cone = graph.cone(read_by(each.when))
                    found.setdefault(each.rule.id, set()).update(cone)
        return {id_: frozenset(cone) for id_, cone in found.items()}

    @cached_property
    def gates(self) -> tuple[Gates, Gates]:
        """The condition of each document, before and after, read once."""
        return gates_of(self.old), gates_of(self.new)

    @property
    def nothing(self) -> bool:
        """Whether no project can notice."""
        return not (self.values or self.flags or self.outlines or self.refit or self.grown)


def reach(old: Definitions, new: Definitions) -> Reach:
    """How far a change reaches."""
    return _Following(old, new).reach()


class _Following:
    """Follows what differs between two catalogues to all that rests on it."""

    def __init__(self, old: Definitions, new: Definitions) -> None:
        self.definitions = old, new
        self.old, self.new = Graph(old.program), Graph(new.program)

    def reach(self) -> Reach:
        old, new = self.definitions
        refit = frozenset(self.refit())
        changed = {*self.changed(), *self.other_columns(), *refit}
        values = frozenset(self.old.reached(changed) | self.new.reached(changed))
        said = frozenset(self.said())
        reworded = frozenset(self.reworded())
        flags = frozenset(self.flags(values, said | reworded))
        outlines = dict(self.outlines(values, said, reworded, flags))
        grown = dict(self.grown())
        watched = {*values, *grown}
        if outlines:
            told = [each.ids & (said | reworded) for each in outlines.values()]
            watched |= set().union(*told)
            watched |= set(self.gates())
        parts = self.old.part(watched, flags), self.new.part(watched, flags)
        own = frozenset(self.flags(frozenset(), frozenset(), follow=False))
        return Reach(
            old,
            new,
            values,
            said,
            reworded,
            flags,
            outlines,
            self.asks(),
            refit,
            grown,
            frozenset(changed),
            parts,
            (self.old.part(changed, own), self.new.part(changed, own)),
        )

    # What comes out otherwise

    def changed(self) -> Iterator[str]:
        """The facts that are worked out, or asked, in another way."""
        one, other = self.old.program.nodes, self.new.program.nodes
        for key in {**one, **other}:
            if key not in one or key not in other or works(one[key]) != works(other[key]):
                yield base_of(key)
                yield from (
                    node.rule.band.id
                    for node in (one.get(key), other.get(key))
                    if isinstance(node, ScoreNode) and node.rule.band
                )

    def other_columns(self) -> Iterator[str]:
        """The rows questions with other columns."""
        one, other = self.old.program.questions, self.new.program.questions
        for id_, question in one.items():
            if id_ in other and columns_of(question) != columns_of(other[id_]):
                yield id_

    def refit(self) -> Iterator[str]:
        """The questions whose answers may no longer fit."""
        one, other = self.old.program.questions, self.new.program.questions
        for id_, question in one.items():
            now = other.get(id_)
            if now is None or not takes(question, now):
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
            if not alike(words(one, id_), words(other, id_)):
                yield id_
        yield from self.retitled()
        if people(old) != people(new):
            yield PIPELINE

    def retitled(self) -> Iterator[str]:
        """Offers, the levels of scores and questionnaires that read otherwise."""
        old, new = self.definitions
        one, other = old.program, new.program
        for id_ in {**one.offers, **other.offers}:
            rules = [program.offers[id_].rule for program in (one, other) if id_ in program.offers]
            if len(rules) == 1 or canonical(rules[0]) != canonical(rules[1]):
                yield of_offer(id_)
        for id_ in {**one.nodes, **other.nodes}:
            if levels(one.nodes.get(id_)) != levels(other.nodes.get(id_)):
                yield of_levels(id_)
        for name in {**old.questionnaires, **new.questionnaires}:
            if titles(old, name) != titles(new, name):
                yield of_questionnaire(name)

    def reworded(self) -> Iterator[str]:
        """The questions that read otherwise where they are printed with their answers."""
        one, other = self.old.program, self.new.program
        for id_ in {**one.questions, **other.questions}:
            if wording(one, id_) != wording(other, id_):
                yield id_

    # Flags and documents

    def flags(
        self, values: frozenset[str], said: frozenset[str], *, follow: bool = True
    ) -> Iterator[str]:
        """The rules that may come out, weigh or read otherwise; `follow`: because of what is behind."""
        one = {each.rule.id: each for each in self.old.program.flags}
        other = {each.rule.id: each for each in self.new.program.flags}
        every = self.weighs_otherwise(values)
        measures = self.measures()
        for id_ in {**one, **other}:
            if every or id_ not in one or id_ not in other or self.differs(one[id_], other[id_]):
                yield id_
                continue
            if measures & set(other[id_].rule.measures):
                yield id_
                continue
            if not follow:
                continue
            cone = self.old.cone(read_by(one[id_].when)) | self.new.cone(read_by(other[id_].when))
            if cone & (values | said):
                yield id_

    def differs(self, old: Raising, new: Raising) -> bool:
        """Whether a rule asks or says something else."""
        return old.when != new.when or seen(old.rule) != seen(new.rule)

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
        return both[0].join(both[-1])

    def outlines(
        self,
        values: frozenset[str],
        said: frozenset[str],
        reworded: frozenset[str],
        flags: frozenset[str],
    ) -> Iterator[tuple[str, Printed]]:
        """The documents that may print otherwise, or be offered otherwise."""
        old, new = self.definitions
        elsewhere = offered(old) != offered(new) or bool(set(self.gates()) & values)
        asks = self.asks()
        for name in {**old.outlines, **new.outlines}:
            found = self.printed(name)
            if (
                elsewhere
                or canonical(old.outlines.get(name)) != canonical(new.outlines.get(name))
                or found.ids & (values | said)
                or (found.ids if found.gaps else found.asked) & reworded
                or (found.judged and (flags or values))
                or (found.whole and (values or asks))
            ):
                yield name, found

    def asks(self) -> bool:
        """Whether the blank questions read otherwise, or stand elsewhere."""
        one, other = (blank(each) for each in self.definitions)
        return bool(one != other)

    def gates(self) -> Iterator[str]:
        """What decides which documents a project has: its route, and their conditions."""
        for each in self.definitions:
            yield each.pipeline.route.id
            for outline in each.outlines.values():
                yield from bases(named(outline.if_))
