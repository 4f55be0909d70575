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
_TALLEST_MM = 222.0  # leaves room on the page for a heading and the caption
_LEAST = 0.85  # of the full width: below that the words are too small to read


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and how wide and high it stands on the page: as wide as the text, if that fits."""

    png: bytes
    width_mm: float
    height_mm: float


@lru_cache(_REMEMBERED)
def picture_flow(flow: Flow) -> tuple[Picture, ...]:
    """The data flows: more than one picture when they do not fit a page."""
    for lanes in range(_LANES_ON_A_PAGE, 0, -1):
        scale = Scale(UNITS, 13.0, 12.0, measure, most_lanes=lanes)
        drawings = draw_columns(flow, scale)
        if all(_shrunk(each.height) >= _LEAST for each in drawings):
            break
    return tuple(_picture(draw(each), each.height) for each in drawings)


@lru_cache(_REMEMBERED)
def picture_bars(bars: Bars) -> Picture:
    """The scores."""
    return _picture(*draw_bars(bars))


def _shrunk(height: float) -> float:
    """How much of the full width a drawing takes so that it fits a page."""
    return min(1.0, _TALLEST_MM / (height / UNITS * WIDTH_MM))


def _picture(png: bytes, height: float) -> Picture:
    share = _shrunk(height)
    return Picture(png, WIDTH_MM * share, height / UNITS * WIDTH_MM * share)
