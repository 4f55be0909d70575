"""Sources as a page shows them: what they cite of the law is a link to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from app.core.citations import cite
from app.core.same import Same

Laws = Mapping[str, str]


def cited(source: str, laws: Laws) -> Markup:
    """A source with its links; `laws`: the address of each law by its name."""
    return _cited(source, Same(laws))


@lru_cache(maxsize=4096)
def _cited(source: str, laws: Same[Laws]) -> Markup:
    return Markup().join(
        Markup('<a class="govuk-link" href="{}" rel="noreferrer">{}</a>').format(
            piece.at, piece.text
        )
        if piece.at
        else escape(piece.text)
        for piece in cite(source, laws.it)
    )
