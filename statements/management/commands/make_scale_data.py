"""``make_scale_data``: a large made-up data set for measurements."""

import resource
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from statements.management.commands._quiet import no_log_of_queries
from statements.models import Demand, Measure, Organisation, Source, Speaker, Statement
from statements.scale import indexes, reference, writing
from statements.scale.working import make_all


class Command(BaseCommand):
    help = "Fills an empty database with made-up statements for measurements: the same for the same seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--statements", type=int, required=True, metavar="N", help="how many")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="N", help="1 when left out; another gives other data"
        )
        parser.add_argument(
            "--processes", type=int, default=2, metavar="N", help="2 when left out; the data is the same with any"
        )

    @no_log_of_queries()
    def handle(self, *_args: Any, **options: Any) -> None:
        count, seed, processes = options["statements"], options["seed"], options["processes"]
        if count < 1 or processes < 1:
            raise CommandError(_("Give 1 or more statements to make, and 1 or more processes to make them."))
        refuse_other_data()
        started = time.monotonic()
        world = reference.world(seed, count)
        reference.store(world)
        # Its thread would not survive in the processes that are forked.
        tqdm.monitor_interval = 0
        bar = tqdm(total=count, desc=_("Writing"), unit=_(" statements"), disable=not sys.stderr.isatty())
        with bar, indexes.made_afterwards():
            make_all(world, count, processes=processes, advance=bar.update)
            others = processes * _megabytes(resource.RUSAGE_CHILDREN) if processes > 1 else 0
            while_made = _megabytes() + others
            bar.set_description(_("Making indexes"))
        writing.finish()
        self.stdout.write(
            _("%(statements)d statements, %(public)d of them public, in %(seconds)d seconds and %(memory)d MB.")
            % {
                "statements": count,
                "public": Statement.objects.public().count(),
                "seconds": time.monotonic() - started,
                "memory": max(while_made, _megabytes()),
            }
        )


def _megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """The most that this process took, or the largest of those that it started. What they share is counted for each."""
    # In kilobytes.
    return resource.getrusage(who).ru_maxrss / 1024


def refuse_other_data() -> None:
    """The ids of statements and versions are given by this command, so that nothing else may be there. Raises
    CommandError.
    """
    advice = _("Set DATABASE_URL to an empty database for made-up data.")
    made_up = reference.made_up_organisation()
    if made_up is not None:
        there, wanted = Statement.objects.count(), reference.count_of(made_up)
        if there < wanted:
            words = {"there": there, "wanted": wanted, "advice": advice}
            raise CommandError(
                _("A run was stopped here after %(there)d of its %(wanted)d made-up statements. %(advice)s") % words
            )
    if any(model._default_manager.exists() for model in (Statement, Organisation, Speaker, Source, Demand, Measure)):
        raise CommandError(_("This database holds data already. %(advice)s") % {"advice": advice})
