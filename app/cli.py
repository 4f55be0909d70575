"""The command: fingerpost check, assess, explain, serve and the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.catalogue import BadDefinitions, load
from app.settings import content_root


@click.group()
@click.version_option(package_name="fingerpost")
def main() -> None:
    """Fingerpost: from an idea to a signed information sharing agreement."""


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path | None) -> None:
    """Check every definition, and report all faults together."""
    try:
        catalogue = load(folder or content_root())
    except BadDefinitions as bad:
        for line in bad.lines:
            click.echo(line)
        click.echo(f"{len(bad.lines)} faults", err=True)
        sys.exit(1)
    program = catalogue.program
    click.echo(
        f"No faults: {len(program.questions)} questions, {len(program.flags)} flags,"
        f" {len(program.levels)} levels of evaluation."
    )
