"""Files that people bring, good and hostile, made here so that none of them lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def relation(kind: str, target: str, *, external: bool = False) -> str:
    """One line of a list of relations."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def relations(*lines: str) -> bytes:
    """A list of relations."""
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'.encode()


def listing(*kinds: tuple[str, str]) -> bytes:
    """The list of what is in a package, with a kind for each part."""
    lines = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds)
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{_XML}<Types xmlns="{space}">{lines}</Types>'.encode()


def zipped(parts: Mapping[str, bytes], *, comment: bytes = b"") -> bytes:
    """A zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 2, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
        package.comment = comment
    return out.getvalue()


def docx(more: Mapping[str, bytes] | None = None, main: str = f"{WORD}.document.main+xml") -> bytes:
    """A Word file with nothing but what it needs, and `more` parts."""
    parts = {
        "[Content_Types].xml": listing(("/word/document.xml", main)),
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml")),
        "word/document.xml": f"{_XML}<document>Signed.</document>".encode(),
    }
    return zipped(parts | dict(more or {}))


def xlsx(more: Mapping[str, bytes] | None = None, main: str = f"{EXCEL}.sheet.main+xml") -> bytes:
    """An Excel file with nothing but what it needs, and `more` parts."""
    parts = {
        "[Content_Types].xml": listing(("/xl/workbook.xml", main)),
        "_rels/.rels": relations(relation("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"{_XML}<workbook/>".encode(),
    }
    return zipped(parts | dict(more or {}))


def pdf(objects: bytes = b"", after: bytes = b"") -> bytes:
    """A PDF of one empty page, with more `objects` in it."""
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + objects + b"xref\n0 1\n"
        b"0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n9\n%%EOF\n" + after
    )


def packed_objects(objects: bytes, more: bytes = b"") -> bytes:
    """A list of objects as newer PDFs pack them."""
    body = zlib.compress(b"5 0 " + objects)
    return (
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode " + more + b" /Length "
        b"%d >>\nstream\n" % len(body) + body + b"\nendstream\nendobj\n"
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    """One piece of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1, more: bytes = b"", after: bytes = b"") -> bytes:
    """A grey PNG; `more` pieces stand before the picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + after


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8, more: bytes = b"", after: bytes = b"") -> bytes:
    """The frame of a JPEG with a scan; `more` segments stand before it."""
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return start + more + frame + scan + b"\xff\xd9" + after


def locked(content: bytes) -> bytes:
    """A zip file that says of its first part that it is locked."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def lying(content: bytes, size: int) -> bytes:
    """A zip file that says of its last part that it is of another size than it is."""
    changed = bytearray(content)
    struct.pack_into("<L", changed, content.rindex(b"PK\x01\x02") + 24, size)
    struct.pack_into("<L", changed, content.rindex(b"PK\x03\x04") + 22, size)
    return bytes(changed)


def overlapping(content: bytes) -> bytes:
    """A zip file whose second part stands where its first does."""
    changed = bytearray(content)
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    changed[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(changed)


def linked() -> bytes:
    """A Word file in which one part is a link."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as package:
        entry = zipfile.ZipInfo("word/media/a.png")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        package.writestr(entry, "/etc/passwd")
    return out.getvalue()


ZEROS = bytes(60 * 1024 * 1024)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

GOOD: dict[str, Callable[[], bytes]] = {
    "signed.pdf": pdf,
    "packed.pdf": lambda: pdf(packed_objects(b"<< /Type /Page >>")),
    "flow.png": png,
    "with words.png": lambda: png(more=chunk(b"tEXt", b"Title\0Flow")),
    "photo.jpg": jpeg,
    "photo.JPEG": lambda: jpeg(after=b"\0\0"),
    "Agreement v1.2 (signed).docx": docx,
    "link.docx": lambda: docx(
        {
            "word/_rels/document.xml.rels": relations(
                relation("hyperlink", "https://www.legislation.gov.uk/", external=True)
            )
        }
    ),
    "Verarbeitung für Zoë.xlsx": xlsx,
}

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # what it is: name, content, and what its refusal says
    "nothing at all": ("a.pdf", lambda: b"", "is empty"),
    "more than ten megabytes": ("a.pdf", lambda: pdf(bytes(10 * 2**20)), "larger than 10 MB"),
    "an SVG": ("flow.svg", lambda: SVG, "kind that is not taken"),
    "a web page": ("page.html", lambda: b"<html></html>", "kind that is not taken"),
    "an SVG named as a PNG": ("flow.png", lambda: SVG, "does not begin like one"),
    "a web page named as a PDF": ("a.pdf", lambda: b"<html></html>", "does not begin like one"),
    "a program named as a PDF": ("a.pdf", lambda: b"MZ" + bytes(90), "does not begin like one"),
    "a PDF named as a picture": ("a.png", pdf, "begins like a PDF"),
    "a picture named as Word": ("a.docx", png, "begins like a PNG"),
    "a Word file with macros, by its name": ("a.docm", docx, "kind that is not taken"),
    "a name without an ending": ("agreement", pdf, "kind that is not taken"),
    "a name with NUL": ("a.pdf\0.exe", pdf, "cannot be seen"),
    "a name with a line break": ("a\n.pdf", pdf, "cannot be seen"),
    "a name that reads backwards": ("a\u202efdp.exe.pdf", pdf, "cannot be seen"),
    "a name with a letter of no width": ("a\u200b.pdf", pdf, "cannot be seen"),
    "a name too long": ("a" * 200 + ".pdf", pdf, "longer than"),
    "a name that climbs": ("../../etc/a.pdf", pdf, "which folder"),
    "a name of a Windows folder": ("C:\\temp\\a.pdf", pdf, "which folder"),
    "a hidden name": (".htaccess.pdf", pdf, "which folder"),
    "a device of Windows": ("con.pdf", pdf, "else to Windows"),
    "two endings": ("invoice.exe.pdf", pdf, "two endings"),
    "no name": ("  ", pdf, "no name"),
    "a PDF with a script": (
        "a.pdf",
        lambda: pdf(b"3 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n"),
        "holds a script",
    ),
    "a PDF with a script spelled otherwise": (
        "a.pdf",
        lambda: pdf(b"3 0 obj << /S /J#61vaScript >> endobj\n"),
        "holds a script",
    ),
    "a PDF with a packed script": (
        "a.pdf",
        lambda: pdf(packed_objects(b"<< /S /JavaScript /JS (x) >>")),
        "holds a script",
    ),
    "a PDF with a script packed under another spelling": (
        "a.pdf",
        lambda: pdf(packed_objects(b"<< /JS (x) >>").replace(b"/ObjStm", b"/Obj#53tm")),
        "holds a script",
    ),
    "a PDF packed so that nobody can look": (
        "a.pdf",
        lambda: pdf(packed_objects(b"<<>>", b"/DecodeParms << /Predictor 12 >>")),
        "cannot be looked into",
    ),
    "a PDF whose packed list is no list": (
        "a.pdf",
        lambda: pdf(b"4 0 obj << /Type /ObjStm >>\nstream\nxxxx\nendstream endobj\n"),
        "cannot be looked into",
    ),
    "a PDF that starts a program": (
        "a.pdf",
        lambda: pdf(b"3 0 obj << /S /Launch /F (cmd.exe) >> endobj\n"),
        "start a program",
    ),
    "a PDF with a file in it": (
        "a.pdf",
        lambda: pdf(b"3 0 obj << /Type /EmbeddedFile >> endobj\n"),
        "holds another file",
    ),
    "a PDF with a form of the old kind": (
        "a.pdf",
        lambda: pdf(b"3 0 obj << /AcroForm << /XFA [] >> >> endobj\n"),
        "runs scripts",
    ),
    "a locked PDF": ("a.pdf", lambda: pdf(b"3 0 obj << /Encrypt 9 0 R >> endobj\n"), "is locked"),
    "a PDF bomb": ("a.pdf", lambda: pdf(packed_objects(ZEROS)), "unpacks to more than"),
    "half a PDF": ("a.pdf", lambda: pdf()[:120], "ends too early"),
    "a PDF and a zip": ("a.pdf", lambda: pdf(after=docx()), "zip archive as well"),
    "a PDF and a page": (
        "a.pdf",
        lambda: pdf(b"% <script>alert(1)</script>\n"),
        "code of a web page",
    ),
    "a PDF that goes on": ("a.pdf", lambda: pdf(after=b"more" * 9), "goes on after its end"),
    "a picture and an applet": ("a.jpg", lambda: jpeg(after=docx()), "zip archive as well"),
    "a picture and a zip in a piece of it": (
        "a.png",
        lambda: png(after=zipped({"x.class": b"x"})),
        "zip archive as well",
    ),
    "a picture and a PDF": ("a.jpg", lambda: jpeg(more=segment(0xFE, pdf())), "a PDF as well"),
    "a picture and a page": (
        "a.png",
        lambda: png(more=chunk(b"tEXt", b"c\0<script>alert(1)</script>")),
        "code of a web page",
    ),
    "a picture that goes on": ("a.png", lambda: png(after=b"x"), "goes on after"),
    "a JPEG that goes on": ("a.jpg", lambda: jpeg(after=b"x"), "goes on after"),
    "a picture of a billion points": ("a.png", lambda: png(65_000, 65_000), "more than can be"),
    "a JPEG of four billion points": ("a.jpg", lambda: jpeg(65_000, 65_000), "more than can be"),
    "a picture of no size": ("a.png", lambda: png(0, 5), "no size"),
    "half a PNG": ("a.png", lambda: png()[:-6], "ends too early"),
    "a PNG that says it is longer": (
        "a.png",
        lambda: png()[:8] + b"\xff\xff\xff\xf0IHDR" + bytes(20),
        "ends too early",
    ),
    "a damaged PNG": ("a.png", lambda: png().replace(b"IDAT", b"IDAX"), "is damaged"),
    "half a JPEG": ("a.jpg", lambda: jpeg()[:-2], "ends too early"),
    "a JPEG without a picture": ("a.jpg", lambda: b"\xff\xd8\xff\xd9", "holds no picture"),
    "a bomb that says so": (
        "a.docx",
        lambda: docx({"word/media/a.png": ZEROS}),
        "unpacks to 60 MB",
    ),
    "a bomb of one part": (
        "a.docx",
        lambda: docx({"word/media/a.png": ZEROS[: 40 * 2**20]}),
        "packed more than 100 to 1",
    ),
    "a bomb that lies": (
        "a.docx",
        lambda: lying(docx({"word/media/a.png": ZEROS}), 1000),
        "",
    ),
    "a part shorter than it says": (
        "a.docx",
        lambda: lying(docx({"word/media/a.png": b"\x89PNG"}), 5000),
        "",
    ),
    "parts over each other": ("a.docx", lambda: overlapping(docx()), ""),
    "a thousand parts": (
        "a.docx",
        lambda: docx({f"word/{n}.xml": b"<a/>" for n in range(1000)}),
        "parts; 200 are the most",
    ),
    "a package in the package": (
        "a.docx",
        lambda: docx({"word/embeddings/a.bin": docx()}),
        "holds another package",
    ),
    "a program in the package": (
        "a.docx",
        lambda: docx({"word/media/a.png": b"MZ" + bytes(50)}),
        "holds a program",
    ),
    "a page in the package": (
        "a.docx",
        lambda: docx({"word/page.html": b"<html/>"}),
        "a file of another kind",
    ),
    "a package with something before it": ("a.docx", lambda: b"PK\x03\x04" + docx(), ""),
    "a package with something behind it": ("a.docx", lambda: docx() + b"more", "goes on"),
    "half a package": ("a.docx", lambda: docx()[:200], "ends too early"),
    "macros": (
        "a.docx",
        lambda: docx({"word/vbaProject.bin": b"x"}),
        "macro",
    ),
    "a macro file renamed": (
        "a.docx",
        lambda: docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "says that it holds macros",
    ),
    "an Excel macro file renamed": (
        "a.xlsx",
        lambda: xlsx(main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "says that it holds macros",
    ),
    "an Excel file named as Word": ("a.docx", xlsx, "is not a Word file"),
    "a template named as Word": (
        "a.docx",
        lambda: docx(main=f"{WORD}.template.main+xml"),
        "is not a Word file",
    ),
    "a zip named as Word": ("a.docx", lambda: zipped({"a.xml": b"<a/>"}), "is a zip archive"),
    "an object of another program": (
        "a.docx",
        lambda: docx({"word/embeddings/oleObject1.bin": OLD_OFFICE}),
        "runs or is fetched",
    ),
    "a file of an older Office within": (
        "a.xlsx",
        lambda: xlsx({"xl/embeddings/a.bin": OLD_OFFICE}),
        "older kind of Office",
    ),
    "a template fetched from elsewhere": (
        "a.docx",
        lambda: docx(
            {
                "word/_rels/settings.xml.rels": relations(
                    relation("attachedTemplate", "https://x.example/a.dotm", external=True)
                )
            }
        ),
        "fetches something from elsewhere",
    ),
    "a picture that tells who opens it": (
        "a.docx",
        lambda: docx(
            {
                "word/_rels/document.xml.rels": relations(
                    relation("image", "https://x.example/a.png", external=True)
                )
            }
        ),
        "fetches something from elsewhere",
    ),
    "the same, spelled otherwise": (
        "a.docx",
        lambda: docx(
            {
                "word/_rels/document.xml.rels": relations(
                    relation("image", "https://x.example/a.png", external=True)
                ).replace(b"External", b"&#69;xternal")
            }
        ),
        "fetches something from elsewhere",
    ),
    "a link that runs": (
        "a.docx",
        lambda: docx(
            {
                "word/_rels/document.xml.rels": relations(
                    relation("hyperlink", "javascript:alert(1)", external=True)
                )
            }
        ),
        "link that runs",
    ),
    "data from elsewhere": (
        "a.xlsx",
        lambda: xlsx({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "runs or is fetched",
    ),
    "a declaration that grows": (
        "a.docx",
        lambda: docx({"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'}),
        "declarations",
    ),
    "a declaration in another alphabet": (
        "a.docx",
        lambda: docx({"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "b">]><a/>'.encode("utf-16")}),
        "declarations",
    ),
    "a part that climbs": ("a.docx", lambda: docx({"../../a.xml": b"<a/>"}), "elsewhere"),
    "a part of a Windows folder": (
        "a.docx",
        lambda: docx({"word\\..\\..\\a.xml": b"<a/>"}),
        "elsewhere",
    ),
    "a part at the root": ("a.docx", lambda: docx({"/etc/a.xml": b"<a/>"}), "elsewhere"),
    "a part twice": (
        "a.docx",
        lambda: docx({"Word/Document.xml": b"<a/>"}),
        "two parts of one name",
    ),
    "a link to another file": ("a.docx", linked, "link to another file"),
    "a locked part": ("a.docx", lambda: locked(docx()), "locked with a password"),
    "a locked Word file": ("a.docx", lambda: OLD_OFFICE, "locked with a password"),
    "an old Word file": ("a.xlsx", lambda: OLD_OFFICE, "older kind of Office"),
}
