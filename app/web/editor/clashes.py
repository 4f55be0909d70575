"""Two editors changed the same lines: both texts, and the choice between them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.definitions.drafts import Conflict, Typed, save_draft_file
from app.web.editor.desk import Desk, at_desk, desk_of, editor
from app.web.site import Context, now, writing

AROUND = 2  # lines shown on either side of what differs
LONGEST = 1_000_000


def draw_clash(desk: Desk, clash: Conflict, back: str) -> str:
    """The page that shows both texts; yours is kept on it until it is saved or left."""
    theirs = "" if clash.theirs is None else clash.theirs.decode("utf-8", "replace")
    mine = clash.mine.decode("utf-8", "replace")
    return render_template(
        "draft_clash.html",
        title="Somebody else changed the same lines",
        caption=desk.called(clash.path),
        back={"label": "Leave theirs, and look at the form again", "url": back},
        removed=clash.theirs is None,
        parts=list(_parts(theirs, mine)),
        action=desk.url("keep"),
        hidden=[
            {"name": "path", "value": clash.path},
            {"name": "version", "value": str(clash.version)},
        ],
        content=mine,
        **desk.context(),
    )


def _parts(theirs: str, mine: str) -> Iterator[Context]:
    """Where the two differ, with the lines around."""
    one, other = theirs.splitlines(), mine.splitlines()
    for group in SequenceMatcher(None, one, other, autojunk=False).get_grouped_opcodes(AROUND):
        first, last = group[0], group[-1]
        yield {
            "line": first[3] + 1,
            "theirs": "\n".join(one[first[1] : last[2]]),
            "mine": "\n".join(other[first[3] : last[4]]),
        }


@editor.post("/drafts/<draft_id>/keep")
def keep(draft_id: str) -> Response | str:
    """Save the whole text of a file as its editor has it, over what another saved meanwhile."""
    path, version = request.form.get("path", ""), request.form.get("version", "")
    # A browser sends line breaks of two characters; files have one.
    content = request.form.get("content", "").replace("\r\n", "\n")
    at = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        with writing() as (conn, actor):
            typed = Typed(path, content.encode("utf-8", "replace"), at, now())
            saved = save_draft_file(conn, actor, draft_id, typed)
            desk = desk_of(conn, actor, saved.draft)
    except Conflict as clash:
        with at_desk(draft_id) as (_, desk):
            return draw_clash(desk, clash, desk.url("file", path=path))
    flash("Yours is saved. What it replaced is in “What was done”.")
    return redirect(desk.url("file", path=path))
