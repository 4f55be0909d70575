import io

import pytest
from PIL import Image

from app.core.blocks import Flow, FlowEnd, FlowLine
from app.documents.flow import arrange, describe, flow_table
from app.documents.flow_drawing import draw_columns, draw_trunk
from app.documents.pictures import picture_bars, picture_flow
from app.documents.raster import UNITS, drawable, measure
from app.documents.shapes import Drawing, Scale, fit, wrap
from tests.documents import sample

PRINT = Scale(UNITS, 13, 12, measure, 11)
PHONE = Scale(360, 15, 14, measure)


def flows(ends: int, lines: int, step: int = 7, what: str = "Item {}") -> Flow:
    """A web of flows from each to each, no hub."""
    return Flow(
        "Flows",
        tuple(FlowEnd(f"p{n}", f"Organisation number {n}", "controller") for n in range(ends)),
        tuple(
            FlowLine(
                n + 1,
                f"p{n % ends}",
                f"p{(n * step + 1 + n // ends) % ends}",
                what.format(n),
                "Weekly",
                ("named", "coded", "counts")[n % 3],
                "3" if n % 11 == 5 else None,
            )
            for n in range(lines)
        ),
    )


def everyone_to_one(ends: int, what: str = "Counts") -> Flow:
    names = tuple(FlowEnd(f"p{n}", f"Borough {n}", "controller") for n in range(ends))
    lines = tuple(FlowLine(n + 1, f"p{n}", "hub", what, "Monthly", "counts") for n in range(ends))
    back = FlowLine(ends + 1, "hub", "p0", "Report", "Yearly", "counts")
    return Flow("Flows", (*names, FlowEnd("hub", "City office", "processor")), (*lines, back))


CASES = [
    pytest.param(flows(2, 1), id="2 organisations, 1 flow"),
    pytest.param(flows(5, 6), id="5 organisations, 6 flows"),
    pytest.param(flows(34, 40), id="34 organisations, 40 flows"),
    pytest.param(everyone_to_one(33), id="33 to one"),
    pytest.param(everyone_to_one(8, "What the borough knows of the child"), id="8 to one, tall"),
    pytest.param(sample.FLOW, id="through a hub"),
    pytest.param(sample.DIRECT, id="from party to party"),
    pytest.param(flows(3, 3, what="A very long description of what travels " * 6), id="long"),
    pytest.param(flows(3, 3, what="Nobreakwhatsoever" * 20), id="one long word"),
    pytest.param(flows(3, 3, what=""), id="nothing said yet"),
    pytest.param(flows(3, 3, what="العربية 東京 😀"), id="letters the font lacks"),
    pytest.param(flows(1, 2), id="from one to itself"),
]


@pytest.mark.parametrize("flow", CASES)
def test_every_flow_is_in_the_picture_once(flow: Flow) -> None:
    plan = arrange(flow)
    numbers = [n for lane in (*plan.into, *plan.out, *plan.direct) for n in lane.numbers]
    assert sorted(numbers) == [line.number for line in flow.lines]


@pytest.mark.parametrize("flow", CASES)
def test_nothing_is_drawn_outside_the_picture_and_no_boxes_overlap(flow: Flow) -> None:
    for drawing, scale in [
        *((each, PRINT) for each in draw_columns(flow, PRINT)),
        (draw_trunk(flow, PHONE), PHONE),
    ]:
        assert_inside(drawing, scale)
        boxes = drawing.boxes
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                apart = (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert apart, (one, other)


def assert_inside(drawing: Drawing, scale: Scale) -> None:
    assert drawing.width == scale.width
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for line in drawing.lines:
        assert line.x + measure(line.text, line.size, line.bold) <= drawing.width + 1
        assert 0 < line.y <= drawing.height
    for disc in drawing.discs:
        assert disc.x + disc.half <= drawing.width
    for path in drawing.paths:
        for (x1, y1), (x2, y2) in zip(path.points, path.points[1:], strict=False):
            assert x1 == x2 or y1 == y2, "every way is level or upright"


@pytest.mark.parametrize("flow", CASES)
def test_a_printed_picture_fits_a_page(flow: Flow) -> None:
    for picture in picture_flow(flow):
        assert picture.height_mm < 225
        assert 140 < picture.width_mm <= 170
        assert Image.open(io.BytesIO(picture.png)).width == round(UNITS * 200 / 96)


def test_an_organisation_that_most_flows_pass_through_stands_in_the_middle() -> None:
    plan = arrange(sample.FLOW)
    assert plan.hub is not None
    assert plan.hub.name == "Linking environment"
    assert len(plan.into) == 5
    assert len(plan.out) == 3
    assert plan.direct == ()


def test_between_parties_there_is_no_middle() -> None:
    plan = arrange(sample.DIRECT)
    assert plan.hub is None
    assert len(plan.direct) == 5


def test_many_flows_that_say_the_same_are_drawn_as_one_and_listed_one_by_one() -> None:
    flow = everyone_to_one(33)
    plan = arrange(flow)
    assert [lane.label for lane in plan.into] == ["1\u201333"]
    assert plan.into[0].giver.name == "33 organisations"
    assert len(flow_table(flow).rows) == 34


def test_a_stopped_flow_is_never_joined_with_one_that_may_flow() -> None:
    flow = everyone_to_one(20)
    lines = list(flow.lines)
    lines[4] = FlowLine(5, "p4", "hub", "Counts", "Monthly", "counts", "3.1")
    plan = arrange(Flow("Flows", flow.ends, tuple(lines)))
    stopped = [lane for lane in plan.into if lane.stopped]
    assert [lane.numbers for lane in stopped] == [(5,)]


def test_the_table_says_what_is_not_answered() -> None:
    flow = Flow("Flows", (FlowEnd("a", "A", ""),), (FlowLine(1, "a", "b", "", "", "named"),))
    said = [run.text for cell in flow_table(flow).rows[0] for run in cell.paragraphs[0]]
    assert said == ["1", "A", "Not answered yet", "Not answered yet", "Not answered yet"]


def test_the_description_names_givers_receivers_and_stops() -> None:
    said = describe(sample.FLOW)
    assert "4: North London NHS ICB gives Linking environment Hospital discharges" in said
    assert "stopped, see 3.1" in said


def test_the_same_flow_is_drawn_once() -> None:
    assert picture_flow(sample.FLOW) is picture_flow(sample.FLOW)
    assert picture_bars(sample.BARS) is picture_bars(sample.BARS)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łódź & Ελλάδα", "Łódź & Ελλάδα"),
        ("العربية", "(see the table)"),
        ("Café 東京", "Café"),
        ("😀", "(see the table)"),
    ],
)
def test_what_the_font_cannot_draw_is_left_to_the_table(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


def test_lines_are_no_wider_than_their_room() -> None:
    lines = wrap("Applications and placements of " + "x" * 90, 120, 12, False, PRINT)
    assert all(measure(line, 12, False) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "").endswith("x" * 90)


def test_what_does_not_fit_ends_in_a_mark() -> None:
    lines = fit("one two three four five six seven eight nine", 60, 12, False, 2, PRINT)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert measure(lines[-1], 12, False) <= 60
