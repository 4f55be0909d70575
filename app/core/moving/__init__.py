"""What becomes of answers when a project moves to another release: nothing is lost."""

from app.core.moving.carrying import Fate, Move, Moved, Side, move
from app.core.moving.checking import check_converters

__all__ = ["Fate", "Move", "Moved", "Side", "check_converters", "move"]
