"""Accounts as a whole: what they cost a page, what they load, and an invitation from end to end."""

from __future__ import annotations

import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app.cli import main
from app.settings import Settings
from app.store.accounts import sign_in
from app.wsgi import create_app
from tests.accounts.conftest import BETTER, Clock, House
from tests.web.conftest import statements
from tests.web.test_start import WEIGHTY

QUIET = """
import sys
from app.settings import Settings
from app.wsgi import create_app
settings = Settings("only-for-tests-0123456789-abcdefghijkl", database_url="sqlite:///{file}")
create_app(settings, demonstration=True)
loaded = {{name.partition(".")[0] for name in sys.modules}}
print(sorted(loaded & {{"flask_security", "argon2", "passlib", "authlib", "zxcvbn", "qrcode", "requests"}}))
"""


def test_a_demonstration_loads_nothing_of_signing_in(tmp_path: Path) -> None:
    program = QUIET.format(file=tmp_path / "demo.sqlite3")
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_saving_a_page_signed_in_takes_four_statements(house: House) -> None:
    email = f"{uuid4().hex[:12]}@x.example"
    house.person(email, house.organisation(f"Carnmere {uuid4().hex}"), "lead")
    visitor = house.visitor().sign_in(email)
    visitor.open("/start/new")
    visitor.post("/start/new", **WEIGHTY)
    page = "/".join(visitor.page.path.split("/")[:3]) + "/idea/motivate"
    visitor.open(page)
    question = next(f for f in visitor.page.read.inputs if f["type"] == "textarea")["name"]
    data = {**visitor.page.read.hidden, question: "Because.", "go": "on"}
    with statements(house.engine) as sent:
        assert visitor.client.post(page, data=data).status_code == 302
    assert len(sent) <= 4, sent
    with statements(house.engine) as sent:
        assert visitor.client.get(page).status_code == 200
    assert len(sent) <= 2, sent


def test_a_system_administrator_comes_to_an_organisations_people(house: House) -> None:
    email = f"{uuid4().hex[:12]}@x.example"
    where = house.organisation(f"Carnmere {uuid4().hex}")
    house.person(email, house.organisation(f"LOTI {uuid4().hex}"), "system")
    visitor = house.visitor().sign_in(email)
    visitor.set_up()
    visitor.open(f"/organisations/{where}")
    assert visitor.follow("Its people here").path == f"/people/{where}"


def test_the_first_person_begins_as_administrator_of_the_whole_service(house: House) -> None:
    email = f"{uuid4().hex[:12]}@x.example"
    house.person(email, house.organisation(f"LOTI {uuid4().hex}"), "administrator", "system")
    visitor = house.visitor().sign_in(email)
    assert "otpauth://totp/" in visitor.page.html, "a telephone cannot read a picture on itself"
    visitor.set_up()
    assert "System administrator, LOTI" in visitor.open("/account").text
    visitor.open("/people/e-mails")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, house: House, tmp_path: Path) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", str(house.engine.url))
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-0123456789-abcdefghijkl")
    monkeypatch.setenv("MAIL_FOLDER", str(tmp_path / "mail"))
    return CliRunner()


def test_an_invitation_is_mailed_by_the_worker_and_lets_its_reader_in(
    house: House, terminal: CliRunner, tmp_path: Path
) -> None:
    boss, email = (f"{uuid4().hex[:12]}@x.example" for _ in range(2))
    where = house.organisation(f"Carnmere {uuid4().hex}")
    house.person(boss, where, "administrator")
    admin = house.visitor().sign_in(boss)
    admin.set_up()
    admin.open(f"/people/{where}/invite")
    # The worker's clock is the machine's own.
    house.clock.on(seconds=-120)
    admin.send(name="Zoë Birch", email=email, roles=["lead"])
    for _ in range(2):
        assert terminal.invoke(main, ["work", "--once"]).exit_code == 0
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in (tmp_path / "mail").glob("*.eml")
    ]
    (mine,) = [one for one in mails if one["To"] == email]
    body = mine.get_content()
    assert "Hello Zoë Birch" in body
    assert "as project lead" in body
    link = re.search(r"http://localhost(/welcome/\S+)", body)
    assert link
    reader = house.visitor()
    reader.open(link[1])
    reader.send(name="Zoë Birch", password=BETTER)
    reader.sign_in(email, BETTER)
    assert "Zoë Birch" in reader.open("/account").text


def test_people_sign_in_and_work_on_both_databases(url: str, repository: Path) -> None:
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=repository,
        database_url=url,
        trusted_hosts=("localhost",),
        base_url="http://localhost",
    )
    house = House(create_app(settings), Clock())
    where = house.organisation("Carnmere")
    house.person("lead@x.example", where, "lead")
    house.person("dpo@x.example", where, "dpo")
    lead = house.visitor().sign_in("lead@x.example")
    lead.open("/start/new")
    lead.post("/start/new", **WEIGHTY)
    project = "/".join(lead.page.path.split("/")[:3])
    house.visitor().sign_in("lead@x.example", "wrong", 401)
    dpo = house.visitor().sign_in("dpo@x.example")
    dpo.secret = dpo.page.read.hidden["secret"][0]
    dpo.send(code=str(dpo.totp().generate().token))
    dpo.open(f"{project}/advice")
    dpo.post(f"{project}/advice", advice="Go ahead.", proceed="go")
    dpo.post(f"{project}/advice/send", read="advice")
    assert "Go ahead." in lead.open(f"{project}/advice").text
    with house.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(sign_in)) == 3
    house.engine.dispose()
