"""What becomes of answers when a project moves to another release: nothing is lost."""

from app.core.moving.carrying import Fate, Move, Moved, move
from app.core.moving.checking import check_converters
from app.core.moving.converting import Side, Way
from app.core.moving.reading import readable
from app.core.moving.renewal import begun_with, renew, worded
from app.core.moving.results import Differs, differences, newly_asked

__all__ = [
    "Differs",
    "Fate",
    "Move",
    "Moved",
    "Side",
    "Way",
    "begun_with",
    "check_converters",
    "differences",
    "move",
    "newly_asked",
    "readable",
    "renew",
    "worded",
]
