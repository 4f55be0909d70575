"""The legal gateway note, and what an assessment file says of gateways."""

from __future__ import annotations

from typing import Any

from app.actions.answers_file import read_answers
from app.actions.assessments import About, evaluate, told
from app.core.blocks import Facts, Heading, Paragraph, Table
from app.core.outline import compose
from app.core.telling import assessment_data
from app.settings import content_root
from tests.definitions.mutation import ON
from tests.shipped import shipped_catalogue

SAMPLES = content_root() / "questionnaires" / "samples"
CATALOGUE = shipped_catalogue()


def blocks(name: str, **changed: Any) -> list[Any]:
    text = (SAMPLES / f"{name}.yaml").read_bytes()
    answers = {**read_answers(name, text, CATALOGUE.program), **changed}
    record = told(
        evaluate(CATALOGUE, {k: v for k, v in answers.items() if v is not None}, ON), About()
    )
    return list(compose(CATALOGUE.outlines["legal_gateway_note"], record).blocks)


def words(found: list[Any], caption: str) -> list[str]:
    """The cells of all tables with this caption, as text."""
    return [
        " ".join(run.text for line in cell.paragraphs for run in line)
        for table in found
        if isinstance(table, Table) and table.caption == caption
        for row in table.rows
        for cell in row
    ]


def test_the_note_tells_each_route_with_what_was_chosen_offered_and_not_offered() -> None:
    found = blocks("homelessness_data_linking")
    routes = [b for b in found if isinstance(b, Heading) and b.level == 2]
    facts = [
        b for b in found if isinstance(b, Facts) and any(k == "Legal gateway" for k, _ in b.pairs)
    ]
    assert len(routes) >= len(facts) > 1
    offered = words(found, "What the law offers here")
    assert any("Chosen" in cell for cell in offered)
    near = words(found, "Looked at and not offered")
    assert any("No NHS body was on the list" in cell for cell in near)


def test_the_acts_and_the_sources_of_what_is_offered_lead_to_the_law() -> None:
    offered = next(
        b
        for b in blocks("homelessness_data_linking")
        if isinstance(b, Table) and "offers" in b.caption
    )
    links = {
        run.text: run.to
        for row in offered.rows
        for cell in row
        for line in cell.paragraphs
        for run in line
        if run.to
    }
    site = "https://www.legislation.gov.uk"
    assert links["Housing Act 1996, s.213B"] == f"{site}/ukpga/1996/52/section/213B"
    assert all(to.startswith(f"{site}/") for to in links.values())


def test_a_supplier_is_told_to_need_no_gateway() -> None:
    route = {"id": 1, "name": "Host", "kind": "private", "role": "processor", "part": "both"}
    found = blocks("homelessness_data_linking", **{"law.routes": [route]})
    said = [run.text for b in found if isinstance(b, Paragraph) for run in b.runs]
    assert any("Nothing is offered here" in text for text in said)
    assert words(found, "What the law offers here") == []


def test_before_routes_are_chosen_the_note_looks_at_each_kind_for_each_purpose() -> None:
    found = blocks("homelessness_data_linking", **{"law.routes": None})
    titles = [b.text for b in found if isinstance(b, Heading) and b.level == 2]
    assert "London borough: Preventing or relieving homelessness" in titles
    assert "NHS body: Preventing or relieving homelessness" in titles
    assert any("Duty to refer" in cell for cell in words(found, "What the law offers here"))


def test_the_note_lists_what_is_relied_on_though_nobody_confirmed_it() -> None:
    route = {"id": 1, "kind": "borough", "role": "controller", "gateways": ["G01"], "power": "permissive", "art6": "e", "regime": "part2"}  # fmt: skip
    said = words(
        blocks("homelessness_data_linking", **{"law.routes": [route]}), "What nobody has confirmed"
    )
    assert "Public service delivery" in said
    checked = {**route, "gateways": ["G24"]}
    said = words(
        blocks("homelessness_data_linking", **{"law.routes": [checked]}),
        "What nobody has confirmed",
    )
    assert "Duty to refer people who may be homeless" not in said


def test_the_assessment_tells_machines_what_is_not_offered_and_why() -> None:
    text = (SAMPLES / "homelessness_data_linking.yaml").read_bytes()
    answers = read_answers("sample", text, CATALOGUE.program)
    data = assessment_data(told(evaluate(CATALOGUE, answers, ON), About()))
    near = [(each["code"], each["because"]) for each in data["not_offered"]["law.gateway_list"]]
    assert any(code == "G01" and because.startswith("No NHS body") for code, because in near)


def test_where_police_rules_apply_their_own_duties_are_told_with_source_and_standing() -> None:
    found = blocks("child_exploitation_hub")
    said = [run.text for b in found if isinstance(b, Paragraph) for run in b.runs]
    assert any("the assessment (s.64)" in text for text in said)
    reasons = words(found, "Which rules apply to the project: the reasons")
    assert any(cell.startswith("For “Police”, ") for cell in reasons)
    assert any("s.64, 65, 67 and 73" in cell for cell in reasons)
    assert any("Not yet confirmed" in cell for cell in reasons)
    elsewhere = blocks("homelessness_data_linking")
    assert words(elsewhere, "Which rules apply to the project: the reasons") == []
