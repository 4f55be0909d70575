"""From something that a preview shows to its form, in the draft that is previewed."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.actions.definitions.walking import open_walk
from app.web.editor.desk import editor
from app.web.site import reading


@editor.get("/walks/<walk_ref>/thing/<kind>/<path:id_>")
def edit_thing(walk_ref: str, kind: str, id_: str) -> Response:
    """Edit a definition in the draft of a walk."""
    with reading() as (conn, actor):
        _, draft = open_walk(conn, actor, walk_ref)
    return redirect(url_for("editor.edit", draft_id=str(draft.id), kind=kind, id_=id_))
