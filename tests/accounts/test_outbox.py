"""An email is sent once or not at all, however often it is asked for and whoever dies on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.actions.mail import outbox
from app.actions.mail.outbox import Mail, NotKnown, NotSent, post_letter, send_next
from app.catalogue import BadDefinitions
from app.catalogue.letters import Letter, Written, own_letters, read_letters, write_letter
from app.store.accounts import mail
from app.store.database import read, write

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LETTER = Written("reset", "A new password", "Open https://x.example/secret")


class Died(RuntimeError):
    """The worker is gone."""


@dataclass
class Postman:
    """A carrier that does as it is told."""

    does: list[Exception | None] = field(default_factory=list)
    knows: bool | Exception | None = None
    sent: list[Mail] = field(default_factory=list)

    def send(self, one: Mail) -> str:
        told = self.does.pop(0) if self.does else None
        if not isinstance(told, NotSent):
            self.sent.append(one)
        if told is not None:
            raise told
        return "reference"

    def has_taken(self, one: Mail) -> bool | None:
        del one
        if isinstance(self.knows, Exception):
            raise self.knows
        return self.knows


def ask(engine: Engine, about: str = "a") -> None:
    with write(engine) as conn:
        post_letter(conn, "ann@carnmere.example", LETTER, about, NOW)


def row(engine: Engine) -> Any:
    with read(engine) as conn:
        return conn.execute(select(mail)).one()


def test_asked_for_twice_it_is_sent_once(engine: Engine) -> None:
    ask(engine)
    ask(engine)
    postman = Postman()
    assert [send_next(engine, postman, NOW) for _ in range(3)] == [True, False, False]
    assert [(one.recipient, one.subject) for one in postman.sent] == [
        ("ann@carnmere.example", "A new password")
    ]
    assert (row(engine).state, row(engine).reference) == (outbox.SENT, "reference")


def test_what_was_sent_is_not_kept_word_for_word(engine: Engine) -> None:
    ask(engine)
    send_next(engine, Postman(), NOW)
    assert row(engine).body == ""


def test_about_something_else_it_is_another_one(engine: Engine) -> None:
    ask(engine)
    ask(engine, "b")
    postman = Postman()
    while send_next(engine, postman, NOW):
        pass
    assert len(postman.sent) == 2


def test_waits_grow_and_end(engine: Engine) -> None:
    ask(engine)
    postman = Postman(does=[NotSent("away")] * 20)
    at, waited = NOW, []
    while row(engine).state == outbox.WAITING:
        assert send_next(engine, postman, at)
        waited.append(row(engine).due_at - at)
        assert not send_next(engine, postman, at), "it is not due yet"
        at = row(engine).due_at
    assert waited == [*outbox.WAITS, timedelta()]
    assert waited[:-1] == sorted(waited[:-1])
    assert (row(engine).state, postman.sent) == (outbox.FAILED, [])


def test_refused_for_good_it_is_not_tried_again(engine: Engine) -> None:
    ask(engine)
    send_next(engine, Postman(does=[NotSent("no such address", for_good=True)]), NOW)
    assert (row(engine).state, row(engine).error) == (outbox.FAILED, "no such address")


def test_after_a_failure_it_still_goes_out_once(engine: Engine) -> None:
    ask(engine)
    postman = Postman(does=[NotSent("away")])
    send_next(engine, postman, NOW)
    send_next(engine, postman, NOW + timedelta(minutes=1))
    assert (len(postman.sent), row(engine).state) == (1, outbox.SENT)


LATER = NOW + outbox.ABANDONED_AFTER + timedelta(seconds=1)


@pytest.mark.parametrize("end", [Died(), NotKnown("the line broke")])
@pytest.mark.parametrize(
    ("knows", "state", "times"),
    [
        (True, outbox.SENT, 1),
        (None, outbox.UNSURE, 1),
        (NotKnown("away"), outbox.SENDING, 1),
        (False, outbox.SENT, 2),  # the carrier says it never had it: this is the first
    ],
)
def test_between_sending_and_marking_nobody_sends_it_again_unasked(
    engine: Engine, end: Exception, knows: bool | Exception | None, state: str, times: int
) -> None:
    ask(engine)
    postman = Postman(does=[end], knows=knows)
    if isinstance(end, Died):
        with pytest.raises(Died):
            send_next(engine, postman, NOW)
    else:
        send_next(engine, postman, NOW)
    assert not send_next(engine, postman, NOW + timedelta(minutes=1)), "another may be at it"
    assert send_next(engine, postman, LATER)
    assert (row(engine).state, len(postman.sent)) == (state, times)


# Letters


def test_every_shipped_letter_can_be_read(repository: Path) -> None:
    assert set(read_letters(repository)) >= {
        "invitation",
        "added",
        "reset",
        "changed",
        "passed",
        "joined",
    }


def test_a_letter_with_a_gap_is_not_written() -> None:
    letter = Letter(id="a", subject="For {name}", text="Hello {name}, {more}")
    with pytest.raises(KeyError):
        write_letter(letter, {"name": "Ann"})


def test_a_name_neither_breaks_the_subject_nor_is_filled_in_again() -> None:
    letter = Letter(id="a", subject="For {name}", text="Hello {name}")
    written = write_letter(letter, {"name": "Ann\r\nBcc: all@x.example {name}"})
    assert written.subject == "For Ann Bcc: all@x.example {name}"


def own(folder: Path, text: str) -> Path:
    (folder / "outputs" / "letters").mkdir(parents=True)
    (folder / "outputs" / "letters" / "ours.yaml").write_text(text)
    return folder


def test_an_installation_may_write_letters_of_its_own(repository: Path, tmp_path: Path) -> None:
    text = "letters: [{id: reset, subject: Password, text: 'Dear {name}, {link}'}]\n"
    letters = own_letters(repository, own(tmp_path, text))
    assert letters["reset"].subject == "Password"
    assert letters["invitation"] == read_letters(repository)["invitation"]
    assert own_letters(repository, repository) == read_letters(repository)


def test_a_letter_of_ones_own_that_would_have_a_gap_is_told_of(
    repository: Path, tmp_path: Path
) -> None:
    text = (
        "letters: [{id: reset, subject: x, text: '{password}'}, {id: hello, subject: x, text: y}]\n"
    )
    with pytest.raises(BadDefinitions) as raised:
        own_letters(repository, own(tmp_path, text))
    assert raised.value.lines == [
        "reset: nothing is filled in for {password}",
        "there is no letter hello",
    ]


def test_faults_of_letters_are_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "letters"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("letters: [{id: a, subject: x, text: y, more: z}, {id: 7}]\n")
    with pytest.raises(BadDefinitions) as raised:
        read_letters(tmp_path)
    places = [line.partition(": ")[0] for line in raised.value.lines]
    assert places == [f"outputs/letters/a.yaml:1:{n}" for n in (40, 50, 51)]
