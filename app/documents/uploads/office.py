"""What a Word or an Excel file may hold: text and pictures, and nothing that runs or is fetched."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from app.documents.uploads.packed import Packed, look_at_package
from app.documents.uploads.refused import Refused

_PDF = "Save it as a PDF, and upload that."
_LIST = "[Content_Types].xml"
_MOST_LISTED = 1024 * 1024  # of a part that lists others
_KEPT = 64  # letters that a sign may stand over two pieces


@dataclass(frozen=True, slots=True)
class Package:
    """What makes a package a file of one kind."""

    spoken: str
    main: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX = Package("a Word file", f"{_OPEN_XML}.wordprocessingml.document.main+xml")
XLSX = Package("an Excel file", f"{_OPEN_XML}.spreadsheetml.sheet.main+xml")

_RUNS = re.compile(
    r"vbaproject|vbadata|activex|macrosheet|macroenabled|intlmacro|dialogsheet|customui|"
    r"externallink|connections\.xml|querytable|oleobject|ms-office\.vba|\.exe$|\.dll$|\.bat$|\.js$",
    re.IGNORECASE,
)
"""Names of parts and kinds of parts that run, or fetch from elsewhere."""

_MARKUP = (".xml", ".rels", ".vml")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".tif", ".tiff", ".bmp", ".jfif")
_OTHERS = (".odttf", ".fntdata", ".ttf", ".bin")  # fonts, and settings of printers
_STARTS = {
    b"PK\x03\x04": "another package",
    b"PK\x05\x06": "another package",
    b"\xd0\xcf\x11\xe0": "a file of an older kind of Office",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"\x1f\x8b": "an archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"%PDF": "a PDF",
}
_LAW = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def look_at_office(name: str, content: bytes, package: Package) -> None:
    """Look at every part of a Word or Excel file, unpacked within bounds. Raises Refused."""
    packed = look_at_package(name, content)
    for entry in packed.entries:
        _refuse_part(name, entry.filename)
    listed: dict[str, bytes] = {}
    for entry in packed.entries:
        kept = entry.filename == _LIST or entry.filename.endswith(".rels")
        text = _read(packed, entry, keep=kept)
        if kept:
            listed[entry.filename] = text
    if _LIST not in listed:
        raise Refused(name, f"is a zip archive, not {package.spoken}. {_PDF}")
    _parts(name, listed.pop(_LIST), package, {f"/{each.filename}" for each in packed.entries})
    for part, text in listed.items():
        _relations(name, part, text)


def _refuse_part(name: str, part: str) -> None:
    if _RUNS.search(part):
        raise Refused(name, f"holds a macro, or something that runs or is fetched ({part}). {_PDF}")
    known = part.endswith("/") or part.lower().endswith((*_MARKUP, *_PICTURES, *_OTHERS))
    if not known:
        raise Refused(name, f"holds a file of another kind ({part}). {_PDF}")


def _read(packed: Packed, entry: zipfile.ZipInfo, *, keep: bool) -> bytes:
    """A part from end to end: its start says no other kind, and its markup declares nothing."""
    if keep and entry.file_size > _MOST_LISTED:
        raise Refused(packed.name, f"has a list that is too long ({entry.filename}). {_PDF}")
    markup = entry.filename.lower().endswith(_MARKUP)
    last, pieces = b"", []
    for number, piece in enumerate(packed.pieces(entry)):
        if number == 0:
            _start(packed.name, entry.filename, piece)
        if markup and (b"\0" in piece or _LAW.search(last + piece)):
            raise Refused(
                packed.name,
                f"holds declarations that no Word or Excel writes ({entry.filename}). {_PDF}",
            )
        last = piece[-_KEPT:]
        if keep:
            pieces.append(piece)
    return b"".join(pieces)


def _start(name: str, part: str, piece: bytes) -> None:
    for start, what in _STARTS.items():
        if piece.startswith(start):
            raise Refused(name, f"holds {what} ({part}). {_PDF}")


def _elements(
    name: str, part: str, text: bytes, take: Callable[[str, dict[str, str]], None]
) -> None:
    """Every element of a list, by a reader that fetches nothing and expands nothing."""
    reader = expat.ParserCreate(namespace_separator=" ")
    reader.StartElementHandler = lambda tag, attributes: take(tag.rpartition(" ")[2], attributes)
    try:
        reader.Parse(text, True)
    except expat.ExpatError:
        raise Refused(name, f"is damaged ({part}). {_PDF}") from None


def _parts(name: str, text: bytes, package: Package, there: set[str]) -> None:
    """Refuse a file whose main part is not of the kind that its name says."""
    mains: list[str] = []

    def take(tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if _RUNS.search(kind):
            raise Refused(name, f"says that it holds macros ({kind}). {_PDF}")
        if tag == "Override" and kind.endswith("main+xml"):
            mains.append(kind if attributes.get("PartName") in there else "")

    _elements(name, _LIST, text, take)
    if mains != [package.main]:
        raise Refused(
            name,
            f"is not {package.spoken}, whatever its name says. Open it, save it under its own kind "
            "or as a PDF, and upload that.",
        )


def _relations(name: str, part: str, text: bytes) -> None:
    """Refuse what would be fetched from elsewhere; a link that somebody clicks is not fetched."""

    def take(_tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if _RUNS.search(kind):
            raise Refused(name, f"holds something that runs or is fetched ({kind}, {part}). {_PDF}")
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            raise Refused(
                name,
                f"fetches something from elsewhere when it is opened ({kind}, in {part}). {_PDF}",
            )
        if kind == "hyperlink" and not _harmless(attributes.get("Target", "")):
            raise Refused(name, f"holds a link that runs something (in {part}). {_PDF}")

    _elements(name, part, text, take)


def _harmless(target: str) -> bool:
    scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", target)
    return scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel", "file", "ftp"}
