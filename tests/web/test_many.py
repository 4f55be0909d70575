"""A project of many organisations is told in numbers; who they are is folded up below."""

from types import ModuleType

import pytest

from app.web import taking_part
from app.web.reports import decisions, signing
from tests.web.conftest import Person

FEW = 3
PROJECT, HUB = "/projects/FP-0001", "/projects/FP-0002"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if few were many already."""
    pages: tuple[ModuleType, ...] = (taking_part, decisions, signing)
    for page in pages:
        monkeypatch.setattr(page, "MANY", FEW)


@pytest.mark.usefixtures("few")
def test_many_organisations_of_a_project_are_counted_and_folded(someone: Person) -> None:
    page = someone.open(PROJECT)
    assert (
        "Statement of intent: signed by 1 of 5. Sharing agreement: signed by 0 of 5." in page.text
    )
    folded = page.html.split("All 6 organisations")[1].split("</details>")[0]
    assert folded.count('<tr role="row">') == 7


@pytest.mark.usefixtures("few")
def test_many_signatures_are_counted_and_folded(someone: Person) -> None:
    page = someone.open(f"{HUB}/stages/sharing_agreement/sign")
    assert "0 of 4 organisations signed so far." in page.text
    assert "Who has signed, and who has not" in page.text


@pytest.mark.usefixtures("few")
def test_many_from_whom_an_act_is_still_to_come_are_counted_and_folded(someone: Person) -> None:
    page = someone.open(f"{HUB}/decisions")
    assert "Carnmere community health services and 1 more organisation." in page.text
    folded = page.html.split("All 4 that it is still to come from")[1].split("</details>")[0]
    assert folded.count("<li>") == 4


@pytest.mark.parametrize(
    ("address", "fold"),
    [
        (PROJECT, "All 6 organisations"),
        (f"{HUB}/stages/sharing_agreement/sign", "Who has signed, and who has not"),
        (f"{HUB}/decisions", "that it is still to come from"),
    ],
)
def test_a_few_are_named_at_once(someone: Person, address: str, fold: str) -> None:
    page = someone.open(address)
    assert fold not in page.text
    assert "London Borough of Carnmere" in page.text
