"""Two editors changed the same part of a form: what each says, and the choice between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template

from app.web.editor.builder import DO
from app.web.editor.desk import DRAFT, Desk
from app.web.editor.filling import Form
from app.web.editor.meeting import MINE, PICK, THEIRS, Meet, Met, hidden
from app.web.site import Context

LOOKED = "looked"
"""Under which a page says which version of the draft it showed beside what was typed."""
ANOTHER = "another editor"
YOU = "you"


@dataclass(frozen=True)
class Clash:
    """A form that met what another saved: of which definition, who it was, and where it is posted."""

    met: Met
    form: Form
    caption: str
    who: tuple[str, ...]
    action: str
    leave: str
    gone: bool = False


def draw_clash(desk: Desk, clash: Clash) -> str:
    """The page that shows both; all that was typed is kept on it until it is saved or left."""
    met, form, gone = clash.met, clash.form, clash.gone
    others = " and ".join(clash.who) or ANOTHER
    alone = clash.who == (YOU,)
    theirs = "What you saved in the other window" if alone else f"What {others} saved"
    return render_template(
        "draft_clash.html",
        title="This was taken out of the draft meanwhile" if gone else "This was changed twice",
        caption=clash.caption,
        action=clash.action,
        leave={
            "label": "Back to the draft" if gone else "Leave mine, and look at it as it is now",
            "url": clash.leave,
        },
        others=YOU if alone else others,
        alone=alone,
        gone=gone,
        errors=[_error(each) for each in met.meets if met.looked and not each.picked],
        meets=[_shown(each, theirs, missed=met.looked and not each.picked) for each in met.meets],
        homeless=[{"label": each.label, "words": each.words} for each in met.homeless],
        kept=_kept(met, theirs),
        hidden=[
            *hidden(form, (DO, LOOKED, "csrf_token")),
            (LOOKED, f"{DRAFT}={desk.draft.version}"),
        ],
        act=next(iter(form.get(DO, ())), "save"),
        history=desk.url("history"),
        **desk.context(),
    )


def _error(each: Meet) -> Context:
    return {"anchor": f"{PICK}{each.name}", "text": f"Choose which stands: {each.label}"}


def _shown(each: Meet, theirs: str, *, missed: bool) -> Context:
    return {
        "name": f"{PICK}{each.name}",
        "label": each.label,
        "error": "Choose which stands" if missed else "",
        "choices": [
            (MINE, "What you typed", each.mine, each.picked == MINE),
            (THEIRS, theirs, each.theirs, each.picked == THEIRS),
        ],
    }


def _kept(met: Met, theirs: str) -> list[str]:
    """What is brought together without a choice."""
    said = []
    if met.mine:
        said.append(f"What you typed: {_listed(met.mine)}.")
    if met.theirs:
        said.append(f"{theirs}: {_listed(met.theirs)}.")
    return said


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(f"“{label}”" for label in labels)
