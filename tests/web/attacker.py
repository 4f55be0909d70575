"""Somebody hostile at a browser, and every address they can try."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.settings import Settings

AT = "/projects/FP-0001"
ROWS = f"{AT}/idea/discover/idea.problems"
PAGE = f"{AT}/idea/motivate"
TABLES = ("answer_event", "act", "assignment", "project", "sheet", "document", "job")
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{7*7}} R&D </textarea><b>"


def settings(folder: Path, repository: Path) -> Settings:
    return Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=repository,
        database_url=f"sqlite:///{folder / 'fingerpost.sqlite3'}",
        trusted_hosts=("localhost",),
    )


@dataclass
class Attacker:
    """Somebody who sends what no page of ours would."""

    app: Flask
    client: FlaskClient

    def be(self, role: str) -> "Attacker":
        self.client.get("/", follow_redirects=True)
        self.post("/demo/persona", persona=role, next="/")
        return self

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/about").text)
        assert found
        return found[1]

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send these fields with a token that is good."""
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def save(self, path: str, seen: int | str = 0, **fields: Any) -> TestResponse:
        """Send answers as their page would."""
        shown = [f"{name}={seen}" for name in fields]
        return self.post(path, release=self.release, seen=shown, **fields)

    @property
    def release(self) -> str:
        found = re.search(r'name="release" value="([^"]+)"', self.client.get(PAGE).text)
        assert found
        return found[1]

    def kept(self) -> tuple[int, ...]:
        """How many rows each table has."""
        with self.app.extensions["fingerpost"].engine.connect() as conn:
            return tuple(
                conn.execute(text(f"select count(*) from {table}")).scalar_one()  # noqa: S608
                for table in TABLES
            )

    def version(self, address: str) -> int:
        with self.app.extensions["fingerpost"].engine.connect() as conn:
            newest = text("select max(version) from answer_event where address = :address")
            return conn.execute(newest, {"address": address}).scalar() or 0


def gets(app: Flask, **values: str) -> Iterator[str]:
    """The address of every route that is read."""
    known = {
        "reference": "FP-0001",
        "stage": "dpia",
        "questionnaire": "idea",
        "page": "discover",
        "question": "idea.problems",
        "row": "1",
        "output": "dpia",
        "flag": "R27",
        "door": "new",
        "filename": "build/manifest.json",
        "number": "1",
        "organisation": "00000000-0000-0000-0000-000000000000",
        "person": "00000000-0000-0000-0000-000000000000",
        "token": "x",
        "draft_id": "00000000-0000-0000-0000-000000000000",
        "preview_id": "00000000-0000-0000-0000-000000000000",
        "walk_ref": "W-0.lead",
        "kind": "question",
        "id_": "data.special",
        "code": "health",
        "within": "concept_review/about-people",
        "path": "questionnaires/dpia.yaml",
        "hashed": "0",
        "what": "found",
        "other": "1",
        "seq": "1",
        "rule": "R17",
        **values,
    }
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def posts(app: Flask) -> Iterator[str]:
    """The address of every route that writes."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            path = re.sub(r"<int:[^>]*>", "1", rule.rule.replace("<reference>", "FP-0001"))
            yield re.sub(r"<[^>]*>", "x", path)
