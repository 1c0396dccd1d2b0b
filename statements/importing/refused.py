"""What ends an import as a whole, with a sentence for whoever started it."""


class FileRefused(Exception):
    """The file can't be read as a table. ``line`` is where, None for the whole file."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


class PlanOutdated(Exception):
    """The desk has changed since the plan was made. Nothing was written; planning again shows the plan as of now."""
