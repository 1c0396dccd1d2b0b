"""Merging two organisations, speakers, sources, demands or measures that are one.

The survivor stays, the other goes; all that named the other names the survivor, and every address that led to the
other leads to it. Versions of statements are not touched: they keep the slugs and names of their day, which lead to the
survivor through the table of old slugs (record.today), so no statement waits for a review because of a merge.
"""

from statements.actions.merging.merge import Outdated, merge, preview
from statements.actions.merging.plan import Preview

__all__ = ["Outdated", "Preview", "merge", "preview"]
