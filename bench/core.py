"""The catalogue and the rules: how long they take without any page around them."""

from itertools import cycle
from statistics import median
from unittest.mock import patch

from app.catalogue import load, read_files, reading
from app.catalogue.definitions_kept import keep
from app.core.assessment import assess, outcomes
from app.core.facts import facts
from app.settings import content_root
from bench.filled import ON, counted, projects
from bench.measure import Work, take_turns
from bench.report import Figure


def figures() -> list[Figure]:
    """Measure loading, and facts with all rules over ten different projects in turn."""
    keep(read_files(content_root()).values())  # as the first start does

    def load_unkept(_: object) -> None:
        with patch.object(reading, "recall", return_value=None):
            load(content_root())

    both = {"kept": Work(lambda _: load(content_root())), "unkept": Work(load_unkept)}
    loading = take_turns(both, rounds=5, calls=1)
    program = load(content_root()).program
    different = projects(program, 10)
    turn = cycle(different)

    def judge(_: object) -> None:
        outcomes(facts(program, next(turn), ON))

    def explain(_: object) -> None:
        assess(facts(program, next(turn), ON))

    work = {"judge": Work(judge), "explain": Work(explain)}
    times = take_turns(work, rounds=7, calls=50)
    return [
        Figure("catalogue load", min(loading["kept"]), "s of CPU", 0.5),
        Figure("the same, with nothing kept", min(loading["unkept"]), "s of CPU"),
        Figure("facts and all rules", min(times["judge"]) * 1000, "ms of CPU", 1.0),
        Figure("the same with every reason", min(times["explain"]) * 1000, "ms of CPU"),
        Figure(
            "answers of the project measured",
            median(counted(program, one) for one in different),
            "answers",
        ),
        Figure("questions", len(program.questions), "questions"),
        Figure("flag rules", len(program.flags), "rules"),
    ]
