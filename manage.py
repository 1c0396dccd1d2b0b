#!/usr/bin/env python
"""Django's commands for this project: `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from tracker.environment import BadEnvironment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        # Its sentence says what to set. A traceback would bury it.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
