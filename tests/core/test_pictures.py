"""What the pictures show: which flows are stopped, risks in their matrix, what a score lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import About, evaluate, told
from app.catalogue import Catalogue
from app.core.blocks import Bars, Matrix, Tone
from app.core.outputs import Piece
from app.core.parts import PARTS
from app.core.pictures import flow_picture
from app.core.record import Record
from app.core.standing import LIFT, because_hash
from app.documents.bars import describe_bars
from app.documents.html_tables import scores_html
from tests.shipped import shipped_catalogue
from tests.tiny import ON


@dataclass(frozen=True)
class Lifted:
    """A stop that a DPO has lifted."""

    about: str
    content_hash: str
    organisation: str = ""
    kind: str = LIFT
    stage: str = "dpia"
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    who: str = "The DPO"


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Catalogue:
    return shipped_catalogue()


@pytest.fixture
def answers(shipped: Catalogue, repository: Path) -> dict[str, Any]:
    sample = repository / "questionnaires" / "samples" / "safeguarding_hub.yaml"
    return read_answers("sample", sample.read_bytes(), shipped.program)


def record(shipped: Catalogue, answers: dict[str, Any], acts: tuple[Lifted, ...] = ()) -> Record:
    return told(evaluate(shipped, answers, ON), About(reference="FP-1", acts=acts))


def stopped(record: Record) -> dict[int, str]:
    flow = flow_picture(record)
    assert flow
    return {line.number: line.stopped for line in flow.lines if line.stopped}


def test_without_a_stop_every_flow_may_flow(shipped: Catalogue, answers: dict[str, Any]) -> None:
    assert stopped(record(shipped, answers)) == {}


@pytest.mark.parametrize("party", [1, 2, 3])
def test_what_comes_from_an_organisation_that_declines_is_stopped_and_nothing_else(
    shipped: Catalogue, answers: dict[str, Any], party: int
) -> None:
    for row in answers["intent.positions"]:
        if row["party"] == party:
            row["position"] = "declines"
    found = record(shipped, answers)
    theirs = {n: row["from"] == party for n, row in enumerate(answers["share.flows"], 1)}
    words = f"flag {found.numbers['R110']}"
    assert stopped(found) == {n: words for n, is_theirs in theirs.items() if is_theirs}


def test_a_stop_about_the_legal_route_of_one_organisation_stops_what_it_gives(
    shipped: Catalogue, answers: dict[str, Any]
) -> None:
    first = answers["law.routes"][0]
    first |= {"art6": "none_yet", "party": 2}
    found = record(shipped, answers)
    assert "R04" in {flag.id for flag in found.stops}
    assert stopped(found) == {2: f"flag {found.numbers['R04']}"}


def test_a_stop_that_was_lifted_stops_no_flow(shipped: Catalogue, answers: dict[str, Any]) -> None:
    for row in answers["intent.positions"]:
        row["position"] = "declines"
    held = record(shipped, answers)
    assert stopped(held)
    flag = next(flag for flag in held.stops if flag.id == "R110")
    lifted = Lifted(flag.id, because_hash(flag))
    assert stopped(record(shipped, answers, (lifted,))) == {}


def drawn(shipped: Catalogue, given: dict[str, Any]) -> Matrix:
    made = record(shipped, given)
    return next(
        b
        for b in PARTS["matrix"](made, Piece.model_validate({"part": "matrix"}))
        if isinstance(b, Matrix)
    )


THREE = {"likelihood": "possible", "severity": "severe", "residual_likelihood": "remote"}
THREE |= {"residual_severity": "minimal"}
FOUR = {"likelihood_four": "limited", "severity_four": "maximum"}
FOUR |= {"residual_likelihood_four": "negligible", "residual_severity_four": "limited"}


@pytest.mark.parametrize(
    ("scale", "steps", "at", "left"),
    [("ico_3x3", 3, (0, 1), (2, 0)), ("cnil_4x4", 4, (0, 1), (2, 0))],
)
def test_risks_stand_in_the_matrix_of_the_scale_that_the_project_chose(
    shipped: Catalogue,
    answers: dict[str, Any],
    scale: str,
    steps: int,
    at: tuple[int, int],
    left: tuple[int, int],
) -> None:
    risk = {"id": 1, "title": "A safe address leaks", **THREE, **FOUR}
    matrix = drawn(shipped, {**answers, "risks.matrix": scale, "risks.register": [risk]})
    assert len(matrix.severity) == len(matrix.likelihood) == steps
    marked = {
        when: [
            (down, across)
            for down, row in enumerate(matrix.cells)
            for across, cell in enumerate(row)
            if getattr(cell, when)
        ]
        for when in ("before", "after")
    }
    assert marked == {"before": [at], "after": [left]}


@pytest.mark.parametrize(
    ("harm", "vulnerable", "word", "tone"),
    [
        ("yes", "no", "Medium", Tone.MEDIUM),
        ("no", "yes", "Medium", Tone.MEDIUM),
        ("no", "no", "Low, watch", Tone.LOW),
        ("unsure", "no", "Low, watch", Tone.LOW),
    ],
)
def test_a_cell_of_the_matrix_says_what_risks_in_it_are_rated(
    shipped: Catalogue, answers: dict[str, Any], harm: str, vulnerable: str, word: str, tone: Tone
) -> None:
    risk = {"id": 1, "title": "A safe address leaks", **THREE, "residual_severity": "severe"}
    given = {"proc.physical_harm": harm, "subjects.vulnerable": vulnerable}
    made = record(shipped, {**answers, **given, "risks.register": [risk]})
    matrix = drawn(shipped, {**answers, **given, "risks.register": [risk]})
    cell = matrix.cells[0][0]
    assert [mark.number for mark in cell.after] == ["1"]
    assert (cell.word, cell.tone) == (word, tone)
    (row,) = made.facts.values["risks.register"]
    rated = {"Medium": "medium", "Low, watch": "low"}[word]
    assert row.get("residual_rating_three") == (rated if harm != "unsure" else None)
    assert ("never rated low" in matrix.note) == (word == "Medium")
    assert ("kept in sight" in matrix.note) == (word == "Low, watch")


def test_flags_stand_on_the_scale_of_the_rules_and_a_project_with_another_is_told(
    shipped: Catalogue, answers: dict[str, Any]
) -> None:
    told_three, told_four = (
        drawn(shipped, {**answers, "risks.matrix": scale, "risks.register": []})
        for scale in ("ico_3x3", "cnil_4x4")
    )
    assert told_three.cells == told_four.cells
    assert told_three.note == "Each number is that of a flag."
    assert "another scale here: Risk to people, four by four" in told_four.note


def test_a_score_that_lacks_one_answer_says_so_once(
    shipped: Catalogue, answers: dict[str, Any]
) -> None:
    del answers["ethics.public_benefit"]
    piece = Piece.model_validate({"part": "scores", "scores": ["ethics.public_good"]})
    (bars,) = PARTS["scores"](record(shipped, answers), piece)
    assert isinstance(bars, Bars)
    assert describe_bars(bars).endswith(": Not yet; 1 answer missing.")
    assert scores_html(bars).count("1 answer missing") == 1
