"""How an action says no: with every reason at once."""

from collections.abc import Sequence


class Refusal(Exception):  # it is an answer, not an error
    """``reasons`` are sentences for the person who asked."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
