"""A project moves to another release, and back, before the eyes of the people it concerns."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.actions.catalogues import Notes
from app.actions.definitions.releases import publish_files
from app.catalogue import read_files
from app.settings import read_settings
from app.web.site import Site
from app.wsgi import create_app
from tests.browser.conftest import Arrive
from tests.browser.looking import Looker
from tests.browser.person import Person
from tests.browser.stages import DPO, LEAD
from tests.browser.test_looking_around import HUB, at_project, first
from tests.serving import serving

pytestmark = pytest.mark.browser
EDITOR = "LOTI editor"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
OLD, NEW = b"subjects.count_band", b"subjects.how_many"
SPLIT = {
    b'"10000_to_99999": 10,000 to 99,999': b'"10000_to_49999": 10,000 to 49,999\n              '
    b'"50000_to_99999": 50,000 to 99,999',
    b'"10000_to_99999": 3': b'"10000_to_49999": 3, "50000_to_99999": 3',
    b'"10000_to_99999"': b'"50000_to_99999"',
}
CONVERTERS = b"""
converters:
  questions: {subjects.count_band: subjects.how_many}
  options:
    subjects.how_many: {"10000_to_99999": ["10000_to_49999", "50000_to_99999"]}
"""


def changed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The definitions with one question under another name, and one of its options in two."""
    found = {}
    for path, text in files.items():
        made = text.replace(OLD, NEW) if path.endswith(".yaml") else text
        for old, new in SPLIT.items():
            made = made.replace(old, new) if path.endswith(".yaml") else made
        found[path] = made
    pipeline = "questionnaires/pipeline.yaml"
    return {**found, pipeline: found[pipeline] + CONVERTERS}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[str]:
    """A demonstration in which a second release has been published since."""
    database = tmp_path_factory.mktemp("moving") / "fingerpost.sqlite3"
    settings = read_settings({"DATABASE_URL": f"sqlite:///{database}"}, demo=True)
    app = create_app(settings, demonstration=True)
    site: Site = app.extensions["fingerpost"]
    notes = Notes("LOTI", "Between 10,000 and 99,999 people was one answer for too many.", AT)
    publish_files(site.catalogues, changed(read_files(repository)), notes)
    with serving(app) as address:
        yield address


def at_releases(person: Person) -> None:
    person.follow("Releases", person.page.get_by_role("contentinfo"))


def test_a_project_must_move_sees_what_changes_moves_and_goes_back(
    arrive: Arrive, looker: Looker
) -> None:
    person = arrive()
    person.be(EDITOR)
    at_releases(person)
    person.follow("Release 2")
    person.follow("What changed since the release before")
    person.page.go_back()
    person.follow("Say that projects must move to it")
    person.page.get_by_label("Why must they move?").fill("The bands were too wide.")
    person.press("Projects must move")
    assert person.sees_text("must move to this one")

    person.be(LEAD)
    at_project(person, HUB)
    assert person.sees_text("The bands were too wide.")
    person.follow("This project must move to release 2")
    assert person.sees_text("10,000 to 99,999")
    person.press("Move to release 2")
    assert person.heading == "Moved from release 1 to release 2"

    at_project(person, HUB)
    assert not person.sees_text("The bands were too wide.")
    first(person, "Release 2: move to another")
    first(person, "Release 1")
    assert person.sees_text("Answers again: 1 answer")
    person.press("Move to release 1")
    assert person.heading == "Moved from release 2 to release 1"

    person.be(DPO)
    at_project(person, HUB)
    person.follow("This project must move to release 2")
    person.follow("Say why this project need not move")
    person.page.get_by_label("Why need this project not move?").fill("It was counted by hand.")
    person.press("It need not move")
    assert person.sees_text("has said why this project need not")
    assert looker.faults == []
