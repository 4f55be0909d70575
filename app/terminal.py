"""How a command ends at a terminal when it cannot go on."""

import sys
from typing import NoReturn

import click


def fail(lines: list[str], said: str) -> NoReturn:
    """Tell every fault, then what became of the command, and leave with 1."""
    for line in lines:
        click.echo(line, err=True)
    click.echo(said, err=True)
    sys.exit(1)
