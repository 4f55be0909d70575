"""OpenID Connect with one issuer: where to send a browser, and whom to believe when it comes back."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "EdDSA", "Ed25519")
"""Only those that need the issuer's private key: with others, whoever knows the public one may sign."""
KINDS = ("RSA", "EC", "OKP")
PATIENCE = 10  # seconds
CLOCKS_DIFFER = 60  # seconds
LASTS = 600  # seconds that may pass between leaving for the issuer and coming back
LONGEST = 255
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fido", "sc", "pop"})
"""What an issuer says when it asked for more than a password."""


class Refused(Exception):
    """The issuer's answer is not believed. The reason is for the log, never for the screen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent away with, and must come back with."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Asked:
        """Values that nobody can guess."""
        return cls(generate_token(43), generate_token(43), generate_token(64))


@dataclass(frozen=True, slots=True)
class Told:
    """Who somebody is, as the issuer says."""

    subject: str
    strong: bool
    proved_at: int | None


@dataclass
class Issuer:
    """One issuer. What it says of itself is asked for once, its keys again when one is new."""

    name: str
    client_id: str
    client_secret: str
    _about: dict[str, Any] = field(default_factory=dict)
    _keys: list[dict[str, Any]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def address(self, back: str, asked: Asked, *, again: bool = False) -> str:
        """Where to send a browser. Raises Refused."""
        more = {"prompt": "login", "max_age": "0"} if again else {}
        with self._session(back) as session:
            url, _ = session.create_authorization_url(
                self._said("authorization_endpoint"),
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
                **more,
            )
        return str(url)

    def exchange(self, code: str, back: str, asked: Asked) -> str:
        """The token for a code. Raises Refused."""
        try:
            with self._session(back) as session:
                answer = session.fetch_token(
                    self._said("token_endpoint"),
                    code=code,
                    code_verifier=asked.verifier,
                    timeout=PATIENCE,
                    allow_redirects=False,
                )
        except (OAuthError, requests.RequestException, ValueError) as fault:
            raise Refused(f"no token: {fault}") from fault
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise Refused("no id_token")
        return token

    def believe(self, token: str, asked: Asked, now: datetime) -> Told:
        """Who the token is about. Raises Refused for anything that is not exactly as it must be."""
        claims = self._claims(token)
        at = int(now.timestamp())
        _check_times(claims, at)
        self._check_parties(claims)
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(
            nonce.encode(), asked.nonce.encode()
        ):
            raise Refused("another nonce")
        subject = claims.get("sub")
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= LONGEST
            or subject != subject.strip()
        ):
            raise Refused("no subject")
        methods = claims.get("amr")
        strong = isinstance(methods, list) and bool(STRONG & {str(each) for each in methods})
        proved = claims.get("auth_time")
        return Told(subject, strong, proved if isinstance(proved, int) else None)

    def _claims(self, token: str) -> dict[str, Any]:
        """What a token says, if one of the issuer's keys signed it."""
        kid = _key_of(token)
        key = self._key(kid)
        try:
            return dict(
                jwt.decode(token, KeySet.import_key_set({"keys": [key]}), [*ALGORITHMS]).claims
            )
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise Refused(f"not signed: {type(fault).__name__}") from fault

    def _check_parties(self, claims: dict[str, Any]) -> None:
        if claims.get("iss") != self.name:
            raise Refused("another issuer")
        heard = claims.get("aud")
        audience = [heard] if isinstance(heard, str) else heard
        if not isinstance(audience, list) or self.client_id not in audience:
            raise Refused("for somebody else")
        party = claims.get("azp")
        if (len(audience) > 1 or party is not None) and party != self.client_id:
            raise Refused("given to somebody else")

    def _key(self, kid: str) -> dict[str, Any]:
        found = self._find(kid)
        if found is None:
            with self._lock:
                said = self._read(self._said("jwks_uri")).get("keys")
                self._keys = (
                    [each for each in said if isinstance(each, dict)]
                    if isinstance(said, list)
                    else []
                )
            found = self._find(kid)
        if found is None:
            raise Refused("an unknown key")
        return found

    def _find(self, kid: str) -> dict[str, Any] | None:
        return next(
            (
                each
                for each in self._keys
                if each.get("kid") == kid
                and each.get("kty") in KINDS
                and each.get("use", "sig") == "sig"
            ),
            None,
        )

    def _said(self, what: str) -> str:
        if not self._about:
            about = self._read(f"{self.name.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self.name:
                raise Refused("the issuer calls itself something else")
            self._about = about
        return _safe(self._about.get(what))

    def _read(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(_safe(address), timeout=PATIENCE, allow_redirects=False)
            said = answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError) as fault:
            raise Refused(f"the issuer is away: {type(fault).__name__}") from fault
        if not isinstance(said, dict):
            raise Refused("the issuer says nothing")
        return said

    def _session(self, back: str) -> Any:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
        )


def _key_of(token: str) -> str:
    """Which key signed a token, by its head; nothing else of it is believed yet."""
    try:
        head = extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, KeyError, UnicodeError) as fault:
        raise Refused("not a token") from fault
    if head.get("alg") not in ALGORITHMS:
        raise Refused(f"signed with {head.get('alg')}")
    kid = head.get("kid")
    if not isinstance(kid, str):
        raise Refused("names no key")
    return kid


def _check_times(claims: dict[str, Any], at: int) -> None:
    ends, made, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not isinstance(ends, int) or ends + CLOCKS_DIFFER < at:
        raise Refused("has ended")
    if not isinstance(made, int) or not at - LASTS - CLOCKS_DIFFER < made <= at + CLOCKS_DIFFER:
        raise Refused("made at another time")
    if begins is not None and (not isinstance(begins, int) or begins > at + CLOCKS_DIFFER):
        raise Refused("has not begun")


def _safe(address: object) -> str:
    """An address of the issuer's: with TLS, or on this machine."""
    parts = urlsplit(address if isinstance(address, str) else "")
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not (parts.scheme == "https" or here):
        raise Refused("an address without TLS")
    return parts.geturl()
