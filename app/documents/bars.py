"""Scores as bars on one axis, drawn for print: what is missing is hatched and said."""

from app.core.blocks import Bar, Bars
from app.core.wording import count
from app.documents import palette
from app.documents.raster import UNITS, Canvas, measure
from app.documents.shapes import Line, Scale, fit

_ROW, _TOP, _FOOT = 36.0, 34.0, 28.0
_LEFT, _RIGHT = 0.33, 0.74  # where the axis stands, as parts of the width
_NAME, _TEXT = 13.0, 12.0
_ZONES = ("EDF2F3", "FBF0DA", "F8E1DD", "F3CFC9")


def draw_bars(bars: Bars) -> tuple[bytes, float]:
    """The picture and its height in units."""
    height = _TOP + _ROW * len(bars.bars) + _FOOT
    canvas = Canvas(UNITS, height)
    _axis(canvas, bars, height - _FOOT)
    for at, bar in enumerate(bars.bars):
        _bar(canvas, bars, bar, _TOP + _ROW * at)
    return canvas.png(), height


def describe_bars(bars: Bars) -> str:
    """The same in words."""
    said = [f"From {bars.low:g} to {bars.high:g}."]
    for bar in bars.bars:
        known = [bar.band] if bar.value is None else [f"{bar.value:.2f}", bar.band]
        known += [f"tolerance reached: {', '.join(bar.breaches)}"] if bar.breaches else []
        known += [missing_words(bar)] if bar.value is None else []
        said.append(f"{bar.label}: {'; '.join(filter(None, known))}.")
    return " ".join(said)


def missing_words(bar: Bar) -> str:
    """What a score without a value lacks."""
    return f"{count(bar.missing, 'answer')} missing" if bar.missing else "not complete"


def _at(bars: Bars, value: float) -> float:
    """Where a value stands across the picture."""
    return UNITS * (_LEFT + bars.share(value) * (_RIGHT - _LEFT))


def _axis(canvas: Canvas, bars: Bars, bottom: float) -> None:
    edges = [(bars.low, ""), *(tick for tick in bars.ticks if bars.low < tick[0] < bars.high)]
    first = next((label for value, label in bars.ticks if value <= bars.low), "")
    labels = [first, *(label for _, label in edges[1:])]
    stops = [*(value for value, _ in edges), bars.high]
    for at, label in enumerate(labels):
        start, end = _at(bars, stops[at]), _at(bars, stops[at + 1])
        canvas.rectangle((start, _TOP, end, bottom), _ZONES[min(at, len(_ZONES) - 1)])
        canvas.text(Line(start + 5, _TOP - 8, label, _TEXT, bold=True, ink="quiet"))
    for value in stops:
        x = _at(bars, value)
        canvas.line((x, _TOP), (x, bottom), "8FA1A8", 0.8)
        canvas.text(Line(x, bottom + 17, f"{value:g}", _TEXT, ink="quiet", anchor="middle"))


def _bar(canvas: Canvas, bars: Bars, bar: Bar, top: float) -> None:
    scale = Scale(UNITS, _NAME, _TEXT, measure)
    names = fit(bar.label, UNITS * _LEFT - 10, _NAME, False, 2, scale)
    middle = top + _ROW / 2
    for at, name in enumerate(names):
        y = middle + _NAME * (0.33 + 1.2 * (at - (len(names) - 1) / 2))
        canvas.text(Line(0, y, name, _NAME, bold=True))
    if bar.value is None:
        _hatch(canvas, bars, bar, top)
    else:
        _fill(canvas, bars, bar, top)
    words = bar.band if bar.value is None else f"{bar.value:.2f}  {bar.band}"
    for line in fit(words, UNITS * (1 - _RIGHT) - 12, _NAME, True, 1, scale):
        x, bold = UNITS * _RIGHT + 12, bar.value is not None
        canvas.text(Line(x, middle + _NAME * 0.33, line, _NAME, bold=bold))


def _fill(canvas: Canvas, bars: Bars, bar: Bar, top: float) -> None:
    start, end = _at(bars, bars.low), _at(bars, bar.value or bars.low)
    end = max(end, start + 4)
    middle = top + _ROW / 2
    canvas.rectangle((start, top + 9, end, top + _ROW - 9), palette.HEAD)
    if not bar.breaches:
        return
    words = count(len(bar.breaches), "tolerance")
    room = _at(bars, bars.high) - end
    wide = measure(words, _TEXT, True) + 26
    x = end + 12 if room > wide else end - wide + 8
    canvas.shape("diamond", (x, middle), (11, 11), "8E1B1B" if room > wide else "FFFFFF")
    ink = "stop" if room > wide else "paper"
    canvas.text(Line(x + 10, middle + _TEXT * 0.33, words, _TEXT, bold=True, ink=ink))


def _hatch(canvas: Canvas, bars: Bars, bar: Bar, top: float) -> None:
    start, end = _at(bars, bars.low), _at(bars, bars.high)
    up, down = top + 9, top + _ROW - 9
    canvas.rectangle((start, up, end, down), "FFFFFF", palette.UNANSWERED, 1)
    tall = down - up
    x = start - tall + 9
    while x < end:
        left, right = max(x, start), min(x + tall, end)
        if right > left:
            canvas.line((left, down - (left - x)), (right, down - (right - x)), "9AA0C4", 0.9)
        x += 9
    words = missing_words(bar)
    half = measure(words, _TEXT, True) / 2 + 6
    middle = (start + end) / 2
    canvas.rectangle((middle - half, up + 2, middle + half, down - 2), "FFFFFF")
    y = top + _ROW / 2 + _TEXT * 0.33
    canvas.text(Line(middle, y, words, _TEXT, bold=True, ink="open", anchor="middle"))
