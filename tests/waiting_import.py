"""An import that waits between its plan and its writing: ``python -m tests.waiting_import KIND FILE``.

So a test has two of them plan on the same desk before either of them writes, whatever the speed of the machine. It says
"planned", waits for a line, and then says what came of it.
"""

import sys
from pathlib import Path

import django


def main(kind: str, path: str) -> None:
    django.setup()
    from django.contrib.auth.models import User

    from statements.importing import PlanOutdated
    from statements.importing.apply import apply_plan
    from statements.importing.incoming import Incoming
    from statements.importing.plan import plan_files

    user = User.objects.get()
    plan = plan_files([Incoming(kind, Path(path).name, Path(path))], user=user)
    if not plan.is_clean:
        raise ValueError(plan.errors[:5])
    sys.stdout.write("planned\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        apply_plan(plan, user=user)
    except PlanOutdated as outdated:
        sys.stdout.write(f"{outdated}\n")
    else:
        sys.stdout.write("written\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
