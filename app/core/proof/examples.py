"""What witnesses are good for besides: an example for each rule, and which rules samples raise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.core.facts import Facts, facts
from app.core.program import Raising
from app.core.proof.cones import Cones
from app.core.proof.lines import Definitions
from app.core.proof.proved import Proof

Answers = dict[str, Any]


def examples(definitions: Definitions, proof: Proof, on: date) -> dict[str, Answers]:
    """For each flag that can be raised, answers that raise it: those that it rests on."""
    cones = Cones(definitions.program)
    found = {}
    for raising in definitions.program.flags:
        answers = proof.witnesses.get(("raised", raising.rule.id))
        if answers is not None:
            behind = cones.of_all(cones.read_by(raising.when))
            kept = {id_: value for id_, value in answers.items() if id_ in behind}
            whole = dict(answers)
            found[raising.rule.id] = kept if _raised(definitions, raising, kept, on) else whole
    return found


def smallest(definitions: Definitions, flag: str, answers: Mapping[str, Any], on: date) -> Answers:
    """An example from which no answer can be left out."""
    raising = next(each for each in definitions.program.flags if each.rule.id == flag)
    kept = dict(answers)
    for id_ in reversed(list(answers)):
        fewer = {name: value for name, value in kept.items() if name != id_}
        if _raised(definitions, raising, fewer, on):
            kept = fewer
    return kept


def _raised(definitions: Definitions, raising: Raising, answers: Answers, on: date) -> bool:
    return facts(definitions.program, answers, on).truth(raising.when) is True


def coverage(definitions: Definitions, several: Iterable[Facts]) -> dict[str, int]:
    """How many of some sets of answers raise each flag."""
    counts = {each.rule.id: 0 for each in definitions.program.flags}
    for found in several:
        for each in definitions.program.flags:
            counts[each.rule.id] += found.truth(each.when) is True
    return counts
