"""What whoever operates the site asks it: plain text, a sentence a line, status 200 or 503."""

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

PLAIN_TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process runs. No query: a database that is away is no reason to restart the process."""
    return HttpResponse("The process runs.\n", content_type=PLAIN_TEXT)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can answer readers: the database is reachable and has every migration. Costs two queries."""
    try:
        executor = MigrationExecutor(connection)
        unapplied = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        # The reason is for the log: it may name hosts and users.
        logger.error("The database cannot be reached: %s", error)
        return HttpResponse("The database cannot be reached.\n", content_type=PLAIN_TEXT, status=503)
    if unapplied:
        sentence = f"Migrations have not been applied ({len(unapplied)}): run `python manage.py migrate`.\n"
        return HttpResponse(sentence, content_type=PLAIN_TEXT, status=503)
    return HttpResponse("The database is there and has every migration.\n", content_type=PLAIN_TEXT)
