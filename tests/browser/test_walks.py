"""From the start page to the end of each route, as people do it: by what they read and press."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogue import Catalogue
from tests.browser import stages
from tests.browser.answers import Told, tell
from tests.browser.conftest import Arrive
from tests.browser.looking import Looker
from tests.browser.person import Person

pytestmark = pytest.mark.browser
SAMPLES = Path("questionnaires") / "samples"
WITH_SCRIPT = [
    pytest.param(True, id="with JavaScript"),
    pytest.param(False, id="without JavaScript"),
]
# One row of a kind is walked like the next.
FEWER = {
    "idea.problems": 1,
    "idea.ideas": 1,
    "share.flows": 3,
    "intent.milestones": 1,
    "risks.register": 1,
    "risks.actions": 1,
}
NO_PERSONAL_DATA = b"""
project.title: Street lights by ward
project.outcome: Residents can see when each street light was last repaired.
data.personal: "no"
data.identifiability: not_about_people
open.publish: "yes"
"""


def route_of(catalogue: Catalogue, code: str) -> str:
    return next(each.label for each in catalogue.pipeline.route.outcomes if each.code == code)


def door_of(catalogue: Catalogue, code: str) -> str:
    return next(each.title for each in catalogue.pipeline.doors if each.code == code)


@pytest.fixture(scope="module")
def full(catalogue: Catalogue, repository: Path) -> Told:
    # The people of the demonstration work for Carnmere.
    text = (
        (repository / SAMPLES / "safeguarding_hub.yaml")
        .read_bytes()
        .replace(b"Larkhill", b"Carnmere")
    )
    return tell(catalogue, text, {"project.door": "new"}, FEWER)


@pytest.fixture(scope="module")
def low_risk(catalogue: Catalogue, repository: Path) -> Told:
    text = (
        (repository / SAMPLES / "low_risk_contract.yaml")
        .read_bytes()
        .replace(b"Millbourne", b"Carnmere")
    )
    return tell(catalogue, text)


Record = Callable[[str, object], None]


def keep_counts(record: Record, person: Person) -> None:
    """How long a way it was, kept in the report of the run."""
    record("clicks", person.clicks)
    record("pages", person.pages)
    record("answers", person.answered)


def test_the_likely_route_is_two_clicks_and_six_answers_away(
    arrive: Arrive, catalogue: Catalogue, low_risk: Told
) -> None:
    person = arrive()
    person.told = low_risk
    stages.show_route(person, door_of(catalogue, "new"), route_of(catalogue, "low_risk"))

    assert person.clicks == 2
    assert person.answered <= 6
    for said in ("questions for you", "Who else is needed", "Documents you will have at the end"):
        assert person.sees_text(said)


@pytest.mark.parametrize("script", WITH_SCRIPT)
def test_without_personal_data_it_ends_with_a_short_record(
    arrive: Arrive, catalogue: Catalogue, looker: Looker, script: bool, record_property: Record
) -> None:
    person = arrive(script=script)
    person.told = tell(catalogue, NO_PERSONAL_DATA)
    stages.start_new(person, door_of(catalogue, "new"), route_of(catalogue, "no_personal_data"))

    stages.answer_stage(person)
    stages.close_stage(person, stages.LEAD)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD,))
    stages.close_stage(person, stages.IG_LEAD)
    stages.go_on(person)
    stages.answer_stage(person)
    stages.close_stage(person, stages.LEAD)

    assert person.sees_text("Every stage is closed")
    keep_counts(record_property, person)
    assert looker.faults == []


@pytest.mark.parametrize("script", WITH_SCRIPT)
def test_low_risk_ends_with_a_signed_short_agreement(
    arrive: Arrive,
    catalogue: Catalogue,
    looker: Looker,
    low_risk: Told,
    script: bool,
    record_property: Record,
) -> None:
    person = arrive(script=script)
    person.told = low_risk
    stages.start_new(person, door_of(catalogue, "new"), route_of(catalogue, "low_risk"))

    stages.answer_stage(person)
    stages.close_stage(person, stages.LEAD)
    stages.add_to_team(person)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD,))
    stages.close_stage(person, stages.IG_LEAD)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD, stages.SECURITY, stages.PARTY, stages.DPO))
    stages.sign_and_close(person)

    keep_counts(record_property, person)
    assert looker.faults == []


@pytest.mark.parametrize("script", WITH_SCRIPT)
def test_the_full_route_ends_with_a_signed_agreement(
    *,
    arrive: Arrive,
    catalogue: Catalogue,
    looker: Looker,
    full: Told,
    script: bool,
    tmp_path: Path,
    record_property: Record,
) -> None:
    person = arrive(script=script)
    person.told = full
    stages.start_new(person, door_of(catalogue, "new"), route_of(catalogue, "full"))

    stages.answer_stage(person)
    stages.close_stage(person, stages.LEAD)
    stages.add_to_team(person)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD,))
    stages.close_stage(person, stages.IG_LEAD)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD,))
    stages.sign_and_close(person)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD, stages.SECURITY, stages.DPO))
    stages.accept_a_risk(person)
    stages.advise(person)
    stages.close_stage(person, stages.SIGNATORY)
    stages.go_on(person)
    stages.answer_stage(person, (stages.IG_LEAD, stages.PARTY, stages.DPO))
    stages.sign_and_close(person)
    stages.read_documents(person, tmp_path)

    keep_counts(record_property, person)
    assert looker.faults == []
