"""Which names files may have: short, of one line, and the same to whoever reads them."""

from __future__ import annotations

import unicodedata

from app.core.questions.files import LONGEST_NAME
from app.documents.uploads.refused import Refused

_RESERVED = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)}
_RUNS = frozenset({
    "app", "bat", "cmd", "com", "cpl", "docm", "dotm", "exe", "hta", "htm", "html", "jar", "js",
    "jse", "lnk", "msi", "php", "pptm", "ps1", "py", "scr", "sh", "svg", "svgz", "url", "vbe",
    "vbs", "wsf", "xhtml", "xlsm", "xltm",
})  # fmt: skip
"""Endings of what runs. Before the last ending they are there to deceive."""

_MEND = "Rename the file and upload it again."


def read_name(raw: str) -> str:
    """The name of a file as it is kept. Raises Refused, never repeating a name that deceives."""
    name = unicodedata.normalize("NFC", raw)
    if not name.strip():
        raise Refused("", "The file has no name. Give it one, and upload it again.")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in name):
        raise Refused(
            "",
            "The name of the file holds signs that cannot be seen, such as a change of the direction "
            f"of reading. {_MEND}",
        )
    if "/" in name or "\\" in name or name.startswith(".") or ":" in name:
        raise Refused("", f"The name of the file says which folder it goes to. {_MEND}")
    if len(name) > LONGEST_NAME or len(name.encode()) > 2 * LONGEST_NAME:
        raise Refused(
            "",
            f"The name of the file is longer than {LONGEST_NAME} letters. Shorten it, and upload it again.",
        )
    if name != name.strip() or name.endswith("."):
        raise Refused(
            "", f"The name of the file begins or ends with a space or a full stop. {_MEND}"
        )
    _refuse_deceiving(name)
    return name


def _refuse_deceiving(name: str) -> None:
    stem, *endings = name.lower().split(".")
    if stem in _RESERVED:
        raise Refused("", f"The name of the file means something else to Windows. {_MEND}")
    if any(each.strip() in _RUNS for each in endings[:-1]):
        raise Refused(name, f"has two endings, one of them of something that runs. {_MEND}")


def ending(name: str) -> str:
    """What stands after the last full stop, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""
