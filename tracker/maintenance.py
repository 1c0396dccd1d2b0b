"""The sign on the door while the site is being worked on."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

#: Search engines and feed readers come back after so many seconds.
RETRY_AFTER = 600

Respond = Callable[[HttpRequest], HttpResponse]


def maintenance(get_response: Respond) -> Respond:
    """With MAINTENANCE on, every address answers 503 with a page, without a query and whatever the method.

    The health addresses go on answering, or whoever watches the process would restart it; style sheets do, too, since
    they are served before this.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or request.path in (reverse("healthz"), reverse("readyz")):
            return get_response(request)
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        add_never_cache_headers(response)
        return response

    return middleware
