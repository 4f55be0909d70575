"""Flask, without what it would work out anew for every request and this product does not need."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer

ADDRESSES = 1024
"""How many addresses are remembered: a page shows about twelve, most of them the same ones."""

_PLAIN = frozenset({str, type(None)})


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


class Templates(Environment):
    """Jinja's templates, none of which has globals of its own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Those of all templates, plainly: a chain of maps is searched link by link in Python."""
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """Flask whose addresses within the site are built once each, and whose views are all plain."""

    session_interface = Sessions()
    jinja_environment = Templates

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._built = lru_cache(maxsize=ADDRESSES)(self._build)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """The address of an endpoint. Raises BuildError."""
        special = _anchor or _method or _scheme or _external or endpoint.startswith((".", "static"))
        if not special and has_request_context() and _PLAIN.issuperset(map(type, values.values())):
            # Where the site is mounted may differ between requests, nothing else they share.
            return self._built(request.script_root, endpoint, tuple(values.items()))
        return super().url_for(
            endpoint,
            _anchor=_anchor,
            _method=_method,
            _scheme=_scheme,
            _external=_external,
            **values,
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The view itself: none is a coroutine, and Flask would look every time."""
        return func

    def _build(self, _root: str, endpoint: str, values: tuple[tuple[str, str | None], ...]) -> str:
        named: dict[str, Any] = dict(values)
        return super().url_for(endpoint, **named)
