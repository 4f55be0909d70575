import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from app.core.blocks import (
    Block,
    Clause,
    Document,
    Heading,
    Mark,
    Matrix,
    MatrixCell,
    Paragraph,
    Run,
    Tile,
    Tiles,
    Tone,
)
from app.documents.html import to_html
from tests.documents import sample
from tests.documents.test_word import SURVIVES, everywhere

VOID = {"br", "hr", "img", "input", "rect", "path"}


class Read(HTMLParser):
    """Elements with their attributes, and whether all that is opened is closed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is closed out of turn"

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def read(content: Document | tuple[Block, ...], **how: object) -> Read:
    found = Read(str(to_html(content, **how)))  # type: ignore[arg-type]
    assert not found.open
    return found


@pytest.fixture(scope="module", params=sample.documents(), ids=["risk report", "agreement"])
def page(request: pytest.FixtureRequest) -> Read:
    return read(request.param)


def test_there_is_no_inline_style_or_script_and_no_handler(page: Read) -> None:
    for tag, attributes in page.elements:
        assert tag not in {"style", "script", "iframe", "object"}
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_no_markup_is_shown_as_text(page: Read) -> None:
    assert [said for said in page.text if "<" in said or "&" in said] == []


def test_ids_are_unique_and_every_reference_finds_its_own(page: Read) -> None:
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    assert [one for one, count in ids.items() if count > 1] == []
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            for ident in attributes.get(name, "").split():
                assert ident in ids
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids


def test_two_pieces_on_one_page_share_no_id() -> None:
    blocks = (Heading("A", anchor="a"), sample.FLOW, sample.MATRIX)
    first = {a["id"] for _, a in read(blocks, ident="one").elements if "id" in a}
    second = {a["id"] for _, a in read(blocks, ident="two").elements if "id" in a}
    assert first
    assert not first & second


def test_tables_have_captions_scopes_and_labels_for_cards(page: Read) -> None:
    captions = page.all("caption")
    assert len(captions) == len(page.all("table"))
    assert all(head.get("scope") in {"col", "row"} for head in page.all("th"))
    assert all("data-label" in cell and cell["role"] == "cell" for cell in page.all("td"))


def test_pictures_are_images_with_a_title_and_a_description_or_only_for_the_eye(
    page: Read,
) -> None:
    for picture in page.all("svg"):
        named = picture.get("role") == "img" and len(picture["aria-labelledby"].split()) == 2
        assert named or picture.get("aria-hidden") == "true"


def test_headings_skip_no_level(page: Read) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_start_where_the_page_says() -> None:
    assert [tag for tag, _ in read((Heading("A"), Heading("B", 2)), level=3).elements] == [
        "h3",
        "h4",
    ]


@pytest.mark.parametrize("text", [*SURVIVES, "<script>alert(1)</script>", '" onload="x'])
def test_any_text_is_shown_as_typed_in_every_place(text: str) -> None:
    control = replace(sample.control(), marking=text, status=text, release=text)
    found = read(Document(control, everywhere(text)))
    assert sum(text in said for said in found.text) >= 20
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "b0", "w:p"}
    assert all("onload" not in attributes for _, attributes in found.elements)


@pytest.mark.parametrize(
    ("to", "href"),
    [
        ("flags", "#doc-flags"),
        ("#flags", "#doc-flags"),
        ("/projects/1/answers", "/projects/1/answers"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_links_lead_here_or_to_https(to: str, href: str) -> None:
    assert read((Paragraph((Run("x", to=to),)),)).all("a")[0]["href"] == href


@pytest.mark.parametrize(
    "to", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "/\\e"]
)
def test_no_other_link_is_possible(to: str) -> None:
    assert read((Paragraph((Run("x", to=to),)),)).all("a")[0]["href"].startswith("#doc-b_")


@pytest.mark.parametrize("locked", [True, False])
def test_agreed_wording_bears_the_same_mark_as_in_word(locked: bool) -> None:
    made = to_html([Clause("Purpose", (Run("To help."),), locked=locked)])
    assert ("Agreed wording. Do not change in this copy." in made) is locked


def test_a_count_of_none_has_no_warning_sign() -> None:
    def signs(count: str) -> int:
        tiles = Tiles((Tile(count, "stops", Tone.STOP),))
        return len([a for a in read((tiles,)).all("span") if "fp-mark" in a.get("class", "")])

    assert (signs("0"), signs("2")) == (0, 1)


def test_a_flow_is_drawn_wide_and_narrow_with_a_table_of_the_same() -> None:
    found = read((sample.FLOW,))
    classes = [picture.get("class") for picture in found.all("svg")]
    assert classes == ["fp-wide", "fp-narrow"]
    said = "".join(found.text)
    for end in sample.FLOW.ends[:6]:
        assert said.count(end.name) >= 2


def test_a_matrix_shows_moves_with_circles_and_many_things_as_counts() -> None:
    moves = str(to_html((sample.MOVES,)))
    assert moves.count('rx="12"') == 12
    row = sample.MATRIX.cells[1]
    many = replace(row[1], before=tuple(sample._marks(*range(1, 15))))
    crowded = replace(sample.MATRIX, cells=((many, *row[1:]), *sample.MATRIX.cells[1:]))
    assert "14 here" in str(to_html((crowded,)))


BEFORE_AFTER = {
    "it stays": ((1, 1), (1, 1), None),
    "less likely": ((1, 2), (1, 0), "-"),
    "less severe": ((0, 1), (2, 1), "|"),
    "both": ((0, 2), (2, 0), "/"),
    "worse in both": ((2, 0), (0, 1), "/"),
}


@pytest.mark.parametrize(("before", "after", "way"), BEFORE_AFTER.values(), ids=BEFORE_AFTER)
def test_an_arrow_leads_from_before_to_after_measures_in_every_direction(
    before: tuple[int, int], after: tuple[int, int], way: str | None
) -> None:
    mark = Mark("1", "A risk")
    cells = tuple(
        tuple(
            MatrixCell(
                "Low",
                Tone.LOW,
                (mark,) if (row, column) == before else (),
                (mark,) if (row, column) == after else (),
            )
            for column in range(3)
        )
        for row in range(3)
    )
    drawn = str(to_html((Matrix("Risks", ("A", "B", "C"), ("X", "Y", "Z"), cells),)))
    found = re.findall(r'<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" stroke="#0b0c0c"', drawn)
    assert drawn.count('rx="12"') == (1 if way is None else 2)
    if way is None:
        assert found == []
        return
    (arrow,) = found
    x, y, to_x, to_y = map(float, arrow)
    assert {"-": y == to_y, "|": x == to_x, "/": x != to_x and y != to_y}[way]
    assert (to_x < x, to_y > y) == (after[1] < before[1], after[0] > before[0])


def test_scores_are_words_beside_bars_and_an_incomplete_one_has_no_bar() -> None:
    found = str(to_html((sample.BARS,)))
    assert found.count('class="fp-bar"') == len(sample.BARS.bars)
    assert "1 answer missing" in found
    assert found.count("stroke-dasharray") == 1
    assert "1.80" in found
