"""Serving an application to browsers for as long as tests need it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask

from app.serving import listen

ENDS_IN_S = 60


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve on a free port of this machine; the address, with a slash at its end."""
    server = listen(app, "127.0.0.1", 0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()

    def close() -> None:
        server.close()
        # Browsers keep connections open for what may follow; with them the server would go on.
        for channel in list(server.active_channels.values()):
            channel.handle_close()

    yield f"http://127.0.0.1:{server.effective_port}/"
    # What a page saves as somebody types may still be under way: its answer is written first.
    # Then only the server's own thread may close what it is just waiting for.
    server.task_dispatcher.shutdown(timeout=ENDS_IN_S)
    server.trigger.pull_trigger(close)
    thread.join(ENDS_IN_S)
    assert not thread.is_alive(), "the server goes on although it was closed"
