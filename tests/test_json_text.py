"""JSON is what it was when the standard library wrote it: hashes that readers have quoted depend on each byte."""

import datetime
import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from statements import json_text
from statements.models import Statement

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
)


@given(_VALUES)
def test_canonical_bytes_are_those_of_the_standard_library(value: Any) -> None:
    expected = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json_text.canonical(value) == expected.encode()


@given(_VALUES)
def test_what_is_written_keeps_the_order_of_keys_and_reads_the_same(value: Any) -> None:
    written = json_text.written(value)
    assert written == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert json_text.read(written) == value
    assert json.loads(json.dumps(value), cls=json_text.Decoder) == value


@pytest.mark.parametrize(
    "value",
    [
        datetime.datetime(2022, 1, 27, 12, 0, 0, 123456, tzinfo=datetime.UTC),
        datetime.date(2022, 1, 27),
        gettext_lazy("Statement"),
        Statement.Kind.SPEECH,
    ],
)
def test_a_field_is_given_what_django_would_write(value: Any) -> None:
    assert json.dumps([value], cls=json_text.Encoder) == json.dumps([value], cls=DjangoJSONEncoder)


@pytest.mark.parametrize("value", [2**64, "\ud800", {1: 2}, object()], ids=["too large", "half", "key", "object"])
def test_what_json_of_ours_never_holds_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        json_text.written(value)
