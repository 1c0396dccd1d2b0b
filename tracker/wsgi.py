"""What Gunicorn serves: `gunicorn tracker.wsgi:application`."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from tracker.clock import Clock, with_clock
from tracker.environment import BadEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

# To Gunicorn this status of a worker means "the application cannot be loaded": it stops instead of trying for ever.
APPLICATION_CANNOT_BE_LOADED = 4

try:
    application = with_clock(get_wsgi_application(), Clock())
except BadEnvironment as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(APPLICATION_CANNOT_BE_LOADED)
