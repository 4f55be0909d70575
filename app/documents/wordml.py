"""WordprocessingML as text: the one place where what people wrote is escaped."""

import re
from dataclasses import dataclass
from hashlib import sha256
from xml.sax.saxutils import escape as _escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)

# What XML cannot carry, and the marks that make a reader see other words than those written.
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e]")
_LINES = re.compile("\r\n|[\r\n\u2028\u2029]")
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"([{_RIGHT}](?:[^\\w{_RIGHT}]*[{_RIGHT}\\d])*)")
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_BOOKMARK = re.compile("[a-z][a-z0-9_]{0,39}")
_MM = 56.6929  # twentieths of a point
_EMU = 36000  # what drawings are measured in


class CannotWriteError(ValueError):
    """A text holds what no document can carry; the message says where and what to do."""


def escape(text: str) -> str:
    """Text as it stands in XML, for elements and attributes alike."""
    refused = _REFUSED.search(text)
    if refused:
        start = max(0, refused.start() - 20)
        beside = _REFUSED.sub("\ufffd", text[start : refused.end() + 20])
        raise CannotWriteError(
            f"The character U+{ord(refused[0]):04X} cannot be written in a document "
            f"(it stands at \ufffd in “{beside}”). Take it out of the text and try again."
        )
    return _escape(text, {'"': "&quot;"})


def mm(length: float) -> int:
    """Millimetres in the unit of pages and tables."""
    return round(length * _MM)


def emu(length: float) -> int:
    """Millimetres in the unit of drawings."""
    return round(length * _EMU)


def bookmark_name(anchor: str) -> str:
    """An anchor as Word allows it: short, plain, and different for different anchors."""
    if _BOOKMARK.fullmatch(anchor):
        return anchor
    return "b_" + sha256(anchor.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph starts in a script written from right to left."""
    if text.isascii():
        return False
    first = _FIRST_LETTER.search(text)
    return bool(first and _RIGHT_TO_LEFT.match(first[0]))


def run(text: str, style: str = "", extra: str = "") -> str:
    """A run of text in a character style; lines break, and each script runs its own way."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return _run(text, style, extra)
    pieces = _RIGHT_TO_LEFT.split(text)
    return "".join(
        _run(piece, style, extra + ("<w:rtl/>" if at % 2 else ""))
        for at, piece in enumerate(pieces)
        if piece
    )


def _run(text: str, style: str, extra: str) -> str:
    properties = (f'<w:rStyle w:val="{style}"/>' if style else "") + extra
    if properties:
        properties = f"<w:rPr>{properties}</w:rPr>"
    return f"<w:r>{properties}{_content(text)}</w:r>"


def _content(text: str) -> str:
    if not _LINES.search(text) and "\t" not in text:
        return f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    lines = (
        "<w:tab/>".join(
            f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in line.split("\t")
        )
        for line in _LINES.split(text)
    )
    return "<w:br/>".join(lines)


def field(code: str, shown: str, style: str = "") -> str:
    """A field that Word works out (a page number), with what it shows until then."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return (
        f'<w:r>{properties}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{properties}<w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r>{properties}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r>{properties}<w:t>{escape(shown)}</w:t></w:r>"
        f'<w:r>{properties}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def link(anchor: str, content: str, tip: str = "") -> str:
    """A link to a bookmark of the same document."""
    tooltip = f' w:tooltip="{escape(tip[:250])}"' if tip else ""
    name = bookmark_name(anchor)
    return f'<w:hyperlink w:anchor="{name}"{tooltip} w:history="1">{content}</w:hyperlink>'


@dataclass(frozen=True, slots=True)
class Layout:
    """How a paragraph stands, beyond its style; `spacing` and what follows it in the format."""

    keep: bool = False
    new_page: bool = False
    numbering: str = ""
    right_to_left: bool = False
    spacing: str = ""

    def xml(self) -> str:
        """In the order the format asks for."""
        return (
            ("<w:keepNext/>" if self.keep else "")
            + ("<w:pageBreakBefore/>" if self.new_page else "")
            + self.numbering
            + ("<w:bidi/>" if self.right_to_left else "")
            + self.spacing
        )


PLAIN = Layout()


def locked(ident: int, title: str, content: str) -> str:
    """Runs in a content control that neither changes nor goes away.

    A reminder and no safeguard: who edits the file itself can take the lock off. The rest of the
    document stays open, so that it can still be signed. Runs and not whole paragraphs: LibreOffice
    drops the character styles of the first paragraph in a control.
    """
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(title[:64])}"/><w:tag w:val="agreed-wording"/>'
        f'<w:id w:val="{ident}"/><w:lock w:val="sdtContentLocked"/></w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def paragraph(content: str, style: str = "", layout: Layout = PLAIN) -> str:
    """A paragraph in a paragraph style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{layout.xml()}</w:pPr>{content}</w:p>"
