"""The server itself: a request says once where it ends, or it is refused and nothing follows."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask, request

from tests.serving import serving

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Where an application is served that says which path it was asked for, and what it was sent."""
    app = Flask(__name__)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def said(path: str) -> str:
        return f"[{path}:{request.get_data(as_text=True)}]"

    with serving(app) as url:
        where = urlsplit(url)
        yield str(where.hostname), int(where.port or 0)


def answers(address: tuple[str, int], sent: bytes) -> str:
    """All that comes back until the server closes the connection."""
    with socket.create_connection(address, timeout=60) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def post(headers: bytes, body: bytes, version: bytes = b"1.1") -> bytes:
    return b"POST /form HTTP/%b\r\nHost: localhost\r\n%b\r\n%b" % (version, headers, body)


WHOLE = b"3\r\na=1\r\n0\r\n\r\n"
TWO_ENDS = {
    "a length and an encoding": (b"Content-Length: 13\r\nTransfer-Encoding: chunked\r\n", b"1.1"),
    "an encoding and a length": (b"Transfer-Encoding: chunked\r\nContent-Length: 13\r\n", b"1.1"),
    "an encoding that says nothing": (b"Content-Length: 13\r\nTransfer-Encoding:\r\n", b"1.1"),
    "an encoding alone that says nothing": (b"Transfer-Encoding:\r\n", b"1.1"),
    "an underscore": (b"Content-Length: 13\r\nTransfer_Encoding: chunked\r\n", b"1.1"),
    "an encoding on the next line": (b"Transfer-Encoding:\r\n chunked\r\n", b"1.1"),
    "chunked twice": (b"Transfer-Encoding: chunked, chunked\r\n", b"1.1"),
    "two encodings": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"1.1"),
    "another encoding": (b"Transfer-Encoding: gzip, chunked\r\n", b"1.1"),
    "two lengths": (b"Content-Length: 13\r\nContent-Length: 13\r\n", b"1.1"),
    "two lengths in one": (b"Content-Length: 13, 13\r\n", b"1.1"),
    "a length with a sign": (b"Content-Length: +13\r\n", b"1.1"),
    "an encoding in an old version": (b"Transfer-Encoding: chunked\r\n", b"1.0"),
    "a space before the colon": (b"Transfer-Encoding : chunked\r\n", b"1.1"),
}


@pytest.mark.parametrize(("headers", "version"), TWO_ENDS.values(), ids=TWO_ENDS)
def test_a_request_that_does_not_say_once_where_it_ends_is_refused_and_nothing_follows(
    address: tuple[str, int], headers: bytes, version: bytes
) -> None:
    said = answers(address, post(headers, WHOLE + SMUGGLED, version))
    assert said.split()[1] == "400", said
    assert said.count("HTTP/1") == 1
    assert "[" not in said


@pytest.mark.parametrize(
    ("headers", "body"),
    [(b"Content-Length: 3\r\n", b"a=1"), (b"Transfer-Encoding: chunked\r\n", WHOLE)],
    ids=["length", "chunked"],
)
def test_a_request_that_says_once_where_it_ends_is_answered_and_so_is_the_next(
    address: tuple[str, int], headers: bytes, body: bytes
) -> None:
    said = answers(address, post(headers, body) + SMUGGLED)
    assert said.count("HTTP/1.1 200 ") == 2
    assert "[form:a=1]" in said
    assert "[smuggled:]" in said
