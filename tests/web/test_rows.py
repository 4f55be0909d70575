"""The page of one row: what follows from its answers, without the steps on the way."""

from tests.web.conftest import Person


def test_a_row_says_what_it_comes_to_and_not_how(someone: Person) -> None:
    page = someone.open("/projects/FP-0002/dpia/register/risks.register/1")
    said = page.text.split("This follows from your answers")[1]
    assert "Rating High Remaining risk Medium" in " ".join(said.split())
    assert "three by three" not in said
