"""JSON-LD in tests, read by the processor of the standard. Nothing is fetched: schema.org's context is stood in for."""

import json
import re
from typing import Any

from pyld import jsonld

SCHEMA = "https://schema.org/"
_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)

Node = dict[str, Any]


def _loaded(url: str, _options: Any) -> dict[str, Any]:
    """What of the real context matters here: every word is one of schema.org's."""
    assert url == "https://schema.org"
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA}}}


def block_of(page: str) -> Node:
    """The one description in a page, as it stands there."""
    found = _BLOCK.findall(page)
    assert len(found) == 1, f"{len(found)} blocks"
    assert not set("<>&\u2028\u2029") & set(found[0])
    node: Node = json.loads(found[0])
    return node


def expanded(node: Node) -> list[Node]:
    """With the full name of every type and property; fails on a value that the processor drops, or can't read."""
    result: list[Node] = jsonld.expand(node, {"documentLoader": _loaded})
    assert len(result) == 1
    assert _count(result[0]) == _count({key: value for key, value in node.items() if key != "@context"})
    return result


def triples(node: Node) -> str:
    quads: str = jsonld.to_rdf(node, {"documentLoader": _loaded, "format": "application/n-quads"})
    return quads


def nodes(value: Any) -> list[Node]:
    """A description and all within it."""
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if not isinstance(value, dict):
        return []
    return [value, *(node for one in value.values() for node in nodes(one))]


def _count(value: Any) -> int:
    """How many plain values are said."""
    if isinstance(value, list):
        return sum(map(_count, value))
    if isinstance(value, dict):
        return sum(_count(one) for name, one in value.items() if name != "@context")
    return 1
