"""What a page is about, for machines: JSON-LD in the words of schema.org. No query."""

from typing import cast

from django import template
from django.utils.safestring import SafeString

from statements import json_text
from statements.public.structured import pages, things, works
from statements.public.structured.site import CONTEXT, Builder, Context

register = template.Library()

_BUILDERS: dict[str, Builder] = {
    "home": pages.home,
    "statement_list": pages.statement_list,
    "statement": works.statement,
    "comparison": pages.comparison,
    "organisation_list": pages.organisation_list,
    "organisation": things.organisation,
    "speaker": things.speaker,
    "demand_list": pages.demand_list,
    "demand": things.demand,
    "measure_list": pages.measure_list,
    "measure": things.measure,
    "source_list": pages.source_list,
    "source": works.source,
    "about": pages.about,
    "correction_list": pages.correction_list,
    "data": pages.data,
}

#: What could end the element or begin a comment in it, and two ends of lines of JavaScript, as ``json_script`` has it.
_IN_A_SCRIPT = str.maketrans({character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"})


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context, page: str) -> SafeString:
    """``page`` is what its template is called. The context is that of its view."""
    described = {"@context": CONTEXT, **_BUILDERS[page](cast(Context, context.flatten()))}
    words = json_text.written(described).decode().translate(_IN_A_SCRIPT)
    # Nothing is left in it that HTML would read as more than text.
    return SafeString(f'<script type="application/ld+json">{words}</script>')
