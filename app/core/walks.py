"""Random walks: answers as somebody might give them, page after page, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from app.core.domains import UNSURE, Kind
from app.core.facts import Facts, facts
from app.core.program import DecisionNode, Program
from app.core.questions import Asked, Question, type_of

ROUNDS = 60
TRIES = 8


def walk(
    program: Program,
    seed: int,
    on: date,
    toward: tuple[str, str] | None = None,
    share: float = 1.0,
) -> Facts:
    """The facts after answering what is asked, until nothing new is asked.

    `toward` (a decision's id and code): an answer that settles it otherwise is tried again a few
    times. `share`: the part of the questions answered, in order.
    """
    chance = random.Random(seed)  # noqa: S311 - the same walk for the same seed, no secret
    answers: dict[str, Any] = {}
    found = facts(program, answers, on)
    for _ in range(ROUNDS):
        blanks = sorted(
            (id_ for id_ in found.shown if id_ not in found.values),
            key=lambda id_: program.places[id_][0].rank,
        )
        if not blanks:
            break
        if toward is None or found.values.get(toward[0]) == toward[1]:
            answers |= {id_: _answer(program.questions[id_], chance, on) for id_ in blanks}
        else:
            for id_ in blanks:
                _steer(program, answers, id_, toward, chance, on)
        found = facts(program, answers, on)
    if share < 1.0:
        kept = sorted(
            found.values.keys() & found.shown, key=lambda id_: program.places[id_][0].rank
        )
        kept = kept[: int(len(kept) * share)]
        found = facts(program, {id_: found.values[id_] for id_ in kept}, on)
    return found


def _steer(
    program: Program,
    answers: dict[str, Any],
    id_: str,
    toward: tuple[str, str],
    chance: random.Random,
    on: date,
) -> None:
    """Answer one question so that the decision may still come out as wanted, if that can be."""
    for _ in range(TRIES):
        answers[id_] = _answer(program.questions[id_], chance, on)
        if id_ not in program.roots.get(toward[0], ()):
            return
        if _may_still(facts(program, answers, on), toward):
            return


def _may_still(found: Facts, toward: tuple[str, str]) -> bool:
    """Whether a decision may still come out as wanted."""
    node = found.program.nodes[toward[0]]
    for code, when in node.outcomes if isinstance(node, DecisionNode) else ():
        truth = found.truth(when)
        if code == toward[1]:
            return truth is not False
        if truth:
            return False
    return False


def _answer(question: Question, chance: random.Random, on: date) -> Any:
    if question.type == "rows":
        return [{"id": n, **_row(question, chance, on)} for n in range(1, chance.randint(2, 4))]
    if question.type == "file":
        at = f"{on.isoformat()}T12:00:00+00:00"
        return {"hash": "0" * 64, "name": "walked.pdf", "kind": "pdf", "size": 1024, "at": at}
    return _value(question, chance, on)


def _row(question: Question, chance: random.Random, on: date) -> dict[str, Any]:
    return {c.id: _value(c, chance, on) for c in question.columns if not c.derived}


def _value(asked: Asked, chance: random.Random, on: date) -> Any:
    kind = type_of(asked).kind
    codes = [code for code in asked.labels if code != UNSURE or chance.random() < 0.2]
    if kind is Kind.CODE:
        return chance.choice(codes)
    if kind is Kind.CODES:
        alone = [code for code in codes if code in (asked.exclusive, UNSURE)]
        others = [code for code in codes if code not in alone]
        if alone and (not others or chance.random() < 0.4):
            return [chance.choice(alone)]
        chosen = chance.sample(others, chance.randint(1, min(3, len(others))))
        return [code for code in asked.labels if code in chosen]
    if kind is Kind.NUMBER:
        return chance.randint(int(asked.min or 0), int(asked.max or 100))
    if kind is Kind.DATE:
        return (on + timedelta(days=chance.randint(0, 400))).isoformat()
    return 1 if kind is Kind.ROW else f"Words about {asked.called.lower()[:40]}"
