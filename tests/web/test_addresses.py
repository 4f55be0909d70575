"""Addresses that name nothing are not found, kindly, whatever database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.wsgi import create_app
from tests.databases import BOTH, empty_postgres
from tests.web.attacker import AT, PAGE, settings


@pytest.fixture(scope="module", params=BOTH)
def product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Iterator[Flask]:
    """The demonstration on each database."""
    ours = settings(tmp_path_factory.mktemp("addresses"), repository)
    if request.param == "postgresql":
        ours = replace(ours, database_url=empty_postgres("migrated"))
    app = create_app(ours, demonstration=True)
    yield app
    app.extensions["fingerpost"].engine.dispose()


@pytest.fixture
def client(product: Flask) -> Iterator[FlaskClient]:
    with product.test_client() as client:
        client.get("/", follow_redirects=True)
        yield client


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}%00",
        "/projects/%00",
        f"{AT}%00/report",
        f"{PAGE}%00",
        f"{AT}/documents/dpia%00",
        f"{AT}/history?of=project.title%00",
        "/projects?stage=%00",
    ],
)
def test_a_nul_is_in_no_address(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "We cannot find that page" in answer.text


@pytest.mark.parametrize("ending", ["", ".docx"])
@pytest.mark.parametrize(
    ("stage", "status"),
    [("dpia", 200), ("sharing_agreement", 200), ("", 200), ("short_record", 404), ("x y<b>", 404)],
    ids=["its stage", "a later one", "none", "of another route", "no stage"],
)
def test_a_document_is_judged_at_a_stage_of_its_own_route_or_not_found(
    client: FlaskClient, ending: str, stage: str, status: int
) -> None:
    answer = client.get(f"{AT}/documents/dpia{ending}", query_string={"stage": stage})
    assert answer.status_code == status
    if status == 404:
        assert "We cannot find that page" in answer.text
        assert "<b>" not in answer.text
