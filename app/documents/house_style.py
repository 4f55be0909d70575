"""The house style: an A4 page in British English with the styles and lists of the Word files."""

from functools import cache

from app.documents import palette
from app.documents.package import pack
from app.documents.styles import BOLD, HEAD, W, colour, write_styles

_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def _level(at: int, kind: str, text: str, indent: tuple[int, int], more: str = "") -> str:
    left, hanging = indent
    style, _, letters = more.partition("|")
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        + (f'<w:pStyle w:val="{style}"/>' if style else "")
        + f'<w:suff w:val="tab"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:tabs><w:tab w:val="num" w:pos="{left}"/></w:tabs>'
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr>'
        + (f"<w:rPr>{letters}</w:rPr>" if letters else "")
        + "</w:lvl>"
    )


def _lists() -> str:
    dark = BOLD + colour(palette.HEAD)
    kinds = (
        _level(0, "decimal", "%1", (567, 567), "Heading1")
        + _level(1, "decimal", "%1.%2", (794, 794), "Heading2"),
        _level(0, "bullet", "\u2022", (340, 227), "ListBullet"),
        _level(0, "decimal", "%1.", (397, 397), f"ListNumber|{dark}"),
        _level(0, "bullet", "\u2022", (227, 227), "TableBullet"),
        _level(0, "decimal", "%1", (737, 737), "ClauseHeading")
        + _level(1, "decimal", "%1.%2", (737, 737), "Clause")
        + _level(2, "lowerLetter", "(%3)", (1247, 510), "SubClause"),
    )
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
        for at, levels in enumerate(kinds)
    )
    used = "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(len(kinds))
    )
    return f"{HEAD}<w:numbering {W}>{abstract}{used}</w:numbering>"


def _settings() -> str:
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    )
    return (
        f'{HEAD}<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:compat>{compat}</w:compat><w:themeFontLang w:val="en-GB"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _fonts() -> str:
    return (
        f'{HEAD}<w:fonts {W}><w:font w:name="Arial"><w:altName w:val="Liberation Sans"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        '<w:font w:name="Courier New"><w:altName w:val="Liberation Mono"/>'
        '<w:charset w:val="00"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>'
        "</w:fonts>"
    )


_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1276" w:right="1134" w:bottom="1106" '
    'w:left="1134" w:header="567" w:footer="510" w:gutter="0"/>'
)
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPES}{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
        )
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{parts}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(*links: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(links, 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


@cache
def build() -> bytes:
    """The house style as a Word file without words."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/_rels/document.xml.rels": _relations(
            *(
                (f"{_OFFICE}/{kind}", f"{kind}.xml")
                for kind in ("styles", "numbering", "settings", "fontTable")
            )
        ),
        "word/document.xml": (
            f"{HEAD}<w:document {W} {_R}><w:body><w:sectPr>{_PAGE}</w:sectPr></w:body></w:document>"
        ),
        "word/styles.xml": write_styles(),
        "word/numbering.xml": _lists(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
        "docProps/core.xml": (
            f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>House style</dc:title>'
            "<dc:language>en-GB</dc:language></cp:coreProperties>"
        ),
    }
    return pack({name: text.encode() for name, text in parts.items()})
