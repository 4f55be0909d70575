"""Runs of text as HTML: tones become marks with their words, links stay on the page or are https."""

from markupsafe import Markup, escape

from app.core.blocks import Run, Runs, Tone
from app.documents.wordml import bookmark_name

# The sign that stands before a word, by tone; its shape carries the meaning as well.
MARKS = {
    Tone.STOP: "stop",
    Tone.BREACH: "breach",
    Tone.UNKNOWN: "open",
    Tone.TAG: "open",
    Tone.OK: "ok",
    Tone.HIGH: "flag",
    Tone.MEDIUM: "flag",
    Tone.LOW: "flag",
}
_RATES = {Tone.HIGH: "high", Tone.MEDIUM: "medium", Tone.LOW: "low"}
_SIGNED = frozenset({Tone.STOP, Tone.BREACH, Tone.UNKNOWN, Tone.TAG, Tone.OK})
_ELEMENTS = {
    Tone.STRONG: ("<strong>", "</strong>"),
    Tone.EMPHASIS: ("<em>", "</em>"),
    Tone.QUIET: ('<span class="fp-quiet">', "</span>"),
    Tone.UNANSWERED: ('<strong class="fp-unanswered">', "</strong>"),
}


def identify(ident: str, anchor: str) -> str:
    """The id of an anchor on a page."""
    return f"{ident}-{bookmark_name(anchor)}"


def runs_html(runs: Runs, ident: str) -> Markup:
    """Runs one after the other."""
    return Markup("").join(_run(run, ident) for run in runs)


def paragraph_html(runs: Runs, ident: str, name: str) -> Markup:
    """A paragraph of runs; its direction follows its first letter."""
    text = runs_html(runs, ident)
    direction = "" if all(run.text.isascii() for run in runs) else ' dir="auto"'
    return Markup(f'<p class="{name}"{direction}>{text}</p>')  # noqa: S704 - runs are escaped


def _run(run: Run, ident: str) -> Markup:
    text = escape(run.text).replace("\n", Markup("<br>"))
    if run.to:
        text = _link(text, run.to, ident)
    if run.tone in _RATES:
        return Markup('<span class="fp-rate fp-rate--{}">{}</span>').format(_RATES[run.tone], text)
    if run.tone in _SIGNED:
        mark = Markup('<span class="fp-mark fp-mark--{}" aria-hidden="true"></span>')
        words = Markup("<strong>{}</strong>").format(text)
        return Markup('<span class="fp-m">{}{}</span>').format(mark.format(MARKS[run.tone]), words)
    before, after = _ELEMENTS.get(run.tone, ("", ""))
    return Markup(before) + text + Markup(after)  # noqa: S704 - constants


def _link(text: Markup, to: str, ident: str) -> Markup:
    """A link to a page here, to an https address, or to an anchor: nothing else is possible."""
    own = to.startswith("/") and not to.startswith(("//", "/\\"))
    href = to if own or to.startswith("https://") else "#" + identify(ident, to.removeprefix("#"))
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(href, text)
