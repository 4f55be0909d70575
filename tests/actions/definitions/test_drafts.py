"""Drafts: what is kept of them, who may have them, and two editors of one file; on both databases."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.actions.actor import Actor
from app.actions.definitions.drafts import (
    Conflict,
    SavedFile,
    Typed,
    base_files,
    begin_draft,
    bring_back_draft,
    checked,
    close_published_draft,
    discard_draft,
    draft_file,
    draft_files,
    draft_history,
    list_drafts,
    move_draft,
    open_draft,
    remove_draft_file,
    restore_draft_file,
    save_draft_file,
)
from app.actions.errors import Full, NotAllowed, NotFound
from app.actions.organisations import add_organisation, add_person, take_in
from app.store.database import read, write
from app.store.drafts import Draft
from app.store.releases import Publication, keep_release
from tests.databases import NOW, World
from tests.kept import who_is

PATH = "rules/b.yaml"
LINES = b"title: One\nwhy: Two\nsource: Three\nhint: Four\nname: Five\n"


@dataclass(frozen=True)
class Loti:
    """Two editors, an officer, and a draft that the first has begun."""

    world: World
    eve: Actor
    fay: Actor
    dpo: Actor
    draft: UUID

    def save(self, actor: Actor, content: bytes, version: int, path: str = PATH) -> SavedFile:
        with write(self.world.engine) as conn:
            return save_draft_file(conn, actor, self.draft, Typed(path, content, version, NOW))

    def look(self) -> Draft:
        with read(self.world.engine) as conn:
            return open_draft(conn, self.eve, self.draft)

    def files(self) -> dict[str, bytes]:
        with read(self.world.engine) as conn:
            return draft_files(conn, open_draft(conn, self.eve, self.draft))

    def publish(self, files: dict[str, bytes], hashed: str) -> UUID:
        with write(self.world.engine) as conn:
            return keep_release(conn, Publication(files, hashed * 64, "LOTI", "", NOW)).id


@pytest.fixture
def loti(world: World) -> Loti:
    made = []
    with write(world.engine) as conn:
        keep_release(conn, Publication({PATH: LINES}, "1" * 64, "LOTI", "", NOW))
        home = add_organisation(conn, "LOTI", "other", NOW)
        for name, role in (("Eve", "editor"), ("Fay", "editor"), ("Dee", "dpo")):
            person = add_person(conn, name, f"{name}@loti.example", NOW)
            take_in(conn, person, home, role, NOW)
            found = who_is(conn, person)
            assert found
            made.append(found)
        draft = begin_draft(conn, made[0], "Spring wording", NOW)
    return Loti(world, made[0], made[1], made[2], draft)


def test_a_draft_begins_as_the_newest_release(loti: Loti) -> None:
    draft = loti.look()

    assert (draft.name, draft.base_number, draft.state, draft.who) == (
        "Spring wording",
        2,
        "open",
        "Eve",
    )
    assert loti.files() == {PATH: LINES}


def test_a_save_changes_the_draft_and_nothing_live(loti: Loti) -> None:
    saved = loti.save(loti.eve, b"new: 1\n", 1)

    assert loti.files() == {PATH: b"new: 1\n"}
    assert saved.draft == loti.look()
    with read(loti.world.engine) as conn:
        other = begin_draft_files(conn, loti)
    assert other == {PATH: LINES}


def begin_draft_files(conn: object, loti: Loti) -> dict[str, bytes]:
    with write(loti.world.engine) as writing:
        id_ = begin_draft(writing, loti.fay, "Another", NOW)
        return draft_files(writing, open_draft(writing, loti.fay, id_))


def test_a_new_file_is_in_the_draft_and_can_be_left_out_again(loti: Loti) -> None:
    loti.save(loti.eve, b"a: 1\n", 1, "outputs/new_one.yaml")
    assert set(loti.files()) == {PATH, "outputs/new_one.yaml"}

    with write(loti.world.engine) as conn:
        remove_draft_file(conn, loti.eve, loti.draft, "outputs/new_one.yaml", NOW)

    assert loti.files() == {PATH: LINES}


def test_what_is_saved_as_it_was_is_no_change(loti: Loti) -> None:
    saved = loti.save(loti.eve, LINES, 1)

    assert saved.draft.version == 1
    with read(loti.world.engine) as conn:
        assert draft_files(conn, saved.draft) == base_files(conn, saved.draft)


@pytest.mark.parametrize("first", ["eve", "fay"])
def test_two_editors_who_change_different_lines_both_keep_their_change(
    loti: Loti, first: str
) -> None:
    changes = {"eve": (b"One", b"Uno"), "fay": (b"Five", b"Cinque")}
    order = [first, *({"eve", "fay"} - {first})]
    saved = [loti.save(getattr(loti, name), LINES.replace(*changes[name]), 1) for name in order]

    assert [each.merged for each in saved] == [False, True]
    assert saved[1].content == LINES.replace(b"One", b"Uno").replace(b"Five", b"Cinque")
    assert loti.files()[PATH] == saved[1].content


def test_two_editors_who_change_the_same_line_are_told_and_both_texts_are_there(
    loti: Loti,
) -> None:
    loti.save(loti.eve, LINES.replace(b"One", b"Uno"), 1)
    with pytest.raises(Conflict) as told:
        loti.save(loti.fay, LINES.replace(b"One", b"Eins"), 1)

    assert told.value.theirs == LINES.replace(b"One", b"Uno")
    assert told.value.mine == LINES.replace(b"One", b"Eins")
    assert loti.files()[PATH] == told.value.theirs

    loti.save(loti.fay, told.value.mine, told.value.version)
    assert loti.files()[PATH] == told.value.mine
    with read(loti.world.engine) as conn:
        draft = loti.look()
        assert draft_file(conn, draft, PATH, 2) == told.value.theirs


def test_a_save_into_a_file_that_another_removed_is_told(loti: Loti) -> None:
    with write(loti.world.engine) as conn:
        remove_draft_file(conn, loti.eve, loti.draft, PATH, NOW)

    with pytest.raises(Conflict) as told:
        loti.save(loti.fay, LINES + b"more: 1\n", 1)
    assert told.value.theirs is None


def test_saves_at_the_same_time_lose_nothing(loti: Loti) -> None:
    words = [b"One", b"Three", b"Five"]
    faults: list[Exception] = []

    def save(word: bytes) -> None:
        try:
            loti.save(loti.eve, LINES.replace(word, word.upper()), 1)
        except Conflict as fault:
            faults.append(fault)

    threads = [threading.Thread(target=save, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert loti.files()[PATH] == LINES.replace(b"One", b"ONE").replace(b"Three", b"THREE").replace(
        b"Five", b"FIVE"
    )
    assert loti.look().version == 4


def test_every_save_is_in_the_history_and_can_be_brought_back(loti: Loti) -> None:
    later = NOW + timedelta(minutes=5)
    loti.save(loti.eve, b"second: 2\n", 1)
    loti.save(loti.fay, b"third: 3\n", 2)

    with write(loti.world.engine) as conn:
        restore_draft_file(conn, loti.eve, loti.draft, PATH, 2, later)
    assert loti.files()[PATH] == b"second: 2\n"
    with write(loti.world.engine) as conn:
        restore_draft_file(conn, loti.eve, loti.draft, PATH, 1, later)
    assert loti.files()[PATH] == LINES

    with read(loti.world.engine) as conn:
        events = draft_history(conn, loti.look(), PATH)
    assert [(e.seq, e.kind, e.who) for e in events] == [
        (5, "restored", "Eve"),
        (4, "restored", "Eve"),
        (3, "saved", "Fay"),
        (2, "saved", "Eve"),
    ]


def test_the_history_of_a_draft_is_neither_changed_nor_removed(loti: Loti) -> None:
    for change in ("UPDATE draft_event SET who = 'x'", "DELETE FROM draft_event"):
        with pytest.raises(DBAPIError, match="append-only"), write(loti.world.engine) as conn:
            conn.execute(text(change))


def test_a_discarded_draft_takes_no_save_until_it_is_brought_back(loti: Loti) -> None:
    loti.save(loti.eve, b"kept: 1\n", 1)
    with write(loti.world.engine) as conn:
        assert discard_draft(conn, loti.eve, loti.draft, NOW).state == "discarded"
    with pytest.raises(NotAllowed):
        loti.save(loti.eve, b"lost: 1\n", 3)
    with write(loti.world.engine) as conn:
        bring_back_draft(conn, loti.fay, loti.draft, NOW)

    assert loti.look().state == "open"
    assert loti.files()[PATH] == b"kept: 1\n"


def test_a_published_draft_is_history(loti: Loti) -> None:
    with write(loti.world.engine) as conn:
        close_published_draft(conn, loti.eve, loti.draft, NOW)

    with pytest.raises(NotAllowed):
        loti.save(loti.eve, b"late: 1\n", 2)
    with pytest.raises(NotAllowed), write(loti.world.engine) as conn:
        bring_back_draft(conn, loti.eve, loti.draft, NOW)


def test_nobody_else_learns_of_a_draft(loti: Loti) -> None:
    with pytest.raises(NotFound), read(loti.world.engine) as conn:
        open_draft(conn, loti.world.ann, loti.draft)
    with pytest.raises(NotFound), read(loti.world.engine) as conn:
        list_drafts(conn, loti.world.ann)
    with pytest.raises(NotFound), write(loti.world.engine) as conn:
        begin_draft(conn, loti.dpo, "Mine", NOW)
    with pytest.raises(NotFound):
        loti.save(loti.world.ann, b"x: 1\n", 1)


def test_an_officer_reads_a_draft_and_changes_none(loti: Loti) -> None:
    with read(loti.world.engine) as conn:
        assert open_draft(conn, loti.dpo, loti.draft).name == "Spring wording"
        assert len(list_drafts(conn, loti.dpo)) == 1
    with pytest.raises(NotAllowed):
        loti.save(loti.dpo, b"x: 1\n", 1)


@pytest.mark.parametrize("id_", ["", "x", "1" * 40, "00000000-0000-4000-8000-000000000000"])
def test_a_draft_that_is_not_there_is_not_found(loti: Loti, id_: str) -> None:
    with pytest.raises(NotFound), read(loti.world.engine) as conn:
        open_draft(conn, loti.eve, id_)


@pytest.mark.parametrize(
    "path",
    ["a.yaml", "rules/../a.yaml", "/etc/passwd", "rules/a.py", "rules/a/b.yaml", "rules/.yaml", ""],
)
def test_only_definition_files_are_saved(loti: Loti, path: str) -> None:
    with pytest.raises(NotFound):
        loti.save(loti.eve, b"x: 1\n", 1, path)


def test_a_file_larger_than_a_definition_may_be_is_refused(loti: Loti) -> None:
    with pytest.raises(Full):
        loti.save(loti.eve, b"x" * 1_000_001, 1)


def test_a_draft_moves_to_a_newer_release_with_its_changes(loti: Loti) -> None:
    loti.save(loti.eve, LINES.replace(b"One", b"Uno"), 1)
    newer = loti.publish({PATH: LINES.replace(b"Five", b"Cinque"), "rules/c.yaml": b"c: 1\n"}, "2")
    with write(loti.world.engine) as conn:
        assert move_draft(conn, loti.eve, loti.draft, newer, NOW) == ()

    assert loti.look().base_number == 3
    assert loti.files() == {
        PATH: LINES.replace(b"One", b"Uno").replace(b"Five", b"Cinque"),
        "rules/c.yaml": b"c: 1\n",
    }


def test_what_both_the_draft_and_the_newer_release_changed_stays_and_is_told(loti: Loti) -> None:
    loti.save(loti.eve, LINES.replace(b"One", b"Uno"), 1)
    newer = loti.publish({PATH: LINES.replace(b"One", b"Eins")}, "2")
    with write(loti.world.engine) as conn:
        assert move_draft(conn, loti.eve, loti.draft, newer, NOW) == (PATH,)

    assert loti.files()[PATH] == LINES.replace(b"One", b"Uno")


def test_a_page_seen_before_the_move_is_saved_against_what_it_showed(loti: Loti) -> None:
    newer = loti.publish({PATH: LINES.replace(b"Five", b"Cinque")}, "2")
    with write(loti.world.engine) as conn:
        move_draft(conn, loti.eve, loti.draft, newer, NOW)
    saved = loti.save(loti.fay, LINES.replace(b"One", b"Uno"), 1)

    assert saved.content == LINES.replace(b"One", b"Uno").replace(b"Five", b"Cinque")


def test_a_check_names_every_fault_in_its_place_and_is_kept() -> None:
    found = checked({"questionnaires/pipeline.yaml": b"a: [\n", "rules/a.yaml": b"b: 1\n"})

    assert found.catalogue is None
    assert {(fault.path, fault.line) for fault in found.faults} >= {("rules/a.yaml", 1)}
    assert checked({"questionnaires/pipeline.yaml": b"a: [\n", "rules/a.yaml": b"b: 1\n"}) is found
