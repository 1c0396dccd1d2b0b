"""What a run would do: every row read, checked and compared with the desk. Nothing is written here."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.importing import KINDS
from statements.importing.bundles import Case, check_across_rows, leaves_readers_view
from statements.importing.directory import Directory
from statements.importing.drafts import Draft, FilePlan, Outcome, RowError
from statements.importing.kinds import kind_named
from statements.importing.reading import read_table
from statements.importing.refused import FileRefused

__all__ = ["Draft", "FilePlan", "Outcome", "Plan", "RowError", "plan_files", "require_permission"]

IMPORT = "statements.import_data"


@dataclass
class Plan:
    directory: Directory
    files: list[FilePlan] = field(default_factory=list)

    @property
    def errors(self) -> list[RowError]:
        """All of them, by file and line; what concerns a whole file comes first."""
        return sorted(
            (error for file in self.files for error in file.errors),
            key=lambda error: (self._position(error.file), error.line or 0),
        )

    @property
    def is_clean(self) -> bool:
        return not any(file.errors for file in self.files)

    @property
    def counts(self) -> dict[str, int]:
        """Rows read, new, changed, unchanged and rejected: the last four add up to the first."""
        total = {"read": 0} | {str(outcome): 0 for outcome in Outcome}
        for file in self.files:
            for name, number in file.counts.items():
                total[name] += number
        return total

    @property
    def changes_nothing(self) -> bool:
        return not any(draft.is_new or draft.changes for file in self.files for draft in file.drafts)

    @property
    def sha256(self) -> str:
        """Of the file; of all their hashes where there are several."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("\n".join(file.sha256 for file in self.files).encode()).hexdigest()

    def _position(self, name: str) -> int:
        return next(index for index, file in enumerate(self.files) if file.name == name)


def require_permission(user: User) -> None:
    """Raises Refusal."""
    if not user.has_perm(IMPORT):
        raise Refusal([_("You may not import files. Ask an administrator for the role of an importer.")])


def plan_files(
    files: Iterable[tuple[str, str, bytes]], *, user: User, progress: Callable[[int], object] | None = None
) -> Plan:
    """The plan of a run of (KIND, file name, content), whatever their order. Writes nothing.

    ``progress`` is called after each file with the bytes that were read.

    Raises Refusal where the user may not import; everything else that is wrong stands in the plan. A fixed number of
    queries for each KIND and each batch of 500 statements, none for a row.
    """
    require_permission(user)
    plan = Plan(Directory())
    for kind_name, name, content in sorted(files, key=lambda file: KINDS.index(file[0])):
        file = FilePlan(kind=kind_name, name=name, sha256=hashlib.sha256(content).hexdigest())
        plan.files.append(file)
        _plan_file(file, content, plan.directory, user)
        if progress is not None:
            progress(len(content))
    cases = plan.directory.statements.touched()
    check_across_rows(cases)
    for case in cases:
        if leaves_readers_view(case):
            for draft in case.drafts:
                _keep_step(draft, case)
    return plan


def _plan_file(file: FilePlan, content: bytes, directory: Directory, user: User) -> None:
    try:
        table = read_table(content, name=file.name)
    except FileRefused as error:
        file.refuse(error.line, "", str(error))
        return
    file.header = table.header
    kind = kind_named(file.kind)(directory, user)
    kind.check_header(file)
    if not file.own_errors:
        kind.plan(file, table)


def _keep_step(draft: Draft, case: Case) -> None:
    """Readers see the statement exactly as the file has it: there is nothing to hand to a reviewer."""
    if draft.file.kind == "statements" and "step" in draft.changes:
        draft.instance.step = case.stored_step
        del draft.changes["step"]
