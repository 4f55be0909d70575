"""Measure everything, print the table and write bench.json."""

from pathlib import Path

from bench import core, documents, pages, process, proofs
from bench.report import table, write

PARTS = (pages, core, documents, process, proofs)


def main() -> None:
    """Measure part by part."""
    figures = []
    for part in PARTS:
        print(f"Measuring: {part.__doc__}", flush=True)
        figures += part.figures()
    print()
    print(table(figures))
    write(figures, Path("bench.json"))


if __name__ == "__main__":
    main()
