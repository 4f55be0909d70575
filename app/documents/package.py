"""A .docx as a zip file whose bytes depend on nothing but what is in it."""

import io
import zipfile
from collections.abc import Mapping

_FIRST = "[Content_Types].xml"
_DATE = (1980, 1, 1, 0, 0, 0)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip file: fixed order, dates, attributes and compression."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            # A PNG is compressed already.
            stored = name.endswith(".png")
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            package.writestr(entry, parts[name])
    return out.getvalue()


def repack(made: bytes) -> bytes:
    """A zip file made by another library, with fixed order, dates, attributes and compression."""
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        return pack({name: package.read(name) for name in package.namelist()})
