"""What the mixed load needs of a database: ``python -m tests.bench.load_data`` makes logins and writes, as JSON, what
can be asked. It changes the database.
"""

import json
import sys
from collections.abc import Iterator

import django

PASSWORD = "of a trial, and of nothing else in this world"
EDITOR, REVIEWER, IMPORTER = "load-editor", "load-reviewer", "load-importer"

_STATEMENTS = 200


def main() -> None:
    django.setup()
    from statements.models import Entry
    from tests.bench import questions
    from tests.factories import make_user

    for name, role in ((EDITOR, "contributor"), (REVIEWER, "reviewer"), (IMPORTER, "importer")):
        make_user(name, role, password=PASSWORD)
    found = questions.look()
    step = max(1, found.total // _STATEMENTS)
    some = list(Entry.objects.order_by("pk").values_list("pk", "slug")[::step])[:_STATEMENTS]
    addresses = dict(_addresses(found)) | {"statement": [f"/statements/{slug}/" for _pk, slug in some]}
    sys.stdout.write(json.dumps({"addresses": addresses, "statements": [pk for pk, _slug in some]}))


def _addresses(found: "questions.Found") -> Iterator[tuple[str, list[str]]]:  # type: ignore[name-defined]  # noqa: F821
    """By kind of request."""
    from tests.bench import questions

    def of(asked: Iterator[tuple[str, str]], more: str = "") -> list[str]:
        return [f"/statements/?{query}{more}" for _name, query in asked]

    yield "list", ["/statements/", "/statements/?page=2", "/statements/?page=40", "/statements/?sort=issued"]
    yield "one filter", of(questions.single(found))
    yield "several filters", of(questions.combined(found))
    yield "search", of(questions.searches(found))
    yield "search by rank", of(questions.ranked(found))
    yield "other pages", [address for _name, address in questions.others(found)]
    middling = found.values["issuer"].middling
    yield "files", [f"/statements.{form}?issuer={middling}" for form in ("csv", "json", "atom")]


if __name__ == "__main__":
    main()
