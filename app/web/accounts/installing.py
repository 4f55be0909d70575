"""Signing in is switched on: its pages, its keys, the letters it mails, and who is believed about addresses."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.settings import BadSettings, Settings
from app.web.accounts import own, people, signing_in
from app.web.accounts.common import Door, account
from app.web.accounts.keys import Keys
from app.web.letters import letters_of

__all__ = ["open_door", "own", "people", "signing_in"]


def open_door(app: Flask, settings: Settings) -> None:
    """Let people sign in. Raises BadDefinitions, and BadSettings without an extra that is asked for."""
    keys = Keys(settings.secret_key)
    letters_of(settings.fingerpost_content)  # what is wrong with them is told at the start
    app.extensions["fingerpost.door"] = Door(keys)
    app.register_blueprint(account)
    if settings.sso_issuer:
        _join_issuer(app, settings)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _join_issuer(app: Flask, settings: Settings) -> None:
    """Let people sign in with the issuer too. Raises BadSettings without the extra that does it."""
    try:
        from app.web.accounts.issuer import Issuer
        from app.web.accounts.sso import sso
    except ImportError as missing:
        raise BadSettings(
            [f"SSO_ISSUER needs the extra sso: {missing.name} is missing"]
        ) from missing
    app.register_blueprint(sso)
    secret = settings.sso_client_secret
    app.extensions["fingerpost.issuer"] = Issuer(
        settings.sso_issuer, settings.sso_client_id, secret
    )
