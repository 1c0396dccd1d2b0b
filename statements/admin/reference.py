"""What the pages of organisations, speakers, sources, demands and measures have in common: readers see these rows."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.actions.reference import Changed, Changes, lists_follow, may_change, record_changes
from statements.admin.base import DeskInline, asked_once
from statements.admin.cells import cells_of
from statements.admin.merging import MergingAdmin
from statements.models import OldSlug, Organisation, Source, Speaker
from statements.models.derived import write_mirrored_names
from statements.record.desk_index import refresh_citing
from statements.record.use import in_public_use, named_by_a_published_version


def _may_change(request: HttpRequest, row: models.Model) -> bool:
    return asked_once(request, ("change", type(row), row.pk), lambda: may_change(request.user, row))  # type: ignore[arg-type]


def _is_named(row: models.Model) -> bool:
    """What readers see is named by what they see: versions are looked through for what they don't."""
    return bool(in_public_use(type(row), [row.pk])) or named_by_a_published_version(row)


class ReferenceAdmin(MergingAdmin):
    """Changing what is in public use takes a reviewer; every change is recorded with its old and new values."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.pk is None or _may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return not asked_once(request, ("named", type(obj), obj.pk), lambda: _is_named(obj)) and (
            self.has_change_permission(request, obj)
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What names a row in a list keeps it, too: the database would take it out of that list in silence."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, [*protected, *(words for row in objs for words in _kept_by(row))]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (_("For the desk"), {"fields": ["why"]})]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The stock history knows nothing of imports and holds no values: its record of changes does."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not request.user.has_perm("statements.view_referencechange"):
            raise PermissionDenied
        changes = reverse("admin:statements_referencechange_changelist")
        query = urlencode({"kind__exact": self.opts.model_name, "target_id__exact": row.pk})
        return HttpResponseRedirect(f"{changes}?{query}")

    def page_notes(self, request: HttpRequest, obj: Any) -> list[str | SafeString]:
        if obj.pk not in in_public_use(type(obj), [obj.pk]):
            return []
        if self.has_change_permission(request, obj):
            return [_("Readers see this: what you change here changes on public pages at once, and is kept on record.")]
        return [_("Readers see this, so only a reviewer may change it. Tell one what should be different.")]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = cells_of(type(obj)._default_manager.get(pk=obj.pk)) if change else {}
        request.desk_before = before  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row = form.instance
        if isinstance(row, Organisation | Speaker):
            write_mirrored_names([row])
        before: dict[str, str] = request.desk_before  # type: ignore[attr-defined]
        changed = Changed(row, _differences(before, cells_of(row)))
        record_changes(changed=[changed], by=request.user, why=form.cleaned_data.get("why", ""))  # type: ignore[arg-type]
        lists_follow([changed])
        if isinstance(row, Source) and "published" in changed.changes:
            refresh_citing([row.pk])


def _kept_by(row: models.Model) -> Iterator[str]:
    for old in OldSlug.objects.filter(kind=str(row._meta.model_name), target_id=row.pk):
        yield _("address that leads to it since it was merged: %(slug)s") % {"slug": old.slug}
    for relation in row._meta.related_objects:
        if relation.many_to_many:
            owners = relation.related_model._default_manager.filter(**{relation.field.name: row})
            for owner in owners:
                yield f"{relation.related_model._meta.verbose_name}: {owner}"


def _differences(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Of a new row, of which nothing was there before, all that it says."""
    old = {name: before.get(name, "") for name in after}
    return {name: [old[name], value] for name, value in after.items() if old[name] != value}


class ReferenceInline(DeskInline):
    """A part of such a row: as changeable as the row itself."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or _may_change(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or _may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or _may_change(request, obj))
