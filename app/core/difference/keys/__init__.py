"""Every key that a definition may have: what it is called, what a change of it touches, how it reads.

A key that is not listed counts as one of meaning, so that nothing new passes without a second look.
"""

from app.core.difference.keys.asking import ASKING
from app.core.difference.keys.key import MEANING, Key
from app.core.difference.keys.ruling import RULING
from app.core.difference.keys.running import RUNNING
from app.core.models import Model

__all__ = ["KEYS", "Key", "key_of"]

KEYS: dict[type[Model], dict[str, Key]] = ASKING | RULING | RUNNING


def key_of(model: type[Model], name: str) -> Key:
    """The key of a model's field."""
    for each in model.__mro__:
        found = KEYS.get(each, {}).get(name)
        if found is not None:
            return found
    return Key(name.rstrip("_").replace("_", " "), MEANING)
