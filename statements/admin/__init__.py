"""The editors' desk. Each module registers the pages of its models."""

from statements.admin import demand, history, importrun, measure, organisation, source, speaker, statement
from statements.admin.desk import page, putting_off

__all__ = [
    "demand",
    "history",
    "importrun",
    "measure",
    "organisation",
    "page",
    "putting_off",
    "source",
    "speaker",
    "statement",
]
