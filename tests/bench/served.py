"""The site as Gunicorn serves it, with one address more: a view that does nothing, to compare all others with."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tracker.wsgi import application

__all__ = ["application", "urlpatterns"]

EMPTY = "/an-empty-view/"


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("", content_type="text/plain")


urlpatterns = [path(EMPTY.removeprefix("/"), empty), path("", include("tracker.urls"))]
settings.ROOT_URLCONF = __name__
