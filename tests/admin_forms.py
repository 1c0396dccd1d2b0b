"""Filling in the desk's forms as a browser would: what the page shows, with what somebody typed over it."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Fields(HTMLParser):
    """The values that a browser would send with the page's forms, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select: tuple[str, bool] | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            ticked = given.get("type") in ("checkbox", "radio")
            value = given.get("value") or ("on" if ticked else "")
            if given.get("type") == "hidden" and name in self.values:
                self.values[name] = [*_as_list(self.values[name]), value]
            elif not ticked or "checked" in given:
                self.values[name] = value
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""
        elif tag == "select":
            self._select = (name, "multiple" in given)
            self.values[name] = [] if "multiple" in given else ""
        elif tag == "option" and self._select is not None and "selected" in given:
            select, several = self._select
            if several:
                self.values[select].append(given.get("value") or "")
            else:
                self.values[select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            # A browser leaves out the line break with which the admin begins a text, and sends CR LF.
            self.values[self._text] = self.values[self._text].removeprefix("\n").replace("\n", "\r\n")
            self._text = None
        elif tag == "select":
            self._select = None


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def fields_on(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, f"{address} answers {response.status_code}"
    return fields_in(response)


def fields_in(response: Any) -> dict[str, Any]:
    parser = Fields()
    parser.feed(response.content.decode())
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


def rows(prefix: str, *given: dict[str, Any]) -> dict[str, Any]:
    """New rows of a formset that shows none yet, as typed by somebody who pressed "Add another"."""
    fields = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(given):
        fields |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return fields


def errors_of(response: Any) -> dict[str, list[str]]:
    """What the page says is wrong: "field" or "prefix-0-field" -> sentences; "" for the whole form."""
    found: dict[str, list[str]] = {}
    form = response.context["adminform"].form
    inlines = [inner for inline in response.context["inline_admin_formsets"] for inner in inline.formset.forms]
    for one in [form, *inlines]:
        for field, sentences in one.errors.items():
            name = "" if field == "__all__" and not one.prefix else one.add_prefix(field)
            found[name] = list(sentences)
    for inline in response.context["inline_admin_formsets"]:
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = list(inline.formset.non_form_errors())
    return found
