"""What a published version ever named can't be deleted, whether or not readers see that version now."""

import pytest
from django.contrib.auth.models import User

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.models import Demand, Measure, NamedOnce, OldSlug, Organisation, Source
from statements.record import index
from statements.record.check import offences
from statements.record.use import in_public_use, named_by_a_published_version
from tests.factories import OrganisationFactory, make_public_statement, make_statement, publish_again

PARTS = {Organisation: "organisations", Source: "sources", Demand: "demands", Measure: "measures"}


def test_whom_a_demand_was_addressed_to_on_the_day_of_a_version_is_named_by_it(editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor)
    demand, addressee = statement.mentions.get().demand, OrganisationFactory()
    demand.addressees.set([addressee])
    submit(statement=statement, by=editor)
    assert not named_by_a_published_version(addressee)
    publish(statement=statement, by=reviewer)
    demand.addressees.set([])
    assert in_public_use(Organisation, [addressee.pk]) == set()
    assert named_by_a_published_version(addressee)


@pytest.mark.parametrize("name", ["issuers.organisation", "citations.source", "mentions.demand", "counts.measure"])
def test_what_only_an_earlier_version_names_is_still_named(editor: User, reviewer: User, name: str) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    rows, column = name.split(".")
    before, other = (getattr(getattr(one, rows).get(), column) for one in (statement, make_statement(by=editor)))
    assert not named_by_a_published_version(other)
    getattr(statement, rows).update(**{column: other})
    statement.wordings.update(source=statement.citations.get().source)
    publish_again(statement, by=editor, published_by=reviewer)
    assert in_public_use(type(before), [before.pk, other.pk]) == {other.pk}
    assert named_by_a_published_version(before)
    assert named_by_a_published_version(other)
    # By its old slug, too; and what the versions don't say is no longer named, whatever is remembered.
    OldSlug.objects.create(kind=before._meta.model_name, slug=before.slug, target_id=before.pk)
    type(before).objects.filter(pk=before.pk).update(slug="another")
    before.refresh_from_db()
    assert named_by_a_published_version(before)
    NamedOnce.objects.create(part=PARTS[type(before)], slug="unsaid")
    assert not named_by_a_published_version(type(before)(pk=0, slug="unsaid"))
    NamedOnce.objects.filter(slug__startswith=OldSlug.objects.get().slug).delete()
    assert any("nothing remembers that" in sentence for sentence in offences())
    index.rebuild()
    assert named_by_a_published_version(before)
