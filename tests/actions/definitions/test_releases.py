"""Publishing: numbered, immutable, known by content; and what is said of a release afterwards."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DBAPIError

from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import (
    begin,
    export_release,
    publish_files,
    publish_folder,
    release_from_moving,
    releases_to_move_to,
    require_move,
    zip_release,
)
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.catalogue import BadDefinitions
from app.store.database import read, write
from app.store.definitions import release, release_file, release_mark
from app.store.releases import release_files, releases
from tests.databases import World
from tests.tiny import sources

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOTES = Notes("LOTI", "First.", AT)


def files(ask: str) -> dict[str, bytes]:
    return sources([{"id": "a.one", "type": "text", "ask": ask}])


def test_a_release_has_a_number_an_author_notes_a_time_and_a_hash(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    first = publish_files(catalogues, files("One?"), NOTES)
    second = publish_files(catalogues, files("Two?"), Notes("Ann", "Second.", AT, "editor"))
    with read(engine) as conn:
        kept = releases(conn)

    assert (first.number, second.number) == (1, 2)
    assert [(each.author, each.notes, each.at, each.origin) for each in kept] == [
        ("Ann", "Second.", AT, "editor"),
        ("LOTI", "First.", AT, "files"),
    ]
    assert {len(each.hash) for each in kept} == {64}
    assert kept[0].hash != kept[1].hash


def test_the_same_definitions_are_the_same_release(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    first = publish_files(catalogues, files("One?"), NOTES)
    again = publish_files(catalogues, files("One?"), Notes("Ben", "Again.", AT))

    assert (first.fresh, again.fresh) == (True, False)
    assert again.released.release == first.released.release


def test_faults_of_all_files_are_refused_together_and_nothing_is_published(engine: Engine) -> None:
    bad = files("One?") | {"rules/r.yaml": b"flags: [", "outputs/o.yaml": b"nothing: here\n"}

    with pytest.raises(BadDefinitions) as refused:
        publish_files(Catalogues(engine), bad, NOTES)

    assert {line.split(":")[0] for line in refused.value.lines} == {
        "rules/r.yaml",
        "outputs/o.yaml",
    }
    with read(engine) as conn:
        assert releases(conn) == ()


def test_whoever_has_not_seen_the_newest_release_does_not_publish_over_it(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    publish_files(catalogues, files("One?"), NOTES, after=0)
    publish_files(catalogues, files("Two?"), NOTES, after=1)

    with pytest.raises(OutOfDate, match="Release 2"):
        publish_files(catalogues, files("Three?"), NOTES, after=1)


def test_many_who_publish_at_once_get_numbers_of_their_own(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda n: publish_files(catalogues, files(f"{n}?"), NOTES), range(6)))

    assert sorted(each.number for each in made) == [1, 2, 3, 4, 5, 6]


def test_what_is_kept_is_what_was_published_to_the_byte(engine: Engine) -> None:
    odd = files("One?") | {"outputs/house_style.docx": bytes(range(256)) * 3}
    odd["rules/r.yaml"] = b"\xef\xbb\xbfflags: []  # \xc3\xa9\r\n\r\n"
    published = publish_files(Catalogues(engine), odd, NOTES)

    with read(engine) as conn:
        assert release_files(conn, published.released.release.id) == odd


@pytest.mark.parametrize(
    "change",
    [
        update(release).values(notes="Other."),
        update(release_file).values(content=b""),
        update(release_mark).values(reason="Other."),
        delete(release_mark),
        delete(release_file),
        delete(release),
    ],
    ids=str,
)
def test_published_means_immutable(engine: Engine, change: object) -> None:
    publish_files(Catalogues(engine), files("One?"), NOTES, must_move="The law changed.")

    with pytest.raises(DBAPIError, match="append-only"), write(engine) as conn:
        conn.execute(change)  # type: ignore[call-overload]


def test_a_catalogue_is_compiled_once_in_a_process_and_found_again_by_another(
    engine: Engine,
) -> None:
    here, elsewhere = Catalogues(engine), Catalogues(engine)
    published = publish_files(here, files("One?"), NOTES).released

    assert here.newest() is published
    assert elsewhere.newest().release == published.release
    assert elsewhere.newest() is elsewhere.newest()


def write_files(folder: Path, ask: str) -> Path:
    for path, content in files(ask).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("published", "found", "newest", "set_aside"),
    [
        pytest.param([], "One?", "One?", False, id="nothing published: the files are"),
        pytest.param(["start One?"], "One?", "One?", False, id="the same files: nothing"),
        pytest.param(["start One?"], "Two?", "Two?", False, id="a new program brings new files"),
        pytest.param(
            ["start One?", "start Two?"], "One?", "Two?", True, id="an older program beside it"
        ),
        pytest.param(
            ["start One?", "editor Two?"], "One?", "Two?", True, id="the editor published since"
        ),
        pytest.param(
            ["start One?", "editor Two?"], "Three?", "Two?", True, id="new files after the editor"
        ),
        pytest.param(
            ["files Two?"], "One?", "Two?", True, id="somebody published other files by hand"
        ),
        pytest.param(
            ["start One?", "editor Two?"], "Two?", "Two?", False, id="the editor's are the files"
        ),
    ],
)
def test_a_restart_never_puts_aside_what_somebody_published(
    engine: Engine,
    tmp_path: Path,
    published: list[str],
    found: str,
    newest: str,
    set_aside: bool,
) -> None:
    catalogues = Catalogues(engine)
    for each in published:
        origin, _, ask = each.partition(" ")
        publish_files(catalogues, files(ask), replace(NOTES, origin=origin))

    begun = begin(Catalogues(engine), write_files(tmp_path, found), AT)

    assert begun.newest.catalogue.program.questions["a.one"].ask == newest
    assert begun.set_aside is set_aside
    assert catalogues.newest().release == begun.newest.release


def test_files_go_over_a_release_of_the_editor_only_by_naming_it(
    engine: Engine, tmp_path: Path
) -> None:
    catalogues = Catalogues(engine)
    publish_files(catalogues, files("One?"), replace(NOTES, origin="editor"))
    folder = write_files(tmp_path, "Two?")

    with pytest.raises(
        OutOfDate, match=r"Release 1 was published in the editor by LOTI.*--after 1"
    ):
        publish_folder(catalogues, folder, NOTES)
    assert publish_folder(catalogues, folder, NOTES, after=1).number == 2


def test_a_release_in_one_file_is_the_same_bytes_every_time(engine: Engine) -> None:
    published = publish_files(Catalogues(engine), files("One?"), NOTES)
    with read(engine) as conn:
        exported = export_release(conn, published.number)
    packed = zip_release(exported)

    assert packed == zip_release(dict(reversed(exported.items())))
    with ZipFile(BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files("One?")


# Projects that must move


def test_a_release_may_be_published_as_one_that_projects_must_move_to(engine: Engine) -> None:
    catalogues = Catalogues(engine)
    publish_files(catalogues, files("One?"), NOTES)
    publish_files(catalogues, files("Two?"), NOTES, must_move="A power was repealed.")

    with read(engine) as conn:
        (mark,) = releases_to_move_to(conn).values()
    assert (mark.number, mark.reason, mark.who, mark.at) == (2, "A power was repealed.", "LOTI", AT)


def test_an_editor_or_a_dpo_says_so_later_and_may_take_it_back(world: World) -> None:
    editor, dpo = replace(world.ann, role="editor"), replace(world.ben, role="dpo")
    later = AT + timedelta(days=1)
    with write(world.engine) as conn:
        for _ in range(2):  # the same form, sent twice
            require_move(conn, dpo, 1, ("A power was repealed.", AT))
        first = releases_to_move_to(conn)
        release_from_moving(conn, editor, 1, ("It was not.", later))
        none = releases_to_move_to(conn)
        require_move(conn, editor, 1, ("It was after all.", later))
        again = releases_to_move_to(conn)
        kept = len(conn.execute(select(release_mark)).all())

    assert (first[1].reason, none, again[1].reason) == (
        "A power was repealed.",
        {},
        "It was after all.",
    )
    assert kept == 3


def test_nobody_else_says_so_and_not_of_a_release_that_is_not_there(world: World) -> None:
    with write(world.engine) as conn:
        with pytest.raises(NotAllowed):
            require_move(conn, world.ann, 1, ("Because.", AT))
        with pytest.raises(NotFound):
            require_move(conn, replace(world.ann, role="editor"), 9, ("Because.", AT))
