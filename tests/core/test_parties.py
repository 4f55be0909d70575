"""Which parties sign and decide, and which of them a name means."""

import pytest

from app.core.parties import deciding, named

NAMES = ["London Borough of Carnmere", "London Borough of Ivermere", "Ivermere NHS Trust"]


@pytest.mark.parametrize(
    ("organisation", "found"),
    [
        ("London Borough of Carnmere", 0),
        ("london  borough of carnmere", 0),
        ("Carnmere", 0),
        ("The London Borough of Carnmere Council", 0),
        ("Ivermere", None),
        ("Ivermere NHS Trust", 2),
        ("London", None),
        ("mere", None),
        ("Brookvale", None),
    ],
)
def test_an_organisation_is_known_by_its_name_in_full_or_in_short_where_that_means_one(
    organisation: str, found: int | None
) -> None:
    assert named(NAMES, organisation) == found


def test_a_short_name_means_nobody() -> None:
    assert named(["The XYZ of London"], "XYZ") is None


def test_all_parties_decide_but_processors_also_those_whose_role_nobody_said() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1, "role": "joint"},
        {"id": 2, "role": "processor"},
        {"id": 3},
    ]
    assert [row["id"] for row in deciding(rows)] == [1, 3]
