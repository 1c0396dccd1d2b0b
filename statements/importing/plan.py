"""What a run would do: every row read, checked and compared with the desk. Nothing is written here.

Reference data and updates of demands are planned file by file. Rows of statements and of what hangs on them, which may
be many, are sorted by statement and planned a batch of statements at a time; between the batches only what the whole
run must know stays in memory, the rest stands in a Scratch.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.bulk import BATCH
from statements.importing import KINDS
from statements.importing.across import check_across_rows, leaves_readers_view
from statements.importing.bundles import Case
from statements.importing.collecting import collected_rarely
from statements.importing.directory import Directory
from statements.importing.drafts import Draft, FilePlan, Outcome, RowError, RowResult
from statements.importing.incoming import Incoming, Options
from statements.importing.kinds import kind_named
from statements.importing.kinds.base import Kind, StatementKind
from statements.importing.reading import Row, Table, open_table
from statements.importing.refused import FileRefused
from statements.importing.scratch import Scratch, as_it_is, kept
from statements.importing.unchanged import Recognising
from statements.importing.uploads import blocks_of, sha256_of
from statements.importing.values.day_order import DayOrders
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    Issuer,
    Measure,
    Organisation,
    Source,
    Speaker,
    SpeakerRole,
    Statement,
    Wording,
)

IMPORT = "statements.import_data"

_KEPT_WHOLE = {Issuer, SpeakerRole, Wording, Citation, DemandMention, CountObservation}
_KEPT_APART = {Organisation, Speaker, Source, Measure, Demand}

#: Called with the number of rows that were read or planned since the last call; each row is told of twice.
Progress = Callable[[int], object]


@dataclass
class Plan:
    """``drafts`` are those of reference data and updates, by KIND; ``work`` is what is to be written of statements,
    of which there are ``to_write``.
    """

    directory: Directory
    options: Options = field(default_factory=Options)
    files: list[FilePlan] = field(default_factory=list)
    drafts: dict[str, list[Draft]] = field(default_factory=dict)
    scratch: Scratch = field(default_factory=Scratch)
    to_write: int = 0

    @property
    def errors(self) -> list[RowError]:
        """All of them, by file and line; what concerns a whole file comes first."""
        of_rows: dict[int, list[RowError]] = {file.index: [] for file in self.files}
        for result in self.scratch.results(Outcome.REJECTED):
            of_rows[result.file] += result.errors
        return [error for file in self.files for error in (*file.own_errors, *of_rows[file.index])]

    @property
    def is_clean(self) -> bool:
        return not any(file.own_errors or file.counted[Outcome.REJECTED] for file in self.files)

    @property
    def counts(self) -> dict[str, int]:
        """Rows read, and those of each outcome, which add up to them."""
        names = ("read", *(str(outcome) for outcome in Outcome))
        return {name: sum(file.counts[name] for file in self.files) for name in names}

    @property
    def changes_nothing(self) -> bool:
        return not any(file.counted[Outcome.NEW] or file.counted[Outcome.CHANGED] for file in self.files)

    @property
    def sha256(self) -> str:
        """Of the file; of all their hashes where there are several."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("\n".join(file.sha256 for file in self.files).encode()).hexdigest()

    @property
    def digest(self) -> str:
        """Equal for two plans that would do the same: what was shown is what is confirmed."""
        found = hashlib.sha256(f"{[(file.kind, file.sha256) for file in self.files]} {self.options}".encode())
        for result in self.scratch.stored_results():
            found.update(result.json)
        return found.hexdigest()

    def results(self, outcome: Outcome | None = None) -> Iterator[RowResult]:
        """What became of the rows, by file and line."""
        return self.scratch.results(outcome)

    def warned(self) -> Iterator[RowResult]:
        """The rows of which staff should know something, by file and line."""
        return self.scratch.results(is_warned=True)

    def rows_of(self, file: FilePlan) -> Iterator[Row]:
        """The rows of a file as they came: it is read again. Raises OSError where it is gone."""
        return file.table.rows() if file.table is not None else iter(())

    def work(self) -> Iterator[list[Any]]:
        """bundles.Work by batches. The references in it are the rows of the directory, which are stored by then."""
        return self.scratch.work(self.directory.kept)


def require_permission(user: User) -> None:
    """Raises Refusal."""
    if not user.has_perm(IMPORT):
        raise Refusal([_("You may not import files. Ask an administrator for the role of an importer.")])


@collected_rarely()
def plan_files(
    files: Iterable[Incoming], *, user: User, options: Options | None = None, progress: Progress | None = None
) -> Plan:
    """The plan of a run, whatever the order of the files. Writes nothing.

    Raises Refusal where the user may not import; everything else that is wrong stands in the plan. A fixed number of
    queries for each KIND and each batch of 500 statements, none for a row.
    """
    require_permission(user)
    options = options or Options()
    plan = Plan(Directory(user=user, options=options), options)
    run = _Planning(plan, user, progress or (lambda rows: None))
    for index, incoming in enumerate(sorted(files, key=lambda file: KINDS.index(file.kind))):
        plan.files.append(FilePlan(index, incoming, sha256=_sha256(incoming)))
        run.read(plan.files[-1])
    run.plan_statements()
    run.plan_last()
    return plan


def _sha256(incoming: Incoming) -> str:
    with incoming.open() as content:
        return sha256_of(blocks_of(content))


class _Planning:
    def __init__(self, plan: Plan, user: User, progress: Progress) -> None:
        self.plan, self.user, self.progress = plan, user, progress
        self.scratch, self.statements = plan.scratch, plan.directory.statements
        self.of_statements: dict[int, StatementKind] = {}
        self.of_lists = kind_named("statements").lists()
        self.of_updates: list[tuple[FilePlan, Kind, Table]] = []

    def read(self, file: FilePlan) -> None:
        """Plan the rows of reference data; put aside those of statements, and updates, which come last."""
        kind = kind_named(file.kind)(self.plan.directory, self.user)
        dates = DayOrders(today=kind.today)
        columns = kind.date_columns()

        def see(row: Row) -> None:
            for name in columns:
                if row.cells.get(name):
                    dates.see(row.cells[name])

        try:
            table = open_table(file.incoming, self.plan.options.of_file(file.name), kind.known_columns(), scan=see)
        except FileRefused as error:
            file.refuse(error.line, "", str(error))
            return
        file.table, kind.day_order = table, dates.order
        for problem in table.problems:
            file.refuse(table.understood.header_line, problem.column, problem.sentence, suggestion=problem.suggestion)
        if table.problems:
            return
        if isinstance(kind, StatementKind):
            self.of_statements[file.index] = kind
            self.scratch.add_rows(file.index, file.header, self._told(table.rows(), kind, file))
        elif file.kind == "demand_updates":
            self.of_updates.append((file, kind, table))
        else:
            self._plan_whole(file, kind, table)

    def plan_statements(self) -> None:
        if not self.of_statements:
            return
        self._bring_keys_together()
        batches = self.scratch.sort(self._depths(), statements_a_batch=BATCH)
        headers = [file.header for file in self.plan.files]
        recognising = Recognising(self.of_statements, self.plan.files)
        for number in range(batches):
            unchanged, rest = recognising.recognise(self.scratch.batch(number, headers))
            self._keep_unchanged(unchanged)
            self._plan_batch(rest)
            self.statements.forget()

    def plan_last(self) -> None:
        for file, kind, table in self.of_updates:
            self._plan_whole(file, kind, table)

    def _plan_whole(self, file: FilePlan, kind: Kind, table: Table) -> None:
        drafts = [Draft(file, row) for row in table.rows()]
        kind.plan(drafts)
        self.plan.drafts[file.kind] = drafts
        self._keep(drafts)
        self.progress(2 * len(drafts))

    def _told(self, rows: Iterable[Row], kind: StatementKind, file: FilePlan) -> Iterator[tuple[Row, str, str]]:
        """Rows with the statement and the key that they name. One of which the statement can't be told stands alone."""
        untold = 0
        for row in rows:
            key = row.cells.get("key", "").strip()
            yield row, kind.statement_of(row, file) or f"{file.index}:{row.line}", key
            untold += 1
            if untold == BATCH:
                self.progress(untold)
                untold = 0
        self.progress(untold)

    def _bring_keys_together(self) -> None:
        """A key says which row is meant, also where that row hangs on another statement than the file says: both are
        planned together. One query a batch of keys.
        """
        self.scratch.index()
        for index, kind in self.of_statements.items():
            if not kind.identity or kind.model is Statement:
                continue
            for key in self.scratch.keys_in_several_statements(index):
                first, *others = self.scratch.statements_of_key(index, key)
                for other in others:
                    self.scratch.join(other, first)
            for keys in self.scratch.keys(index):
                self.statements.taken_keys[kind.model].reserve(keys)
                stored = kind.model._default_manager.filter(key__among=keys).values_list("key", "statement__slug")
                for key, slug in stored:
                    named = self.scratch.statements_of_key(index, key)
                    if named != [slug]:
                        self.scratch.join(named[0], slug)

    def _depths(self) -> dict[str, int]:
        """How many statements of the files a statement rests on, by what relates to what. Those of a circle, which is
        refused later, have any number.
        """
        related = self.statements.related_in_files
        depths: dict[str, int] = {}
        for start in related:
            path = [start]
            while (target := related.get(path[-1])) in self.statements.in_files and target not in path:
                path.append(str(target))
            for depth, slug in enumerate(reversed(path)):
                depths[slug] = max(depth, depths.get(slug, 0))
        return depths

    def _plan_batch(self, rows_by_file: dict[int, list[Row]]) -> None:
        drafts_by_file: dict[int, list[Draft]] = {}
        for index, rows in rows_by_file.items():
            drafts = [Draft(self.plan.files[index], row) for row in rows]
            self.of_statements[index].plan(drafts)
            drafts_by_file[index] = drafts
        cases = self.statements.touched()
        check_across_rows(cases)
        for case in cases:
            if leaves_readers_view(case):
                for draft in case.drafts:
                    _keep_step(draft, case)
        for drafts in drafts_by_file.values():
            self._keep(drafts)
            self.progress(len(drafts))
        if self.plan.is_clean:
            self._keep_work([case for case in cases if case.writes])

    def _keep_unchanged(self, results: list[RowResult]) -> None:
        self.scratch.add_results(results)
        for result in results:
            self.plan.files[result.file].counted[Outcome.UNCHANGED] += 1
        self.progress(len(results))

    def _keep(self, drafts: list[Draft]) -> None:
        self.scratch.add_results([draft.result for draft in drafts])
        for draft in drafts:
            draft.file.counted[draft.outcome] += 1
            draft.file.warned += bool(draft.notices)

    def _keep_work(self, cases: list[Case]) -> None:
        if not cases:
            return
        own = {id(case.bundle.statement) for case in cases}

        def name_only(row: Any) -> tuple[Any, ...]:
            return kept, (type(row).__name__, row.slug, row.pk)

        def whole(row: Any) -> tuple[Any, ...]:
            return as_it_is, (type(row), row.__dict__)

        def statement(row: Statement) -> tuple[Any, ...]:
            return whole(row) if id(row) in own else name_only(row)

        reducers: dict[type, Callable[[Any], Any]] = dict.fromkeys(_KEPT_APART, name_only)
        reducers |= dict.fromkeys(_KEPT_WHOLE, whole) | {Statement: statement}
        for case in cases:
            for attribute in self.of_lists:
                case.bundle.statement.__dict__.pop(attribute, None)
        self.scratch.add_work([case.work for case in cases], reducers)
        self.plan.to_write += len(cases)


def _keep_step(draft: Draft, case: Case) -> None:
    """Readers see the statement exactly as the file has it: there is nothing to hand to a reviewer."""
    if draft.file.kind == "statements" and "step" in draft.changes:
        draft.instance.step = case.stored_step
        del draft.changes["step"]
