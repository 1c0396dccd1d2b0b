"""System checks of what the settings can not refuse on their own: values that are good one by one but not together."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004 (Django's names)
from django.http.request import validate_host


@register(Tags.security)
def site_url_is_served(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every link in feeds, exports and citations leads to SITE_URL, so this process must answer there."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if settings.DEBUG or validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}, but ALLOWED_HOSTS does not contain {host}.",
            hint=f"Add {host} to ALLOWED_HOSTS.",
            id="tracker.E001",
        )
    ]


@register(Tags.security, deploy=True)
def site_url_is_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Passwords must not travel in the clear, nor what somebody behind a censor reads."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        Warning(
            f"SITE_URL is {settings.SITE_URL}: cookies, redirects and HSTS are set up for a site without encryption.",
            hint="Set SITE_URL to an address that begins with https://.",
            id="tracker.W002",
        )
    ]


@register(Tags.security, deploy=True)
def four_eyes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.FOUR_EYES:
        return []
    return [
        Info(
            "FOUR_EYES is off: people may publish what they have written themselves, and each version says so.",
            hint="Leave FOUR_EYES out unless the desk has one person.",
            id="tracker.I003",
        )
    ]
