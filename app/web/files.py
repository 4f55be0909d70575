"""A file that answers a question, given back to be saved and never shown within a page."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, g

from app.actions.files import open_file
from app.web.site import reading, site

TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Whatever a browser makes of it, it runs nothing, loads nothing and belongs to no site."""


def file(reference: str, hashed: str) -> Response:
    """A file as it came."""
    with reading() as (conn, actor):
        found = open_file(conn, actor, site().catalogues, reference, hashed)
    g.own_policy = SANDBOX
    return Response(
        found.content,
        content_type=TYPES[found.kind],
        headers={
            "Content-Disposition": named(found.name),
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def named(name: str) -> str:
    """What tells the browser to save a file, and under which name."""
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    exact = quote(name, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
