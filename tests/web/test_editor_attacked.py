"""An attacker in the editor: hostile values in every field and button, forged names, ten megabytes."""

import re

import pytest
from flask import Flask

from app.catalogue.things import read_file
from app.web.editor.desk import DRAFT
from tests.web.editing import CONCEPT, SPECIAL, Editor

FORMS = (
    f"edit/{SPECIAL}",
    "edit/question/parties.list",
    "edit/column/parties.list/role",
    "edit/flag/R17",
    "edit/score/proc.scale",
    "edit/score/ethics.public_good",
    "edit/bands/ethics_bands",
    "edit/matrix/ico_3x3",
    "edit/entry/law.gateway_list/G01",
    "edit/page/concept_review/about-people",
    "edit/document/dpia",
    "edit/block/dpia/blocks.5",
    "new/question/concept_review/about-people",
    "new/column/parties.list",
    "new/flag/screening",
    "option/health/of/question/data.special",
    "new-option/question/data.special",
    "rename/data.special",
    "type/question/data.special",
    "place/data.special",
)
VALUES = (
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}${7*7}",
    "a: b\n- c: [d, {e: &f *f !!python/object:os.system ''}]\n<<: *x\n---\n...",
    "\u2028\u202e\x00\x07\ufeff\ud7ff\U0010ffff",
    "'; DROP TABLE draft; --",
    "../../../etc/passwd",
    "9" * 400,
    "1e999",
    "x" * 60_000,
)
REFUSED = {200, 302, 400, 403, 404, 409, 413}


def fields_of(eve: Editor) -> list[tuple[str, str]]:
    return [(name, value) for name, value in eve.form.fields if name != "csrf_token"]


@pytest.fixture(scope="module")
def attacked(own_product: Flask) -> Editor:
    """One draft for all that is thrown at forms."""
    return Editor(own_product, own_product.test_client())


@pytest.mark.parametrize("path", FORMS, ids=[path.replace("/", " ") for path in FORMS])
def test_a_hostile_value_in_every_field_is_text_or_refused(attacked: Editor, path: str) -> None:
    # Each form is sent two of them, others than its neighbours: each save costs a check of all.
    first = FORMS.index(path)
    eve = attacked.begin(path)
    for value in (VALUES[(first + n * 3) % len(VALUES)] for n in range(2)):
        eve.open(f"{eve.base}/{path}")
        form = eve.form
        hostile = {name: value for name, _ in fields_of(eve) if name not in ("shown", "seen", "do")}
        answer = eve.client.post(form.action, data=form.sent(do="save", **hostile))
        assert answer.status_code in REFUSED, (value[:40], answer.status_code)
        told = answer.get_data(as_text=True)
        assert "<script>alert(1)" not in told
        assert "49" not in re.findall(r"(?<!\d)49(?=\$)", told)
    read = [read_file(text) for name, text in eve.files().items() if name.endswith(".yaml")]
    assert None not in read, "whatever was typed, every file can be read"


@pytest.mark.parametrize("act", ["up:options:health", "sum:add", "add-level", "drop-level:low"])
@pytest.mark.parametrize("path", ["edit/flag/R17", "edit/page/concept_review/about-people"])
def test_a_button_of_another_form_changes_nothing(eve: Editor, path: str, act: str) -> None:
    before = eve.files()
    eve.open(f"{eve.base}/{path}")
    form = eve.form
    assert eve.client.post(form.action, data=form.sent(do=act)).status_code in (200, 409)
    assert eve.files() == before


@pytest.mark.parametrize(
    "act",
    ["sum:remove:99999999999", "sum:remove:-1", "sum:" + "x" * 9_000, "show_if:add:line:9:9:9:9"],
)
def test_a_button_with_a_forged_place_breaks_nothing(eve: Editor, act: str) -> None:
    for path in ("edit/score/proc.scale", f"edit/{SPECIAL}"):
        eve.open(f"{eve.base}/{path}")
        form = eve.form
        assert eve.client.post(form.action, data=form.sent(do=act)).status_code in (200, 409)


def test_a_score_with_thousands_of_parts_is_cut_off(eve: Editor) -> None:
    eve.edit("score/proc.scale")
    form = eve.form
    many = {f"sum-{n}-about": "data.is_varied" for n in range(900)}
    assert eve.client.post(form.action, data=form.sent(do="save", **many)).status_code in REFUSED
    assert len(eve.thing("score/proc.scale")["value"]["sum"]) <= 60


@pytest.mark.parametrize(
    "seen", ["", f"{DRAFT}=", f"{DRAFT}=-1", f"{DRAFT}=9e9", "other=1", "x" * 99]
)
def test_a_forged_version_is_refused(eve: Editor, seen: str) -> None:
    before = eve.files()
    for path in (f"edit/{SPECIAL}", "option/health/of/question/data.special"):
        eve.open(f"{eve.base}/{path}")
        form = eve.form
        forged = form.sent(do="save", ask="Forged?", label="Forged", seen=seen)
        assert eve.client.post(form.action, data=forged).status_code == 409, seen
    assert eve.files() == before


def test_the_form_of_one_draft_does_not_write_into_another(eve: Editor, own_product: Flask) -> None:
    del own_product
    other = Editor(eve.app, eve.app.test_client()).begin("Another")
    lead = Editor(eve.app, eve.app.test_client())
    lead.be("lead")
    lead.base = other.base
    before = other.files()
    eve.edit(SPECIAL)
    form = eve.form
    forged = form.action.replace(eve.base, f"{eve.base}/../{other.base.rpartition('/')[2]}")
    assert eve.client.post(forged, data=form.sent(do="save", ask="X?")).status_code in (308, 404)
    for path in ("rename/data.special", f"type/{SPECIAL}", f"edit/{SPECIAL}"):
        sent = lead.client.post(
            f"{other.base}/{path}", data={**lead.token(), "new_id": "a.b", "type": "text"}
        )
        assert sent.status_code in (400, 403, 404, 409)
    assert other.files() == before


def test_a_mend_that_nobody_found_is_not_there(eve: Editor) -> None:
    for path in ("x/finding/0", "x/fault/0", f"{'0' * 64}/finding/99", "x/rm/0", "x/finding/-1"):
        eve.edit(SPECIAL)
        answer = eve.client.post(
            f"{eve.base}/mend/{path}", data={**eve.token(), "seen": f"{DRAFT}=1"}
        )
        assert answer.status_code in (404, 409), path


def test_ten_megabytes_are_refused_at_once(eve: Editor) -> None:
    before = eve.files()
    large = "x" * 10_000_000
    eve.edit(SPECIAL)
    form = eve.form
    for address, name in (
        (form.action, "ask"),
        (f"{eve.base}/text/{CONCEPT}", "text"),
        (f"{eve.base}/check/{CONCEPT}", "text"),
        (f"{eve.base}/rename/data.special", "new_id"),
    ):
        answer = eve.client.post(address, data={**form.sent(do="save"), name: large})
        assert answer.status_code in (400, 409, 413), (address, answer.status_code)
    assert eve.files() == before
