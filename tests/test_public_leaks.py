"""Nothing that has not been published is on any public page: not a word, not a name, not a link."""

import datetime
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.actions.scheduling import schedule
from statements.actions.steps import return_to_editor, submit
from statements.models import Demand, DemandUpdate, Entry, Measure, Organisation, Source, Speaker, Statement
from statements.record import index
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    make_statement,
    save_version,
)
from tests.public_walk import every_address, page_of, walk

# Never part of a page's own words, whatever stands around it: secret1x, secret2x, ...
SECRET = re.compile(r"secret\d+x", re.IGNORECASE)
FORMERLY_PUBLIC = "formerlypublicwords"


class Secrets:
    """Markers, each another one, so that a failure says which of them was seen."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"secret{self.number}x"


@pytest.fixture
def desk(editor: User, reviewer: User) -> Statement:
    """A desk on which one statement is public, and everything else that could be seen carries a marker."""
    secret = Secrets()
    public = _public_statement(editor, reviewer)
    _edit_without_publishing(public, secret, editor)
    _draft_about_the_same(public, secret, editor)
    _withdrawn(secret, editor, reviewer)
    _on_their_way(secret, editor, reviewer)
    _unpublished_updates(public, secret)
    _parts_that_nobody_uses(secret)
    assert secret.number > 40
    return public


def _public_statement(editor: User, reviewer: User) -> Statement:
    public = make_public_statement(by=editor, published_by=reviewer, title="The public one", desk_note="secret900x")
    SpeakerRoleFactory(statement=public, speaker=SpeakerFactory(name="A public speaker"))
    demand = public.mentions.get().demand
    demand.addressees.add(OrganisationFactory(name="The public authorities"))
    save_version(statement=public, by=editor)
    submit(statement=public, by=editor)
    publish(statement=public, by=reviewer, revision="minor fix")
    return public


def _marked(secret: Secrets, *fields: str) -> dict[str, str]:
    return {field: secret() for field in fields}


def _edit_without_publishing(public: Statement, secret: Secrets, editor: User) -> None:
    texts = ("title", "date_note", "attribution", "place", "occasion", "summary", "desk_note")
    for field, value in _marked(secret, *texts).items():
        setattr(public, field, value)
    public.save()
    _hang_secrets_on(public, secret)
    save_version(statement=public, by=editor)


def _hang_secrets_on(statement: Statement, secret: Secrets) -> None:
    owner = SpeakerFactory(**_marked(secret, "name", "description"), names=[(secret(), "ru")])
    owner.handles.create(network="x", handle=secret())
    IssuerFactory(statement=statement, organisation=_secret_organisation(secret))
    SpeakerRoleFactory(statement=statement, speaker=owner, attribution=secret())
    source = SourceFactory(**_marked(secret, "slug", "title", "publisher", "author"))
    CitationFactory(statement=statement, source=source, locator=secret())
    WordingFactory(statement=statement, source=source, text=f"{secret()} and 1007 political prisoners")
    demand = DemandFactory(**_marked(secret, "title", "description"))
    demand.addressees.add(_secret_organisation(secret))
    mention = DemandMentionFactory(statement=statement, demand=demand, **_marked(secret, "quote", "locator", "note"))
    mention.addressees.add(_secret_organisation(secret))
    CountObservationFactory(
        statement=statement,
        measure=MeasureFactory(**_marked(secret, "name", "definition", "place")),
        attributed_to=_secret_organisation(secret),
        **_marked(secret, "wording", "attributed_wording", "excludes", "quote", "note"),
    )


def _secret_organisation(secret: Secrets) -> Organisation:
    return OrganisationFactory(**_marked(secret, "name", "short_name", "description"), names=[(secret(), "ru")])


def _draft_about_the_same(public: Statement, secret: Secrets, editor: User) -> None:
    """It relates to the public one, makes the same demand and counts the same."""
    draft = StatementFactory(
        **_marked(secret, "title", "summary", "desk_note"), relation="repeats", related_statement=public
    )
    _hang_secrets_on(draft, secret)
    same = public.mentions.order_by("pk")[0].demand
    DemandMentionFactory(statement=draft, demand=same, quote=secret())
    measure = public.counts.order_by("pk")[0].measure
    CountObservationFactory(statement=draft, measure=measure, value=99_999_999, quote=secret())
    IssuerFactory(statement=draft, organisation=public.issuers.order_by("pk")[0].organisation)
    SpeakerRoleFactory(statement=draft, speaker=public.speaker_roles.order_by("pk")[0].speaker, attribution=secret())
    CitationFactory(statement=draft, source=public.citations.order_by("pk")[0].source, locator=secret())
    save_version(statement=draft, by=editor)


def _withdrawn(secret: Secrets, editor: User, reviewer: User) -> None:
    """Its title and the reason are told at its address; its words nowhere."""
    words = f"{secret()} release of all 1007 political prisoners {FORMERLY_PUBLIC}"
    statement = make_statement(by=editor, title="The withdrawn one", summary=secret())
    statement.wordings.update(text=words)
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    for model, rows in ((Organisation, "issuers__organisation"), (Source, "citations__source")):
        for pk in Statement.objects.filter(pk=statement.pk).values_list(rows, flat=True):
            field = "name" if model is Organisation else "title"
            model._default_manager.filter(pk=pk).update(**{field: secret()})
    withdraw(statement=statement, by=reviewer, reason="It was not theirs.")
    statement.title = secret()
    statement.save()
    save_version(statement=statement, by=editor)


def _on_their_way(secret: Secrets, editor: User, reviewer: User) -> None:
    """In review, returned with a note, and scheduled: about the organisation, demand and measure of what is public,
    so that they could be counted; and a correction of something public that is scheduled.
    """
    organisation, demand, measure = (
        model._default_manager.order_by("pk")[0] for model in (Organisation, Demand, Measure)
    )
    waiting = []
    for _step in ("in review", "returned", "scheduled"):
        statement = StatementFactory(**_marked(secret, "title", "summary", "desk_note"), kind="resolution")
        IssuerFactory(statement=statement, organisation=organisation)
        CitationFactory(statement=statement)
        WordingFactory(statement=statement, text=f"{secret()} and the release of all 1007 prisoners")
        DemandMentionFactory(statement=statement, demand=demand, quote="release of all", note=secret())
        CountObservationFactory(statement=statement, measure=measure, value=99_999_999, quote="1007", note=secret())
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        waiting.append(statement)
    return_to_editor(statement=waiting[1], by=reviewer, note=secret())
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    schedule(statement=waiting[2], by=reviewer, publish_at=tomorrow)
    public = make_public_statement(by=editor, published_by=reviewer, title="The one with a correction to come")
    public.title = secret()
    public.save()
    save_version(statement=public, by=editor)
    submit(statement=public, by=editor)
    schedule(statement=public, by=reviewer, publish_at=tomorrow, revision="correction", note=secret())


def _unpublished_updates(public: Statement, secret: Secrets) -> None:
    demand = public.mentions.order_by("pk")[0].demand
    secret_source = SourceFactory(**_marked(secret, "slug", "title", "publisher"))
    DemandUpdateFactory(demand=demand, status="abandoned", note=secret(), source=secret_source)
    # Published, but of a demand that no public statement makes.
    DemandUpdateFactory(
        demand=DemandFactory(title=secret()),
        note=secret(),
        source=public.citations.order_by("pk")[0].source,
        published_at=timezone.now(),
    )


def _parts_that_nobody_uses(secret: Secrets) -> None:
    """What a public row is a part of, its parts, and where a public person belongs are not public for that."""
    for model, factory, field in (
        (Organisation, OrganisationFactory, "name"),
        (Demand, DemandFactory, "title"),
        (Measure, MeasureFactory, "name"),
    ):
        # Those of the public statement were made first.
        used = model._default_manager.order_by("pk")[0]
        factory(**{field: secret()}, parent=used)
        used.parent = factory(**{field: secret()})
        used.save()
    person = Speaker.objects.order_by("pk")[0]
    person.organisation = _secret_organisation(secret)
    person.save()


def test_no_public_page_shows_or_links_what_was_not_published(desk: Statement, client: Client) -> None:
    pages = walk(
        client,
        "/statements/?has_count=true",
        "/statements/?q=release",
        f"/statements/{desk.slug}/versions/1/",
        f"/statements/{desk.slug}/versions/compare/?from=2&to=1",
        "/sitemap.xml",
        "/robots.txt",
    )
    assert len(pages) > 12
    assert pages.keys() >= {"/corrections/", "/data/"}
    twins = {f"/statements.{form}" for form in ("csv", "csv-metadata.json", "json", "xlsx", "atom")}
    assert pages.keys() >= twins | {f"/statements/{desk.slug}.json", f"/statements/{desk.slug}/versions/2.json"}
    assert {address.rpartition(".")[2] for address in pages if address.startswith(("/measures/", "/demands/"))} >= {
        "csv",
        "json",
        "atom",
    }
    seen = {address: SECRET.findall(page) for address, page in pages.items() if SECRET.search(page)}
    assert seen == {}


def test_no_public_page_counts_what_was_not_published(desk: Statement, client: Client) -> None:
    demand = Demand.objects.order_by("pk")[0]
    page = client.get(f"/demands/{demand.slug}/").content.decode()
    assert "made in one statement" in page
    assert "abandoned" not in page
    assert "99,999,999" not in "".join(walk(client).values())


def test_the_address_of_what_the_record_does_not_use_answers_404(desk: Statement, client: Client) -> None:
    readable = set(walk(client))
    for address in every_address():
        # A chart of one mark is a file only: its page has no link to it.
        of_page = re.sub(r"(\.svg|/chart\.csv.*)$", "/", address)
        if address in readable or of_page in readable or "versions" in address:
            continue
        response = client.get(address)
        expected = 410 if address.startswith("/statements/the-withdrawn-one") else 404
        assert response.status_code == expected, address
        assert not SECRET.search(response.content.decode()), address


def test_the_withdrawn_statement_tells_its_title_and_reason_and_nothing_more(desk: Statement, client: Client) -> None:
    for address, status in (
        ("/statements/the-withdrawn-one/", 410),
        ("/statements/the-withdrawn-one.json", 410),
        ("/statements/the-withdrawn-one/versions/1/", 410),
        ("/statements/the-withdrawn-one/versions/1.json", 410),
        ("/statements/the-withdrawn-one/versions/compare/?from=1&to=2", 410),
        ("/corrections/", 200),
    ):
        response = client.get(address)
        assert response.status_code == status
        page = response.content.decode()
        assert "The withdrawn one" in page
        assert "It was not theirs." in page
        assert FORMERLY_PUBLIC not in page
        assert not SECRET.search(page)


@pytest.mark.parametrize("parameter", ["issuer", "speaker", "addressee", "demand", "measure"])
def test_the_list_finds_nothing_by_a_slug_that_readers_may_not_know(
    desk: Statement, client: Client, parameter: str
) -> None:
    models = {
        "issuer": Organisation,
        "addressee": Organisation,
        "speaker": Speaker,
        "demand": Demand,
        "measure": Measure,
    }
    for row in models[parameter]._default_manager.filter(slug__contains="secret"):
        page = client.get("/statements/", {parameter: row.slug}).content.decode()
        assert "so nothing is shown" in page
        assert "The public one" not in page
        for form in ("csv", "json", "xlsx", "atom"):
            response = client.get(f"/statements.{form}", {parameter: row.slug})
            assert response.status_code == 400
            assert "The public one" not in page_of(response)


def test_no_facet_and_no_bar_counts_what_was_not_published(desk: Statement, client: Client) -> None:
    page = client.get("/statements/").content.decode()
    assert "2 statements</h2>" in page
    numbers = re.findall(r'data-key="[a-z_]+-[^"]+"[^>]*><bdi>[^<]*</bdi> <span class="number">.*?(\d+)<', page)
    assert len(numbers) > 8
    assert set(numbers) <= {"1", "2"}
    assert 'data-key="kind-resolution"' not in page


def test_a_search_for_unpublished_words_and_names_finds_nothing(desk: Statement, client: Client) -> None:
    for number in range(1, 90):
        page = client.get("/statements/", {"q": f"secret{number}x"}).content.decode()
        assert "The public one" not in page, number
        assert "The public one" not in page_of(client.get("/statements.csv", {"q": f"secret{number}x"})), number


def test_the_pages_are_the_same_bytes_after_the_index_was_made_anew(
    desk: Statement, client: Client, editor: User, reviewer: User
) -> None:
    # Published in another order than they were entered.
    later = [make_statement(by=editor) for _number in range(4)]
    for statement in reversed(later):
        submit(statement=statement, by=editor)
        publish(statement=statement, by=reviewer)
    before = walk(client)
    index.rebuild()
    assert Entry.objects.count() == 6
    assert walk(client) == before


def test_a_published_update_shows_on_the_day_it_holds_and_not_before(desk: Statement, client: Client) -> None:
    demand = Demand.objects.order_by("pk")[0]
    DemandUpdate.objects.filter(demand=demand).delete()
    today = timezone.localdate()
    for days, status in ((-400, "open"), (-1, "partly met"), (30, "met")):
        day = today + datetime.timedelta(days=days)
        DemandUpdateFactory(
            demand=demand, status=status, date_from=day, date_until=day, published_at=timezone.now(), note=status
        )
    page = client.get(f"/demands/{demand.slug}/").content.decode()
    assert re.search(r"Today</dt><dd><b>partly met</b>", page)
