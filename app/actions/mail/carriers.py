"""How emails leave: as files in a folder, over SMTP, or through GOV.UK Notify."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

from app.actions.mail.outbox import Carrier, Mail, NotKnown, NotSent
from app.settings import Settings

PATIENCE = 20  # seconds for each answer
KEY_TAIL = 73  # a key of Notify ends with the service's id and the secret, a dash between
NOTIFY = "https://api.notifications.service.gov.uk"


def carrier_of(settings: Settings) -> Carrier:
    """The way that the settings name: Notify, else SMTP, else a folder."""
    if settings.notify_key:
        return Notify(settings.notify_key, settings.notify_template)
    if settings.smtp_url:
        return Smtp(settings.smtp_url, settings.mail_from)
    return Folder(Path(settings.mail_folder), settings.mail_from)


def message(one: Mail, sender: str) -> EmailMessage:
    """An email as it is written on the wire. Raises NotSent: an address may hold no new line."""
    written = EmailMessage(policy=SMTP)
    try:
        written["From"], written["To"], written["Subject"] = sender, one.recipient, one.subject
    except ValueError as odd:
        raise NotSent(f"cannot be addressed: {odd}", for_good=True) from odd
    written["Message-ID"] = f"<{one.id}@{sender.rpartition('@')[2].strip('> ') or 'localhost'}>"
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(one.body)
    return written


@dataclass(frozen=True)
class Folder:
    """One file for each email, named by its id, so that none is written twice."""

    folder: Path
    sender: str

    def send(self, one: Mail) -> str:
        """Write the file. Raises NotSent."""
        path = self._path(one)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(bytes(message(one, self.sender)))
            part.replace(path)
        except OSError as refused:
            raise NotSent(f"{path.name}: {refused.strerror}") from refused
        return path.name

    def has_taken(self, one: Mail) -> bool:
        """Whether the file is there: it appears whole or not at all."""
        return self._path(one).exists()

    def _path(self, one: Mail) -> Path:
        return self.folder / f"{one.id}.eml"


@dataclass(frozen=True)
class Smtp:
    """A mail server. `smtps:` speaks TLS from the start; `smtp:` changes to it where it is offered."""

    url: str
    sender: str

    def send(self, one: Mail) -> str:
        """Hand over an email. Raises NotSent or NotKnown."""
        written = message(one, self.sender)
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as refused:
            raise NotSent(f"the mail server: {refused}") from refused
        try:
            server.send_message(written)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise NotSent("no such address", for_good=all(c >= 500 for c in codes)) from refused
        except smtplib.SMTPResponseException as refused:
            for_good = refused.smtp_code >= 500
            raise NotSent(f"the mail server: {refused.smtp_code}", for_good=for_good) from refused
        except (OSError, smtplib.SMTPServerDisconnected) as lost:
            # It may have been taken just before the connection was lost.
            raise NotKnown(str(lost)) from lost
        finally:
            server.close()
        return str(written["Message-ID"])

    def has_taken(self, one: Mail) -> None:
        """A mail server cannot be asked."""

    def _open(self) -> smtplib.SMTP:
        where = urlsplit(self.url)
        host, context = where.hostname or "localhost", ssl.create_default_context()
        if where.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, where.port or 465, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(host, where.port or 587, timeout=PATIENCE)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif where.username:
                server.close()
                raise smtplib.SMTPException("offers no TLS: the password is not sent")
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        return server


@dataclass(frozen=True)
class Notify:
    """GOV.UK Notify, with one template that has the fields `subject` and `body`."""

    key: str
    template: str
    address: str = NOTIFY

    def send(self, one: Mail) -> str:
        """Hand over an email. Raises NotSent or NotKnown."""
        asked: dict[str, object] = {
            "email_address": one.recipient,
            "template_id": self.template,
            "reference": str(one.id),
            "personalisation": {"subject": one.subject, "body": one.body},
        }
        status, said = self._ask("POST", "/v2/notifications/email", asked)
        if status == 201:
            return str(said.get("id", ""))
        if status >= 500:
            raise NotKnown(f"Notify: {status}")
        passing = status in (403, 429)  # a wrong clock or key is mended, a limit passes
        raise NotSent(f"Notify: {status} {_first_error(said)}", for_good=not passing)

    def has_taken(self, one: Mail) -> bool:
        """Ask Notify for emails of this reference. Raises NotKnown."""
        query = urlencode({"reference": str(one.id)})
        try:
            status, said = self._ask("GET", f"/v2/notifications?{query}")
        except NotSent as away:
            raise NotKnown(str(away)) from away
        if status != 200:
            raise NotKnown(f"Notify: {status}")
        return bool(said.get("notifications"))

    def _ask(
        self, method: str, path: str, asked: dict[str, object] | None = None
    ) -> tuple[int, dict[str, object]]:
        where = urlsplit(self.address)
        kind = HTTPConnection if where.scheme == "http" else HTTPSConnection
        connection = kind(where.hostname or "", where.port, timeout=PATIENCE)
        try:
            connection.connect()
        except OSError as refused:
            raise NotSent(f"Notify: {refused}") from refused
        try:
            body = json.dumps(asked).encode() if asked is not None else None
            headers = {
                "Authorization": f"Bearer {self._token()}",
                "Content-Type": "application/json",
            }
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read() or b"{}")
            return answer.status, said if isinstance(said, dict) else {}
        except (OSError, HTTPException, ValueError) as lost:
            raise NotKnown(f"Notify: {lost}") from lost
        finally:
            connection.close()

    def _token(self) -> str:
        """The token that Notify asks for: who we are and when, signed with the key's secret."""
        service, secret = self.key[-KEY_TAIL:-37], self.key[-36:]
        said = {"iss": service, "iat": int(time.time())}
        parts = [
            _encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, said)
        ]
        signed = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
        return ".".join([*parts, _encoded(signed)])


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _first_error(said: dict[str, object]) -> str:
    errors = said.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("error", "")) if isinstance(first, dict) else ""
