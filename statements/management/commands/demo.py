"""``demo``: one command from an empty database to a served site with the demonstration data."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.importing import KINDS, report
from statements.importing.apply import apply_plan
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.importing.publishing import publish_run
from statements.models import ImportRun, Organisation, Statement

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "demo"
PASSWORD = "demonstration-only"  # noqa: S105  # printed, and only where DEBUG is on
RUN_NAME = "demonstration data"

#: Login -> the group that is its role.
LOGINS = {"editor": "contributor", "reviewer": "reviewer", "importer": "importer", "administrator": "administrator"}


class Command(BaseCommand):
    help = "Loads the demonstration data, makes logins for it, prints both and serves the site on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop when everything is loaded")
        parser.add_argument("--port", type=int, default=8000, metavar="N", help="of this machine; 8000 when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _("This is a site for others: its logins would have a known password. Run demo where DEBUG is on.")
            )
        call_command("migrate", interactive=False, verbosity=0)
        refuse_other_data()
        # All or nothing: a demonstration that was interrupted begins anew the next time.
        with transaction.atomic():
            users = {name: self._login(name, group) for name, group in LOGINS.items()}
            self._load(importer=users["importer"], reviewer=users["reviewer"])
        self._print_addresses(options["port"])
        if not options["no_serve"]:
            # Readers of the demonstration see the site's own error pages, not Django's for developers.
            settings.DEBUG = False
            # Without the reloader: it would load everything a second time.
            call_command("runserver", f"127.0.0.1:{options['port']}", use_reloader=False, insecure_serving=True)

    def _login(self, name: str, group: str) -> User:
        user, _created = User.objects.get_or_create(username=name)
        user.is_staff = user.is_active = True
        user.is_superuser = name == "administrator"
        user.set_password(PASSWORD)
        user.save()
        user.groups.set(Group.objects.filter(name=group))
        return user

    def _load(self, *, importer: User, reviewer: User) -> None:
        """Import the files as one run and publish it, once: what was entered since then stays as it is."""
        if demonstration_run() is not None:
            self.stdout.write(_("The demonstration data is there already."))
            return
        plan = plan_files((Incoming(kind, f"{kind}.csv", DATA / f"{kind}.csv") for kind in KINDS), user=importer)
        if not plan.is_clean:
            raise CommandError(report.as_text(plan, written=False))
        run = apply_plan(plan, user=importer, run=ImportRun(started_at=timezone.now(), file_name=RUN_NAME))
        self.stdout.write(report.as_text(plan, written=True))
        published = publish_run(run=run, by=reviewer)
        for title, reasons in published.refused:
            self.stdout.write(f"{title}: {' '.join(reasons)}")
        self.stdout.write(_("%(count)d statements are public.") % {"count": len(published.statements)})

    def _print_addresses(self, port: int) -> None:
        site = f"http://localhost:{port}"
        lines = ["", _("Readers: %(site)s/") % {"site": site}, _("Editors: %(site)s/admin/") % {"site": site}]
        lines.append(_("Logins: %(names)s") % {"names": ", ".join(LOGINS)})
        lines.append(_("Password of each: %(password)s") % {"password": PASSWORD})
        self.stdout.write("\n".join(lines))


def demonstration_run() -> ImportRun | None:
    """The run that loaded the demonstration data into this database."""
    return ImportRun.objects.filter(file_name=RUN_NAME, state=ImportRun.State.APPLIED).order_by("pk").first()


def refuse_other_data() -> None:
    """A database belongs to the demonstration when this command filled it, or when it holds nothing yet.

    Accounts with the names of its logins count, too: they would get a known password. Raises CommandError.
    """
    if demonstration_run() is not None:
        return
    advice = _("Set DATABASE_URL to an empty database for the demonstration.")
    if Statement.objects.exists() or Organisation.objects.exists():
        raise CommandError(_("This database holds other data. %(advice)s") % {"advice": advice})
    taken = User.objects.filter(username__in=LOGINS).first()
    if taken is not None:
        words = {"name": taken.get_username(), "advice": advice}
        raise CommandError(_("This database has an account “%(name)s” already. %(advice)s") % words)
