"""A page's answers are kept with their events, whoever else writes at the same time."""

import json
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.actions.actor import Actor, everyone, roles_of
from app.actions.answers import Opened, Posted, Summary, open_sheet, save_changes
from app.actions.errors import Full, NotFound, OutOfDate
from app.actions.projects import history, list_projects
from app.core.questions import MAX_ROWS
from app.core.sheet import Change, Clash, Merged, Unreadable, answers
from app.store.database import counting, read, write
from app.store.tables import answer_event, membership, person, sheet
from tests.databases import NOW, World, summarise
from tests.kept import who_is


def save(world: World, actor: Actor, posted: Posted) -> Merged:
    with write(world.engine) as conn:
        return save_changes(conn, actor, world.reference, posted, summarise)


def opened(world: World) -> Opened:
    with read(world.engine) as conn:
        return open_sheet(conn, world.ann, world.reference)


def replayed(world: World) -> dict[str, object]:
    """What the events alone say is answered now."""
    with read(world.engine) as conn:
        subject = open_sheet(conn, world.ann, world.reference).project.id
        rows = conn.execute(
            select(answer_event)
            .where(answer_event.c.subject_id == subject)
            .order_by(answer_event.c.seq)
        ).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    found: dict[str, object] = {}
    for row in rows:
        if row.new == "null":
            found = {a: v for a, v in found.items() if not a.startswith(row.address + "/")}
        found[row.address] = json.loads(row.new)
    return found


def current(world: World) -> dict[str, object]:
    return {address: entry.value for address, entry in opened(world).sheet.entries.items()}


def test_a_page_is_opened_with_two_statements_and_saved_with_four(world: World) -> None:
    with counting(world.engine) as reading, read(world.engine) as conn:
        assert who_is(conn, world.ann.person_id)
        open_sheet(conn, world.ann, world.reference)
    with counting(world.engine) as writing, write(world.engine) as conn:
        assert who_is(conn, world.ann.person_id)
        changes = (Change("a.b", "x"), Change("a.rows/+1", {"owner": None, "c": "y"}))
        merged = save_changes(conn, world.ann, world.reference, world.posted(*changes), summarise)

    assert len(merged.events) == 3
    assert (len(reading), len(writing)) == (2, 4)


def test_saving_nothing_new_writes_nothing(world: World) -> None:
    before = opened(world)
    with counting(world.engine) as statements:
        save(world, world.ben, world.posted(Change("project.title", "Warm homes", 1)))

    assert len(statements) == 1
    assert opened(world) == before


def test_an_event_says_who_when_where_and_under_which_release(world: World) -> None:
    save(world, world.ben, world.posted(Change("a.b", ["x"]), minutes=5))

    with read(world.engine) as conn:
        row = conn.execute(select(answer_event).where(answer_event.c.address == "a.b")).one()
    assert (json.loads(row.old), json.loads(row.new)) == (None, ["x"])
    assert (row.person_id, row.who) == (world.ben.person_id, "Ben")
    assert (row.organisation_id, row.place) == (world.ben.organisation_id, "dpia/data")
    assert (row.release_id, row.version, row.seq) == (world.release_id, 2, 2)
    assert row.at == world.posted(minutes=5).at


def test_the_lists_show_what_follows_from_the_answers(world: World) -> None:
    save(world, world.ann, world.posted(Change("project.title", "Cool homes", 1)))

    with read(world.engine) as conn, counting(world.engine) as statements:
        (listed,) = list_projects(conn, world.ben)
    assert listed.summary == Summary("Cool homes", answered=1)
    assert len(statements) == 1


def test_a_draft_is_kept_without_an_event(world: World) -> None:
    posted = Posted(
        (),
        "dpia/data",
        NOW,
        world.release_id,
        [Unreadable("a.when", ["\x00", "\ud800"], "No date")],
    )
    merged = save(world, world.ann, posted)

    assert merged.events == ()
    assert opened(world).sheet.drafts["a.when"].raw == ["\x00", "\ud800"]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "£ é", "🏳️‍🌈", "שלום", "a" * 100_000, "%s {x} :y"]
)
def test_any_text_comes_back_as_it_was(world: World, text: str) -> None:
    save(world, world.ann, world.posted(Change("a.b", text)))

    assert opened(world).sheet.value("a.b") == text
    assert replayed(world)["a.b"] == text


def test_a_page_shown_before_others_wrote_elsewhere_on_it_is_no_conflict(world: World) -> None:
    save(world, world.ann, world.posted(Change("a.b", "old"), Change("a.c", "old")))
    save(world, world.ben, world.posted(Change("a.b", "Ben's", 2), Change("a.c", "old", 2)))

    merged = save(
        world, world.ann, world.posted(Change("a.b", "old", 2), Change("a.c", "Ann's", 2))
    )

    assert merged.conflicts == ()
    assert (opened(world).sheet.value("a.b"), opened(world).sheet.value("a.c")) == (
        "Ben's",
        "Ann's",
    )


def test_a_conflict_is_reported_with_both_texts_and_the_rest_is_kept(world: World) -> None:
    save(world, world.ann, world.posted(Change("a.b", "old")))
    save(world, world.ben, world.posted(Change("a.b", "Ben's", 2), minutes=3))

    merged = save(
        world, world.ann, world.posted(Change("a.b", "Ann's", 2), Change("a.c", "new", 2))
    )

    (conflict,) = merged.conflicts
    assert (conflict.theirs, conflict.mine, conflict.their_by) == ("Ben's", "Ann's", "Ben")
    assert conflict.their_at == world.posted(minutes=3).at
    assert current(world) == {"project.title": "Warm homes", "a.b": "Ben's", "a.c": "new"}


def test_a_row_nobody_touched_may_be_gone_and_an_edited_one_is_a_conflict(world: World) -> None:
    rows = (
        Change("a.r/+1", {"owner": None, "x": "1"}),
        Change("a.r/+2", {"owner": None, "x": "2"}),
    )
    save(world, world.ann, world.posted(*rows))
    save(world, world.ben, world.posted(Change("a.r/1", None, 2)))

    repeat = world.posted(Change("a.r/1/x", "1", 2), Change("a.r/2/x", "two", 2))
    edit = world.posted(Change("a.r/1/x", "one", 2))

    assert save(world, world.ann, repeat).conflicts == ()
    assert [one.clash for one in save(world, world.ann, edit).conflicts] == [Clash.ROW_REMOVED]
    assert answers(opened(world).sheet)["a.r"] == [{"id": 2, "x": "two"}]


def test_a_project_of_others_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound), read(world.engine) as conn:
        open_sheet(conn, world.stranger, world.reference)
    with pytest.raises(NotFound):
        save(world, world.stranger, world.posted(Change("a.b", "x")))
    with pytest.raises(NotFound), read(world.engine) as conn:
        history(conn, world.stranger, world.reference)
    with read(world.engine) as conn:
        assert list_projects(conn, world.stranger) == ()


def test_a_page_of_another_release_is_refused(world: World) -> None:
    other = Posted([Change("a.b", "x")], "dpia/data", NOW, uuid4())

    with pytest.raises(OutOfDate):
        save(world, world.ann, other)
    assert "a.b" not in current(world)


def test_when_the_rules_cannot_be_read_nothing_is_kept(world: World) -> None:
    def fail(_: Opened) -> Summary:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), write(world.engine) as conn:
        save_changes(conn, world.ann, world.reference, world.posted(Change("a.b", "x")), fail)
    assert current(world) == replayed(world) == {"project.title": "Warm homes"}


def test_a_person_without_an_active_membership_may_do_nothing(world: World) -> None:
    with write(world.engine) as conn:
        conn.execute(membership.update().values(status="suspended"))
    with read(world.engine) as conn:
        assert roles_of(conn, world.ann.person_id) == ()
        assert everyone(conn) == ()


def test_a_list_takes_as_many_rows_as_it_may_hold_and_not_one_more(world: World) -> None:
    def rows(first: int, last: int) -> Posted:
        named = (
            Change(f"p.list/+{n}", {"owner": None, "name": f"{n}"}) for n in range(first, last)
        )
        return world.posted(*named)

    save(world, world.ann, rows(0, MAX_ROWS))
    kept = current(world)
    for too_many in (rows(0, 1), world.posted(Change("p.list/+abcdefgh/name", "One more"))):
        with pytest.raises(Full, match="holds 500 entries"):
            save(world, world.ben, too_many)
    assert current(world) == kept
    other = world.posted(Change("o.list/+0", {"owner": None}), Change("p.list/3/name", "New", 99))
    assert save(world, world.ben, other).changed
    save(world, world.ben, world.posted(Change("p.list/7", None, opened(world).sheet.version)))
    assert save(world, world.ben, rows(0, 1)).changed


def test_an_inactive_person_may_do_nothing(world: World) -> None:
    with write(world.engine) as conn:
        conn.execute(person.update().where(person.c.name == "Ann").values(active=False))
    with read(world.engine) as conn:
        assert who_is(conn, world.ann.person_id) is None
        assert who_is(conn, world.ben.person_id, role="dpo") is None
        assert who_is(conn, world.ben.person_id, world.ben.organisation_id, "lead") == world.ben


# Two editors at once. Each writes pages of one kind, one after another, as fast as they can;
# what was acknowledged must be in the events, and the events must be the sheet.

ROUNDS = 12


def together(world: World, pages: Callable[[str, int, int], Iterable[Change]]) -> list[Merged]:
    """Both editors save in step; `pages` gives a page for (who, round, version they saw)."""
    start = Barrier(2)

    def edit(actor: Actor) -> list[Merged]:
        done = []
        for number in range(ROUNDS):
            seen = opened(world).sheet.version
            start.wait(timeout=120)
            changes = pages(actor.name, number, seen)
            done.append(save(world, actor, world.posted(*changes)))
            start.wait(timeout=120)
        return done

    with ThreadPoolExecutor(2) as pool:
        ann, ben = pool.map(edit, (world.ann, world.ben))
    return ann + ben


def assert_nothing_lost(world: World, saved: list[Merged]) -> None:
    kept = replayed(world)
    assert kept == {a: v for a, v in current(world).items() if a in kept}
    assert set(current(world)) <= set(kept)
    seqs = sorted(event.seq for merged in saved for event in merged.events)
    first = min(seqs)
    assert seqs == list(range(first, first + len(seqs)))
    with read(world.engine) as conn:
        total = conn.scalar(select(func.count()).select_from(answer_event))
        version = conn.scalar(select(sheet.c.version).where(sheet.c.kind == "project"))
    assert total == max(seqs)
    assert version == opened(world).sheet.version


def test_two_editors_adding_rows_lose_none(world: World) -> None:
    saved = together(
        world, lambda who, n, seen: [Change("a.r/+1", {"owner": who, "n": f"{who} {n}"}, seen)]
    )

    assert_nothing_lost(world, saved)
    assert all(not merged.conflicts for merged in saved)
    rows = answers(opened(world).sheet)["a.r"]
    assert isinstance(rows, list)
    assert sorted(row["n"] for row in rows) == sorted(
        f"{who} {n}" for who in ("Ann", "Ben") for n in range(ROUNDS)
    )
    assert sorted(row["id"] for row in rows) == list(range(1, 2 * ROUNDS + 1))


def test_two_editors_of_one_question_one_writes_and_the_other_is_shown_both(world: World) -> None:
    saved = together(world, lambda who, n, seen: [Change("a.b", f"{who} {n}", seen)])

    assert_nothing_lost(world, saved)
    for number in range(ROUNDS):
        pair = (saved[number], saved[ROUNDS + number])
        (won,) = (one for one in pair if one.events)
        (lost,) = (one for one in pair if one.conflicts)
        assert lost.conflicts[0].theirs == won.events[-1].new
        assert {won.events[-1].new, lost.conflicts[0].mine} == {f"Ann {number}", f"Ben {number}"}


def test_two_editors_of_different_questions_both_write(world: World) -> None:
    def page(who: str, number: int, seen: int) -> list[Change]:
        shown = opened(world).sheet
        other = "Ben" if who == "Ann" else "Ann"
        return [
            Change(f"a.{who}", number, seen),
            *[Change(f"a.{other}", shown.value(f"a.{other}"), seen)][: shown.version == seen],
        ]

    saved = together(world, page)

    assert_nothing_lost(world, saved)
    assert all(not merged.conflicts for merged in saved)
    assert (current(world)["a.Ann"], current(world)["a.Ben"]) == (ROUNDS - 1, ROUNDS - 1)


def test_one_removes_the_row_another_edits_one_of_them_is_told(world: World) -> None:
    rows = [Change(f"a.r/+{n}", {"owner": None, "x": "old"}) for n in range(1, ROUNDS + 1)]
    save(world, world.ann, world.posted(*rows))

    def page(who: str, number: int, seen: int) -> list[Change]:
        row = f"a.r/{number + 1}"
        return [Change(row, None, seen) if who == "Ann" else Change(f"{row}/x", "new", seen)]

    saved = together(world, page)

    assert_nothing_lost(world, saved)
    left = opened(world).sheet.rows("a.r")
    for number in range(ROUNDS):
        removal, edit = saved[number], saved[ROUNDS + number]
        assert len(removal.conflicts) + len(edit.conflicts) == 1
        if removal.conflicts:
            assert removal.conflicts[0].clash is Clash.ROW_CHANGED
            assert number + 1 in left
        else:
            assert edit.conflicts[0].clash is Clash.ROW_REMOVED
            assert number + 1 not in left


def test_many_editors_of_everything_lose_nothing(world: World) -> None:
    def edit(seed: int) -> list[Merged]:
        dice, done = random.Random(seed), []  # noqa: S311 - no secret
        for number in range(6):
            seen = opened(world).sheet.version - dice.randrange(2)
            addresses = dice.sample(["a.b", "a.c", "a.r/1/x", "a.r/2/x", "a.r/+1/x", "a.r/1"], 3)
            changes = [
                Change(a, None if a == "a.r/1" else f"{seed}.{number}", seen) for a in addresses
            ]
            done.append(save(world, dice.choice((world.ann, world.ben)), world.posted(*changes)))
        return done

    with ThreadPoolExecutor(8) as pool:
        saved = [merged for done in pool.map(edit, range(8)) for merged in done]

    assert_nothing_lost(world, saved)
