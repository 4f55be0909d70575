"""What differs between two catalogues, in plain words, each change with its kind of effect."""

from app.core.difference.change import Change, Effect, states_law
from app.core.difference.marking import Stretch, marked
from app.core.difference.whole import differences

__all__ = ["Change", "Effect", "Stretch", "differences", "marked", "states_law"]
