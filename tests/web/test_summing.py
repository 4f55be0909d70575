"""Scores, bands and risk matrices by form: only what differs is written anew."""

from app.actions.definitions.drafts import checked
from app.catalogue.things import MATRIX
from tests.web.editing import Editor

RULES = "rules/ethics.yaml"
SCREENING = "rules/screening.yaml"
GOOD = "score/ethics.public_good"
SCALE = "score/proc.scale"
BANDS = "bands/ethics_bands"


def changed(eve: Editor, path: str) -> tuple[set[str], set[str]]:
    lost, won = eve.lines(path)
    return {line.strip() for line in lost}, {line.strip() for line in won}


def test_a_weight_changes_one_line(eve: Editor) -> None:
    eve.edit(GOOD).send({"sum-1-weight": "2"})
    assert changed(eve, RULES) == (
        {"- {points: ethics.population_coverage}"},
        {"- {product: [2, {points: ethics.population_coverage}]}"},
    )
    eve.edit(GOOD).send({"sum-1-weight": "1"})
    assert changed(eve, RULES) == (set(), set())


def test_points_of_one_answer_change_in_their_place(eve: Editor) -> None:
    eve.edit(SCALE).send({"sum-2-code-ongoing": "5"})
    lost, won = changed(eve, SCREENING)
    assert len(lost) == len(won) == 1
    assert "ongoing: 5" in next(iter(won))


def test_a_part_is_added_with_points_of_its_own_and_removed(eve: Editor) -> None:
    eve.edit(GOOD).send(do="sum:add")
    assert not changed(eve, RULES)[1], "a button for a part saves nothing"
    eve.send({"sum-4-about": "data.personal"})
    made = eve.thing(GOOD)["value"]["mean"][4]
    assert made == {"points": "data.personal", "table": {"yes": 0, "no": 0}}
    eve.edit(GOOD).send({"sum-4-code-yes": "3", "sum-4-code-no": "omit"})
    assert eve.thing(GOOD)["value"]["mean"][4]["table"] == {"yes": 3, "no": "omit"}
    assert not checked(eve.files()).faults
    eve.edit(GOOD).send(do="sum:remove:4")
    eve.send()
    assert changed(eve, RULES) == (set(), set())


def test_how_the_parts_are_taken_together_is_chosen(eve: Editor) -> None:
    eve.edit(GOOD).send({"sum-how": "sum"})
    assert list(eve.thing(GOOD)["value"]) == ["sum"]
    assert len(eve.thing(GOOD)["value"]["sum"]) == 4


def test_what_cannot_be_read_is_told_and_the_rest_is_saved(eve: Editor) -> None:
    before = eve.thing(GOOD)["value"]
    eve.edit(GOOD).send({"sum-0-weight": "much", "title": "The public good"})
    assert "The weight of part 1 is a number" in eve.page.text
    eve.edit(GOOD).send({"sum-0-about": "no.such"})
    assert "Choose what it counts in part 1" in eve.page.text
    eve.edit(GOOD).send({"sum-0-about": "ethics.public_good"})
    assert "Choose what it counts in part 1" in eve.page.text, "a score does not count itself"
    assert eve.thing(GOOD)["value"] == before
    assert eve.thing(GOOD)["title"] == "The public good"


def test_a_score_that_says_more_is_left_to_the_text(eve: Editor) -> None:
    eve.edit("score/def.second_lowest")
    assert "This score says more than the form can show" in eve.page.text
    text = eve.text("rules/data_ethics_framework.yaml")
    eve.send({"sum-builder": "1", "sum-how": "sum", "sum-0-about": "data.personal"})
    assert eve.text("rules/data_ethics_framework.yaml") == text


def test_a_level_is_added_changed_and_removed(eve: Editor) -> None:
    before = eve.thing(BANDS)["levels"]
    eve.edit(BANDS).send(do="add-level")
    n, new = len(before), eve.thing(BANDS)["levels"][-1]
    assert new == {"code": "new_level", "label": "New level", "from": before[-1]["from"] + 1}
    eve.edit(BANDS).send({f"levels-{n}-label": "Beyond", f"levels-{n}-from": "9.5"})
    assert eve.thing(BANDS)["levels"][-1] == {"code": "new_level", "label": "Beyond", "from": 9.5}
    eve.edit(BANDS).send(do="drop-level:new_level")
    assert changed(eve, RULES) == (set(), set())
    for act in ("drop-level:nosuch", "drop-level:"):
        eve.edit(BANDS)
        sent = eve.form
        assert eve.client.post(sent.action, data=sent.sent(do=act)).status_code == 409


def test_a_cell_of_a_risk_matrix_is_chosen(eve: Editor) -> None:
    eve.open(f"{eve.base}/file/rules/risk_matrix.yaml").link("Risk to people, three by three")
    what = f"{MATRIX}/ico_3x3"
    eve.edit(what).send({"cells-severe-remote": "medium", "severity-severe": "Very severe"})
    lost, won = changed(eve, "rules/risk_matrix.yaml")
    assert "severe: {remote: medium, possible: high, probable: high}" in won
    assert len(lost) == len(won) == 2
    assert not checked(eve.files()).faults
    eve.edit(what).send({"cells-severe-remote": ""})
    assert "Enter “Very severe harm, remote”" in eve.page.text
