"""What can and cannot happen in a catalogue: every claim shown by a witness, or refuted by lines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

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
from app.core.proof.formula import Contradictions, Line, Model, Oracle, Place
from app.core.proof.lines import Definitions
from app.core.proof.mending import nearest_mend
from app.core.proof.preferring import by_chance, hoped, preferred
from app.core.proof.printing import empty_claims, printing_claims, written_nowhere
from app.core.proof.ranges import Range, ranges
from app.core.proof.ruling import beyond_claims, ruling_claims
from app.core.proof.world import World

MANY = 6  # scores behind a claim from which on it is followed last
TRIES = 40  # other models asked for where what is followed only roughly may be to blame
COMPARING = frozenset({"implied", "duplicate", "implies"})
ORDER = ("section", "page", "question", "column", "condition", "score", "outcome", "band", "raised")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, the lines that make it so or answers that show it, and a mend.

    `follows`: what else cannot happen because of it.
    """

    kind: str
    name: str
    place: Place
    says: str
    mend: str
    lines: tuple[Line, ...] = ()
    witness: Mapping[str, Any] | None = None
    follows: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()  # kind and name of each of those


@dataclass(frozen=True)
class Proof:
    """What was proven. `proven`: how many claims of each kind; `witnesses`: answers by kind and name.

    `not_analysed`: what was followed only roughly, so that neither a witness nor a contradiction
    was found, with the reason. `rows`: rows were followed up to so many,
    `more_rows`: those that are counted further, up to so many.
    """

    findings: tuple[Finding, ...]
    proven: Mapping[str, int]
    not_analysed: tuple[tuple[str, str], ...]
    witnesses: Mapping[tuple[str, str], Mapping[str, Any]] = field(repr=False)
    ranges: tuple[Range, ...]
    rows: int
    more_rows: Mapping[str, int] = field(default_factory=dict)

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
) -> Proof:
    """Prove a whole catalogue; or, `about` some ids, what reads or gates them."""
    return _Prover(definitions, on, about, rows).prove()


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
        self.tests = tests_of(self.claims)
        self.chance = random.Random(0)  # noqa: S311 - variety, no secret
        self.scores = {n.id for n in self.program.nodes.values() if isinstance(n, ScoreNode)}
        self.models: list[Model] = []
        self.shown: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.proven: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.not_analysed: list[tuple[str, str]] = []

    def _wanted(self, claim: Claim) -> bool:
        if self.about is None:
            return True
        return not self.cones.of_all(claim.reads()).isdisjoint(self.about)

    def prove(self) -> Proof:
        # What rests on sums of sums comes last: until then the formula stays small.
        refuted = self._settle([claim for claim in self.claims if not self._heavy(claim)])
        self._never([claim for claim in self.never if not self._heavy(claim)])
        self._compare()
        refuted += self._settle([claim for claim in self.claims if self._heavy(claim)])
        self._never([claim for claim in self.never if self._heavy(claim)])
        self._unwritten()
        self._refute(refuted)
        found = Proof(
            tuple(sorted(_gathered(self.findings), key=lambda f: (f.place.file, _key(f.place)))),
            dict(self.proven),
            tuple(self.not_analysed),
            self.shown,
            tuple(ranges(self.world, self.oracle)) if self.about is None else (),
            self.world.rows,
            {id_: n for id_, n in self.world.needed.items() if n > self.world.rows},
        )
        self.oracle.close()
        return found

    # One claim

    def literals(self, claim: Claim) -> list[int]:
        """What a claim wants, as literals."""
        return [n for atom in claim.atoms for n, _ in atom.wanted(self.world)]

    def _heavy(self, claim: Claim) -> bool:
        return len(self.scores & self.cones.of_all(claim.reads())) >= MANY

    def _settle(self, claims: list[Claim]) -> list[Claim]:
        """Find a witness for each claim that can have one; the others are returned."""
        # All literals before the first model: it then has an answer to everything they read.
        open_ = [(claim, self.literals(claim)) for claim in claims]
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

    def _prove(self, claim: Claim, answers: Mapping[str, Any]) -> None:
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
            elif found[1].shows(claim):
                self._show(claim, found[0])

    def _unwritten(self) -> None:
        """Documents that nothing writes."""
        if self.about is None:
            for place, outline in written_nowhere(self.definitions):
                says = f"the document “{outline.title}” is written at no stage and on no route"
                mend = "name it under `documents` of a stage in pipeline.yaml, or remove the file"
                self.findings.append(Finding("document", outline.file, place, says, mend))

    def _compare(self) -> None:
        """Flags that imply each other without saying so, say so wrongly, or are the same."""
        flags = {each.rule.id: self.world.outcome(each.when)[0] for each in self.program.flags}
        seen = Seen(flags, self.oracle, self.models)
        found = Comparison(self.definitions, seen).implications()
        implied = {}
        for (one, other), (a, b) in found.items():
            claim = apart(self.definitions, a, b, "implied")
            if self._wanted(claim):
                implied[one, other] = claim, a, b
        for (one, other), (claim, a, b) in implied.items():
            if (other, one) in implied:
                self._refute([duplicate(claim, a, b)] if one < other else [])
            elif other not in a.rule.implies:
                self._refute([claim])
        self.proven["implied"] += len(self.program.flags) - len({one for one, _ in implied})
        self._stated(implied)
        self._same_conditions()

    def _stated(self, implied: Mapping[tuple[str, str], object]) -> None:
        """What is said to be implied is."""
        for a, b in stated(self.definitions):
            claim = apart(self.definitions, a, b, "implies")
            if (a.rule.id, b.rule.id) in implied or not self._wanted(claim):
                self.proven["implies"] += 1
                continue
            found = self.witness(claim, self.literals(claim))
            if found is None:
                self.proven["implies"] += 1
            elif found[1].shows(claim):
                self._show(claim, found[0])

    def _same_conditions(self) -> None:
        """Named conditions that mean the same."""
        named = {
            node.id: self.world.outcome(node.when)[0]
            for node in self.program.nodes.values()
            if isinstance(node, ConditionNode)
        }
        seen = Seen(named, self.oracle, self.models)
        self._refute(same_conditions(self.definitions, seen, self._touched))

    def _touched(self, node: ConditionNode) -> bool:
        return self.about is None or not self.cones.of(node.id).isdisjoint(self.about)

    # Findings

    def _show(self, claim: Claim, answers: Mapping[str, Any]) -> None:
        trimmed = self.trimmed(claim, answers)
        self.findings.append(
            Finding(claim.kind, claim.name, claim.place, claim.says, claim.mend, witness=trimmed)
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
            self.findings.append(self._refuted(claim))

    def _refuted(self, claim: Claim) -> Finding:
        # A world of its own holds no more than the claim rests on, so little is searched.
        world = World(self.definitions, self.on, self.rows, self.world.compared)
        wanted = {n: line for atom in claim.atoms for n, line in atom.wanted(world)}
        contradictions = Contradictions(world.formula)
        found = _lines(contradictions.among(wanted), wanted, world)
        lines = tuple(sorted(found, key=lambda line: (line.place.file, _key(line.place))))
        contradictions.close()
        mend = None
        if claim.kind not in COMPARING:
            oracle = Oracle(world.formula)
            mend = nearest_mend(world, oracle, claim, {line.place for line in lines})
            oracle.close()
        return Finding(claim.kind, claim.name, claim.place, claim.says, mend or claim.mend, lines)


def _lines(core: list[int], wanted: Mapping[int, Line | None], world: World) -> Iterator[Line]:
    """The lines of files behind the literals of a contradiction, none twice."""
    seen = set()
    for literal in core:
        line = wanted.get(literal)
        if line is None and literal in world.formula.lines:
            place, says = world.formula.lines[literal]
            line = Line(place, says())
        if line is not None and line.place not in seen:
            seen.add(line.place)
            yield line


def _key(place: Place) -> list[tuple[bool, int, str]]:
    """Paths in the order of the file, numbers as numbers."""
    return [
        (isinstance(part, str), part if isinstance(part, int) else 0, str(part))
        for part in place.path
    ]


def _gathered(findings: list[Finding]) -> list[Finding]:
    """Findings with the ones that follow from them: a dead question makes dead rules."""
    ranked = sorted(
        findings, key=lambda f: (len(f.lines), ORDER.index(f.kind) if f.kind in ORDER else 99)
    )
    kept: list[Finding] = []
    for each in ranked:
        places = {line.place for line in each.lines}
        cause = next((n for n, f in enumerate(kept) if _causes(f, each, places)), None)
        if cause is None:
            kept.append(each)
        else:
            before = kept[cause]
            kept[cause] = replace(
                before,
                follows=(*before.follows, each.says),
                ids=(*before.ids, (each.kind, each.name)),
            )
    return kept


def _causes(cause: Finding, other: Finding, places: set[Place]) -> bool:
    lines = {line.place for line in cause.lines}
    return bool(lines) and lines <= places and not {cause.kind, other.kind} & COMPARING
