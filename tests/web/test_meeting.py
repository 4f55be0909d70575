"""Two editors at one form: each part stands as one of them wrote it, and nothing typed is lost."""

import pytest
from flask import Flask

from tests.web.editing import SPECIAL, Editor

Two = tuple[Editor, Editor]


@pytest.fixture
def two(own_product: Flask) -> Two:
    one = Editor(own_product, own_product.test_client()).begin("Of two")
    return one, Editor(own_product, own_product.test_client()).join(one.base)


def meet(two: Two, what: str, first: dict[str, str], second: dict[str, str]) -> Two:
    """Both open a form, and save it one after the other."""
    eve, fay = two
    eve.edit(what)
    fay.edit(what)
    eve.send(first)
    fay.send(second)
    return two


def test_another_part_of_the_same_question_needs_no_choice(two: Two) -> None:
    _, fay = meet(two, SPECIAL, {"ask": "Eve's?"}, {"hint": "Fay's hint"})
    assert "together with what another editor changed" in fay.page.text
    thing = fay.thing(SPECIAL)
    assert (thing["ask"], thing["hint"]) == ("Eve's?", "Fay's hint")


@pytest.mark.parametrize(("picked", "stands"), [("mine", "Fay's?"), ("theirs", "Eve's?")])
def test_what_both_changed_stands_as_chosen_and_the_rest_is_kept(
    two: Two, picked: str, stands: str
) -> None:
    _, fay = meet(
        two, SPECIAL, {"ask": "Eve's?", "why": "Eve's reason"}, {"ask": "Fay's?", "hint": "Fay's"}
    )
    text = fay.page.text
    assert "ask:" not in text  # the words of the form, not of the file
    assert "What you typed: “Hint”" in text
    assert "“Why we ask”" in text
    fay.send({"pick-ask": picked})
    thing = fay.thing(SPECIAL)
    assert (thing["ask"], thing["hint"], thing["why"]) == (stands, "Fay's", "Eve's reason")


def test_nothing_is_saved_before_each_part_is_chosen(two: Two) -> None:
    _, fay = meet(
        two, SPECIAL, {"ask": "Eve's?", "hint": "Eve's"}, {"ask": "Fay's?", "hint": "Fay's"}
    )
    fay.send({"pick-ask": "mine"})
    assert "Choose which stands: Hint" in fay.page.text
    assert fay.thing(SPECIAL)["ask"] == "Eve's?"
    fay.send({"pick-hint": "theirs"})
    thing = fay.thing(SPECIAL)
    assert (thing["ask"], thing["hint"]) == ("Fay's?", "Eve's")


def test_a_choice_made_beside_an_older_text_is_asked_again(two: Two) -> None:
    eve, fay = meet(two, SPECIAL, {"ask": "Eve's?"}, {"ask": "Fay's?"})
    eve.edit(SPECIAL).send(ask="Eve's second?")
    fay.send({"pick-ask": "mine"})
    assert "Eve's second?" in fay.page.text
    assert fay.thing(SPECIAL)["ask"] == "Eve's second?"
    fay.send({"pick-ask": "mine"})
    assert fay.thing(SPECIAL)["ask"] == "Fay's?"


def test_a_condition_is_shown_in_english_and_stands_as_chosen(two: Two) -> None:
    question, answer = "question/project.end", "show_if-0-answer"
    _, fay = meet(two, question, {answer: "urgent"}, {answer: "no_personal_data"})
    theirs = fay.thing(question)["show_if"]
    assert "urgent" in str(theirs)
    assert "When is it asked?" in fay.page.text
    assert "Asked when" in fay.page.text
    fay.send({"pick-show_if": "theirs"})
    assert fay.thing(question)["show_if"] == theirs


def test_a_score_is_told_by_its_parts(two: Two) -> None:
    score = "score/proc.scale"
    first = {"sum-0-weight": "3"}
    _, fay = meet(two, score, first, {"sum-0-weight": "5"})
    assert "How it is worked out" in fay.page.text
    assert "times 3" in fay.page.text
    assert "times 5" in fay.page.text
    fay.send({"pick-sum": "mine"})
    assert "5" in str(fay.thing(score)["value"])


def test_what_has_no_place_any_more_is_shown_to_copy(two: Two) -> None:
    eve, fay = two
    bands = "bands/ethics_bands"
    eve.edit(bands)
    fay.edit(bands)
    eve.send(do="add-level")
    fay.send({"levels-1-label": "Fay's level"})
    assert "has no place any more" in fay.page.text
    assert "Fay's level" in fay.page.text
    fay.send()
    assert len(fay.thing(bands)["levels"]) == len(eve.thing(bands)["levels"])


def test_typing_never_takes_back_what_another_saved(two: Two) -> None:
    eve, fay = two
    fay.edit(SPECIAL)
    form = fay.form
    eve.edit(SPECIAL).send(hint="Eve's hint")
    url = f"{fay.base}/autosave/{SPECIAL}"
    said = fay.client.post(url, data=form.sent(ask="Fay's?")).get_json()
    assert said["conflicts"] == ["draft"]
    assert said["told"].startswith("Not saved")
    assert fay.thing(SPECIAL)["hint"] == "Eve's hint"


def test_two_new_options_are_both_kept(two: Two) -> None:
    eve, fay = two
    for one in two:
        one.open(f"{one.base}/new-option/{SPECIAL}")
    eve.send(label="Eve's option")
    fay.send(label="Fay's option")
    assert {"Eve's option", "Fay's option"} <= {
        str(v) for v in fay.thing(SPECIAL)["options"].values()
    }
    assert "Saved in the draft." in fay.page.text
    assert eve.base == fay.base


def test_an_option_that_both_worded_is_told_before_it_is_overwritten(two: Two) -> None:
    eve, fay = two
    for one in two:
        one.open(f"{one.base}/option/health/of/{SPECIAL}")
    eve.send(label="Eve's words")
    fay.send(label="Fay's words")
    assert "changed it meanwhile to “Eve's words”" in fay.page.text
    assert "Eve's words" in str(fay.thing(SPECIAL)["options"]["health"])
    fay.send()
    assert "Fay's words" in str(fay.thing(SPECIAL)["options"]["health"])


def test_what_another_changed_is_not_removed_unseen(two: Two) -> None:
    eve, fay = two
    question = "question/data.small_numbers"
    fay.open(f"{fay.base}/remove/{question}")
    eve.edit(question).send(hint="Still wanted")
    fay.send()
    assert "Somebody changed it meanwhile" in fay.page.text
    assert fay.thing(question)["hint"] == "Still wanted"
    fay.send()
    assert "Removed from the draft" in fay.page.text
