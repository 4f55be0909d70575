"""Whether a file that somebody brings is what its name says, and nothing else, before anything opens it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.core.questions.files import MAX_BYTES
from app.documents.uploads.images import look_at_jpeg, look_at_png
from app.documents.uploads.names import ending, read_name
from app.documents.uploads.office import DOCX, XLSX, Package, look_at_office
from app.documents.uploads.pdf import look_at_pdf
from app.documents.uploads.refused import Refused
from app.documents.uploads.within import refuse_two_kinds

__all__ = ["ACCEPT", "KINDS", "MAX_BYTES", "Inspected", "Refused", "inspect_upload"]

KINDS = {
    # ending: its kind
    "pdf": "pdf",
    "png": "png",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "docx": "docx",
    "xlsx": "xlsx",
}
ACCEPT = ",".join(f".{each}" for each in KINDS)
"""What a page says to the browser that it takes."""

_TAKEN = "Bring a PDF, a PNG or JPEG picture, a Word file (.docx) or an Excel file (.xlsx)"
_BEGINS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPOKEN = {"pdf": "a PDF", "png": "a PNG picture", "jpeg": "a JPEG picture"}
_SPOKEN |= {"docx": "a Word file", "xlsx": "an Excel file"}
_OFFICE: dict[str, Package] = {"docx": DOCX, "xlsx": XLSX}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked at and may be kept."""

    name: str
    kind: str
    size: int
    hash: str


def inspect_upload(name: str, content: bytes) -> Inspected:
    """Look at a file from its name to its last byte. Raises Refused.

    Nothing is opened by a library that would act on it: the structure is walked here, within
    bounds that the file cannot change.
    """
    named = read_name(name)
    kind = KINDS.get(ending(named))
    if kind is None:
        raise Refused(named, f"is of a kind that is not taken. {_TAKEN}.")
    if not content:
        raise Refused(named, "is empty. Check that you chose the right file.")
    if len(content) > MAX_BYTES:
        most = f"{MAX_BYTES // 1024 // 1024} MB"
        said = f"is larger than {most}. Make it smaller, or bring the part that counts."
        raise Refused(named, said)
    _agree(named, kind, content)
    refuse_two_kinds(named, kind, content)
    if kind == "pdf":
        look_at_pdf(named, content)
    elif kind == "png":
        look_at_png(named, content)
    elif kind == "jpeg":
        look_at_jpeg(named, content)
    else:
        look_at_office(named, content, _OFFICE[kind])
    return Inspected(named, kind, len(content), hashlib.sha256(content).hexdigest())


def _agree(named: str, kind: str, content: bytes) -> None:
    if content.startswith(_BEGINS[kind]):
        return
    if kind in _OFFICE and content.startswith(_OLD_OFFICE):
        raise Refused(
            named,
            "is locked with a password, or is of an older kind of Office. "
            "Take the password away, or save it as a PDF, and upload that.",
        )
    actual = next((k for k, start in _BEGINS.items() if content.startswith(start)), None)
    really = f" It begins like {_SPOKEN[actual]}." if actual else ""
    raise Refused(
        named,
        f"is named as {_SPOKEN[kind]} and does not begin like one.{really} "
        f"Open it, save it as {_SPOKEN[kind]}, and upload that.",
    )
