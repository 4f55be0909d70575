"""Whatever is killed when, nothing that was acknowledged is lost and nothing is half written."""

import json
import os
import random
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from sqlalchemy import select, text

from app.actions.answers import open_sheet
from app.store.database import read
from app.store.tables import answer_event
from tests.databases import World
from tests.writer import Work, save_until_killed

KILLS = 25
WRITERS = ("w0", "w1")
DICE = random.Random(25)  # noqa: S311 - no secret


def killed_run(work: list[Work]) -> list[list[tuple[int, str, object]]]:
    """Start the writers, kill them some way into their writing, and give what they acknowledged."""
    # A clean process that has imported everything makes the writers quickly.
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.writer"])
    runs = []
    for one in work:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=save_until_killed, args=(one, theirs), daemon=True)
        process.start()
        theirs.close()
        runs.append((process, ours))
    pipes = [ours for _, ours in runs]
    heard: list[Any] = []
    enough = DICE.randint(3, 15)  # where one writes at a time, they may all be the same one's
    while len(heard) < enough:
        heard += [pipe.recv() for pipe in wait(pipes) if isinstance(pipe, Connection)]
    # Not just after a save: some way into the next, unless that one is done already.
    wait(pipes, DICE.uniform(0, 0.01))
    for process, _ in runs:
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
    for process, ours in runs:
        process.join()
        heard += the_rest(ours)
        ours.close()
        assert process.exitcode == -signal.SIGKILL
        process.close()
    return heard


def the_rest(pipe: Connection) -> list[Any]:
    heard = []
    try:
        while True:
            heard.append(pipe.recv())
    except EOFError:
        return heard


def test_kill_9_during_saves_loses_nothing_and_leaves_no_answer_without_its_event(
    world: World, url: str
) -> None:
    acknowledged: list[tuple[int, str, object]] = []
    for _ in range(KILLS):
        work = [
            Work(url, world.reference, actor.person_id, world.release_id, name)
            for name, actor in zip(WRITERS, (world.ann, world.ben), strict=True)
        ]
        for saved in killed_run(work):
            acknowledged.extend(saved)

    with read(world.engine) as conn:
        opened = open_sheet(conn, world.ann, world.reference)
        rows = conn.execute(
            select(answer_event)
            .where(answer_event.c.subject_id == opened.project.id)
            .order_by(answer_event.c.seq)
        ).all()
        if conn.dialect.name == "sqlite":
            assert conn.scalar(text("PRAGMA integrity_check")) == "ok"
    kept = {(row.seq, row.address, row.new) for row in rows}
    lost = [one for one in acknowledged if (one[0], one[1], json.dumps(one[2], separators=(",", ":"))) not in kept]  # fmt: skip
    assert len(acknowledged) >= 3 * KILLS
    assert lost == []
    assert [row.seq for row in rows] == list(range(1, opened.sheet.last_event + 1))
    by_events = {row.address: (json.loads(row.new), row.version) for row in rows}
    assert by_events == {a: (e.value, e.version) for a, e in opened.sheet.entries.items()}
