"""The colours of documents: one fill, one ink and one edge for each tone, never without a word."""

from dataclasses import dataclass

from app.core.blocks import Tone

INK = "1C2326"
HEAD = "0F3D4C"
MUTED = "4B5A60"
LINE = "B7C6CB"
PALE = "E6EEF0"
LINK = "0B4F8A"
UNANSWERED = "2C3163"


@dataclass(frozen=True, slots=True)
class Colours:
    """Text in `ink` on `fill` has a contrast of at least 7; `edge` on white of at least 3.6."""

    fill: str
    ink: str
    edge: str


TONES: dict[Tone, Colours] = {
    Tone.STOP: Colours("8E1B1B", "FFFFFF", "8E1B1B"),
    Tone.BREACH: Colours("F6DDCB", "5E2A10", "9A4F22"),
    Tone.HIGH: Colours("F3CFC9", "6E1210", "B5443A"),
    Tone.MEDIUM: Colours("FBE3B5", "5B3B00", "B97A00"),
    Tone.LOW: Colours("D9E8DF", "173F2B", "4E8468"),
    Tone.UNKNOWN: Colours("E2E4F0", "2C3163", "5A628F"),
    Tone.OK: Colours("DCEBEB", "0B3C40", "0F5B62"),
    Tone.PLAIN: Colours(PALE, HEAD, "5E7A84"),
}
TONES[Tone.TAG] = TONES[Tone.UNKNOWN]

# Tones that fill what they mark; the others only change how the text is set.
FILLED = frozenset(TONES) - {Tone.PLAIN}


def colours(tone: Tone) -> Colours:
    """The colours of a tone; what only changes the text is coloured plainly."""
    return TONES.get(tone, TONES[Tone.PLAIN])
