"""What a PDF may hold: pages, and nothing that runs, opens, sends or hides another file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from app.documents.uploads.refused import Refused

MOST_UNPACKED = 50 * 1024 * 1024  # of all that was looked into
_TAIL = 2048
_PRINT = "Print it to a new PDF, and upload that."

_ACTS = {
    # name in the file: what it does
    "JavaScript": "a script",
    "JS": "a script",
    "Launch": "an order to start a program",
    "EmbeddedFile": "another file",
    "EmbeddedFiles": "another file",
    "GoToE": "another file",
    "RichMedia": "a film or a program",
    "Movie": "a film or a program",
    "XFA": "a form of the kind that runs scripts",
    "SubmitForm": "an order to send what is filled in",
    "ImportData": "an order to fetch data",
}
_ENDS = rb"(?=[\0\s()<>\[\]{}/%]|$)"
_NAMES = re.compile(rb"/([A-Za-z]{2,20})" + _ENDS)
# Two letters come about by chance in what is packed: a script has the long name as well.
_BY_CHANCE = frozenset({"JS"})
_LOCKED = re.compile(rb"/Encrypt" + _ENDS)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
# /ObjStm, however its letters are spelled
_OBJECTS = re.compile(rb"/(?:O|#4[fF])(?:b|#62)(?:j|#6[aA])(?:S|#53)(?:t|#74)(?:m|#6[dD])" + _ENDS)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NUMBERED = re.compile(rb"\s*\d+\s+\d+\s")


def look_at_pdf(name: str, content: bytes) -> None:
    """Refuse a PDF that is cut off, locked, or holds more than pages. Raises Refused."""
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise Refused(name, f"does not say which version of PDF it is. {_PRINT}")
    tail = content[-_TAIL:]
    last = tail.rfind(b"%%EOF")
    if last < 0 or b"startxref" not in tail:
        raise Refused(name, "ends too early: it was cut off. Fetch it again, and upload that.")
    if tail[last + len(b"%%EOF") :].strip(b"\0\t\n\f\r "):
        raise Refused(name, f"goes on after its end. {_PRINT}")
    plain = _spelled(content)
    if _LOCKED.search(plain):
        raise Refused(
            name, f"is locked, so that nobody can look into it. Take the password away. {_PRINT}"
        )
    _refuse_acts(name, plain, _ACTS.keys() - _BY_CHANCE)
    for objects in _packed(name, content):
        _refuse_acts(name, _spelled(objects), _ACTS.keys())


def _refuse_acts(name: str, text: bytes, acts: AbstractSet[str]) -> None:
    for found in _NAMES.finditer(text):
        act = found[1].decode()
        if act in acts:
            raise Refused(name, f"holds {_ACTS[act]} (/{act}). {_PRINT}")


def _spelled(text: bytes) -> bytes:
    """Names as they are meant: /Java#53cript is /JavaScript."""
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), text)


def _packed(name: str, content: bytes) -> Iterator[bytes]:
    """Each packed list of objects, unpacked within bounds."""
    left, done = MOST_UNPACKED, 0
    for found in _OBJECTS.finditer(content):
        if found.end() < done:
            continue
        stream = _STREAM.search(content, found.end())
        if stream is None:
            return
        done = stream.end()
        before = content[max(0, found.start() - _TAIL) : done]
        if b"/Predictor" in _spelled(before[before.rfind(b"endobj") + 1 :]):
            raise Refused(name, f"is packed in a way that cannot be looked into. {_PRINT}")
        end = content.find(b"endstream", done)
        objects = _unpack(name, content[done : max(done, end)], left)
        left -= len(objects)
        yield objects


def _unpack(name: str, packed: bytes, left: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(packed, left + 1)
    except zlib.error:
        objects = b""
    if len(objects) > left:
        raise Refused(name, f"unpacks to more than {MOST_UNPACKED // 2**20} MB. {_PRINT}")
    whole = unpacking.eof and not unpacking.unused_data.strip(b"\r\n ")
    if not whole or not _NUMBERED.match(objects):
        raise Refused(name, f"is packed in a way that cannot be looked into. {_PRINT}")
    return objects
