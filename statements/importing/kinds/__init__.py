"""The KINDs: one class each, with its columns in the order in which they are exported."""

from statements.importing import KINDS
from statements.importing.kinds.base import Kind
from statements.importing.kinds.parts import Citations, Counts, Mentions, Wordings
from statements.importing.kinds.reference import Demands, Measures, Organisations, Sources, Speakers
from statements.importing.kinds.statements import Statements
from statements.importing.kinds.updates import DemandUpdates

_CLASSES: dict[str, type[Kind]] = {
    kind.kind_name: kind
    for kind in (
        Organisations,
        Speakers,
        Sources,
        Measures,
        Demands,
        Statements,
        Citations,
        Wordings,
        Mentions,
        Counts,
        DemandUpdates,
    )
}


def kind_named(name: str) -> type[Kind]:
    """Raises KeyError for what isn't in KINDS."""
    return _CLASSES[name]


def all_kinds() -> list[type[Kind]]:
    return [_CLASSES[name] for name in KINDS]
