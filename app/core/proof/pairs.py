"""Test cases for a questionnaire in which every two options that can meet do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from app.core.domains import Kind
from app.core.proof.formula import Model, Oracle
from app.core.proof.lines import Definitions
from app.core.proof.world import World

Chosen = tuple[str, str]  # a question and one of its codes


@dataclass(frozen=True)
class Cases:
    """Sets of answers; `covered`: the pairs of options that occur in them; `never`: that cannot."""

    answers: tuple[dict[str, Any], ...]
    covered: int
    never: tuple[tuple[Chosen, Chosen], ...]


def pairwise(definitions: Definitions, questionnaire: str, on: date) -> Cases:
    """Test cases for the choices that a questionnaire defines; few, as each covers many pairs."""
    world = World(definitions, on, rows=1)
    literals = _chosen(world, definitions, questionnaire)
    oracle = Oracle(world.formula)
    left = {pair: None for pair in combinations(literals, 2) if pair[0][0] != pair[1][0]}
    answers: list[dict[str, Any]] = []
    never = []
    covered = len(left)
    while left:
        pair = next(iter(left))
        wanted = [literals[pair[0]], literals[pair[1]]]
        rather = (literals[each] for pair in list(left)[:2000] for each in pair)
        model = oracle.model(wanted, rather)
        if model is None:
            never.append(pair)
            covered -= 1
            del left[pair]
            continue
        answers.append(world.answers(model))
        for met in combinations(_met(literals, model), 2):
            left.pop(met, None)
    oracle.close()
    return Cases(tuple(answers), covered, tuple(never))


def _met(literals: dict[Chosen, int], model: Model) -> list[Chosen]:
    return [each for each, literal in literals.items() if literal in model]


def _chosen(world: World, definitions: Definitions, questionnaire: str) -> dict[Chosen, int]:
    """For each option of each choice, that it is asked and chosen."""
    program = definitions.program
    found: dict[Chosen, int] = {}
    for _, page in definitions.questionnaires[questionnaire].pages():
        for placement in page.questions:
            kind = program.scope[placement.id].kind
            if placement.define is not None and kind in (Kind.CODE, Kind.CODES):
                fact = world.fact(placement.id)
                for code, literal in fact.codes.items():
                    found[placement.id, code] = world.formula.every([fact.there, literal])
    return found
