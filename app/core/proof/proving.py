"""What can and cannot happen in a catalogue: every claim shown by a witness, or refuted by lines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.logic import Expression
from app.core.program import ConditionNode, ScoreNode
from app.core.proof.asking import asking_claims
from app.core.proof.claims import Claim, Replay, replayed, tests_of
from app.core.proof.closing import closing_claims
from app.core.proof.comparing import (
    Comparison,
    Seen,
    apart,
    duplicate,
    same_conditions,
    stated,
)
from app.core.proof.cones import Cones
from app.core.proof.findings import Finding, in_order, refuted
from app.core.proof.formula import Model, Oracle
from app.core.proof.known import NOTHING, Keys, Known
from app.core.proof.lines import Definitions
from app.core.proof.preferring import by_chance, hoped, preferred
from app.core.proof.printing import empty_claims, printing_claims, written_nowhere
from app.core.proof.ranges import Range, ranges
from app.core.proof.ruling import beyond_claims, ruling_claims
from app.core.proof.world import World

MANY = 6  # scores behind a claim from which on it is followed last
SEVERAL = 40  # claims from which on earlier answers are tried first
TRIES = 40  # other models asked for where what is followed only roughly may be to blame


@dataclass(frozen=True)
class Proof:
    """What was proven. `proven`: how many claims of each kind; `witnesses`: answers by kind and name.

    `not_analysed`: what was followed only roughly, so that neither a witness nor a contradiction
    was found, with the reason. `rows`: rows were followed up to so many,
    `more_rows`: those that are counted further, up to so many. `before`: how many of the claims an
    earlier proof had shown, everything that they rest on being as it was. `known`: what a later
    proof may take from this one.
    """

    findings: tuple[Finding, ...]
    proven: Mapping[str, int]
    not_analysed: tuple[tuple[str, str], ...]
    witnesses: Mapping[tuple[str, str], Mapping[str, Any]] = field(repr=False)
    ranges: tuple[Range, ...]
    rows: int
    more_rows: Mapping[str, int] = field(default_factory=dict)
    before: int = 0
    known: Known = field(default=NOTHING, repr=False)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def prove(
    definitions: Definitions,
    on: date,
    *,
    about: Collection[str] | None = None,
    rows: int | None = None,
    known: Known = NOTHING,
) -> Proof:
    """Prove a whole catalogue; or, `about` some ids, what reads or gates them.

    What is `known` from an earlier proof is not shown again.
    """
    return _Prover(definitions, on, about, rows, known).prove()


def all_claims(definitions: Definitions) -> Iterator[Claim]:
    """Everything that must be able to happen."""
    yield from asking_claims(definitions)
    yield from ruling_claims(definitions)
    yield from printing_claims(definitions)
    yield from closing_claims(definitions)


def never_claims(definitions: Definitions) -> Iterator[Claim]:
    """Everything that must not."""
    yield from empty_claims(definitions)
    yield from beyond_claims(definitions)


class _Prover:
    def __init__(
        self,
        definitions: Definitions,
        on: date,
        about: Collection[str] | None,
        rows: int | None,
        known: Known = NOTHING,
    ) -> None:
        self.definitions = definitions
        self.program = definitions.program
        self.on = on
        self.rows = rows
        self.world = World(definitions, on, rows)
        self.oracle = Oracle(self.world.formula)
        self.cones = Cones(definitions.program)
        self.about = None if about is None else frozenset(about)
        self.claims = [claim for claim in all_claims(definitions) if self._wanted(claim)]
        self.never = [claim for claim in never_claims(definitions) if self._wanted(claim)]
        self.known = known
        self.keys = Keys(definitions, self.cones, on, self.world.needed)
        self.kept: set[str] = set()  # the keys of what was shown, now or before
        self.before = 0
        self.earlier: list[tuple[Mapping[str, Any], Replay]] | None = None
        self.chance = random.Random(0)  # noqa: S311 - variety, no secret
        self.scores = {n.id for n in self.program.nodes.values() if isinstance(n, ScoreNode)}
        self.models: list[Model] = []
        self.shown: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.proven: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.not_analysed: list[tuple[str, str]] = []

    def _wanted(self, claim: Claim) -> bool:
        return self._touched(claim.reads())

    def prove(self) -> Proof:
        claims = [c for c in self.claims if not self._shown(c, self.keys.of(c))]
        never = [c for c in self.never if not self._shown(c, self.keys.of_never(c))]
        self.tests = tests_of(claims)
        # What rests on sums of sums comes last: until then the formula stays small.
        refuted = self._settle([claim for claim in claims if not self._heavy(claim)])
        self._never([claim for claim in never if not self._heavy(claim)])
        compared = self._compare()
        refuted += self._settle([claim for claim in claims if self._heavy(claim)])
        self._never([claim for claim in never if self._heavy(claim)])
        self._unwritten()
        self._refute(refuted)
        found = Proof(
            in_order(self.findings),
            dict(self.proven),
            tuple(self.not_analysed),
            self.shown,
            tuple(ranges(self.world, self.oracle)) if self.about is None else (),
            self.world.rows,
            {id_: n for id_, n in self.world.needed.items() if n > self.world.rows},
            self.before,
            Known(frozenset(self.kept), compared, self._witnesses(), self.keys.asked()),
        )
        self.oracle.close()
        return found

    def _shown(self, claim: Claim, key: str) -> bool:
        """Whether an earlier proof has shown it."""
        if key not in self.known.proven:
            return False
        self.proven[claim.kind] += 1
        self.before += 1
        self.kept.add(key)
        return True

    def _witnesses(self) -> tuple[Mapping[str, Any], ...]:
        return tuple({id(each): each for each in self.shown.values()}.values())

    # One claim

    def literals(self, claim: Claim) -> list[int]:
        """What a claim wants, as literals."""
        return [n for atom in claim.atoms for n, _ in atom.wanted(self.world)]

    def _heavy(self, claim: Claim) -> bool:
        return len(self.scores & self.cones.of_all(claim.reads())) >= MANY

    def _settle(self, claims: list[Claim]) -> list[Claim]:
        """Find a witness for each claim that can have one; the others are returned."""
        # All literals before the first model: it then has an answer to everything they read.
        open_ = [(claim, self.literals(claim)) for claim in self._unseen(claims)]
        refuted = []
        while open_:
            claim, literals = open_.pop(0)
            rather = list(preferred(self.world, open_))
            replay = self.witness(claim, literals, hoped(self.world, open_), rather)
            if replay is None:
                refuted.append(claim)
                continue
            answers, seen = replay
            rest = []
            for each in ((claim, literals), *open_):
                if seen.shows(each[0]):
                    self._prove(each[0], answers)
                else:
                    rest.append(each)
            open_ = [each for each in rest if each[0] is not claim]
        return refuted

    def _unseen(self, claims: list[Claim]) -> list[Claim]:
        """Those of many claims that the answers of an earlier proof do not show."""
        if len(claims) < SEVERAL:
            return claims
        if self.earlier is None:
            earlier = self.keys.earlier(self.known)
            self.earlier = [(a, replayed(self.world, a, self.on, self.tests)) for a in earlier]
        for answers, seen in self.earlier:
            for claim in claims:
                if seen.shows(claim):
                    self._prove(claim, answers)
            claims = [each for each in claims if (each.kind, each.name) not in self.shown]
        return claims

    def _prove(self, claim: Claim, answers: Mapping[str, Any]) -> None:
        self.kept.add(self.keys.of(claim))
        self.proven[claim.kind] += 1
        self.shown[claim.kind, claim.name] = answers

    def witness(
        self,
        claim: Claim,
        literals: list[int],
        more: Sequence[Sequence[int]] = (),
        rather: Sequence[int] = (),
    ) -> tuple[Mapping[str, Any], Replay] | None:
        """Answers that show a claim, replayed; None where it cannot be.

        What neither is shown nor refuted is noted, and gives answers that show less.
        """
        behind = self.cones.of_all(claim.reads())
        rough = next((why for id_, why in self.world.loose.items() if id_ in behind), None)
        tried = None
        for _ in range(TRIES if rough else 1):
            model = self.oracle.widest(literals, more, rather)
            if model is None:
                return None
            more = by_chance(self.world, behind, self.chance) if rough else ()
            tried = self.replay(model)
            if tried[1].shows(claim):
                return tried
        if rough:
            self.not_analysed.append((claim.says, rough))
        else:
            self.findings.append(self._unfaithful(claim, tried[0] if tried else {}))
        return tried

    def replay(self, model: Model) -> tuple[Mapping[str, Any], Replay]:
        """The answers of a model, run through the real evaluator."""
        self.models.append(model)
        answers = self.world.answers(model)
        return answers, replayed(self.world, answers, self.on, self.tests)

    def _unfaithful(self, claim: Claim, answers: Mapping[str, Any]) -> Finding:
        return Finding(
            "replay",
            claim.name,
            claim.place,
            f"the proof and the evaluator disagree here ({claim.kind} {claim.name})",
            "report this: the fault is in the proof, not in the definitions",
            witness=answers,
        )

    # Kinds that are about more than one claim

    def _never(self, claims: Iterable[Claim]) -> None:
        """Nothing derived is printed where it has no value; what is said to be out of reach is."""
        for claim in claims:
            found = self.witness(claim, self.literals(claim))
            if found is None:
                self.proven[claim.kind] += 1
                self.kept.add(self.keys.of_never(claim))
            elif found[1].shows(claim):
                self._show(claim, found[0])

    def _unwritten(self) -> None:
        """Documents that nothing writes."""
        if self.about is None:
            for place, outline in written_nowhere(self.definitions):
                says = f"the document “{outline.title}” is written at no stage and on no route"
                mend = "name it under “documents” of a stage in pipeline.yaml, or remove the file"
                self.findings.append(Finding("document", outline.file, place, says, mend))

    def _compare(self) -> frozenset[str]:
        """Flags and named conditions among each other; the keys of those that are all compared."""
        flags = {each.rule.id: self.keys.of_flag(each) for each in self.program.flags}
        nodes = [n for n in self.program.nodes.values() if isinstance(n, ConditionNode)]
        named = {node.id: self.keys.of_condition(node) for node in nodes}
        fresh = {id_ for id_, key in {**flags, **named}.items() if key not in self.known.compared}
        behind = {each.rule.id: self.cones.read_by(each.when) for each in self.program.flags}
        behind |= {id_: {id_} for id_ in named}
        touched = {id_ for id_ in fresh if self._touched(behind[id_])}
        before = len(self.findings)
        self._compare_flags(touched & flags.keys())
        self._compare_named(touched & named.keys())
        if len(self.findings) > before or touched != fresh:
            return self.known.compared
        return frozenset({**flags, **named}.values())

    def _compare_flags(self, fresh: AbstractSet[str]) -> None:
        """Flags that imply each other without saying so, say so wrongly, or are the same."""
        implied = {}
        if fresh:
            seen = self._seen({each.rule.id: each.when for each in self.program.flags})
            found = Comparison(self.definitions, seen, fresh).implications()
            for (one, other), (a, b) in found.items():
                implied[one, other] = apart(self.definitions, a, b, "implied"), a, b
        unsaid = set()
        for (one, other), (claim, a, b) in implied.items():
            if (other, one) in implied:
                unsaid.add(one)
                self._refute([duplicate(claim, a, b)] if one < other else [])
            elif other not in a.rule.implies:
                unsaid.add(one)
                self._refute([claim])
        self.proven["implied"] += len(self.program.flags) - len(unsaid)
        for a, b in stated(self.definitions):
            known = (a.rule.id, b.rule.id) in implied or fresh.isdisjoint((a.rule.id, b.rule.id))
            self._stated(apart(self.definitions, a, b, "implies"), known=known)

    def _stated(self, claim: Claim, *, known: bool) -> None:
        """What is said to be implied is."""
        found = None if known else self.witness(claim, self.literals(claim))
        if found is None:
            self.proven["implies"] += 1
        elif found[1].shows(claim):
            self._show(claim, found[0])

    def _compare_named(self, fresh: AbstractSet[str]) -> None:
        """Named conditions that mean the same."""
        if fresh:
            nodes = [n for n in self.program.nodes.values() if isinstance(n, ConditionNode)]
            seen = self._seen({node.id: node.when for node in nodes})
            self._refute(same_conditions(self.definitions, seen, lambda node: node.id in fresh))

    def _seen(self, whens: Mapping[str, Expression]) -> Seen:
        """What of some conditions holds in models and answers so far."""
        literals = {id_: self.world.outcome(when)[0] for id_, when in whens.items()}
        seen = Seen(literals, self.oracle, self.models)
        for _, replay in self.earlier or ():
            seen.note_held({id_ for id_, when in whens.items() if replay.truth(when) is True})
        return seen

    def _touched(self, ids: Iterable[str]) -> bool:
        return self.about is None or not self.cones.of_all(ids).isdisjoint(self.about)

    # Findings

    def _show(self, claim: Claim, answers: Mapping[str, Any]) -> None:
        trimmed = self.trimmed(claim, answers)
        self.findings.append(
            Finding(
                claim.kind,
                claim.name,
                claim.place,
                claim.says,
                claim.mend,
                witness=trimmed,
                edit=claim.edit,
            )
        )

    def trimmed(self, claim: Claim, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers that matter to a claim, if they show it as well."""
        behind = self.cones.of_all(claim.reads())
        fewer = {id_: answer for id_, answer in answers.items() if id_ in behind}
        again = replayed(self.world, fewer, self.on, None)
        return fewer if again.shows(claim) else answers

    def _refute(self, claims: Iterable[Claim]) -> None:
        """Say which lines rule these out."""
        for claim in claims:
            world = World(self.definitions, self.on, self.rows, self.world.compared)
            self.findings.append(refuted(world, claim))
