"""Signs that one file is two: what another program would take for a page, a package or a program."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from app.documents.uploads.refused import Refused

_PAGE = re.compile(
    rb"<(?:script|html|!doctype\s+html|iframe|svg)[\s>/]|<\?php|javascript:", re.IGNORECASE
)
_WIDE = re.compile(rb"<\0s\0c\0r\0i\0p\0t\0|<\0h\0t\0m\0l\0", re.IGNORECASE)
_PICTURES = {"png", "jpeg"}
_AGAIN = "Open it, save it again under a new name, and upload that."


def refuse_two_kinds(name: str, kind: str, content: bytes) -> None:
    """Refuse a file that is of a second kind as well. Raises Refused."""
    if kind in {"docx", "xlsx"}:
        return  # what is in a package is looked at part by part
    if zipfile.is_zipfile(BytesIO(content)):
        raise Refused(name, f"holds a zip archive as well. {_AGAIN}")
    if kind in _PICTURES and b"%PDF-" in content:
        raise Refused(name, f"holds a PDF as well. {_AGAIN}")
    if kind == "pdf" and content.count(b"%PDF-", 0, 1024) > 1:
        raise Refused(name, f"begins twice. {_AGAIN}")
    found = _PAGE.search(content) or _WIDE.search(content)
    if found:
        raise Refused(name, f"holds the code of a web page (at byte {found.start():,}). {_AGAIN}")
