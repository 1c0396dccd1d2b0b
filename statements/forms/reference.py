"""Forms of what statements refer to: organisations, speakers, sources, demands and their updates, measures."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.dates import PartialDateFormField
from statements.forms.base import DeskForm, GuardedForm, why_field
from statements.forms.identity import free_slug, is_old_slug, leads_back, slug_is_fixed
from statements.models import Demand, DemandUpdate, Measure, Organisation, Source, Speaker
from statements.models.derived import canonical_url_of, fill_folded, name_by_address
from statements.models.names import folded_name


class SluggedForm(GuardedForm):
    """A slug left blank is derived; one that others rely on can't be changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields.get("slug")
        if slug is not None:
            slug.required = False
            if self.instance.pk and slug_is_fixed(self.instance):
                slug.disabled = True
                slug.help_text = _("Versions of statements name it by this slug, so it stays.")

    def _post_clean(self) -> None:
        super()._post_clean()
        fill_folded(self.instance)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and is_old_slug(self.instance, slug):
            raise forms.ValidationError(_("This slug was given out before and leads somewhere else: choose another."))
        return slug


class ReferenceForm(SluggedForm):
    why = why_field(gettext_lazy("Kept with the change for colleagues: The ministry was renamed in May."))

    def wanted_slug(self) -> str:
        """The slug that this row gets when the editor leaves it blank."""
        return text.slugify(self.cleaned_data.get("title") or self.cleaned_data.get("name") or "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "slug" in self.cleaned_data and not self.cleaned_data["slug"]:
            self.cleaned_data["slug"] = free_slug(self.instance, self.wanted_slug())
        return cleaned

    def clean_parent(self) -> Any:
        """A row is a part of itself, through others, when one of the rows above it is the row itself."""
        parent = self.cleaned_data["parent"]
        if leads_back(self.instance, parent, "parent"):
            raise forms.ValidationError(
                _("“%(parent)s” is itself a part of this one, directly or through others."), params={"parent": parent}
            )
        return parent


class WebAddressField(forms.URLField):
    """An address typed without its scheme gets https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https"} | kwargs)


class OrganisationForm(ReferenceForm):
    class Meta:
        model = Organisation
        fields = [
            "name",
            "short_name",
            "kind",
            "country",
            "parent",
            "description",
            "website",
            "wikidata_id",
            "slug",
        ]
        field_classes = {"website": WebAddressField}


class SpeakerForm(ReferenceForm):
    class Meta:
        model = Speaker
        fields = ["name", "organisation", "description", "slug"]


class DemandForm(ReferenceForm):
    class Meta:
        model = Demand
        fields = ["title", "theme", "description", "addressees", "parent", "slug"]


class MeasureForm(ReferenceForm):
    class Meta:
        model = Measure
        fields = ["name", "unit", "basis", "place", "country", "definition", "parent", "position", "slug"]


class OtherNameForm(DeskForm):
    """A name in any script. Its folded form, by which searches find it, is made with it."""

    def _post_clean(self) -> None:
        self.instance.folded = folded_name(self.cleaned_data.get("name") or "")
        super()._post_clean()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not text.fold(name):
            raise forms.ValidationError(_("A name needs at least one letter or digit."))
        return name


class SourceForm(ReferenceForm):
    """An address alone makes a source, and it is called by it; a printed document needs a title and a publisher."""

    derived_columns = {"canonical_url": "url"}

    published = PartialDateFormField(
        label=gettext_lazy("Published"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("When it was printed there, as precise as known: 2022-01-28, 2022-01, 2022."),
    )

    class Meta:
        model = Source
        fields = ["url", "title", "publisher", "author", "kind", "language", "accessed_on", "slug"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields.get("kind")
        if kind is not None:
            kind.required = False
            kind.initial = Source.Kind.NEWS

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Source.Kind.NEWS

    def clean_url(self) -> str:
        """Also makes the canonical address, by which a source is recognised."""
        self.instance.url = self.cleaned_data["url"]
        try:
            self.instance.canonical_url = canonical_url_of(self.instance)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if self.instance.canonical_url is not None:
            others = Source.objects.exclude(pk=self.instance.pk)
            known = others.filter(canonical_url=self.instance.canonical_url).first()
            if known is not None:
                raise forms.ValidationError(
                    format_html(
                        '{} <a href="{}">{}</a>',
                        _("A source with this address exists already:"),
                        reverse("admin:statements_source_change", args=[known.pk]),
                        known,
                    )
                )
        return self.instance.url

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        named = Source(url=self.cleaned_data.get("url", ""))
        named.title, named.publisher = self.cleaned_data.get("title", ""), self.cleaned_data.get("publisher", "")
        name_by_address(named)
        self.cleaned_data |= {"title": named.title, "publisher": named.publisher}
        return cleaned

    def wanted_slug(self) -> str:
        given = {name: self.cleaned_data.get(name) or "" for name in ("title", "publisher")}
        return text.derive_source_slug(
            **given,
            published=str(self.cleaned_data.get("published") or ""),
            url=self.cleaned_data.get("url") or "",
        )


class DemandUpdateForm(GuardedForm):
    date = PartialDateFormField(
        label=gettext_lazy("Date"),
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("The day of the event, as precise as known: 2022-01-27, 2022-01, 2022."),
    )

    class Meta:
        model = DemandUpdate
        fields = ["demand", "status", "source", "note"]
