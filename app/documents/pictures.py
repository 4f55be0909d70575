"""Pictures for the Word files, remembered by what they draw."""

from dataclasses import dataclass
from functools import lru_cache

from app.core.blocks import Bars, Flow
from app.documents.bars import draw_bars
from app.documents.flow_drawing import draw_columns
from app.documents.raster import UNITS, WIDTH_MM, draw, measure
from app.documents.shapes import Scale

_REMEMBERED = 64
_LANES_ON_A_PAGE = 11


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and how high it stands on the page when as wide as the text."""

    png: bytes
    height_mm: float


@lru_cache(_REMEMBERED)
def picture_flow(flow: Flow) -> tuple[Picture, ...]:
    """The data flows: more than one picture when they do not fit a page."""
    scale = Scale(UNITS, 13.0, 12.0, measure, most_lanes=_LANES_ON_A_PAGE)
    return tuple(
        Picture(draw(drawing), drawing.height / UNITS * WIDTH_MM)
        for drawing in draw_columns(flow, scale)
    )


@lru_cache(_REMEMBERED)
def picture_bars(bars: Bars) -> Picture:
    """The scores."""
    png, height = draw_bars(bars)
    return Picture(png, height / UNITS * WIDTH_MM)
