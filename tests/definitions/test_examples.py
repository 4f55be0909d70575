"""Every rule's examples come out as they say, and notice any change to the rule."""

from __future__ import annotations

import pytest

from app.catalogue import Catalogue
from tests.definitions.mutation import Exampled, exampled, parts, survivors, wrong_examples
from tests.shipped import shipped_catalogue

RULES = [(each, part) for part in parts(shipped_catalogue()) for each in exampled(part)]
NAMES = [each.id for each, _ in RULES]


@pytest.mark.parametrize(("each", "catalogue"), RULES, ids=NAMES)
def test_a_rules_examples_come_out_as_they_say(each: Exampled, catalogue: Catalogue) -> None:
    assert wrong_examples(each, catalogue) == []


@pytest.mark.parametrize(("each", "catalogue"), RULES, ids=NAMES)
def test_a_change_to_any_literal_operator_or_conjunct_is_noticed_by_an_example(
    each: Exampled, catalogue: Catalogue
) -> None:
    assert survivors(each, catalogue)[1] == []
