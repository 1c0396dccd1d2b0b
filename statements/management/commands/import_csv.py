"""``import_csv KIND FILE``, and ``import_csv all`` with a folder or a ZIP: the same import as the admin's."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.importing import KINDS, FileRefused, PlanOutdated, report
from statements.importing.drafts import FilePlan, Outcome, RowResult
from statements.importing.incoming import Alike, Incoming, Options
from statements.importing.plan import Plan, plan_files
from statements.importing.progress import Phase
from statements.importing.reading.folders import open_archive, open_folder
from statements.importing.rejects import Again
from statements.importing.run_files import ALL
from statements.importing.runs import import_now
from statements.management.commands._bars import Bars, SeenWork
from statements.management.commands._importing import kept_as, options_of, rows_in, user_named
from statements.models import ImportRun


class Command(BaseCommand):
    help = "Imports a file, or a folder or ZIP of them, onto the desk: everything or nothing. Never publishes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[*KINDS, ALL], metavar="KIND", help=f"{', '.join(KINDS)}, or {ALL}")
        parser.add_argument(
            "path", type=Path, metavar="FILE", help="CSV, TSV or XLSX; with “all” the folder or ZIP that holds them"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing and keep no run")
        parser.add_argument(
            "--rejects", type=Path, metavar="FILE", help="write the rejected rows here (a folder with “all”)"
        )
        parser.add_argument(
            "--others", type=Path, metavar="FILE", help="write the rows beside the rejected ones here, likewise"
        )
        parser.add_argument("--user", metavar="NAME", help="whose work this is; the only superuser when left out")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="of the report")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar='"THEIRS=OURS"',
            help="a column of the file and ours, nothing behind = to leave it out; may be repeated",
        )
        parser.add_argument("--encoding", default="", metavar="NAME", help="of the file; found out when left out")
        parser.add_argument(
            "--delimiter", default="", metavar="SIGN", help="comma, semicolon, tab or bar; found out when left out"
        )
        parser.add_argument(
            "--create-missing", action="store_true", help="make organisations, speakers and demands that are only named"
        )
        parser.add_argument(
            "--alike",
            choices=[str(choice) for choice in Alike],
            default=str(Alike.IMPORT),
            help="what becomes of new statements that look like a stored one; “import” when left out",
        )

    def handle(self, *_args: Any, **given: Any) -> None:
        kind, path = given["kind"], given["path"]
        user = user_named(given["user"])
        for target in (given["rejects"], given["others"]):
            refuse_overwriting(target, path)
        files = read_files(kind, path)
        options = options_of(given, files)
        bars = Bars(rows_in(files))
        try:
            if given["dry_run"]:
                run, plan = None, _planned(files, options, bars, user)
            else:
                with kept_as(path, files) as upload:
                    run, plan = import_now(
                        upload=upload,
                        files=files,
                        kind=kind,
                        options=options,
                        by=user,
                        work=partial(SeenWork, bars=bars),
                    )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        except PlanOutdated as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            sentence = _("The database let nobody write: %(reason)s. Nothing was written. Import it again.")
            raise CommandError(sentence % {"reason": error}) from None
        except OSError as error:
            sentence = _("The file can't be kept: %(reason)s. Nothing was written.")
            raise CommandError(sentence % {"reason": error}) from None
        finally:
            bars.close()
        self._report(plan, run, given["format"])
        if given["rejects"]:
            write_rows(plan, given["rejects"], Again.write_rejected, is_folder=kind == ALL)
        if given["others"]:
            write_rows(plan, given["others"], Again.write_others, is_folder=kind == ALL)
        if not plan.is_clean:
            sys.exit(1)

    def _report(self, plan: Plan, run: ImportRun | None, form: str) -> None:
        written = run is not None and run.state == ImportRun.State.APPLIED
        if form == "json":
            answer = report.as_json(plan, written=written) | {"run": run.pk if run else None}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        self.stdout.write(report.as_text(plan, written=written))
        if run is not None:
            self.stdout.write(_("This was run %(number)d.") % {"number": run.pk})


def _planned(files: list[Incoming], options: Options, bars: Bars, user: Any) -> Plan:
    bars.begin(Phase.READING, total=None)
    # Each row is told of twice: when it was read, and when it was planned.
    return plan_files(files, user=user, options=options, progress=lambda rows: bars.advance(rows / 2))


def read_files(kind: str, path: Path) -> list[Incoming]:
    """A file, or all files of a folder or a ZIP. Raises CommandError."""
    incoming = Incoming(kind, path.name, path)
    try:
        if kind != ALL:
            with incoming.open():
                return [incoming]
        return open_archive(incoming) if path.is_file() else open_folder(path)
    except FileRefused as refused:
        raise CommandError(str(refused)) from None
    except OSError as error:
        words = {"path": path, "reason": error.strerror}
        raise CommandError(_("%(path)s can't be read: %(reason)s.") % words) from None


def refuse_overwriting(target: Path | None, path: Path) -> None:
    """Raises CommandError."""
    if target and target.exists() and path.exists() and target.samefile(path):
        raise CommandError(_("The rows would be written over the file itself. Name another for them."))


def write_rows(plan: Plan, path: Path, write: Callable[..., None], *, is_folder: bool) -> None:
    """The rejected rows of the file, or of each file of the folder that has any; or the others. What an earlier run
    left there is written anew, with a header alone where nothing is rejected any more. Raises CommandError.
    """
    try:
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
        for file in plan.files:
            target = path / file.name if is_folder else path
            if file.counts["rejected"] or target.exists():
                with target.open("wb") as output:
                    if file.table is not None:
                        write(Again(file.incoming, file.table), output, _rejected(plan, file))
    except OSError as error:
        words = {"path": path, "reason": error.strerror}
        raise CommandError(_("%(path)s can't be written: %(reason)s.") % words) from None


def _rejected(plan: Plan, file: FilePlan) -> Iterator[RowResult]:
    return (result for result in plan.results(Outcome.REJECTED) if result.file == file.index)
