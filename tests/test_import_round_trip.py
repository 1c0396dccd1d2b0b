"""A desk with whatever text its forms take comes back: exported, imported into an empty one, exported as the same."""

from random import Random

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.importing import KINDS, report
from statements.importing.apply import apply_plan
from statements.importing.desk_export import desk_files
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.record.check import offences
from tests.desks import TEXTS, Desk, undone


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, min_size=2, max_size=6), chance=st.randoms(use_true_random=True))
def test_a_desk_comes_back_as_it_was(importer: User, texts: list[str], chance: Random) -> None:
    with undone():
        Desk(texts, chance)
        files = desk_files()
    filled = [kind for kind in KINDS if files[f"{kind}.csv"].count(b"\n") > 1]
    with undone():
        plan = plan_files([Incoming(kind, f"{kind}.csv", files[f"{kind}.csv"]) for kind in filled], user=importer)
        assert plan.is_clean, report.as_text(plan, written=False)
        assert plan.counts["new"] == plan.counts["read"]
        apply_plan(plan, user=importer)
        assert desk_files() == files
        assert list(offences()) == []
