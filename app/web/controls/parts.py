"""The parts around every control: question, hint, notes, error, guidance and offers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from app.web.controls.view import QuestionView

SHOWN_OFFERED = 8  # entries of a list that stand open; on a telephone more would hide what follows


@lru_cache(maxsize=1024)
def draw_guide(guide_html: str, why_html: str, source: str) -> str:
    """Return the guidance beside a question, or nothing when there is none."""
    if not (guide_html or why_html or source):
        return ""
    law = f'<p class="fp-source">{escape(source)}</p>' if source else ""
    why = f'<p class="fp-why">Why we ask</p>{why_html}{law}' if why_html or law else ""
    return f'<div class="fp-guide">{guide_html}{why}</div>'


def ask(view: QuestionView) -> str:
    """Return the question itself, saying so when it may be left blank."""
    return f"{escape(view.ask)}{' (optional)' if view.optional else ''}"


def described_by(view: QuestionView) -> str:
    """Return the attribute naming what describes the control; never an empty or missing id."""
    parts = (
        ("hint", bool(view.hint or view.prompt)),
        ("note", bool(view.note_before or view.proposed or view.suggestion or view.conflict)),
        ("error", bool(view.error)),
    )
    ids = " ".join(f"{escape(view.address)}-{part}" for part, there in parts if there)
    return f' aria-describedby="{ids}"' if ids else ""


def hints(view: QuestionView) -> str:
    """Return what stands between a question and its control: hint, notes, error."""
    at = escape(view.address)
    prompt = f'<span class="fp-prompt">{escape(view.prompt)}</span>' if view.prompt else ""
    hint = ""
    if view.hint or prompt:
        hint = f'<div id="{at}-hint" class="govuk-hint">{escape(view.hint)}{prompt}</div>'
    error = ""
    if view.error:
        error = (
            f'<p id="{at}-error" class="govuk-error-message">'
            f'<span class="govuk-visually-hidden">Error:</span> {escape(view.error)}</p>'
        )
    return f"{hint}{_notes(view)}{error}"


def _notes(view: QuestionView) -> str:
    notes = f"{_before(view)}{_proposed(view)}{_suggestion(view)}{_conflict(view)}"
    return f'<div id="{escape(view.address)}-note">{notes}</div>' if notes else ""


def _before(view: QuestionView) -> str:
    if not view.note_before:
        return ""
    return (
        f'<div class="fp-note"><p><strong>Answered before.</strong> {escape(view.note_before)}'
        "</p></div>"
    )


def _proposed(view: QuestionView) -> str:
    if not view.proposed:
        return ""
    return (
        '<div class="fp-note fp-note--suggest">'
        f"<p><strong>Is this right for you?</strong> {escape(view.proposed)} Change it below if not.</p>"
        '<button class="govuk-button govuk-button--secondary" name="confirm" '
        f'value="{escape(view.address)}">This is right for us'
        f'<span class="govuk-visually-hidden"> {escape(view.name)}</span></button></div>'
    )


def _suggestion(view: QuestionView) -> str:
    if view.suggestion is None:
        return ""
    answer, because = escape(view.suggestion.answer), escape(view.suggestion.because)
    return (
        '<div class="fp-note fp-note--suggest">'
        f"<p><strong>Suggested answer: {answer}.</strong> {because}</p>"
        '<button class="govuk-button govuk-button--secondary" name="accept" '
        f'value="{escape(view.address)}">Use “{answer}”</button></div>'
    )


def _conflict(view: QuestionView) -> str:
    if view.conflict is None:
        return ""
    theirs, by, at = view.conflict
    return (
        '<div class="fp-note fp-note--conflict"><p><strong>Two answers to this question.</strong> '
        f"{escape(by)} saved this at {escape(at)}, while you were writing:</p>"
        f'<blockquote class="fp-theirs">{escape(theirs or "(blank)")}</blockquote>'
        "<p>Yours is kept below. Save to keep yours, or use theirs.</p>"
        '<button class="govuk-button govuk-button--secondary" name="take" '
        f'value="{escape(view.address)}">Use theirs</button></div>'
    )


def offer(view: QuestionView) -> str:
    """Return the list shown under a question of things that may help; a long one is folded."""
    if not view.offer:
        return ""
    entries = [
        f"<li><strong>{escape(title)}</strong>{text_html}{quiet(because)}</li>"
        for title, text_html, because, _ in view.offer
    ]
    first = SHOWN_OFFERED if len(entries) > SHOWN_OFFERED + 1 else len(entries)
    parts = [f"<ul>{''.join(entries[:first])}</ul>"]
    if entries[first:]:
        rest = f"<ul>{''.join(entries[first:])}</ul>"
        parts.append(folded(f"{len(entries) - first} more", rest))
    sources = "".join(
        f"<li>{escape(title)}: {escape(source)}</li>"
        for title, _, _, source in view.offer
        if source
    )
    if sources:
        parts.append(folded("Where each of these comes from", f"<ul>{sources}</ul>"))
    title = escape(view.offer_title or "What may help")
    return f'<div class="fp-offer"><p><strong>{title}</strong></p>{"".join(parts)}</div>'


def near(view: QuestionView) -> str:
    """Return what was looked at and not offered, folded up."""
    if not view.near:
        return ""
    entries = "".join(
        f"<li><strong>{escape(title)}</strong>{quiet(source)}<p>{escape(because)}</p></li>"
        for title, because, source in view.near
    )
    inner = f'<ul class="fp-near">{entries}</ul>'
    return folded(f"Looked at and not offered, and why ({len(view.near)})", inner)


def folded(summary: str, inner_html: str) -> str:
    """Return something that opens on demand; its inside is safe HTML."""
    return (
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">{escape(summary)}</span></summary>'
        f'<div class="govuk-details__text">{inner_html}</div></details>'
    )


def quiet(text: str) -> str:
    """Return a small grey paragraph, or nothing."""
    return f'<p class="fp-quiet">{escape(text)}</p>' if text else ""


def labelled(view: QuestionView, field: str) -> str:
    """Return one field under its question."""
    return (
        f'<label class="govuk-label govuk-label--m" for="{escape(view.address)}">{ask(view)}</label>'
        f"{hints(view)}{field}"
    )


def grouped(view: QuestionView, items: str, role: str = "") -> str:
    """Return several fields under one question."""
    return (
        f'<fieldset class="govuk-fieldset"{role}{described_by(view)}>'
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">'
        f"{ask(view)}</legend>{hints(view)}{items}</fieldset>"
    )


def article(noun: str) -> str:
    """Return "a" or "an", as the noun wants it."""
    return "an" if noun[:1].lower() in "aeiou" else "a"
