"""Drawings as PNG pictures for print: letters from a pinned font, the same bytes on each run."""

import io
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path as FilePath

from PIL import Image, ImageDraw, ImageFont

from app.documents import palette
from app.documents.shapes import Box, Disc, Drawing, Line, Path

WIDTH_MM = 170.0
UNITS = WIDTH_MM / 25.4 * 96  # the width in the units of drawings
_DPI = 200
_ZOOM = _DPI / 96
_SMOOTH = 4  # small shapes are drawn so much larger and reduced
_DASHES = {"coded": (8.5, 5.0), "counts": (2.4, 4.2)}
_INKS = {
    "ink": palette.INK,
    "quiet": palette.MUTED,
    "stop": "6E1210",
    "paper": "FFFFFF",
    "soft": "D5E2E6",
    "head": palette.HEAD,
    "open": palette.UNANSWERED,
}
_LOOKS = {
    "plain": ("FFFFFF", palette.HEAD),
    "hub": (palette.HEAD, palette.HEAD),
    "stopped": ("FBEDEB", "8E1B1B"),
}


@cache
def _font_folder() -> FilePath:
    """Where the font's package keeps its files."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package font-source-sans-pro is not installed")
    return FilePath(spec.origin).parent / "files"


@lru_cache(64)
def _font(pixels: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "SourceSansPro-Semibold.ttf" if bold else "SourceSansPro-Regular.ttf"
    path = str(_font_folder() / name)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def _no_glyph() -> bytes:
    return bytes(_font(20, False).getmask("\U0010ffff"))


@lru_cache(4096)
def _is_drawn(letter: str) -> bool:
    return letter.isspace() or bytes(_font(20, False).getmask(letter)) != _no_glyph()


def drawable(text: str) -> str:
    """Text as far as the font has letters for it; the table beside a picture has it all."""
    if text.isascii():
        return text
    kept = "".join(letter for letter in text if _is_drawn(letter)).strip()
    return kept if any(letter.isalnum() for letter in kept) else "(see the table)"


def _size(units: float) -> int:
    return round(units * _ZOOM)


@lru_cache(8192)
def measure(text: str, size: float, bold: bool) -> float:
    """How wide a text is, in the units of drawings."""
    return _font(_size(size), bold).getlength(drawable(text)) / _ZOOM


@lru_cache(64)
def _mask(kind: str, width: int, height: int) -> Image.Image:
    """A small shape with smooth edges: disc, octagon, tip of an arrow, diamond."""
    image = Image.new("L", (width * _SMOOTH, height * _SMOOTH), 0)
    pen = ImageDraw.Draw(image)
    w, h = width * _SMOOTH - 1, height * _SMOOTH - 1
    if kind == "disc":
        pen.rounded_rectangle([0, 0, w, h], radius=h / 2, fill=255)
    elif kind == "octagon":
        cut = h * 0.29
        corners = [(cut, 0), (w - cut, 0), (w, cut), (w, h - cut)]
        pen.polygon([*corners, (w - cut, h), (cut, h), (0, h - cut), (0, cut)], fill=255)
    elif kind == "diamond":
        pen.polygon([(w / 2, 0), (w, h / 2), (w / 2, h), (0, h / 2)], fill=255)
    else:
        tips: dict[str, list[tuple[float, float]]] = {
            "right": [(0, 0), (w, h / 2), (0, h)],
            "down": [(0, 0), (w, 0), (w / 2, h)],
            "left": [(w, 0), (0, h / 2), (w, h)],
            "up": [(0, h), (w, h), (w / 2, 0)],
        }
        pen.polygon(tips[kind], fill=255)
    return image.reduce(_SMOOTH)


class Canvas:
    """A page of pixels, drawn on in the units of drawings."""

    def __init__(self, width: float, height: float) -> None:
        self.image = Image.new("RGB", (_size(width), _size(height)), "white")
        self.pen = ImageDraw.Draw(self.image)

    def text(self, line: Line) -> None:
        """A line of text."""
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[line.anchor]
        font = _font(_size(line.size), line.bold)
        ink = "#" + _INKS[line.ink]
        place = (line.x * _ZOOM, line.y * _ZOOM)
        self.pen.text(place, drawable(line.text), font=font, fill=ink, anchor=anchor)

    def shape(
        self, kind: str, middle: tuple[float, float], size: tuple[float, float], ink: str
    ) -> None:
        """A small shape around its middle."""
        width, height = max(1, _size(size[0])), max(1, _size(size[1]))
        left = round(middle[0] * _ZOOM - width / 2)
        top = round(middle[1] * _ZOOM - height / 2)
        self.image.paste(
            "#" + ink, (left, top, left + width, top + height), _mask(kind, width, height)
        )

    def rectangle(
        self, area: Sequence[float], fill: str, edge: str | None = None, line: float = 1.5
    ) -> None:
        """A filled rectangle, with an edge if it has one."""
        box = [round(value * _ZOOM) for value in area]
        outline = "#" + edge if edge else None
        self.pen.rectangle(box, fill="#" + fill, outline=outline, width=max(1, _size(line)))

    def line(
        self, start: tuple[float, float], end: tuple[float, float], ink: str, width: float
    ) -> None:
        """A straight line."""
        ends = [(round(x * _ZOOM), round(y * _ZOOM)) for x, y in (start, end)]
        self.pen.line(ends, fill="#" + ink, width=max(1, _size(width)))

    def png(self) -> bytes:
        """The picture, in few colours and few bytes."""
        few = self.image.quantize(palette=_palette(), dither=Image.Dither.NONE)
        out = io.BytesIO()
        few.save(out, "PNG", compress_level=6, dpi=(_DPI, _DPI))
        return out.getvalue()


def _ramp(start: str, end: str, steps: int) -> Iterable[int]:
    first = [int(start[at : at + 2], 16) for at in (0, 2, 4)]
    last = [int(end[at : at + 2], 16) for at in (0, 2, 4)]
    for step in range(steps + 1):
        for a, b in zip(first, last, strict=True):
            yield round(a + (b - a) * step / steps)


@cache
def _palette() -> Image.Image:
    """A fixed palette: exact white, the house colours, and the way from each to its ground."""
    values: list[int] = []
    for ground, ink, steps in (
        ("FFFFFF", palette.HEAD, 7),
        ("FFFFFF", palette.INK, 7),
        ("FFFFFF", palette.MUTED, 5),
        ("FFFFFF", "8E1B1B", 6),
        ("FFFFFF", "6E1210", 5),
        ("FFFFFF", palette.UNANSWERED, 5),
        ("FBEDEB", "8E1B1B", 4),
        ("FBEDEB", palette.INK, 5),
        ("FBEDEB", palette.MUTED, 4),
        (palette.HEAD, "D5E2E6", 5),
        ("EDF2F3", palette.HEAD, 3),
        ("FBF0DA", palette.HEAD, 3),
        ("F8E1DD", palette.HEAD, 3),
        ("EDF2F3", palette.MUTED, 3),
        ("8FA1A8", "9AA0C4", 1),
    ):
        values.extend(_ramp(ground, ink, steps))
    image = Image.new("P", (1, 1))
    image.putpalette(values + values[:3] * (256 - len(values) // 3))
    return image


def draw(drawing: Drawing) -> bytes:
    """A drawing as a PNG."""
    canvas = Canvas(drawing.width, drawing.height)
    for box in drawing.boxes:
        _box(canvas, box)
    for path in drawing.paths:
        _path(canvas, path)
    for disc in drawing.discs:
        _disc(canvas, disc)
    for line in drawing.lines:
        canvas.text(line)
    return canvas.png()


def _box(canvas: Canvas, box: Box) -> None:
    fill, edge = _LOOKS[box.look]
    area = (box.x, box.y, box.x + box.width, box.y + box.height)
    if box.dashed:
        canvas.rectangle(area, fill)
        corners = [(area[0], area[1]), (area[2], area[1]), (area[2], area[3]), (area[0], area[3])]
        for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
            _dashes(canvas, (start, end), (6.0, 4.0), edge, 1.6)
        return
    pixels = [round(value * _ZOOM) for value in area]
    radius = _size(14 if box.rounded else 4)
    width = max(1, _size(1.6))
    canvas.pen.rounded_rectangle(pixels, radius, fill="#" + fill, outline="#" + edge, width=width)


Ends = tuple[tuple[float, float], tuple[float, float]]


def _dashes(
    canvas: Canvas, ends: Ends, pattern: tuple[float, float], ink: str, width: float
) -> None:
    (x1, y1), (x2, y2) = ends
    length = abs(x2 - x1) + abs(y2 - y1)  # every way is level or upright
    along = 0.0
    while length and along < length:
        stop = min(along + pattern[0], length)
        start = (x1 + (x2 - x1) * along / length, y1 + (y2 - y1) * along / length)
        end = (x1 + (x2 - x1) * stop / length, y1 + (y2 - y1) * stop / length)
        canvas.line(start, end, ink, width)
        along += sum(pattern)


def _path(canvas: Canvas, path: Path) -> None:
    ink = "8E1B1B" if path.stopped else palette.HEAD
    points = list(path.points)
    if path.tip:
        (x1, y1), (x2, y2) = points[-2:]
        away = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        side = {(1, 0): "right", (-1, 0): "left", (0, 1): "down"}.get(away, "up")
        size = (9.5, 10.0) if away[0] else (10.0, 9.5)
        canvas.shape(side, (x2 - away[0] * 4.7, y2 - away[1] * 4.7), size, ink)
        points[-1] = (x2 - away[0] * 8, y2 - away[1] * 8)
    for start, end in pairwise(points):
        if path.kind in _DASHES:
            _dashes(canvas, (start, end), _DASHES[path.kind], ink, 2.1)
        else:
            canvas.line(start, end, ink, 2.1)


def _disc(canvas: Canvas, disc: Disc) -> None:
    kind = "octagon" if disc.stopped else "disc"
    ink = "8E1B1B" if disc.stopped else palette.HEAD
    size = 2 * disc.half, 2 * disc.radius
    canvas.shape(kind, (disc.x, disc.y), (size[0] + 2, size[1] + 2), "FFFFFF")
    canvas.shape(kind, (disc.x, disc.y), size, ink)
    text = disc.radius / 0.78
    canvas.text(Line(disc.x, disc.y + text * 0.33, disc.text, text, True, "paper", "middle"))
