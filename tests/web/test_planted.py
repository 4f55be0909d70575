"""Texts that would run if anything ran them, planted in every text of the definitions, stay texts."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from app import strict_yaml
from app.catalogue import compile_catalogue, read_files
from app.schema import schemas
from app.settings import Settings, content_root
from app.wsgi import create_app
from tests.browser.looking import pattern
from tests.web.conftest import Person

SUM = "13" * 4  # what {{...}} would come to, if anything worked it out
RUN = "<script>alert(1)</script> <img src=x onerror=alert(2)> (a+)+$ __import__('os')"
PLANT = f"{{{{{SUM}-0}}}} {RUN}"
LONGEST_TEXT = 20_000
ELSEWHERE = {"raised_by", "not_by", "answers", "suggest", "names", "advice", "gives", "checked"}
LABELS = {"options", "likelihood", "severity", "ratings", "prompts", "readers"}
"""Keys below which every text is one that people read."""
LISTED = {"bullets", "header"}
TITLED = {"row", "fields"}  # of which the keys are read as well
CODE = "'\"><script>alert(1)</script>"  # an option's


def text_keys() -> set[str]:
    """The keys that hold a text in every model that has them."""
    texts: set[str] = set()
    others: set[str] = set()
    for schema in schemas().values():
        for model in (schema, *schema["$defs"].values()):
            for key, each in model.get("properties", {}).items():
                forms = each.get("anyOf", [each])
                strings = [form for form in forms if form.get("type") == "string"]
                plain = all(form.get("maxLength") == LONGEST_TEXT for form in strings)
                if strings:
                    (texts if plain else others).add(key)
    return texts - others


TEXTS = text_keys()


def planted(value: Any, key: str = "", *, reads: bool = False) -> Any:
    """The same definitions with the plant at the end of every text."""
    if key in ELSEWHERE:
        return value
    if isinstance(value, dict):
        inner = key in LABELS
        titled = f" {PLANT}" if key in TITLED else ""
        found = {name + titled: planted(each, name, reads=inner) for name, each in value.items()}
        if value.get("type") == "multi" and "options" in value:
            found["options"][CODE] = PLANT
        return found
    if isinstance(value, list):
        return [planted(each, key, reads=reads) for each in value]
    if isinstance(value, str) and (reads or key in TEXTS | LISTED):
        return f"{value} {PLANT}"
    return value


def plant_all(folder: Path) -> int:
    """Write the planted definitions; how many texts have the plant."""
    root = content_root()
    shutil.copytree(root / "questionnaires" / "samples", folder / "questionnaires" / "samples")
    count = 0
    for name, content in read_files(root).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".yaml"):
            text = json.dumps(
                planted(strict_yaml.parse(content).value), ensure_ascii=False, indent=0
            )
            count += text.count("__import__")
            path.write_text(text, encoding="utf-8")
        else:
            path.write_bytes(content)
    return count


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    assert plant_all(folder) > 5_000
    compile_catalogue(read_files(folder))
    return folder


@pytest.fixture(scope="module")
def product(folder: Path) -> Flask:
    """A demonstration with these definitions."""
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=folder,
        database_url=f"sqlite:///{folder / 'fingerpost.sqlite3'}",
        trusted_hosts=("localhost",),
    )
    app = create_app(settings, demonstration=True)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def wander(person: Person, start: list[str], most: int) -> Iterator[tuple[str, Any]]:
    """Every kind of page that links lead to, a few of each."""
    waiting, seen, kinds = list(start), set(start), dict[str, int]()
    while waiting and len(seen) < 5_000 and most:
        path = waiting.pop(0)
        kind = pattern(path)
        if kinds.setdefault(kind, 0) >= 2:
            continue
        kinds[kind] += 1
        most -= 1
        answer = person.client.get(path, follow_redirects=True)
        yield path, answer
        if answer.mimetype != "text/html":
            continue
        for url in re.findall(r'(?:href|src)="(/[^"#]*)', answer.text):
            plain = unescape(url)
            if plain not in seen and not plain.startswith("/static/"):
                seen.add(plain)
                waiting.append(plain)


def check_page(person: Person, path: str, answer: Any) -> bool:
    """Look at a page; whether it shows the plant."""
    assert answer.status_code < 500, path
    if answer.mimetype != "text/html":
        return False
    html = answer.text
    person._look(answer, path, answer.status_code)  # no script, no handler, no style of its own
    assert "<script>alert" not in html, path
    assert CODE not in html, path
    assert "<img src=x" not in html, path
    assert f"{{{{{SUM}-0}}}}" in html or SUM not in html, path
    return "__import__" in html or "alert(1)" in html


@pytest.mark.parametrize(
    ("role", "start", "least"),
    [
        ("lead", ["/", "/projects", "/projects/FP-0001", "/projects/FP-0002"], 40),
        ("dpo", ["/queue", "/projects/FP-0001", "/projects/FP-0003"], 15),
        ("signatory", ["/organisations", "/projects/FP-0002"], 10),
        ("editor", ["/definitions"], 3),
    ],
)
def test_every_page_shows_a_planted_text_as_text(
    product: Flask, role: str, start: list[str], least: int
) -> None:
    person = Person(product, product.test_client()).be(role)
    shown = [check_page(person, *found) for found in wander(person, start, 150)]
    assert sum(shown) >= least, (len(shown), sum(shown))


def test_every_file_holds_a_planted_text_as_text(product: Flask) -> None:
    person = Person(product, product.test_client()).be("lead")
    files = 0
    for reference in ("FP-0001", "FP-0002", "FP-0003"):
        page = person.open(f"/projects/{reference}")
        for url in sorted(set(re.findall(rf"/projects/{reference}/documents/(\w+)", page.html))):
            opened = person.client.get(f"/projects/{reference}/documents/{url}")
            for link in re.findall(r'href="(/[^"]+\.(?:docx|csv))"', opened.text):
                files += check_file(link, person.client.get(link).data)
    assert files > 12


def check_file(name: str, content: bytes) -> bool:
    """Look into a file that was written; whether it holds the plant."""
    if name.endswith(".csv"):
        text = content.decode("utf-8-sig")
    else:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = [archive.read(each) for each in archive.namelist() if each.endswith(".xml")]
        text = "".join("".join(ET.fromstring(part).itertext()) for part in parts)  # noqa: S314 - our own
        assert b"<script>" not in b"".join(parts)
    assert f"{{{{{SUM}-0}}}}" in text or SUM not in text, name
    return "<script>alert(1)</script>" in text
