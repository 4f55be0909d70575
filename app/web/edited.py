"""Where something that a preview shows is edited: nowhere outside a preview."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, url_for

from app.web.site import Context


def edit_links(kind: str, id_: str, label: str) -> Iterator[Context]:
    """The link to the form of a definition, in a preview of a draft; else none."""
    walk = g.get("walk")
    if walk is not None:
        url = url_for("editor.edit_thing", walk_ref=str(walk), kind=kind, id_=id_)
        yield {"label": label, "url": url}
