"""What a zip file says it holds, read from its directory with bounds before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from stat import S_ISLNK

from app.documents.uploads.refused import Refused

MOST_ENTRIES = 200
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
SMALL = 1024 * 1024  # below this a high ratio does no harm: markup packs well
_CHUNK = 256 * 1024
_AGAIN = "Open it, save it as a PDF, and upload that."
_END, _END_SIZE = b"PK\x05\x06", 22
_LOCAL, _LOCAL_SIZE = b"PK\x03\x04", 30
_DESCRIPTOR = 24  # may stand behind what is packed
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip file whose directory was looked at."""

    name: str
    file: zipfile.ZipFile
    entries: tuple[zipfile.ZipInfo, ...]

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """What an entry holds, piece by piece, and never more than it says. Raises Refused."""
        size = 0
        try:
            with self.file.open(entry) as packed:
                while piece := packed.read(_CHUNK):
                    size += len(piece)
                    if size > entry.file_size:
                        raise Refused(
                            self.name, f"holds more than it says ({_told(entry)}). {_AGAIN}"
                        )
                    yield piece
        except _BROKEN:
            raise Refused(self.name, f"is damaged ({_told(entry)}). {_AGAIN}") from None
        if size != entry.file_size:
            raise Refused(self.name, f"holds less than it says ({_told(entry)}). {_AGAIN}")


def look_at_package(name: str, content: bytes) -> Packed:
    """The directory of a zip file, looked at from end to end. Raises Refused."""
    _directory(name, content)
    try:
        file = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise Refused(name, f"is damaged: its list of parts cannot be read. {_AGAIN}") from None
    entries = tuple(file.infolist())
    for entry in entries:
        _entry(name, entry)
    _sizes(name, entries)
    _apart(name, content, file, entries)
    said = [each.filename.lower() for each in entries]
    if len(said) != len(set(said)):
        raise Refused(name, f"holds two parts of one name. {_AGAIN}")
    return Packed(name, file, entries)


def _directory(name: str, content: bytes) -> None:
    """Refuse a directory that is not at the very end, or that lists more than is ever needed."""
    end = len(content) - _END_SIZE
    if end < 0 or content[end : end + 4] != _END:
        where = content.rfind(_END)
        why = "ends too early: it was cut off" if where < 0 else "goes on after its end"
        raise Refused(name, f"{why}. {_AGAIN}")
    disk, start, here, total, size, offset, _ = struct.unpack_from("<4H2LH", content, end + 4)
    if disk or start or here != total or offset + size != end:
        raise Refused(name, f"is not in one piece. {_AGAIN}")
    if total > MOST_ENTRIES:
        raise Refused(
            name,
            f"is made of {total:,} parts; {MOST_ENTRIES} are the most that are taken. {_AGAIN}",
        )


def _entry(name: str, entry: zipfile.ZipInfo) -> None:
    path = entry.orig_filename
    folders = path.replace("\\", "/").split("/")
    wrong = path.startswith(("/", "\\")) or ".." in folders or ":" in path or "\\" in path
    if wrong or not path.isprintable() or len(path) > 200:
        raise Refused(
            name, f"holds a part that would be written elsewhere ({_told(entry)}). {_AGAIN}"
        )
    if S_ISLNK(entry.external_attr >> 16):
        raise Refused(name, f"holds a link to another file ({_told(entry)}). {_AGAIN}")
    if entry.flag_bits & _ENCRYPTED:
        raise Refused(
            name, f"is locked with a password ({_told(entry)}). Take it away, and upload it again."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(name, f"is packed in a way that is not taken ({_told(entry)}). {_AGAIN}")


def _sizes(name: str, entries: tuple[zipfile.ZipInfo, ...]) -> None:
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_UNPACKED:
        raise Refused(
            name,
            f"unpacks to {whole / 2**20:,.0f} MB; {MOST_UNPACKED // 2**20} MB are the most that are "
            f"taken. {_AGAIN}",
        )
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise Refused(
                name,
                f"is packed more than {MOST_RATIO} to 1 ({_told(entry)}), as files that are made to "
                f"do harm are. {_AGAIN}",
            )


def _apart(
    name: str, content: bytes, file: zipfile.ZipFile, entries: tuple[zipfile.ZipInfo, ...]
) -> None:
    """Refuse parts that lie over each other, and anything that lies between them."""
    spans = []
    for entry in entries:
        head = content[entry.header_offset : entry.header_offset + _LOCAL_SIZE]
        if len(head) < _LOCAL_SIZE or not head.startswith(_LOCAL):
            raise Refused(name, f"is damaged ({_told(entry)}). {_AGAIN}")
        named, extra = struct.unpack_from("<2H", head, 26)
        start = entry.header_offset
        spans.append((start, start + _LOCAL_SIZE + named + extra + entry.compress_size))
    spans.sort()
    spans.append((file.start_dir, file.start_dir))
    gaps = [after - end for (_, end), (after, _) in pairwise(spans)]
    if spans[0][0] != 0 or any(not 0 <= gap <= _DESCRIPTOR for gap in gaps):
        raise Refused(name, f"has parts over each other, or something between them. {_AGAIN}")


def _told(entry: zipfile.ZipInfo) -> str:
    """The name of a part as it may be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in entry.orig_filename[:80])
