"""Erasing words, or whole versions, of a statement for good, where safety or a court requires it.

Versions stay, with the hash of what stood there and an Erasure each that says when, by whom and for which kind of
reason. What readers see is rewritten in place, so nothing waits for a review.
"""

from statements.actions.erasing.erase import ERASE, Outdated, Preview, Target, erase, preview

__all__ = ["ERASE", "Outdated", "Preview", "Target", "erase", "preview"]
