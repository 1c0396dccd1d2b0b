"""What the list of statements can be narrowed by, besides the values of its columns."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Statement
from statements.models.codes import language_name


class PublicStateFilter(admin.SimpleListFilter):
    """Reads ``latest_hash`` and ``public_hash`` of ``for_changelist``."""

    title = gettext_lazy("public state")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("published", _("published")),
            ("changed", _("published, changed since")),
            ("withdrawn", _("withdrawn")),
            ("no", _("never published")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "published":
                return queryset.public()
            case "changed":
                return queryset.public().exclude(latest_hash=F("public_hash"))
            case "withdrawn":
                return queryset.filter(withdrawn_at__isnull=False)
            case "no":
                return queryset.filter(published_version__isnull=True)
        return queryset


class MissingFilter(admin.SimpleListFilter):
    title = gettext_lazy("what is missing")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("source", _("no source")), ("words", _("no words")), ("demand or count", _("no demand and no count"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "source":
                return queryset.without_sources()
            case "words":
                return queryset.without_words()
            case "demand or count":
                return queryset.filter(mentions__isnull=True, counts__isnull=True)
        return queryset


class ValuesFilter(admin.AllValuesFieldListFilter):
    """The blank value has a name, too: a link without words can be neither read out nor hit."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("none")}


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language of the original")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tags = Statement.objects.order_by("language").values_list("language", flat=True).distinct()
        return [(tag, language_name(tag)) for tag in tags]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(language=self.value())
