"""What a PNG and a JPEG picture are made of, walked piece by piece without decoding them."""

from __future__ import annotations

import struct
import zlib

from app.documents.uploads.refused import Refused

MOST_PIXELS = 50_000_000  # a sheet of A3 at 400 dots per inch has 31 million
MOST_SIDE = 20_000
_MAGIC = 8
_AGAIN = "Open it in a picture program, save it again, and upload that."


def look_at_png(name: str, content: bytes) -> None:
    """Walk the pieces of a PNG, each with its check sum, to its last byte. Raises Refused."""
    at, data, first = _MAGIC, 0, True
    while at < len(content):
        length, kind = _head(name, content, at)
        if first != (kind == b"IHDR"):
            raise Refused(name, f"does not begin as a PNG picture does. {_AGAIN}")
        body = content[at + 8 : at + 8 + length]
        (check,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != check:
            raise Refused(name, f"is damaged (at byte {at:,}). {_AGAIN}")
        if first:
            _sides(name, *struct.unpack(">II", body[:8].ljust(8, b"\0")))
        first = False
        data += length if kind == b"IDAT" else 0
        at += 12 + length
        if kind == b"IEND":
            break
    else:
        raise Refused(name, f"ends too early. {_AGAIN}")
    if at != len(content):
        raise Refused(name, f"goes on after the picture has ended (at byte {at:,}). {_AGAIN}")
    if not data:
        raise Refused(name, f"holds no picture. {_AGAIN}")


def _head(name: str, content: bytes, at: int) -> tuple[int, bytes]:
    if at + 12 > len(content):
        raise Refused(name, f"ends too early. {_AGAIN}")
    length, kind = struct.unpack_from(">I4s", content, at)
    if at + 12 + length > len(content):
        raise Refused(name, f"ends too early. {_AGAIN}")
    if not kind.isalpha():
        raise Refused(name, f"is damaged (at byte {at:,}). {_AGAIN}")
    return length, kind


def _sides(name: str, width: int, height: int) -> None:
    if not width or not height:
        raise Refused(name, f"says that it has no size. {_AGAIN}")
    if width > MOST_SIDE or height > MOST_SIDE or width * height > MOST_PIXELS:
        raise Refused(
            name,
            f"says that it is {width:,} × {height:,} points, which is more than can be shown. "
            "Make it smaller, and upload that.",
        )


_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
_SCAN, _END = 0xDA, 0xD9


def look_at_jpeg(name: str, content: bytes) -> None:
    """Walk the segments of a JPEG to its last byte. Raises Refused."""
    at, sized, scanned = 2, False, False
    while True:
        marker, at = _marker(name, content, at)
        if marker == _END:
            break
        if marker in _ALONE:
            continue
        end = _segment(name, content, at)
        if marker in _SIZES:
            sized = True
            height, width = struct.unpack(">HH", content[at + 3 : at + 7].ljust(4, b"\0"))
            _sides(name, width, height)
        at = end
        if marker == _SCAN:
            scanned = True
            at = _after_scan(name, content, at)
    if not (sized and scanned):
        raise Refused(name, f"holds no picture. {_AGAIN}")
    if content[at:].strip(b"\0"):
        raise Refused(name, f"goes on after the picture has ended (at byte {at:,}). {_AGAIN}")


def _marker(name: str, content: bytes, at: int) -> tuple[int, int]:
    while content[at : at + 2] == b"\xff\xff":
        at += 1
    if at + 2 > len(content):
        raise Refused(name, f"ends too early. {_AGAIN}")
    if content[at] != 0xFF or content[at + 1] == 0:
        raise Refused(name, f"is damaged (at byte {at:,}). {_AGAIN}")
    return content[at + 1], at + 2


def _segment(name: str, content: bytes, at: int) -> int:
    if at + 2 > len(content):
        raise Refused(name, f"ends too early. {_AGAIN}")
    (length,) = struct.unpack_from(">H", content, at)
    if length < 2 or at + length > len(content):
        raise Refused(name, f"ends too early. {_AGAIN}")
    return int(at + length)


def _after_scan(name: str, content: bytes, at: int) -> int:
    """Where the next marker stands: in a scan, FF 00 is a value and FF D0 to D7 begin again."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 2 > len(content):
            raise Refused(name, f"ends too early. {_AGAIN}")
        after = content[at + 1]
        if after == 0xFF:
            at += 1
        elif after == 0 or after in _ALONE:
            at += 2
        else:
            return at
