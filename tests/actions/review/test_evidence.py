"""What is kept is looked through: whatever somebody changed behind the program's back is named."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from app.actions.files import keep_file, look_at_file
from app.actions.review.acts import Document, NewAct, record_act
from app.actions.review.evidence import Evidence, compare, look_through
from app.store.database import read, write
from tests.actions.conftest import SEEDED_AT, Demonstration
from tests.brought import pdf

ONE = "FP-0001"
OF_ONE = "project_id = (SELECT id FROM project WHERE reference = 'FP-0001')"


@pytest.fixture
def engine(demonstration: Demonstration) -> Engine:
    """The demonstration with a signed document and a file, and nothing that refuses a change."""
    lead = demonstration.people["lead"]
    with write(demonstration.engine) as conn:
        signed = NewAct("signature", "dpia", SEEDED_AT, document=Document("dpia.docx", b"Signed"))
        record_act(conn, lead, ONE, signed)
        keep_file(conn, lead, ONE, "share.flow_file", look_at_file("a.pdf", pdf()), SEEDED_AT)
        found = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in found.scalars().all():
            conn.execute(text(f'DROP TRIGGER "{name}"'))
    return demonstration.engine


def looked(engine: Engine) -> Evidence:
    with read(engine) as conn:
        return look_through(conn)


def test_all_is_as_it_was_written_and_is_counted(engine: Engine) -> None:
    evidence = looked(engine)
    assert evidence.faults == ()
    assert evidence.counted["projects"] == len(evidence.chains) > 1
    assert evidence.counted["acts"] == sum(map(len, evidence.chains.values())) > 3
    assert evidence.counted["releases"] == evidence.counted["files"] == 1
    assert evidence.counted["documents"] >= 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE act SET who = 'Somebody' WHERE seq = 2 AND OF_ONE", "FP-0001, act 2: it says"),
        ("UPDATE act SET role = 'dpo' WHERE seq = 1 AND OF_ONE", "FP-0001, act 1: it says"),
        ("UPDATE act SET hash = previous_hash WHERE seq = 1 AND OF_ONE", "act 2: it was written"),
        ("DELETE FROM act WHERE seq = 2 AND OF_ONE", "act 3: an act before it is missing"),
        ("DELETE FROM act WHERE seq > 1 AND OF_ONE", "FP-0001: its list of acts"),
        ("UPDATE project SET acts = '[]' WHERE reference = 'FP-0001'", "FP-0001: its list of acts"),
        ("UPDATE document SET content = x'00' WHERE name = 'dpia.docx'", "document dpia.docx ("),
        ("DELETE FROM document WHERE name = 'dpia.docx'", "the document that it names"),
        ("UPDATE file SET content = x'00'", "FP-0001, file a.pdf: its bytes"),
        ("UPDATE release_file SET path = path || 'x'", "release 1: its files"),
    ],
)
def test_whatever_was_changed_is_named(engine: Engine, change: str, told: str) -> None:
    with write(engine) as conn:
        conn.execute(text("PRAGMA defer_foreign_keys = ON"))
        assert conn.execute(text(change.replace("OF_ONE", OF_ONE))).rowcount
        faults = look_through(conn).faults
        conn.rollback()
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ((0, ""), None),
        ((1, "{first}"), None),
        ((1, "0" * 64), "act 1, or one before it, is not the one that was there"),
        ((999, "{first}"), "999 acts were there, now"),
    ],
    ids=["nothing yet", "the same", "another", "fewer"],
)
def test_marks_that_were_noted_elsewhere_tell_of_a_chain_that_was_worked_out_anew(
    engine: Engine, mark: tuple[int, str], told: str | None
) -> None:
    evidence = looked(engine)
    number, hashed = mark
    found = compare(evidence, {ONE: (number, hashed.format(first=evidence.chains[ONE][0]))})
    assert bool(found) == (told is not None)
    assert told is None or told in found[0]


def test_a_project_that_is_gone_is_told(engine: Engine) -> None:
    assert compare(looked(engine), {"FP-9999": (1, "x")}) == ("FP-9999: the project is gone",)
