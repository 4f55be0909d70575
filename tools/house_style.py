"""Writes outputs/house_style.docx: the look of the Word files, to be restyled in Word if wanted.

Running it again puts the file back as the program makes it.
"""

from pathlib import Path

from app.documents import house_style

TARGET = Path(__file__).parent.parent / "outputs" / "house_style.docx"


def main() -> None:
    """Write the file."""
    TARGET.write_bytes(house_style.build())
    print(f"{TARGET} ({TARGET.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
