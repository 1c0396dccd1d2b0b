"""What undoing a run makes of one row that the run brought or changed."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

Changes = dict[str, list[Any]]


@dataclass
class Fate:
    """``reasons`` say why it is left alone. Without any, what the run made goes, and what it changed comes back."""

    pk: int
    label: str
    is_new: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def goes(self) -> bool:
        return self.is_new and not self.reasons

    @property
    def comes_back(self) -> bool:
        return not self.is_new and not self.reasons

    def keep(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


def turned(changes: Changes) -> Changes:
    """The changes that take these back."""
    return {column: [new, old] for column, (old, new) in changes.items()}


def changed_since() -> str:
    return _("It was changed since.")


def gone_since() -> str:
    return _("It is no longer there: somebody deleted it or merged it into another.")


def has_old_address() -> str:
    return _("An address that was given up leads to it.")


def in_use_by(label: str) -> str:
    return _("It is in use: “%(user)s” stays and needs it.") % {"user": label}
