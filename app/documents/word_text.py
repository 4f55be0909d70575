"""Runs and paragraphs for Word: tones become styles, links become bookmarks and addresses."""

import re
from dataclasses import dataclass, field

from app.core.blocks import Run, Runs, Tone
from app.documents import palette, wordml

_STYLES = {
    Tone.QUIET: "Muted",
    Tone.STRONG: "Strong",
    Tone.EMPHASIS: "Emphasis",
    Tone.UNANSWERED: "Unanswered",
}
_ADDRESS = re.compile(r"https://[^\s\"\\<>]+")
_BOLD = "<w:b/><w:bCs/>"


@dataclass(slots=True)
class Anchors:
    """What can be linked to in this document, and which bookmarks are set already."""

    known: frozenset[str]
    used: dict[str, int] = field(default_factory=dict)

    def mark(self, anchor: str, content: str) -> str:
        """Content with a bookmark around it; the first of a name counts."""
        name = wordml.bookmark_name(anchor) if anchor else ""
        if not name or name in self.used:
            return content
        number = self.used[name] = len(self.used) + 1
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )


def runs_xml(runs: Runs, anchors: Anchors, ground: Tone = Tone.PLAIN) -> str:
    """Runs one after the other, on the ground of a filled cell if it is one."""
    if ground in palette.FILLED:
        return "".join(_on_ground(run, anchors, ground) for run in runs)
    return "".join(_run(run, anchors) for run in runs)


def is_right_to_left(runs: Runs) -> bool:
    """Whether a paragraph of these runs starts on the right."""
    return wordml.is_right_to_left("".join(run.text for run in runs))


def _run(run: Run, anchors: Anchors) -> str:
    if run.tone in palette.FILLED:
        # No-break spaces keep a tag, and its colour on both sides, in one piece.
        text = f"\u00a0{run.text}\u00a0".replace(" ", "\u00a0")
        content = wordml.run(text, f"Tag{run.tone.value.title()}")
        return _linked(run, content, anchors)
    if run.to:
        style = "Hyperlink" if _leads_somewhere(run.to, anchors) else _STYLES.get(run.tone, "")
        extra = _BOLD if style == "Hyperlink" and run.tone is Tone.STRONG else ""
        return _linked(run, wordml.run(run.text, style, extra), anchors)
    return wordml.run(run.text, _STYLES.get(run.tone, ""))


def _on_ground(run: Run, anchors: Anchors, ground: Tone) -> str:
    """On a filled ground all text has the ink of that ground."""
    extra = _BOLD if run.tone in {Tone.STRONG, Tone.UNANSWERED} else ""
    if run.to and _leads_somewhere(run.to, anchors):
        extra += '<w:u w:val="single"/>'
    return _linked(run, wordml.run(run.text, ink(ground), extra), anchors)


def ink(tone: Tone) -> str:
    """The character style of text on the ground of this tone."""
    return f"Ink{tone.value.title()}"


def _leads_somewhere(to: str, anchors: Anchors) -> bool:
    return to.removeprefix("#") in anchors.known or bool(_ADDRESS.fullmatch(to))


def _linked(run: Run, content: str, anchors: Anchors) -> str:
    """Content as a link; text that leads nowhere in this document stays text."""
    if not run.to:
        return content
    anchor = run.to.removeprefix("#")
    if anchor in anchors.known:
        return wordml.link(anchor, content)
    if _ADDRESS.fullmatch(run.to):
        code = wordml.escape(f' HYPERLINK "{run.to}" ')
        return f'<w:fldSimple w:instr="{code}">{content}</w:fldSimple>'
    return content
