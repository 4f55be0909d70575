"""Setting up codes from an app: the picture it reads, the first code, and codes for when it is lost."""

from __future__ import annotations

import qrcode
from flask import request
from markupsafe import Markup
from sqlalchemy import Connection

from app.actions.access.accounts import UNCONFIRMED, Account, set_code
from app.web.accounts.common import Field, ask, door
from app.web.site import now

SECRET = "secret"  # noqa: S105 - the name of a field; what it holds is encrypted


def ask_set_up(found: Account, action: str, error: str = "") -> tuple[str, int]:
    """Show the picture of a secret and ask for its first code."""
    keys = door().keys
    typed = request.form.get(SECRET, "")
    secret = typed if keys.knows(typed) else keys.new_secret()
    one = Field(
        "code", "Six figures from the app", autocomplete="one-time-code", inputmode="numeric",
        error=error,
    )  # fmt: skip
    return ask(
        "Set up codes from an app",
        [one],
        status=401 if error else 200,
        text=(
            "Your role signs, decides or looks after others, so it asks for more than a password. "
            if found.needs_code
            else ""
        )
        + "Open an app for codes on your telephone, such as the one your organisation gives you, and "
        "let it read this picture. On that telephone itself, press the link below it.",
        picture=picture(keys.address(secret, found.email)),
        app_url=keys.address(secret, found.email),
        spelt=keys.spelt(secret),
        hidden=[{"name": SECRET, "value": secret}],
        submit="Continue",
        action=action,
    )


def set_up(conn: Connection, found: Account) -> list[str] | None:
    """Keep the secret if its first code fits; the recovery codes, or None."""
    keys, secret = door().keys, request.form.get(SECRET, "")
    counter = keys.code_fits(request.form.get("code", ""), secret, UNCONFIRMED)
    if counter is None:
        return None
    codes = keys.new_recovery_codes()
    set_code(conn, found.person_id, secret, counter, map(keys.kept_of, codes), now())
    return codes


def picture(text: str) -> Markup:
    """The picture that an app reads, as SVG of our own: no style, no script, no address."""
    drawn = qrcode.QRCode(border=4)
    drawn.add_data(text)
    rows = drawn.get_matrix()
    runs = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return Markup(  # noqa: S704 - made of numbers
        f'<svg class="fp-code" role="img" aria-label="Picture for your app" viewBox="0 0 {size} {size}" '
        f'width="240" height="240" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{"".join(runs)}"/></svg>'
    )
