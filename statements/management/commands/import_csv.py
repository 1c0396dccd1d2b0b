"""``import_csv KIND FILE`` and ``import_csv all DIR``: the same import as the admin's."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from statements.actions.refusal import Refusal
from statements.importing import KINDS, PlanOutdated, report
from statements.importing.apply import apply_plan
from statements.importing.drafts import FilePlan, Outcome, RowResult
from statements.importing.incoming import Incoming
from statements.importing.plan import Plan, plan_files
from statements.importing.rejects import rejected_rows
from statements.management.commands._importing import user_named

ALL = "all"


class Command(BaseCommand):
    help = "Imports a CSV file, or a folder of them, onto the desk: everything or nothing. Never publishes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[*KINDS, ALL], metavar="KIND", help=f"{', '.join(KINDS)}, or {ALL}")
        parser.add_argument(
            "path", type=Path, metavar="FILE", help="the CSV file; with “all” the folder that holds them"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument(
            "--rejects", type=Path, metavar="FILE", help="write the rejected rows here (a folder with “all”)"
        )
        parser.add_argument("--user", metavar="NAME", help="whose work this is; the only superuser when left out")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="of the report")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = user_named(options["user"])
        if options["rejects"] and options["rejects"].exists() and options["rejects"].samefile(options["path"]):
            raise CommandError(_("The rejected rows would be written over the file itself. Name another for them."))
        files = read_files(options["kind"], options["path"])
        try:
            # A bar on standard error, when somebody is there to see it.
            with tqdm(unit=" rows", disable=not sys.stderr.isatty(), leave=False) as bar:
                plan = plan_files(files, user=user, progress=bar.update)
                written = plan.is_clean and not options["dry_run"]
                run = apply_plan(plan, user=user, progress=bar.update) if written else None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        except PlanOutdated as error:
            raise CommandError(str(error)) from None
        if options["rejects"]:
            write_rejects(plan, options["rejects"], is_folder=options["kind"] == ALL)
        if options["format"] == "json":
            answer = report.as_json(plan, written=written) | {"run": run.pk if run else None}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.as_text(plan, written=written))
            if run is not None:
                self.stdout.write(_("This was run %(number)d.") % {"number": run.pk})
        if not plan.is_clean:
            sys.exit(1)


def read_files(kind: str, path: Path) -> list[Incoming]:
    """A file, or all files of a folder. Raises CommandError."""
    if kind != ALL:
        return [_incoming(kind, path)]
    known = [f"{known_kind}.csv" for known_kind in KINDS]
    words = {"path": path, "known": ", ".join(known)}
    if not path.is_dir():
        raise CommandError(_("%(path)s is not a folder. With “all”, name the folder that holds the files.") % words)
    names = {file.name for file in path.iterdir() if file.suffix.lower() == ".csv"}
    unknown = sorted(names.difference(known))
    if unknown:
        words |= {"name": unknown[0]}
        raise CommandError(_("%(path)s holds %(name)s, which is the file of no KIND. They are: %(known)s.") % words)
    if not names:
        raise CommandError(_("%(path)s holds none of these files: %(known)s.") % words)
    return [_incoming(name.removesuffix(".csv"), path / name) for name in known if name in names]


def _incoming(kind: str, path: Path) -> Incoming:
    try:
        with path.open("rb"):
            return Incoming(kind, path.name, path)
    except OSError as error:
        words = {"path": path, "reason": error.strerror}
        raise CommandError(_("%(path)s can't be read: %(reason)s.") % words) from None


def _rejected(plan: Plan, file: FilePlan) -> Iterator[RowResult]:
    return (result for result in plan.results(Outcome.REJECTED) if result.file == file.index)


def write_rejects(plan: Plan, path: Path, *, is_folder: bool) -> None:
    """The rejected rows of the file, or of each file of the folder that has any. What an earlier run left there is
    written anew, with a header alone where nothing is rejected any more. Raises CommandError.
    """
    try:
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
        for file in plan.files:
            target = path / file.name if is_folder else path
            if file.counts["rejected"] or target.exists():
                target.write_bytes(rejected_rows(file.header, plan.rows_of(file), _rejected(plan, file)))
    except OSError as error:
        words = {"path": path, "reason": error.strerror}
        raise CommandError(_("%(path)s can't be written: %(reason)s.") % words) from None
