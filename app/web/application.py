"""Flask, remembering two things that it would work out anew for every request."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

ADDRESSES = 1024
"""How many addresses are remembered: a page shows about twelve, most of them the same ones."""


class Sessions(SecureCookieSessionInterface):
    """Sessions whose signer is made once for an application's secret."""

    def __init__(self) -> None:
        super().__init__()
        self._signers: dict[object, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of the application's secret; None while it has none."""
        if app.secret_key not in self._signers:
            self._signers[app.secret_key] = super().get_signing_serializer(app)
        return self._signers[app.secret_key]


class Application(Flask):
    """Flask whose addresses within the site are built once each."""

    session_interface = Sessions()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._built = lru_cache(maxsize=ADDRESSES)(self._build)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint. Raises BuildError."""
        # Where the site is mounted may differ between requests, nothing else they share.
        plain = has_request_context() and not endpoint.startswith((".", "static"))
        given = tuple(item for item in values.items() if item[1] is not None)
        if plain and all(type(value) is str and name[0] != "_" for name, value in given):
            return self._built(request.script_root, endpoint, given)
        return super().url_for(endpoint, **values)

    def _build(self, _root: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
        named: dict[str, Any] = dict(values)
        return super().url_for(endpoint, **named)
