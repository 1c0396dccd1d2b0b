"""How a database answers the queries of one address, in a process of its own: ``python -m tests.bench.plan_work
OPTIONS``.

As ``page_work``; OPTIONS has ``address``. It writes the lines as JSON: of each query how it begins, what it read, and
its plan.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import django

#: Of a query so many characters are shown from where it says what it reads.
_SHOWN = 150


def lines(address: str) -> Iterator[str]:
    """Raises Unexpected where the address does not answer as it must."""
    from tests.bench.cases import answer
    from tests.bench.plans import explained

    answer(address)  # what is counted once and remembered is no part of it
    with explained() as plans:
        answer(address)
    for plan in plans:
        words = " ".join(plan.sql.split())
        yield f"{words[words.find(' FROM ') + 1 :][:_SHOWN]} ({plan.work:,} read)"
        yield from (f"    {line}" for line in plan.detail.splitlines())


def main(given: str) -> None:
    options: dict[str, Any] = json.loads(given)
    os.environ["STATIC_ROOT"] = options["static"]
    django.setup()
    sys.stdout.write(json.dumps(list(lines(options["address"]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
