"""The page on which gateways are chosen: what fits comes first, and what came close says why not."""

from __future__ import annotations

from html import unescape
from re import DOTALL, findall, search, sub

import pytest

from app.core.facts import facts
from app.web.controls import NearMiss, Option, QuestionView, draw_control
from app.web.offering import ELSEWHERE, fitting
from tests.tiny import ON, tiny
from tests.web.conftest import Person

ROUTES = "/projects/FP-0001/legal_gateway/routes"
OPTIONS = (Option("a", "Fits", "Because it fits."), Option("b", "Rest"), Option("c", "Other"))
VIEW = QuestionView("law.routes/1/gateways", "checkboxes", "Which?", options=OPTIONS)
CLOSED = r"<details.*?</details>"


def folded(html: str) -> dict[str, str]:
    """What each part that opens on demand holds, by its summary."""
    words = (unescape(sub(r"<[^>]*>", "|", part)) for part in findall(CLOSED, html, DOTALL))
    split = ([each for each in text.split("|") if each.strip()] for text in words)
    return {first: " ".join(rest) for first, *rest in split}


def outside(html: str) -> str:
    return sub(CLOSED, "", html, flags=DOTALL)


def test_without_an_offer_to_the_row_every_option_stands_open() -> None:
    assert folded(draw_control(VIEW)) == {}


@pytest.mark.parametrize(("fitting", "closed"), [(0, 3), (1, 2), (3, 0)])
def test_only_what_fits_stands_open(fitting: int, closed: int) -> None:
    html = draw_control(VIEW._replace(fitting=fitting))
    assert outside(html).count('type="checkbox"') == fitting
    assert html.count('type="checkbox"') == len(OPTIONS)
    assert len(folded(html)) == bool(closed)


def test_a_near_miss_says_what_why_not_and_where_it_stands_in_the_law() -> None:
    near = (NearMiss("Public service delivery", "No NHS body <is> listed.", "The Act, s.35"),)
    ((summary, inside),) = folded(draw_control(VIEW._replace(near=near))).items()
    assert "not offered" in summary
    assert "(1)" in summary
    for said in near[0]:
        assert said in inside


def gateways(html: str) -> str:
    """The question on gateways of a route's page."""
    found = search(
        r"<fieldset(?:(?!<fieldset).)*Which gateways.*?</fieldset>.*?fp-guide", html, DOTALL
    )
    assert found
    return found[0]


def test_an_nhs_body_is_told_why_the_digital_economy_act_is_not_for_it(someone: Person) -> None:
    someone.be("ig_lead")
    page = someone.open(f"{ROUTES}/law.routes/2")
    assert "NHS body" in page.html
    question = gateways(page.html)
    near = next(said for title, said in folded(question).items() if "not offered" in title)
    assert "No NHS body was on the list" in near
    assert "Duty to share for someone's care" not in near


def test_what_is_chosen_stands_open_and_everything_can_still_be_chosen(someone: Person) -> None:
    someone.be("ig_lead")
    question = gateways(someone.open(f"{ROUTES}/law.routes/1").html)
    chosen = findall(r'value="(G\d+)" checked', outside(question))
    assert chosen == findall(r'value="(G\d+)" checked', question)
    assert len(chosen) > 0
    assert len(set(findall(r'value="(G\d+)"', question))) == 57


def test_a_new_route_has_no_gateways_to_choose_from_yet(someone: Person) -> None:
    someone.be("ig_lead")
    assert "Which gateways" not in someone.open(f"{ROUTES}/law.routes/+new").html


LIST = {
    "id": "law.list",
    "title": "Gateways",
    "each": "a.routes",
    "entries": [
        {"code": "duty", "title": "Duty", "act": "The Act", "section": "s.1", "because": "It fits.", "where": {"===": [{"var": "kind"}, "nhs"]}},
        {"code": "power", "title": "Power", "act": "The Act", "section": "s.2", "unless": [{"where": {"===": [{"var": "kind"}, "nhs"]}, "because": "Not on the list."}]},
        {"code": "way", "title": "Another way", "where": {"===": [{"var": "kind"}, "council"]}},
        {"code": "other", "title": "Another"},
    ],
}  # fmt: skip
KIND = {"id": "kind", "type": "choice", "ask": "Kind", "options": {"nhs": "NHS", "council": "C"}}
CHOICE = {"id": "gateways", "type": "multi", "ask": "Which?", "options_from": "law.list"}


@pytest.mark.parametrize(
    ("chosen", "first", "hint"),
    [
        ([], ["duty", "other"], ("duty", "The Act, s.1. It fits.")),
        (["power"], ["duty", "power", "other"], ("power", "Not offered here. Not on the list.")),
        (["way"], ["duty", "way", "other"], ("way", ELSEWHERE)),
        (["other"], ["duty", "other"], ("other", "")),
    ],
)
def test_what_is_chosen_stands_with_what_fits_and_says_if_it_does_not(
    chosen: list[str], first: list[str], hint: tuple[str, str]
) -> None:
    rows = {"id": "a.routes", "type": "rows", "ask": "Routes?", "columns": [KIND, CHOICE]}
    catalogue = tiny([rows], {"offers": [LIST]})
    asked = catalogue.program.questions["a.routes"].column("gateways")
    options = tuple(Option(code, label) for code, label in asked.labels.items())
    found = facts(catalogue.program, {"a.routes": [{"id": 7, "kind": "nhs"}]}, ON)
    shown = fitting(asked, "a.routes/7/gateways", chosen, options, found, {})
    assert [option.code for option in shown["options"]][: shown["fitting"]] == first
    assert {option.code for option in shown["options"]} == set(asked.labels)
    assert next(o.hint for o in shown["options"] if o.code == hint[0]) == hint[1]
    assert [near.because for near in shown["near"]] == ["Not on the list."]
