"""Merging while somebody else is at work: nobody's work is lost in silence. On PostgreSQL, which locks rows."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from statements.actions.merging import Outdated, merge, preview
from statements.actions.refusal import Refusal
from statements.importing.apply import apply_plan
from statements.models import Issuer, Organisation, Statement
from statements.record.check import offences
from tests import factories as f
from tests.importing import planned
from tests.merging import REASON
from tests.test_undo_at_once import somebody_waits

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer() -> User:
    return f.make_user("reviewer", "reviewer")


@pytest.fixture
def statement() -> Statement:
    return f.make_statement(by=f.make_user("editor", "contributor"), title="Other")


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    return f.OrganisationFactory(name="Stays"), f.OrganisationFactory(name="Goes")


def merged_during(
    work: Callable[[], object],
    pair: tuple[Organisation, Organisation],
    *,
    by: User,
    digest: str,
    then: Callable[[], object] = lambda: None,
) -> list[Exception | None]:
    """Merge in the middle of a transaction, between ``work`` and ``then``: it is done by the end of that, or waits for
    it. What it raised, or None.
    """
    raised: list[Exception | None] = []

    def run() -> None:
        with closing(connection):
            try:
                merge(survivor=pair[0], other=pair[1], by=by, reason=REASON, digest=digest)
                raised.append(None)
            except Refusal as refusal:
                raised.append(refusal)

    thread = threading.Thread(target=run)
    try:
        with transaction.atomic():
            work()
            thread.start()
            while thread.is_alive() and not somebody_waits():
                thread.join(timeout=0.05)
            then()
    finally:
        thread.join()
    return raised


def test_whoever_begins_to_name_what_goes_meanwhile_is_told(
    statement: Statement, pair: tuple[Organisation, Organisation], reviewer: User
) -> None:
    """References are checked when a transaction ends: the one that ends last is refused, and the desk is whole."""
    digest = preview(survivor=pair[0], other=pair[1], by=reviewer).digest

    def work() -> None:
        Issuer.objects.create(statement=statement, organisation=pair[1], position=1)

    with pytest.raises(IntegrityError):
        merged_during(work, pair, by=reviewer, digest=digest)
    assert not Organisation.objects.filter(name="Goes").exists()
    assert statement.issuers.count() == 1
    assert list(offences()) == []


def test_what_somebody_saves_meanwhile_is_shown_before_anything_is_merged(
    statement: Statement, pair: tuple[Organisation, Organisation], reviewer: User
) -> None:
    statement.issuers.update(organisation=pair[1])
    digest = preview(survivor=pair[0], other=pair[1], by=reviewer).digest

    def work() -> None:
        Statement.objects.select_for_update().get(pk=statement.pk)
        Issuer.objects.create(statement=statement, organisation=pair[0], position=1, part="joined")

    raised = merged_during(work, pair, by=reviewer, digest=digest)
    assert isinstance(raised[0], Outdated)
    assert Organisation.objects.filter(name="Goes").exists()


def test_two_merges_of_the_same_two_end_with_one_of_them(
    pair: tuple[Organisation, Organisation], reviewer: User
) -> None:
    back = preview(survivor=pair[1], other=pair[0], by=reviewer).digest
    digest = preview(survivor=pair[0], other=pair[1], by=reviewer).digest

    def work() -> None:
        merge(survivor=pair[1], other=Organisation.objects.get(pk=pair[0].pk), by=reviewer, reason=REASON, digest=back)

    raised = merged_during(work, pair, by=reviewer, digest=digest)
    assert "no longer there" in str(raised[0])
    assert Organisation.objects.get().name == "Goes"
    assert list(offences()) == []


def test_a_merge_waits_for_an_import_and_never_the_two_for_each_other(
    statement: Statement, pair: tuple[Organisation, Organisation], reviewer: User
) -> None:
    """An import locks what it changes of reference data before the statements, and a merge the other way round."""
    Issuer.objects.filter(statement=statement).update(organisation=pair[1])
    importer = f.make_user("importer", "importer")
    slug, digest = pair[1].slug, preview(survivor=pair[0], other=pair[1], by=reviewer).digest
    plan = planned("organisations", f"slug,name,kind\n{slug},Goes,media\n", by=importer)
    raised = merged_during(
        lambda: apply_plan(plan, user=importer),
        pair,
        by=reviewer,
        digest=digest,
        then=lambda: list(Statement.objects.select_for_update(of=("self",)).filter(pk=statement.pk)),
    )
    assert [type(one) for one in raised] == [Outdated], "the other kind is a medium now"
    assert Organisation.objects.get(slug=slug).kind == "media"
