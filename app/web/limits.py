"""How much one request may bring."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

WITH_FILES = frozenset({"pages.save_files", "start.signed"})
"""Where files are brought; everywhere else a form is as small as before."""

MOST_WITH_FILES = 25 * 1024 * 1024
"""Bytes of such a form: a file that is too large is then refused by its question, and nothing typed is lost."""

PLAIN_FORM = "application/x-www-form-urlencoded"


class CountedForm(FormDataParser):
    """Counts the fields of every form; the usual parser counts those of multipart ones only."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: Mapping[str, str] | None = None,
    ) -> Any:
        """Read a form. Raises RequestEntityTooLarge."""
        if mimetype == PLAIN_FORM and self.max_form_parts is not None:
            body = stream.read()
            if body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, dict(options or {}))


class CountedRequest(Request):
    """A request whose form has at most as many fields as the settings allow."""

    form_data_parser_class = CountedForm
