"""A .docx as a zip file whose bytes depend on nothing but what is in it."""

import io
import zipfile
from collections.abc import Mapping

from docx.document import Document as WordFile
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter

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


class _Collected(dict[str, bytes]):
    """The parts of a file, taken from the library where it would write them to a zip file."""

    def write(self, uri: PackURI, blob: bytes) -> None:
        """Take one part."""
        self[uri.membername] = blob


def pack_word(word: WordFile) -> bytes:
    """A Word file with fixed order, dates, attributes and compression.

    The library's own `save` writes the time into it, and packing twice would cost twice.
    """
    package = word.part.package
    for part in package.parts:
        part.before_marshal()
    parts = _Collected()
    PackageWriter._write_content_types_stream(parts, package.parts)  # type: ignore[no-untyped-call]  # noqa: SLF001 - see above
    PackageWriter._write_pkg_rels(parts, package.rels)  # type: ignore[no-untyped-call]  # noqa: SLF001
    PackageWriter._write_parts(parts, package.parts)  # type: ignore[arg-type]  # noqa: SLF001
    return pack(parts)
