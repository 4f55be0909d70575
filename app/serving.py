"""The server that brings requests to the application, and which requests it does not let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 1000
IDLE_S = 60
LENGTH, ENCODING = b"content-length", b"transfer-encoding"


class OneEnd(HTTPRequestParser):  # type: ignore[misc] # the server has no types
    """Reads a request that says once, and in one way, where it ends.

    What a proxy takes for the body of one request must not be a second request here. The parser
    itself would go by the encoding, forget the length, and tell the application of neither.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers. Raises ParsingError."""
        first, *lines = header_plus.split(b"\r\n")
        said: dict[bytes, list[bytes]] = {LENGTH: [], ENCODING: []}
        for name, _, value in (line.partition(b":") for line in lines):
            # With an underscore too: a proxy may take the two for one name.
            said.get(name.strip().lower().replace(b"_", b"-"), []).append(value.strip().lower())
        encodings = said[ENCODING]
        if len(said[LENGTH]) + len(encodings) > 1:
            raise ParsingError("A request says once where it ends")
        if encodings and (encodings != [b"chunked"] or not first.rstrip().endswith(b"HTTP/1.1")):
            raise ParsingError("The only encoding of a request is chunked")
        super().parse_header(header_plus)


class Channel(HTTPChannel):  # type: ignore[misc] # the server has no types
    """A connection whose requests are read so."""

    parser_class = OneEnd


def listen(app: WSGIApplication, host: str, port: int, **more: Any) -> Any:
    """A server that listens, to be run. Raises OSError."""
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        host=host,
        port=port,
        map=sockets,
        ident=None,
        # Slow clients wait in the server, not in a thread: many of them must not shut others out.
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        channel_timeout=IDLE_S,
        **more,
    )
    for each in sockets.values():  # one for each address of a name such as localhost
        each.channel_class = Channel
    return server
