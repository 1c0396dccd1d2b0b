"""The editors' desk. Each module registers the pages of its models."""

from statements.admin import demand, history, importrun, measure, organisation, source, speaker, statement

__all__ = ["demand", "history", "importrun", "measure", "organisation", "source", "speaker", "statement"]
