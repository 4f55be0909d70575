"""What can and cannot happen in a catalogue: every claim shown by a witness, or refuted by lines."""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import date
from functools import cache, cached_property
from typing import Any

from app.core.logic import Expression
from app.core.program import ConditionNode, ScoreNode
from app.core.proof.asking import asking_claims
from app.core.proof.claims import Claim, Replay, replayed, tests_of
from app.core.proof.closing import closing_claims
from app.core.proof.comparing import Apart, Ask, Comparison, Likeness, apart, duplicate, stated
from app.core.proof.cones import Cones
from app.core.proof.findings import Finding, in_order, refuted
from app.core.proof.formula import Model, Oracle
from app.core.proof.known import NOTHING, Keys, Known
from app.core.proof.lines import Definitions
from app.core.proof.preferring import by_chance, hoped, preferred
from app.core.proof.printing import empty_claims, printing_claims, written_nowhere
from app.core.proof.proved import Proof
from app.core.proof.ranges import ranges
from app.core.proof.ruling import beyond_claims, ruling_claims
from app.core.proof.seen import Seen
from app.core.proof.world import World

MANY = 6  # scores behind a claim from which on it is followed last
SEVERAL = 40  # claims from which on earlier answers are tried first
TRIES = 40  # other models asked for where what is followed only roughly may be to blame


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
    with _uncollected():
        return _Prover(definitions, on, about, rows, known).prove()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: a proof makes a million small things, and needs nearly all."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


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
        self.world = World(definitions, on, rows, patient=True)
        self.oracle = Oracle(self.world.formula)
        self.cones = Cones(definitions.program)
        self.about = None if about is None else frozenset(about)
        self.claims = [claim for claim in all_claims(definitions) if self._wanted(claim)]
        self.never = [claim for claim in never_claims(definitions) if self._wanted(claim)]
        self.known = known
        self.keys = Keys(definitions, self.cones, on, self.world.needed)
        self.kept: set[str] = set()  # the keys of what was shown, now or before
        self.before = 0
        self.flags = {each.rule.id: each for each in self.program.flags}
        nodes = (n for n in self.program.nodes.values() if isinstance(n, ConditionNode))
        self.named = {node.id: node for node in nodes}
        self.tests = tests_of((), ())
        self.chance = random.Random(0)  # noqa: S311 - variety, no secret
        self.scores = {n.id for n in self.program.nodes.values() if isinstance(n, ScoreNode)}
        self.replays: list[Replay] = []
        self.telling: list[Mapping[str, Any]] = []  # answers that tell flags and conditions apart
        self.shown: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.proven: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.not_analysed: list[tuple[str, str]] = []

    def _wanted(self, claim: Claim) -> bool:
        return self._touched(claim.reads)

    def prove(self) -> Proof:
        claims = [c for c in self.claims if not self._shown(c, self.keys.of(c))]
        never = [c for c in self.never if not self._shown(c, self.keys.of_never(c))]
        self.tests = tests_of(claims, self._whens().values())
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
            tuple(ranges(self.world, self.oracle)) if self._whole else (),
            self.world.rows,
            {id_: n for id_, n in self.world.needed.items() if n > self.world.rows},
            self.before,
            Known(frozenset(self.kept), compared, self._witnesses(), self.keys.asked()),
        )
        self.oracle.close()
        return found

    @property
    def _whole(self) -> bool:
        """Whether everything is shown afresh: only that also says how far each score goes."""
        return self.about is None and not self.known.proven

    def _shown(self, claim: Claim, key: str) -> bool:
        """Whether an earlier proof has shown it."""
        if key not in self.known.proven:
            return False
        self.proven[claim.kind] += 1
        self.before += 1
        self.kept.add(key)
        return True

    def _witnesses(self) -> tuple[Mapping[str, Any], ...]:
        return tuple({id(each): each for each in (*self.shown.values(), *self.telling)}.values())

    # One claim

    def literals(self, claim: Claim) -> list[int]:
        """What a claim wants, as literals, with all that follows from them."""
        found = [n for atom in claim.atoms for n, _ in atom.wanted(self.world)]
        self.world.complete(self.cones.of_all(claim.reads))
        return found

    def _heavy(self, claim: Claim) -> bool:
        return len(self.scores & self.cones.of_all(claim.reads)) >= MANY

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
        for answers, seen in self.earlier:
            for claim in claims:
                if seen.shows(claim):
                    self._prove(claim, answers)
            claims = [each for each in claims if (each.kind, each.name) not in self.shown]
        return claims

    @cached_property
    def earlier(self) -> list[tuple[Mapping[str, Any], Replay]]:
        """The answers of an earlier proof, replayed."""
        earlier = self.keys.earlier(self.known)
        return [
            (each, replayed(self.world, each, self.on, self.tests, filled=False))
            for each in earlier
        ]

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
        behind = self.cones.of_all(claim.reads)
        rough = next((why for id_, why in self.world.loose.items() if id_ in behind), None)
        tried = None
        for _ in range(TRIES if rough else 1):
            model = self.oracle.widest(literals, more, rather)
            if model is None:
                return None
            more = by_chance(self.world, behind, self.chance) if rough else ()
            self.world.complete(behind)
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
        answers = self.world.answers(model)
        self.replays.append(replayed(self.world, answers, self.on, self.tests))
        return answers, self.replays[-1]

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
            found = None if self._ruled_out(claim) else self.witness(claim, self.literals(claim))
            if found is None:
                self.proven[claim.kind] += 1
                self.kept.add(self.keys.of_never(claim))
            elif found[1].shows(claim):
                self._show(claim, found[0])

    def _ruled_out(self, claim: Claim) -> bool:
        """Whether a claim cannot be, whatever its scores come to."""
        wanted = [n for atom in claim.atoms for n, _ in atom.wanted(self.world)]
        return not self.oracle.holds(wanted)

    def _unwritten(self) -> None:
        """Documents that nothing writes."""
        if self.about is None:
            for place, outline in written_nowhere(self.definitions):
                says = f"the document “{outline.title}” is written at no stage and on no route"
                mend = "name it under “documents” of a stage in pipeline.yaml, or remove the file"
                self.findings.append(Finding("document", outline.file, place, says, mend))

    def _whens(self) -> dict[str, Expression]:
        """The conditions of all flags, and all named conditions."""
        whens = {id_: flag.when for id_, flag in self.flags.items()}
        return whens | {id_: node.when for id_, node in self.named.items()}

    def _compare(self) -> frozenset[str]:
        """Flags and named conditions among each other; the keys of those that are all compared."""
        keys = {id_: self.keys.of_flag(flag) for id_, flag in self.flags.items()}
        keys |= {id_: self.keys.of_condition(node) for id_, node in self.named.items()}
        behind = {id_: self.cones.read_by(flag.when) for id_, flag in self.flags.items()}
        behind |= {id_: {id_} for id_ in self.named}
        new = {id_ for id_, key in keys.items() if key not in self.known.compared}
        touched = {id_ for id_ in new if self._touched(behind[id_])}
        before = len(self.findings)
        questions = self.program.questions.keys()
        rests = {id_: self.cones.of_all(ids) & questions for id_, ids in behind.items()}
        seen = Seen(self._whens(), rests, self._all_replays() if touched else ())
        ask = self._asking(seen)
        flags = Comparison(self.definitions, seen, ask, touched & self.flags.keys())
        self._implied(flags.implications(), touched)
        named = Likeness(self.definitions, seen, ask, touched & self.named.keys())
        self._refute(named.same())
        if len(self.findings) > before or touched != new:
            return self.known.compared
        return frozenset(keys.values())

    def _all_replays(self) -> Iterator[Replay]:
        yield from (each for _, each in self.earlier)
        yield from self.replays

    def _asking(self, seen: Seen) -> Ask:
        """How to ask whether flags and conditions can hold without others; answers are remembered."""
        whens = self._whens()

        @cache
        def sure(id_: str) -> int:
            literal = self.world.outcome(whens[id_])[0]
            self.world.complete(self.cones.of_all(self.cones.read_by(whens[id_])))
            return literal

        def ask(claim: Claim, hoped: Iterable[Apart]) -> bool:
            more = [[sure(a), *(-sure(b) for b in others)] for a, others in hoped]
            found = self.witness(claim, self.literals(claim), more)
            if found is not None:
                self.telling.append(found[0])
                seen.note(found[1])
            return found is not None

        return ask

    def _implied(self, found: Mapping[tuple[str, str], Claim], fresh: AbstractSet[str]) -> None:
        """Flags that imply each other without saying so, say so wrongly, or are the same."""
        unsaid = set()
        for (one, other), claim in found.items():
            if (other, one) in found:
                unsaid.add(one)
                self._refute(
                    [duplicate(self.definitions, claim, one, other)] if one < other else []
                )
            elif other not in self.flags[one].rule.implies:
                unsaid.add(one)
                self._refute([claim])
        self.proven["implied"] += len(self.flags) - len(unsaid)
        for a, b in stated(self.definitions):
            both = a.rule.id, b.rule.id
            known = both in found or fresh.isdisjoint(both)
            self._stated(apart(self.definitions, a, b, "implies"), known=known)

    def _stated(self, claim: Claim, *, known: bool) -> None:
        """What is said to be implied is."""
        found = None if known else self.witness(claim, self.literals(claim))
        if found is None:
            self.proven["implies"] += 1
        elif found[1].shows(claim):
            self._show(claim, found[0])

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
        behind = self.cones.of_all(claim.reads)
        fewer = {id_: answer for id_, answer in answers.items() if id_ in behind}
        again = replayed(self.world, fewer, self.on, None)
        return fewer if again.shows(claim) else answers

    def _refute(self, claims: Iterable[Claim]) -> None:
        """Say which lines rule these out."""
        for claim in claims:
            world = World(self.definitions, self.on, self.rows, self.world.compared)
            self.findings.append(refuted(world, claim))
