"""The ways emails leave: a folder, a mail server, GOV.UK Notify; each against one of our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.actions.mail.carriers import Folder, Notify, Smtp, carrier_of
from app.actions.mail.outbox import Carrier, Mail, NotKnown, NotSent
from app.settings import Settings

ONE = Mail(UUID(int=7), "ann@carnmere.example", "Zoë’s news", "Grüße\nfrom here\n.\nend\n", 1)
SERVICE, KEY = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
SECRET = f"tests-{SERVICE}-{KEY}"


def read_back(raw: bytes) -> tuple[str, str, str]:
    said = message_from_bytes(raw, policy=policy.default)
    body = said.get_content()
    return said["To"], said["Subject"], body.replace("\r\n", "\n")


def test_a_folder_holds_each_e_mail_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail", "Fingerpost <no-reply@x.example>")
    assert not folder.has_taken(ONE)
    assert folder.send(ONE) == folder.send(ONE) == f"{ONE.id}.eml"
    assert folder.has_taken(ONE)
    (file,) = (tmp_path / "mail").iterdir()
    assert read_back(file.read_bytes()) == (ONE.recipient, ONE.subject, ONE.body)


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(NotSent) as refused:
        Folder(tmp_path / "mail", "a@x.example").send(ONE)
    assert not refused.value.for_good


@pytest.mark.parametrize("address", ["a@x.example\r\nBcc: all@x.example", "a@x.example\nX: y"])
def test_an_address_writes_no_header_of_its_own(tmp_path: Path, address: str) -> None:
    one = Mail(ONE.id, address, "x", "y", 1)
    with pytest.raises(NotSent) as refused:
        Folder(tmp_path, "a@x.example").send(one)
    assert refused.value.for_good
    assert list(tmp_path.iterdir()) == []


# A mail server


class MailServer(socketserver.StreamRequestHandler):
    """As much of a mail server as is needed, with one answer to each of its questions."""

    says: dict[str, str]
    got: list[bytes]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].strip().upper().decode()
            answer = self.says.get(
                verb, {"DATA": "354 go on", "EHLO": "250 here"}.get(verb, "250 yes")
            )
            if answer == "hang up":
                return
            self.wfile.write(answer.encode() + b"\r\n")
            if verb == "DATA" and answer.startswith("354") and not self._take():
                return

    def _take(self) -> bool:
        lines = iter(self.rfile.readline, b".\r\n")
        self.got.append(b"".join(line.removeprefix(b".") for line in lines))
        if self.says.get("END") == "hang up":
            return False
        self.wfile.write(self.says.get("END", "250 taken").encode() + b"\r\n")
        return True


@contextmanager
def served(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server(**says: str) -> Iterator[tuple[Smtp, list[bytes]]]:
    got: list[bytes] = []
    handler = type("Handler", (MailServer,), {"says": says, "got": got})
    with served(socketserver.TCPServer(("127.0.0.1", 0), handler)) as port:
        yield Smtp(f"smtp://127.0.0.1:{port}", "Fingerpost <no-reply@x.example>"), got


def test_a_mail_server_gets_the_whole_letter() -> None:
    with mail_server() as (smtp, got):
        smtp.send(ONE)
    assert [read_back(each) for each in got] == [(ONE.recipient, ONE.subject, ONE.body)]


@pytest.mark.parametrize(
    ("says", "for_good"),
    [
        ({"RCPT": "550 nobody here"}, True),
        ({"RCPT": "451 try later"}, False),
        ({"MAIL": "421 busy"}, False),
        ({"DATA": "554 no"}, True),
        ({"END": "452 full"}, False),
    ],
)
def test_what_a_mail_server_refuses_was_not_sent(says: dict[str, str], for_good: bool) -> None:
    with mail_server(**says) as (smtp, _), pytest.raises(NotSent) as refused:
        smtp.send(ONE)
    assert refused.value.for_good is for_good


def test_a_mail_server_that_hangs_up_at_the_end_may_have_taken_it() -> None:
    with mail_server(END="hang up") as (smtp, got), pytest.raises(NotKnown):
        smtp.send(ONE)
    assert len(got) == 1
    asked: Carrier = smtp
    assert asked.has_taken(ONE) is None


def test_a_mail_server_that_is_away_is_tried_again() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), MailServer, bind_and_activate=False) as away:
        away.server_bind()  # the port is nobody else's meanwhile, and nobody listens there
        port = away.server_address[1]
        with pytest.raises(NotSent) as refused:
            Smtp(f"smtp://127.0.0.1:{port}", "a@x.example").send(ONE)
    assert not refused.value.for_good


def test_a_password_is_not_sent_in_the_clear() -> None:
    with mail_server(EHLO="250 AUTH PLAIN LOGIN") as (smtp, got):
        secret = Smtp(smtp.url.replace("//", "//ann:secret@"), smtp.sender)
        with pytest.raises(NotSent, match="no TLS"):
            secret.send(ONE)
    assert got == []


# GOV.UK Notify


class NotifyServer(BaseHTTPRequestHandler):
    """As much of Notify as is needed."""

    status: int
    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append({**said, "by": self.headers["Authorization"]})
        self._answer({"id": "n1"} if self.status == 201 else {"errors": [{"error": "BadRequest"}]})

    def do_GET(self) -> None:
        found = [each for each in self.taken if each["reference"] in self.path]
        self._answer({"notifications": found})

    def _answer(self, said: object) -> None:
        raw = json.dumps(said).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def notify_server(status: int) -> Iterator[tuple[Notify, list[dict[str, Any]]]]:
    taken: list[dict[str, Any]] = []
    handler = type("Handler", (NotifyServer,), {"status": status, "taken": taken})
    with served(HTTPServer(("127.0.0.1", 0), handler)) as port:
        yield Notify(SECRET, "the-template", f"http://127.0.0.1:{port}"), taken


def test_notify_gets_the_letter_signed_with_the_key() -> None:
    with notify_server(201) as (notify, taken):
        assert notify.send(ONE) == "n1"
    (got,) = taken
    assert got["email_address"] == ONE.recipient
    assert got["personalisation"] == {"subject": ONE.subject, "body": ONE.body}
    assert (got["template_id"], got["reference"]) == ("the-template", str(ONE.id))
    head, said, signed = got["by"].removeprefix("Bearer ").split(".")
    expected = hmac.new(KEY.encode(), f"{head}.{said}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signed + "==") == expected
    assert json.loads(base64.urlsafe_b64decode(said + "=="))["iss"] == SERVICE


def test_notify_says_whether_it_has_a_letter() -> None:
    with notify_server(200) as (notify, taken):
        assert not notify.has_taken(ONE)
        taken.append({"reference": str(ONE.id)})
        assert notify.has_taken(ONE)


@pytest.mark.parametrize(
    ("status", "fault", "for_good"),
    [
        (400, NotSent, True),
        (403, NotSent, False),
        (429, NotSent, False),
        (500, NotKnown, None),
        (503, NotKnown, None),
    ],
)
def test_what_notify_refuses(status: int, fault: type[Exception], for_good: bool | None) -> None:
    with notify_server(status) as (notify, _), pytest.raises(fault) as refused:
        notify.send(ONE)
    assert getattr(refused.value, "for_good", None) is for_good


def test_the_settings_choose_the_way() -> None:
    secret = "only-for-tests-0123456789-abcdefghijkl"  # noqa: S105
    assert isinstance(carrier_of(Settings(secret)), Folder)
    assert isinstance(carrier_of(Settings(secret, smtp_url="smtp://x.example")), Smtp)
    both = Settings(secret, smtp_url="smtp://x.example", notify_key=SECRET)
    assert isinstance(carrier_of(both), Notify)
    assert SECRET not in repr(both)
