"""The shipped definitions, compiled once for all tests of a worker: a catalogue never changes."""

from functools import cache

from app.catalogue import Catalogue, load
from app.settings import content_root


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue of the three folders of this repository."""
    return load(content_root())
