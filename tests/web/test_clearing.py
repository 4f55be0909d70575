"""From a raised flag one click shows which other answers would clear it, and never asks for an untrue one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.actions.demonstration import persona_of
from app.actions.pages import open_project
from app.core.assessment import Result, outcomes
from app.core.facts import facts
from app.core.sheet import answers
from app.store.database import read
from app.web.site import Site, today
from tests.web.conftest import Person, statements

REPORT = "/projects/FP-0001/report"
CLEARS = "What would clear it"


def site_of(product: Flask) -> Site:
    found: Site = product.extensions["fingerpost"]
    return found


@pytest.fixture
def bounded(product: Flask) -> Iterator[Flask]:
    """The product with a bound of no tries at all."""
    site = site_of(product)
    fewer = replace(site.settings, clearing_tries=0)
    product.extensions["fingerpost"] = replace(site, settings=fewer)
    yield product
    product.extensions["fingerpost"] = site


def addresses(someone: Person) -> list[str]:
    links = [each for each in someone.open(REPORT).read.links if CLEARS in each.words]
    return [each.url for each in links]


def test_every_raised_flag_leads_to_what_would_clear_it_in_one_click(someone: Person) -> None:
    page = someone.open(REPORT)
    assert page.html.count(CLEARS) == page.html.count('<article class="fp-flag"') > 0


@pytest.mark.parametrize("role", ["lead", "dpo", "signatory"])
def test_the_pages_say_what_would_clear_a_flag_or_that_nothing_small_does(
    someone: Person, role: str
) -> None:
    someone.be(role)
    found = 0
    for address in addresses(someone):
        page = someone.open(address)
        assert page.read.title.startswith("What would clear this flag")
        if "Nothing small would clear it" in page.text:
            assert "Only if it is true" not in page.text
            continue
        found += 1
        assert "Only if it is true." in page.text
        assert re.search(r"If “.+” were .+ \(now: .+\)", page.text)
    assert found


def test_an_answer_given_as_it_says_clears_the_flag(someone: Person, product: Flask) -> None:
    site = site_of(product)
    with read(site.engine) as conn:
        actor = persona_of(conn, "lead")
        looked = open_project(conn, actor, site.catalogues, "FP-0001", today())
    given, proven = answers(looked.opened.sheet), 0
    for address in addresses(someone):
        flag = address.split("/")[-2]
        for section in someone.open(address).html.split('<section class="fp-flag"')[1:]:
            if "were “No” (now: Yes), this would be clear" not in section:
                continue
            (asked,) = re.findall(r'href="[^"#]*#([^"]*)"', section.split("</section>")[0])
            after = facts(looked.facts.program, {**given, asked: "no"}, looked.facts.on)
            assert outcomes(looked.facts)[flag] is Result.RAISED
            assert outcomes(after)[flag] is Result.CLEAR
            proven += 1
    assert proven


def test_from_there_one_click_leads_to_the_question(someone: Person) -> None:
    pages = map(someone.open, addresses(someone)[:4])
    links = [link for page in pages if (link := page.find("Go to this question"))]
    assert links
    for link in links:
        anchor = link.url.partition("#")[2]
        assert not anchor or f'id="{anchor}"' in someone.open(link.url).html


def test_it_says_who_answers_a_question_that_is_not_theirs(someone: Person) -> None:
    someone.be("signatory")
    texts = [someone.open(address).text for address in addresses(someone)]
    assert any("Answered by: " in text for text in texts)


def test_other_flags_that_it_would_raise_are_named(someone: Person) -> None:
    texts = " ".join(someone.open(address).text for address in addresses(someone))
    assert "But it would raise “" in texts
    assert "No other flag would change." in texts


@pytest.mark.parametrize(("role", "sees"), [("lead", False), ("dpo", True)])
def test_a_restricted_answer_is_not_told_to_those_who_may_not_see_it(
    someone: Person, product: Flask, monkeypatch: pytest.MonkeyPatch, role: str, *, sees: bool
) -> None:
    program = site_of(product).catalogues.newest().catalogue.program
    question = program.questions["data.quality_known_issue"]
    restricted = question.model_copy(update={"restricted": True})
    monkeypatch.setitem(program.questions, question.id, restricted)
    someone.be(role)
    page = someone.open(f"{REPORT}/R50/clear")
    assert ("were “No” (now: Yes)" in page.text) is sees
    assert ("Some of what this flag rests on is restricted" in page.text) is not sees


def test_where_the_bound_was_reached_it_says_how_much_was_tried(
    bounded: Flask,
) -> None:
    someone = Person(bounded, bounded.test_client())
    page = someone.open(addresses(someone)[0])
    assert "Nothing was found among 0 sets of other answers" in page.text
    assert page.find("See the answers behind it")


def test_a_flag_that_is_not_raised_is_not_found(someone: Person) -> None:
    someone.open("/")
    for flag in ("R00", "<script>", "..%2f.."):
        someone.open(f"{REPORT}/{flag}/clear", 404)


def test_nothing_is_shown_of_a_project_of_others(someone: Person) -> None:
    someone.open("/")
    someone.open("/projects/FP-9999/report/R46/clear", 404)


def test_it_takes_as_many_statements_as_the_report_and_writes_nothing(
    someone: Person, product: Flask
) -> None:
    address = addresses(someone)[0]
    with statements(site_of(product).engine) as report:
        someone.open(REPORT)
    with statements(site_of(product).engine) as sent:
        someone.open(address)
    assert len(sent) == len(report)
    assert all(each.lstrip().startswith("SELECT") for each in sent)


def test_the_foot_of_the_page_is_that_of_every_page(someone: Person) -> None:
    foot = someone.open(REPORT).html.split("<footer")[1]
    assert someone.open(addresses(someone)[0]).html.split("<footer")[1] == foot
