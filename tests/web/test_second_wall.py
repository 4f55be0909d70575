"""The whole site on a PostgreSQL that shows each organisation its own: it works, and a hole shows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import make_url

from app.actions import answers
from app.actions.access.policy import Relation
from app.store import queries
from app.store.database import open_database
from app.wsgi import create_app
from tests.databases import administer, cluster
from tests.web.attacker import settings
from tests.web.matrix import Matrix, for_all, populate

pytestmark = pytest.mark.postgres
ROLES = ("lead", "dpo", "editor")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Matrix]:
    """The demonstration in a database that an ordinary role owns: who may do all sees all."""
    name = f"web_{uuid4().hex}"
    administer(f"CREATE ROLE {name} LOGIN PASSWORD 'only-for-tests'")
    administer(f"CREATE DATABASE {name} OWNER {name}")
    named = make_url(cluster()).set(database=name, username=name, password="only-for-tests")  # noqa: S106
    url = named.render_as_string(hide_password=False)
    given = settings(tmp_path_factory.mktemp("wall"), repository)
    app = create_app(replace(given, database_url=url), demonstration=True)
    yield _populated(app, url)
    app.extensions["fingerpost"].engine.dispose()


def _populated(app: Flask, url: str) -> Matrix:
    site = app.extensions["fingerpost"]
    of_all = open_database(url)
    app.extensions["fingerpost"] = replace(site, engine=of_all)
    try:
        return populate(app)
    finally:
        app.extensions["fingerpost"] = site
        of_all.dispose()


@pytest.mark.parametrize("relation", list(Relation))
def test_the_site_answers_there_as_the_policy_says(matrix: Matrix, relation: Relation) -> None:
    assert matrix.breaches(matrix.every([relation], ROLES)) == []


def test_a_statement_without_its_scope_finds_nothing_of_others_there(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PROJECT", for_all(queries.PROJECT))
    monkeypatch.setattr(answers, "PROJECT_TO_WRITE", for_all(queries.PROJECT_TO_WRITE))
    outside = (Relation.OTHER, Relation.SPONSOR, Relation.SPONSORED)
    assert matrix.breaches(matrix.every(outside, ROLES)) == []
