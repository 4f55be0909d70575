"""What definition files say, read from YAML once and kept beside the compiled program.

As Python keeps what it compiled, and where: whoever may write there can change the program anyway.
A file is kept under the hash of its text and of the reader, so that nothing kept is ever out of
date, and as JSON, which runs nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import yaml
from yaml._yaml import get_version_string

from app import strict_yaml

FOLDER = Path(cache_from_source(__file__)).with_name("definitions")
SUM = 32  # bytes of the hash that stands in a file before what it keeps


def recall(text: bytes) -> Any:
    """What a text without faults says, if that was kept and is whole; otherwise None."""
    said = _whole(text)
    return None if said is None else json.loads(said)


def keep(texts: Iterable[bytes]) -> None:
    """Keep what these texts say, and nothing else; what has faults is not kept.

    Where this process may not write, nothing is kept and all is read at every start.
    """
    try:
        wanted = {_file(text): text for text in texts}
        FOLDER.mkdir(parents=True, exist_ok=True)
        for file in FOLDER.iterdir():
            if file not in wanted:
                file.unlink(missing_ok=True)
        for file, text in wanted.items():
            if _whole(text) is None:
                _write(file, strict_yaml.parse(text))
    except OSError:
        return


def _whole(text: bytes) -> bytes | None:
    """What is kept of a text; None where that is nothing, or no longer what was written."""
    try:
        file = _file(text)
        kept = file.read_bytes()
    except OSError:
        return None
    said = kept[SUM:]
    return said if kept[:SUM] == _sum(file, said) else None


def _write(file: Path, parsed: strict_yaml.Parsed) -> None:
    """Write one file, which is there whole or not at all."""
    if parsed.faults:
        return
    said = json.dumps(parsed.value, separators=(",", ":")).encode()
    made = file.with_suffix(f".{os.getpid()}")
    made.write_bytes(_sum(file, said) + said)
    made.replace(file)


def _sum(file: Path, said: bytes) -> bytes:
    return sha256(file.stem.encode() + said).digest()


def _file(text: bytes) -> Path:
    return FOLDER / f"{sha256(_reader() + text).hexdigest()}.json"


@cache
def _reader() -> bytes:
    """Changes with whatever decides what a text says."""
    made = sha256(f"{yaml.__version__} {get_version_string()}".encode())
    for path in (strict_yaml.__file__, __file__):
        made.update(Path(path).read_bytes())
    return made.digest()
