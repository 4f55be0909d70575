"""Each feature of the definitions in a tiny questionnaire: tests/features/*.yaml say what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import strict_yaml
from app.catalogue import Catalogue
from app.core.assessment import Assessment, assess
from app.core.facts import Facts, facts
from tests.tiny import ON, tiny

FOLDER = Path(__file__).parent / "features"
KEYS = {
    "answers", "stage", "shown", "waiting", "outcomes", "needs", "blocking", "tasks", "absent",
    "scores", "bands", "missing", "decisions", "reasons", "offered", "open", "near", "suggested",
}  # fmt: skip


def read(path: Path) -> Any:
    parsed = strict_yaml.parse(path.read_bytes())
    assert parsed.faults == []
    return parsed.value


def feature(name: str) -> tuple[Catalogue, list[Any], set[str]]:
    """Return the catalogue of a feature, its cases, and the ids of its questions."""
    value = read(FOLDER / f"{name}.yaml")
    catalogue = tiny(value.get("questions", ()), value["rules"], value.get("sections"))
    own = {id_ for id_ in catalogue.program.questions if not id_.startswith("x.")}
    return catalogue, value["cases"], own


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for n, case in enumerate(read(path)["cases"]):
            yield pytest.param(path.stem, n, id=f"{path.stem}-{n + 1}: {case['answers']}")


def found(key: str, own: set[str], facts_: Facts, said: Assessment, wanted: Any) -> Any:
    """Return what a case says under a key, as it really is."""
    flags = {flag.id: flag for flag in said.flags}
    match key:
        case "shown":
            return set(facts_.shown) & own
        case "waiting":
            return set(facts_.waiting) & own
        case "absent":
            return [id_ for id_ in wanted if id_ not in flags]
        case "blocking":
            return [flag.id for flag in said.flags if flag.raised and flag.blocks]
        case "tasks":
            return [flag.id for flag in said.tasks]
    reads: dict[str, Callable[[str], Any]] = {
        "outcomes": lambda id_: flags[id_].result.value,
        "needs": lambda id_: list(flags[id_].needs),
        "scores": lambda id_: said.scores[id_].value,
        "bands": lambda id_: getattr(said.scores[id_].level, "code", None),
        "missing": lambda id_: list(said.scores[id_].missing),
        "decisions": lambda id_: getattr(said.decisions[id_].outcome, "code", None),
        "reasons": lambda id_: [reason.text for reason in said.decisions[id_].reasons],
        "offered": lambda id_: [entry.code for entry in said.offers[id_].entries],
        "open": lambda id_: [entry.code for entry in said.offers[id_].open],
        "near": lambda id_: [each.entry.code for each in said.offers[id_].near],
        "suggested": lambda id_: facts_.truth(facts_.program.suggestions[id_][0]),
    }
    return {id_: reads[key](id_) for id_ in wanted}


@pytest.mark.parametrize(("name", "number"), list(cases()))
def test_a_feature_does_what_its_case_says(name: str, number: int) -> None:
    catalogue, every, own = feature(name)
    case = every[number]
    assert set(case) <= KEYS
    facts_ = facts(catalogue.program, case["answers"], ON)
    said = assess(facts_, case.get("stage"))
    wanted = {key: each for key, each in case.items() if key not in ("answers", "stage")}
    assert wanted, "a case says something"
    for key, each in wanted.items():
        expected = set(each) if key in ("shown", "waiting") else each
        actual = found(key, own, facts_, said, each)
        assert actual == (pytest.approx(expected) if key == "scores" else expected), key


def test_every_question_type_and_kind_of_rule_is_in_some_feature() -> None:
    text = "".join(path.read_text() for path in FOLDER.glob("*.yaml"))
    for word in ("text", "choice", "multi", "yes_no", "number", "date", "band", "rows", "row_of"):
        assert f"type: {word}" in text
    for word in (
        "conditions:",
        "scores:",
        "bands:",
        "decisions:",
        "offers:",
        "suggest:",
        "look_up:",
    ):
        assert word in text
