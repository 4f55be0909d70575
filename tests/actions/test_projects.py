"""Projects begin, are found, keep their history and hand pages to colleagues."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from app.actions.answers import Opened, Summary, open_sheet, save_changes
from app.actions.errors import NotFound
from app.actions.projects import (
    NewProject,
    begun_already,
    history,
    list_projects,
    start_project,
)
from app.core.sheet import Change
from app.store.database import counting, read, write
from app.store.releases import Publication, keep_release, release_files, releases
from tests.databases import NOW, World, add_party, summarise


def start(world: World, title: str, minutes: int = 0) -> str:
    at = NOW + timedelta(minutes=minutes)
    changes = [Change("project.title", title)]
    new = NewProject(title, "new", "idea", world.release_id, at, changes=changes)
    with write(world.engine) as conn:
        return start_project(conn, world.ann, new, summarise)


def test_a_project_begins_with_its_answers_and_their_events(world: World) -> None:
    with read(world.engine) as conn:
        opened = open_sheet(conn, world.ann, world.reference)
        happened = history(conn, world.ann, world.reference)

    project = opened.project
    assert (project.reference, project.stage, project.door) == ("FP-0001", "idea", "new")
    assert (project.lead_id, project.organisation_id) == (
        world.ann.person_id,
        world.ann.organisation_id,
    )
    assert (project.created_at, project.acts) == (NOW, ())
    assert project.summary == Summary("Warm homes", answered=1)
    assert opened.sheet.value("project.title") == "Warm homes"
    assert [(one.seq, one.address, one.new) for one in happened] == [
        (1, "project.title", "Warm homes")
    ]


def test_references_are_given_once_also_to_many_at_once(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda n: start(world, f"Project {n}"), range(8)))

    assert sorted(given) == [f"FP-{number:04d}" for number in range(2, 10)]


def test_what_many_begin_under_one_id_at_once_is_one_project(world: World) -> None:
    id_ = uuid4()
    new = NewProject("Cool roofs", "new", "idea", world.release_id, NOW, id=id_)

    def begin(_: int) -> str:
        with write(world.engine) as conn:
            return begun_already(conn, id_) or start_project(conn, world.ann, new, summarise)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(begin, range(8))) == {"FP-0002"}


def test_a_list_shows_the_last_saved_first(world: World) -> None:
    for minutes, title in enumerate(("50% off_peak", "Cool roofs", "Free meals")):
        start(world, title, minutes + 1)

    with read(world.engine) as conn:
        everything = list_projects(conn, world.ann)
        two = list_projects(conn, world.ann, 2)
    assert [one.summary.title for one in everything] == [
        "Free meals",
        "Cool roofs",
        "50% off_peak",
        "Warm homes",
    ]
    assert (everything[0].organisation, everything[0].lead) == ("Carnmere", "Ann")
    assert two == everything[:2]


def test_a_list_reads_no_rules_and_asks_once_however_many_projects_there_are(world: World) -> None:
    for number in range(5):
        start(world, f"Project {number}")

    with read(world.engine) as conn, counting(world.engine) as statements:
        assert len(list_projects(conn, world.ann)) == 6
    assert len(statements) == 1


def test_only_those_who_take_part_see_a_project(world: World) -> None:
    hers = start(world, "Hers")
    with read(world.engine) as conn:
        assert [one.reference for one in list_projects(conn, world.ben)] == [world.reference]
        with pytest.raises(NotFound):
            open_sheet(conn, world.ben, hers)
    with write(world.engine) as conn:
        for _ in range(2):  # letting them take part twice is letting them take part
            add_party(conn, world.ann, hers, world.ben.organisation_id, NOW)
    with read(world.engine) as conn:
        assert open_sheet(conn, world.ben, hers).project.reference == hers


def test_nobody_lets_themselves_take_part(world: World) -> None:
    with pytest.raises(NotFound), write(world.engine) as conn:
        add_party(conn, world.stranger, world.reference, world.stranger.organisation_id, NOW)


def test_the_history_of_one_question_leaves_the_others_out(world: World) -> None:
    changes = [
        Change("a.r/+1", {"owner": None, "x": "1"}),
        Change("a.r_b", "other"),
        Change("a.r%", "other"),
    ]
    with write(world.engine) as conn:
        save_changes(conn, world.ben, world.reference, world.posted(*changes), summarise)

    def addresses(address: str) -> list[str]:
        with read(world.engine) as conn:
            return [one.address for one in history(conn, world.ann, world.reference, address)]

    assert addresses("a.r") == ["a.r/1/x", "a.r/1"]
    assert addresses("a.r/1/x") == ["a.r/1/x"]
    assert addresses("a.r_b") == ["a.r_b"]
    assert addresses("a.r%") == ["a.r%"]
    with read(world.engine) as conn:
        last = history(conn, world.ann, world.reference, limit=1)[0]
    assert (last.who, last.organisation, last.where) == ("Ben", "Brookvale", "dpia/data")


def test_a_release_gives_back_the_very_bytes_and_is_kept_once(world: World) -> None:
    with write(world.engine) as conn:
        files = {"rules/b.yaml": bytes(range(256)), "rules/a.yaml": b""}
        made = keep_release(conn, Publication(files, "1" * 64, "LOTI", "Second", NOW))
        again = keep_release(conn, Publication(files, "1" * 64, "Someone", "Same", NOW))
    with read(world.engine) as conn:
        assert release_files(conn, made.id) == files
        assert [one.number for one in releases(conn)] == [2, 1]
        assert again == made == releases(conn)[0]
        assert release_files(conn, world.release_id) == {"rules/a.yaml": b"\xef\xbb\xbfa: 1\r\n"}


def test_the_first_summary_sees_the_project_it_is_of(world: World) -> None:
    seen: list[Opened] = []

    def look(opened: Opened) -> Summary:
        seen.append(opened)
        return Summary("Seen", route="full", worst_flag="high")

    with write(world.engine) as conn:
        new = NewProject("Mine", "new", "idea", world.release_id, NOW)
        reference = start_project(conn, world.ann, new, look)
    with read(world.engine) as conn:
        opened = open_sheet(conn, world.ann, reference)
    assert seen[0].project.reference == reference
    assert opened.project.summary == Summary("Seen", route="full", worst_flag="high")
