"""Beginning with an address: is its source known, and which others might be the same."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements import text
from statements.models import Source


class AddressForm(forms.Form):
    """Cleans to the address as pasted; ``canonical`` is then the form by which a source is recognised."""

    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=AdminTextInputWidget(attrs={"inputmode": "url"}),
        help_text=_("Paste it from the browser: https://www.mfa.gov.lv/en/article/…"),
    )

    canonical = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["address"].widget.attrs["autofocus"] = True

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            self.canonical = text.canonical_address(address)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return address

    def known(self) -> Source | None:
        """The source at this address. One query."""
        return Source.objects.filter(canonical_url=self.canonical).first()

    def alike(self) -> models.QuerySet[Any]:
        """Sources whose address differs only by http or https, "www." or a slash at the end: often the same."""
        return Source.objects.filter(canonical_url__in=_variants(self.canonical) - {self.canonical})


def _variants(canonical: str) -> set[str]:
    rest = canonical.partition("://")[2].removeprefix("www.")
    path, question, query = rest.partition("?")
    paths = {path.rstrip("/"), path.rstrip("/") + "/"}
    ends = {f"{www}{one}{question}{query}" for www in ("", "www.") for one in paths}
    return {f"{scheme}://{end}" for scheme in ("http", "https") for end in ends}
