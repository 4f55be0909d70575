"""How a file is refused: what is wrong, where, and how to mend it."""


class Refused(ValueError):
    """A file that is not taken; its text may be shown to whoever brought it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"“{name}” {why}" if name else why)
