"""What readers are told where something was erased for good."""

from dataclasses import dataclass

from statements.dates import PartialDate
from statements.models import Erasure, Version
from statements.record.document import ERASED


@dataclass(frozen=True)
class Tombstone:
    """``reason`` is the kind of reason, in words. What stood there is nobody's to know."""

    on: PartialDate
    reason: str


def tombstone_of(version: Version) -> Tombstone | None:
    """None where nothing was erased from this version. No query."""
    erased = version.document.get(ERASED)
    if erased is None:
        return None
    return Tombstone(PartialDate.parse(erased["on"]), str(Erasure.Reason(erased["reason"]).label))
