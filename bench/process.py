"""One serving process: how soon it shows its first page, and how much memory it takes."""

import compileall
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import app
from app.catalogue import read_files
from app.catalogue.definitions_kept import keep
from app.settings import content_root
from bench.report import Figure

STARTS = 3
PAGES = 100
PATIENCE = 60.0


class Visitor:
    """A browser as far as this needs one: it keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.documents: set[str] = set()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request; its status and page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        page = response.read().decode(errors="replace")
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return response.status, page

    def walk(self, pages: int) -> int:
        """Follow links from the list of projects; how many pages were seen.

        Not to documents, nor to where one is signed, which writes it: Word files are asked for later.
        """
        waiting, seen = ["/projects"], set[str]()
        while waiting and len(seen) < pages:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            status, page = self.ask("GET", path)
            if status >= 500:
                raise RuntimeError(f"{path} answered {status}")
            found = re.findall(r'href="(/projects[^"#?.]*)"', page)
            waiting += [link for link in found if not link.endswith("/sign")]
            self.documents |= set(re.findall(r'href="(/projects[^"#?]*\.docx)"', page))
        return len(seen)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, Visitor, float]]:
    """A demonstration over a database in this folder: process, visitor, seconds to its first page."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'measured.sqlite3'}"}
    program = str(Path(sys.executable).with_name("fingerpost"))
    command = [program, "serve", "--demo", "--port", str(port)]
    visitor = Visitor(port)
    begin = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, start_new_session=True) as server:
        try:
            wait_for_page(visitor, server)
            yield server.pid, visitor, time.perf_counter() - begin
        finally:
            # The server, and the process that works beside it.
            os.killpg(server.pid, signal.SIGTERM)


def wait_for_page(visitor: Visitor, server: "subprocess.Popen[bytes]") -> None:
    """Ask until the first page is there; the first answer only brings a cookie."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and server.poll() is None:
        try:
            if visitor.ask("GET", "/")[0] == 200:
                return
        except ConnectionRefusedError:
            time.sleep(0.005)
    raise RuntimeError("the server did not start")


def memory(process: int) -> float:
    """Return the resident memory of a process, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000


def figures() -> list[Figure]:
    """Start the command several times over the same database, then look at many pages."""
    # As `make run` does, and pip where the program is installed.
    compileall.compile_dir(Path(app.__file__).parent, quiet=1)
    keep(read_files(content_root()).values())  # as the first start does
    with TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as (_, _, first):
            pass
        starts = []
        for _ in range(STARTS):
            with serving(folder) as (process, visitor, seconds):
                starts.append(seconds)
                seen = visitor.walk(PAGES)
                taken = memory(process)
                for path in sorted(visitor.documents):
                    visitor.ask("GET", path)
                with_documents = memory(process)
    return [
        Figure("start to first page", median(starts), "s", 1.5),
        Figure("start to first page, with a new database", first, "s"),
        Figure("memory of one process that has shown pages", taken, "MB", 80.0),
        Figure("pages it has shown", seen, "pages"),
        Figure("memory after all Word files of three projects", with_documents, "MB"),
    ]
