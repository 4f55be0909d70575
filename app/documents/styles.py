"""Every style of the Word files, as text: sizes, colours and spaces are said here only."""

from app.core.blocks import Tone
from app.documents import palette

# Points. Every size of text in every document is one of these.
BODY, TABLE, SMALL = 12, 11, 10
# Compact tables (SMALL) only stand on the first page of a report, which has to hold its sum.
NARROW = 9  # only in tables of so many columns that their words would break

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
_MONO = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>'
BOLD = "<w:b/><w:bCs/>"
_KEEP = "<w:keepNext/><w:keepLines/>"
_NUMBERED_NOT = '<w:numPr><w:numId w:val="0"/></w:numPr>'
_NO_INDENT = '<w:ind w:left="0" w:firstLine="0"/>'
_BUILT_IN = ("Normal", "Title", "Subtitle", "List Bullet", "List Number", "heading", "caption")


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def colour(value: str) -> str:
    """The colour of letters."""
    return f'<w:color w:val="{value}"/>'


def _space(before: float, after: float, line: int = 0) -> str:
    rule = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{rule}/>'


def _number(list_id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


def _edge(side: str, size: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _edges(*sides: str) -> str:
    return f"<w:pBdr>{''.join(sides)}</w:pBdr>"


def _custom(name: str) -> str:
    return "" if name.startswith(_BUILT_IN) or name.islower() else ' w:customStyle="1"'


def _style(name: str, layout: str = "", letters: str = "", based: str = "Normal") -> str:
    """A paragraph style; its id is its name without spaces, as Word does it."""
    ident = {"caption": "Caption", "header": "Header", "footer": "Footer"}.get(name)
    ident = ident or name.replace("heading", "Heading").replace(" ", "")
    default = ' w:default="1"' if name == "Normal" else ""
    parent = "" if name == "Normal" else f'<w:basedOn w:val="{based}"/>'
    return (
        f'<w:style w:type="paragraph"{_custom(name)}{default} w:styleId="{ident}">'
        f'<w:name w:val="{name}"/>{parent}<w:qFormat/>'
        + (f"<w:pPr>{layout}</w:pPr>" if layout else "")
        + (f"<w:rPr>{letters}</w:rPr>" if letters else "")
        + "</w:style>"
    )


def _character(name: str, letters: str) -> str:
    custom = "" if name in {"Hyperlink", "Strong", "Emphasis"} else ' w:customStyle="1"'
    ident = name.replace(" ", "")
    return (
        f'<w:style w:type="character"{custom} w:styleId="{ident}"><w:name w:val="{name}"/>'
        f"<w:qFormat/><w:rPr>{letters}</w:rPr></w:style>"
    )


def _margins(vertical: int, sides: int) -> str:
    return "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (
            ("top", vertical),
            ("left", sides),
            ("bottom", vertical),
            ("right", sides),
        )
    )


def _table(name: str, borders: str, margins: str) -> str:
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        "</w:style>"
    )


def _headings() -> str:
    dark = BOLD + colour(palette.HEAD)
    rule = _edges(_edge("bottom", 8, palette.HEAD, 3))
    return "".join(
        (
            _style(
                "heading 1",
                _KEEP + _number(1) + rule + _space(20, 8, 252) + _outline(0),
                dark + _size(18),
            ),
            _style(
                "heading 2",
                _KEEP + _number(1, 1) + _space(14, 4, 252) + _outline(1),
                dark + _size(14),
            ),
            _style("heading 3", _KEEP + _space(10, 3, 252) + _outline(2), BOLD + _size(BODY)),
            _style(
                "Top Heading",
                _KEEP + _NUMBERED_NOT + _space(8, 2, 252) + _NO_INDENT + _outline(0),
                dark + _size(14),
                "Heading2",
            ),
            _style(
                "Flag Heading",
                _KEEP
                + _NUMBERED_NOT
                + '<w:tabs><w:tab w:val="left" w:pos="794"/></w:tabs>'
                + _space(14, 4, 252)
                + '<w:ind w:left="794" w:hanging="794"/>'
                + _outline(1),
                dark + _size(14),
                "Heading2",
            ),
            _style(
                "Part Heading",
                _KEEP
                + _NUMBERED_NOT
                + _edges(_edge("bottom", 12, palette.HEAD, 4))
                + _space(0, 10, 252)
                + _NO_INDENT
                + _outline(0),
                dark + _size(20),
                "Heading1",
            ),
            _style(
                "Clause Heading",
                _KEEP
                + _number(5)
                + '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'
                + _space(14, 4, 252)
                + _outline(1),
                dark + _size(13.5),
                "Heading2",
            ),
        )
    )


def _texts() -> str:
    dark = BOLD + colour(palette.HEAD)
    indent = '<w:ind w:left="{0}" w:hanging="{0}"/>'
    mark = _edges(_edge("top", 48, palette.HEAD, 10))
    return "".join(
        (
            _style("Title", "<w:keepNext/>" + _space(0, 2, 240), dark + _size(26)),
            _style("Cover Title", "<w:keepNext/>" + _space(0, 6, 240), dark + _size(32), "Title"),
            _style("Subtitle", "<w:keepNext/>" + _space(0, 8, 252), _size(14)),
            _style(
                "Kicker",
                "<w:keepNext/>" + mark + _space(60, 4, 240),
                BOLD + colour(palette.MUTED) + _size(BODY),
            ),
            _style("Lead", _space(0, 8, 276), _size(13)),
            _style(
                "Inset",
                "<w:keepLines/>"
                + _edges(_edge("left", 36, palette.LINE, 8))
                + _space(4, 8, 264)
                + '<w:ind w:left="227"/>',
            ),
            _style("Flag Line", _KEEP + _space(0, 4, 264), _size(TABLE)),
            _style("Small", _space(0, 4, 252), colour(palette.MUTED) + _size(SMALL)),
            _style("After Table", _space(7, 6, 264)),
            _style("Small After Table", _space(5, 4, 252), based="Small"),
            _style("caption", _KEEP + _space(8, 4, 252), dark + _size(TABLE)),
            _style("Picture", _space(2, 6, 240)),
            _style("List Bullet", _number(2) + _space(0, 3, 264)),
            _style("List Number", _number(3) + _space(0, 3, 264)),
            _style(
                "Contents",
                '<w:tabs><w:tab w:val="left" w:pos="567"/></w:tabs>'
                + _space(0, 3, 264)
                + indent.format(567),
            ),
            _style("Clause", _number(5, 1) + _space(0, 6, 269)),
            _style("Sub Clause", _number(5, 2) + _space(0, 4, 269)),
        )
    )


def _in_tables() -> str:
    dark = BOLD + colour(palette.HEAD)
    flat = _space(0, 0, 252)
    return "".join(
        (
            _style("Table Text", flat, _size(TABLE)),
            _style("Table Head", "<w:keepNext/>" + flat, dark, "TableText"),
            _style("Table Label", flat, dark, "TableText"),
            _style("Table Compact", flat, _size(SMALL), "TableText"),
            _style("Table Compact Head", "<w:keepNext/>" + flat, dark + _size(SMALL), "TableText"),
            _style("Table Narrow", flat, _size(NARROW), "TableText"),
            _style("Table Narrow Head", "<w:keepNext/>" + flat, dark + _size(NARROW), "TableText"),
            _style(
                "Table Bullet",
                _number(4) + _space(0, 1, 252) + '<w:ind w:left="227" w:hanging="227"/>',
                based="TableText",
            ),
            _style(
                "Tile Number", "<w:keepNext/>" + _space(0, 0, 240), BOLD + _size(20), "TableText"
            ),
            _style("Tile Word", _space(0, 0, 240), _size(SMALL), "TableText"),
        )
    )


def _page_edges() -> str:
    tab = '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'
    letters = colour(palette.MUTED) + _size(SMALL)
    return "".join(
        _style(name, _edges(_edge(side, 4, palette.LINE, 4)) + tab + _space(0, 0, 240), letters)
        for name, side in (("header", "bottom"), ("footer", "top"))
    )


def _verdict(tone: Tone, fill: str, ink: str) -> str:
    box = _edges(
        _edge("top", 4, fill, 5),
        _edge("left", 4, fill, 6),
        _edge("bottom", 4, fill, 5),
        _edge("right", 4, fill, 6),
    )
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    return _style(
        f"Verdict {tone.value.title()}",
        _KEEP + box + shade + _space(7, 7, 252) + '<w:ind w:left="140" w:right="140"/>',
        BOLD + colour(ink) + _size(13),
    )


def _tones() -> str:
    out = []
    for tone, pair in palette.TONES.items():
        name = tone.value.title()
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{pair.fill}"/>'
        out.append(_character(f"Tag {name}", BOLD + colour(pair.ink) + shade))
        out.append(_character(f"Ink {name}", colour(pair.ink)))
        out.append(_verdict(tone, pair.fill, pair.ink))
    return "".join(out)


def _characters() -> str:
    return "".join(
        (
            _character("Hyperlink", colour(palette.LINK) + '<w:u w:val="single"/>'),
            _character("Muted", colour(palette.MUTED)),
            _character("Aside", colour(palette.MUTED) + _size(SMALL)),
            _character("Strong", BOLD),
            _character("Emphasis", "<w:i/><w:iCs/>"),
            _character("Unanswered", BOLD + colour(palette.UNANSWERED)),
            _character("Hash", _MONO + _size(SMALL)),
        )
    )


def _tables() -> str:
    inside = _edge("insideH", 4, palette.LINE)
    rules = _edge("bottom", 6, palette.LINE) + inside
    box = "".join(
        _edge(side, 6, palette.LINE) for side in ("top", "left", "bottom", "right", "insideH")
    )
    return "".join(
        (
            _table("Fingerpost Table", _edge("top", 8, palette.HEAD) + rules, _margins(40, 85)),
            _table("Fingerpost Facts", _edge("top", 4, palette.LINE) + rules, _margins(40, 85)),
            _table(
                "Fingerpost Grid",
                _edge("insideH", 24, "FFFFFF") + _edge("insideV", 24, "FFFFFF"),
                _margins(55, 100),
            ),
            _table("Fingerpost Box", box, _margins(50, 85)),
        )
    )


def _defaults() -> str:
    # Font, size and colour live in Normal: LibreOffice lets defaults beat character styles
    # inside tables.
    return (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB" w:eastAsia="en-GB" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )


def _bottom_styles() -> str:
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>'
        '</w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{_margins(0, 108)}</w:tblCellMar>'
        '</w:tblPr></w:style><w:style w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/><w:semiHidden/></w:style>'
    )


def write_styles() -> str:
    """The part `word/styles.xml`."""
    normal = _style(
        "Normal",
        "<w:widowControl/>" + _space(0, 6, 264),
        _FONT + colour(palette.INK) + _size(BODY),
    )
    return (
        f"{HEAD}<w:styles {W}>{_defaults()}{normal}{_bottom_styles()}{_headings()}{_texts()}"
        f"{_in_tables()}{_page_edges()}{_characters()}{_tones()}{_tables()}</w:styles>"
    )
