"""The shipped definitions, proven: everything in them can happen, and nothing in them is followed roughly."""

from __future__ import annotations

import os
from datetime import date

import pytest

from app.catalogue import load
from app.core.proof import Proof, prove, proving, told
from app.core.proof.claims import Replay, replayed
from app.core.proof.formula import Oracle
from app.core.proof.proving import all_claims
from app.core.proof.world import World
from app.proving import lines_of, parts_of
from app.settings import read_settings

ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def proofs() -> list[tuple[str, Proof, list[str]]]:
    catalogue = load(read_settings(os.environ, demo=True).fingerpost_content)
    located = lines_of(catalogue)
    found = []
    for name, _, definitions in parts_of(catalogue):
        proof = prove(definitions, ON)
        lines = [line for each in proof.findings for line in told(each, located)]
        found.append((name, proof, lines))
    return found


def test_nothing_is_found_in_the_shipped_definitions(
    proofs: list[tuple[str, Proof, list[str]]],
) -> None:
    for name, proof, lines in proofs:
        assert not lines, "\n".join([name, *lines])
        assert proof.not_analysed == (), name


def test_every_kind_of_claim_was_proven(proofs: list[tuple[str, Proof, list[str]]]) -> None:
    _, proof, _ = proofs[0]
    kinds = {
        "question", "option", "page", "section", "column", "column option", "suggestion", "raised",
        "clear", "condition", "failing", "outcome", "score", "band", "never", "offered", "withheld",
        "floor", "step up", "block", "text", "placeholder", "stage", "implied", "implies",
    }  # fmt: skip
    assert set(proof.proven) == kinds


def test_the_range_of_the_ethics_score_is_that_of_its_published_form(
    proofs: list[tuple[str, Proof, list[str]]],
) -> None:
    _, proof, _ = proofs[0]
    ranges = {each.id: (each.low, each.high) for each in proof.ranges}
    low, high = ranges["ethics.overall"]
    assert low == 1
    assert high == pytest.approx(3 * 1.05 * 1.1 * 1.2 * 1.2)


def test_every_witness_of_a_flag_replays_in_the_evaluator(
    proofs: list[tuple[str, Proof, list[str]]],
) -> None:
    catalogue = load(read_settings(os.environ, demo=True).fingerpost_content)
    for (_, proof, _), (_, _, definitions) in zip(proofs, parts_of(catalogue), strict=True):
        claims = {(each.kind, each.name): each for each in all_claims(definitions)}
        world = World(definitions, ON)
        for each in definitions.program.flags:
            for kind in ("raised", "clear"):
                answers = proof.witnesses[kind, each.rule.id]
                replay: Replay = replayed(world, answers, ON, None)
                assert replay.shows(claims[kind, each.rule.id]), (kind, each.rule.id)


def test_a_few_sets_of_answers_show_everything_that_can_happen(
    proofs: list[tuple[str, Proof, list[str]]],
) -> None:
    # Each is a question to the solver and a replay: how many there are decides how long it takes.
    _, proof, _ = proofs[0]
    assert len(proof.known.witnesses) * 40 < len(proof.known.proven)


def test_the_shipped_definitions_are_not_proven_twice(
    proofs: list[tuple[str, Proof, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = load(read_settings(os.environ, demo=True).fingerpost_content)
    monkeypatch.setattr(proving, "ranges", lambda *_: ())  # those are worked out every time
    monkeypatch.setattr(Oracle, "holds", lambda *_: pytest.fail("the solver was asked"))
    for (_, before, _), (_, _, definitions) in zip(proofs, parts_of(catalogue), strict=True):
        again = prove(definitions, ON, known=before.known)
        assert again.before == len(before.known.proven)
        assert again.proven == before.proven
