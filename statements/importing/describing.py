"""What a column takes, in a sentence for whoever fills in a file: from its widget, which reads it."""

from functools import singledispatch
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from statements.importing import columns
from statements.importing.columns import Column
from statements.models import Source, Statement


def what_it_takes(column: Column, model: type[models.Model]) -> str:
    """Of a text also how long it may be: as much as the model's own column holds."""
    sentence = takes(column.widget)
    fields = [model._meta.get_field(name) for name in column.model_fields(model)]
    longest = next((getattr(field, "max_length", None) for field in fields), None)
    if longest is None or type(column.widget) is not columns.TextWidget:
        return sentence
    return _("%(takes)s At most %(longest)d characters.") % {"takes": sentence, "longest": longest}


@singledispatch
def takes(_widget: Any) -> str:
    return _("Text.")


@takes.register
def _choice(widget: columns.ChoiceWidget) -> str:
    return _("One of: %(allowed)s.") % {"allowed": ", ".join(widget.allowed)}


@takes.register
def _integer(_widget: columns.IntegerWidget) -> str:
    return _("A whole number, such as 1007.")


@takes.register
def _figure(_widget: columns.FigureWidget) -> str:
    return _(
        "A whole number, such as 1007. With words or signs, as in “more than 880”, “~40” or “325-535”, "
        "it fills the columns qualifier and value_to, too."
    )


@takes.register
def _boolean(_widget: columns.BooleanWidget) -> str:
    return _("true or false.")


@takes.register
def _partial_date(_widget: columns.PartialDateWidget) -> str:
    return _("A date as precise as it is known: 2022-01-27, 2022-01, 2022 or 2022-01-20/2022-01-27.")


@takes.register
def _day(_widget: columns.DayWidget) -> str:
    return _("A day: 2022-01-27.")


@takes.register
def _language(_widget: columns.LanguageWidget) -> str:
    return _("A language by its tag (BCP 47), such as en, ru or be-Latn; und where it is not known.")


@takes.register
def _country(_widget: columns.CountryWidget) -> str:
    return _("A country by its code (ISO 3166), such as LV.")


@takes.register
def _reference(widget: columns.ReferenceWidget) -> str:
    return _("The %(what)s, by %(names)s.") % _words(widget.model)


@takes.register
def _references(widget: columns.ReferencesWidget) -> str:
    return _("A list of %(many)s, separated by |, each by %(names)s.") % _words(widget.model)


@takes.register
def _texts(_widget: columns.WordsWidget) -> str:
    return _("A list of texts, separated by |.")


@takes.register
def _addresses(_widget: columns.AddressesWidget) -> str:
    return _("A list of addresses on the web, separated by |.")


@takes.register
def _aliases(_widget: columns.AliasesWidget) -> str:
    return _("A list of names, separated by |; each may end in its language: ЕСВД [ru].")


@takes.register
def _handles(_widget: columns.HandlesWidget) -> str:
    return _("A list of accounts, separated by |, each a network in small letters, a colon and a name: x:@name.")


def _words(model: type[models.Model]) -> dict[str, str]:
    if model is Source:
        names = _("slug or address")
    elif model is Statement:
        names = _("slug")
    else:
        names = _("slug, name or alias")
    meta = model._meta
    return {"what": str(meta.verbose_name), "many": str(meta.verbose_name_plural), "names": names}
