"""What is wrong with one cell."""


class CellProblem(ValueError):
    """A cell that can't be read: what is wrong and what to do, and, where it is known, what to write instead."""

    def __init__(self, sentence: str, *, suggestion: str = "") -> None:
        super().__init__(sentence)
        self.suggestion = suggestion
