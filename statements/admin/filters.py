"""What lists can be narrowed by, besides the choices of their columns. None of them looks at all rows."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.admin.changelist import NUMBER
from statements.models import Issuer, Statement
from statements.models.codes import language_name
from statements.models.values import values_of

#: So many of the newest rows are looked at for what they refer to, and so many of that are offered for choice.
_NEWEST, _OFFERED = 500, 50


class PublicStateFilter(admin.SimpleListFilter):
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
                return queryset.changed_since()
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
                return queryset.filter(lacks_sources=True)
            case "words":
                return queryset.filter(lacks_words=True)
            case "demand or count":
                return queryset.filter(lacks_content=True)
        return queryset


class ValuesFilter(admin.AllValuesFieldListFilter):
    """Of a column that an index begins with. The blank value has a name, too: a link without words can be neither read
    out nor hit.
    """

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, request, params, model, *args, **kwargs)
        self.lookup_choices: Any = values_of(model, field.name)

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("none")}


def newest_referred_to(referring: Any, name: str, wanted: Iterable[str]) -> list[tuple[Any, str]]:
    """Choices of the rows to which the newest rows of a table refer, and of those that are asked for. Two queries."""
    newest = referring._default_manager.order_by("-pk").values_list(f"{name}_id", flat=True)[:_NEWEST]
    numbers = dict.fromkeys([*wanted, *map(str, filter(None, newest))])
    model = referring._meta.get_field(name).related_model
    rows = model._default_manager.filter(pk__in=[pk for pk in numbers if NUMBER.fullmatch(pk)][:_OFFERED])
    return [(row.pk, str(row)) for row in rows.order_by(*model._meta.ordering)]


class NewestRelatedFilter(admin.RelatedFieldListFilter):
    """By a row of thousands: a few are offered, and a search for its name finds what belongs to any other."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        wanted = self.lookup_val or ()
        if field.many_to_many:
            return newest_referred_to(field.remote_field.through, field.m2m_reverse_field_name(), wanted)
        return newest_referred_to(field.model, field.name, wanted)


class IssuerFilter(admin.SimpleListFilter):
    """As ``NewestRelatedFilter``: of an organisation's statements, which are many or few, and each has it once."""

    title = gettext_lazy("organisation")
    parameter_name = "issuers__organisation__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return newest_referred_to(Issuer, "organisation", request.GET.getlist(self.parameter_name))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        if wanted is None:
            return queryset
        if not NUMBER.fullmatch(wanted):
            raise IncorrectLookupParameters
        return queryset.filter(pk__in=Issuer.objects.filter(organisation=int(wanted)).order_by().values("statement"))


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language of the original")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(tag, language_name(tag)) for tag in values_of(Statement, "language")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(language=self.value())
