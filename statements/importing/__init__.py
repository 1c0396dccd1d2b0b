"""Bringing CSV files onto the desk and writing them out again.

Files are read (`reading`), their cells understood (`columns`, `kinds`, `directory`), compared with the desk and
checked (`plan`), and written in one short transaction (`apply`). An import never publishes.

django-import-export supplies columns and formats. Its import loop isn't used: it ignores misspelt headers, lets the
last of two equal rows win and shows raw database errors.
"""

from statements.importing.refused import FileRefused, PlanOutdated

#: The KINDs in the order in which they are imported and exported.
KINDS: tuple[str, ...] = (
    "organisations",
    "speakers",
    "sources",
    "measures",
    "demands",
    "statements",
    "citations",
    "wordings",
    "mentions",
    "counts",
    "demand_updates",
)

__all__ = ["KINDS", "FileRefused", "PlanOutdated"]
