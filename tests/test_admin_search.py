"""The desk's searches: what an editor types finds what is meant, however it is written and whoever stored it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from statements import text
from statements.actions.restoring import restore
from statements.importing import KINDS
from statements.models import (
    Demand,
    ImportRun,
    Measure,
    ReferenceChange,
    Source,
    Speaker,
    Statement,
    Through,
    Version,
)
from statements.models.derived import FOLDED
from statements.record.check import offences
from tests.admin_forms import errors_of, fields_on, rows
from tests.erasing import NAME, erased, everything, statement_with_the_name
from tests.factories import (
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    make_statement,
)
from tests.importing import imported
from tests.merging import merged
from tests.test_admin_lists import counting
from tests.undoing import run_of, undone

#: Field of a form that refers to the model: what its autocomplete is asked with.
REFERRING = {
    Statement: ("statement", "related_statement"),
    Demand: ("demandmention", "demand"),
    Measure: ("countobservation", "measure"),
    Source: ("citation", "source"),
    Speaker: ("speakerrole", "speaker"),
}

#: Words as they are stored, terms that find them, and terms that are as near and don't.
LATIN = "Lukašenka’s oﬃcials in Straßburg: “naïve”"
CYRILLIC = "Лукашенко и политзаключённые"
BELARUSIAN = "Аб’яднаная заява «Вясны» і ўсіх – Менск"
FINDING = {
    LATIN: ["Lukasenka", "LUKAŠENKA", "lukašenka's officials", "STRASSBURG", '"Naive"', "strass", "in-Strassburg"],
    CYRILLIC: ["ЛУКАШЕНКО", "лукашенко", "ПОЛИТЗАКЛЮЧЕННЫЕ", "политзаключённые лукашенко", "«Лукашенко»", "полит"],
    BELARUSIAN: ["аб'яднаная", "АБʼЯДНАНАЯ", "вясны", '"Вясны"', "УСІХ", "усіх", "аб'яд", "УСІХ—МЕНСК", "УСІХ—МЕН"],
}
#: Only where there are thousands and not millions.
IN_THE_MIDST = {LATIN: "sburg", CYRILLIC: "заключен", BELARUSIAN: "ясны"}
#: Those of which many are found by an index of words.
WITH_AN_INDEX = (Statement, Source)
#: What a form stores, and in which field words of it are typed.
TYPED: dict[type[models.Model], str] = {Statement: "title", Demand: "title", Measure: "name", Source: "title"}
NOT_FINDING = ["Lukashenka", "лукашэнко", "аб'яднаны", "заява-мінск", "officials-Straßburg", "“”", "%", "_", "\\"]
NEW = "Ёлкін просіць"

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[LATIN, CYRILLIC, BELARUSIAN], ids=["Latin", "Cyrillic", "Belarusian"])
def words(request: Any) -> str:
    given: str = request.param
    return given


def in_list(client: Client, name: str, term: str) -> list[Any]:
    response = client.get(f"/admin/statements/{name}/", {"q": term})
    assert response.status_code == 200, term
    return list(response.context["cl"].result_list)


def found(client: Client, model: type[models.Model], term: str) -> set[str]:
    """The slugs of the rows in its list, which are those that an autocomplete offers."""
    listed = in_list(client, str(model._meta.model_name), term)
    referring, field = REFERRING[model]
    asked = {"app_label": "statements", "model_name": referring, "field_name": field, "term": term}
    offered = client.get("/admin/autocomplete/", asked).json()["results"]
    assert sorted(row["id"] for row in offered) == sorted(str(row.pk) for row in listed), term
    return {row.slug for row in listed}


def form_of(model: type[models.Model], words: str) -> dict[str, Any]:
    """What an editor types. The slug says nothing, so that it isn't what is found."""
    return {"slug": "x1"} | {
        Statement: {
            "title": words,
            "kind": "speech",
            "language": "en",
            "issued": "2022",
            **(rows("issuers", {"organisation": OrganisationFactory().pk}) if model is Statement else {}),
        },
        Demand: {"title": words, "theme": "release"},
        Measure: {"name": words, "unit": "people", "basis": "stock"},
        Source: {"title": words, "publisher": "P", "url": "https://example.org/x1"},
    }[model]


def save(client: Client, address: str, fields: dict[str, Any]) -> None:
    response = client.post(address, fields_on(client, address) | fields)
    assert response.status_code == 302, errors_of(response)


@pytest.mark.parametrize("model", TYPED)
def test_what_a_form_stores_and_changes_is_found(
    reviewer_client: Client, model: type[models.Model], words: str
) -> None:
    base = f"/admin/statements/{model._meta.model_name}"
    save(reviewer_client, f"{base}/add/", form_of(model, words))
    row: Any = model._default_manager.get()
    for term in FINDING[words]:
        assert found(reviewer_client, model, term) == {"x1"}, term
    for term in NOT_FINDING:
        assert found(reviewer_client, model, term) == set(), term
    assert found(reviewer_client, model, IN_THE_MIDST[words]) == (set() if model in WITH_AN_INDEX else {"x1"})
    save(reviewer_client, f"{base}/{row.pk}/change/", {TYPED[model]: NEW})
    assert found(reviewer_client, model, "ЕЛКІН") == {"x1"}
    assert found(reviewer_client, model, FINDING[words][0]) == set()
    assert list(offences()) == []


def test_a_copy_and_a_statement_from_a_source_are_found(editor_client: Client, editor: User) -> None:
    statement = make_statement(by=editor, title="Another")
    add = "/admin/statements/statement/add/"
    for slug, query in (("x1", f"?copy={statement.pk}"), ("x2", f"?source={Source.objects.get().pk}")):
        typed = {"title": f"{NEW} {slug}", "slug": slug, "issued": "2022", "kind": "speech"}
        save(editor_client, f"{add}{query}", typed | {"issuers-0-organisation": OrganisationFactory().pk})
    assert found(editor_client, Statement, "елкін") == {"x1", "x2"}


def test_a_source_that_begins_with_its_address_is_found_by_what_it_is_called(editor_client: Client) -> None:
    start = "/admin/statements/source/start/?address=https://www.mfa.gov.lv/навіны/1"
    save(editor_client, start, {})
    slug = Source.objects.get().slug
    for term in ("mfa.gov.lv", "MFA.gov", "Навіны", "НАВІНЫ", "https://mfa.gov.lv/навіны", "gov.lv/Навіны"):
        assert found(editor_client, Source, term) == ({slug} if term[:5] != "https" else set()), term


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("statements", "slug,title,kind,language,issued,issuers", "x1,{},speech,en,2022,issuer"),
        ("demands", "slug,title,theme", "x1,{},release"),
        ("measures", "slug,name,unit,basis", "x1,{},people,stock"),
        ("sources", "slug,url,title,publisher,kind", "x1,https://example.org/x1,{},P,news"),
    ],
)
def test_what_an_import_brings_and_changes_is_found_until_it_is_undone(
    reviewer_client: Client, administrator: User, words: str, kind: str, header: str, row: str
) -> None:
    assert kind in KINDS
    OrganisationFactory(slug="issuer")
    model = next(one for one in TYPED if one._meta.verbose_name_plural == kind)
    first = run_of({kind: f"{header}\n{row.format(words)}\n"}, by=administrator)
    assert found(reviewer_client, model, FINDING[words][0]) == {"x1"}
    second = run_of({kind: f"{header}\n{row.format(NEW)}\n"}, by=administrator)
    assert found(reviewer_client, model, "ЕЛКІН") == {"x1"}
    assert found(reviewer_client, model, FINDING[words][0]) == set()
    undone(second, by=administrator)
    assert found(reviewer_client, model, FINDING[words][0]) == {"x1"}
    assert found(reviewer_client, model, "ЕЛКІН") == set()
    undone(first, by=administrator)
    assert found(reviewer_client, model, FINDING[words][0]) == set()


def test_a_source_that_an_import_knows_only_by_its_address_is_found(editor_client: Client, importer: User) -> None:
    OrganisationFactory(slug="issuer")
    columns = "slug,title,kind,language,issued,issuers,source_urls"
    urls = "https://example.org/news/1 | https://example.net/2"
    imported("statements", f"{columns}\nx1,One,speech,en,2022,issuer,{urls}\n", by=importer)
    for term in ("example.org/news", "EXAMPLE.ORG", "org/news", "news"):
        assert len(found(editor_client, Source, term)) == 1, term
    assert list(offences()) == []


def test_an_imported_row_that_does_not_name_its_title_keeps_its_words(editor_client: Client, importer: User) -> None:
    SourceFactory(slug="x1", title=CYRILLIC)
    imported("sources", f"slug,author\nx1,{NEW}\n", by=importer)
    for term in ("ЛУКАШЕНКО", "ЕЛКІН", "лукашенко ёлкін example"):
        assert found(editor_client, Source, term) == {"x1"}, term
    assert list(offences()) == []


def test_what_a_merge_joins_is_found_in_the_survivor(editor_client: Client, reviewer: User) -> None:
    survivor, other = SourceFactory(slug="x1", title=CYRILLIC), SourceFactory(slug="x2", title="Two", author=NEW)
    assert found(editor_client, Source, "ЕЛКІН") == {"x2"}
    merged(survivor, other, by=reviewer)
    assert found(editor_client, Source, "ЕЛКІН") == {"x1"}
    kept = {name for change in ReferenceChange.objects.all() for name in change.changes}
    assert "folded" not in kept
    survivor, other = MeasureFactory(slug="x3", name="Three"), MeasureFactory(slug="x4", place=NEW)
    merged(survivor, other, by=reviewer)
    assert found(editor_client, Measure, "three ЕЛКІН") == {"x3"}


def test_what_is_erased_is_found_no_more_and_stored_nowhere(
    administrator_client: Client, editor: User, reviewer: User, administrator: User
) -> None:
    statement = statement_with_the_name(editor=editor, reviewer=reviewer)
    assert found(administrator_client, Statement, "PETROV") == {statement.slug}
    erased(statement, by=administrator, words=NAME)
    assert found(administrator_client, Statement, "petrov") == set()
    assert text.fold(NAME) not in everything()


def test_what_is_restored_is_found_by_what_it_says_again(reviewer_client: Client, editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor, title=CYRILLIC, slug="x1")
    save(reviewer_client, f"/admin/statements/statement/{statement.pk}/change/", {"title": NEW})
    assert found(reviewer_client, Statement, "ЛУКАШЕНКО") == set()
    restore(version=Version.objects.get(number=1), by=editor, why="", through=Through.FORM)
    assert found(reviewer_client, Statement, "ЛУКАШЕНКО") == {"x1"}
    assert found(reviewer_client, Statement, "ЕЛКІН") == set()
    assert list(offences()) == []


def test_every_column_that_is_folded_is_found_and_none_across_two(editor_client: Client) -> None:
    SourceFactory(slug="x1", url="", canonical_url=None, title="Новыя", publisher="Вясна", author="Ёлкін")
    MeasureFactory(slug="x2", name="Зняволеныя", place="Гомель")
    for term in ("НОВЫЯ", "вясна", "елкін", "вясна новыя елкін"):
        assert found(editor_client, Source, term) == {"x1"}, term
    assert found(editor_client, Source, "новыявясна") == set()
    assert found(editor_client, Measure, "ГОМЕЛЬ зняволеныя") == {"x2"}


def test_a_slug_finds_its_row_in_another_script(editor_client: Client) -> None:
    StatementFactory(slug="zayava-lukashenko", title="Statement")
    for term in ("ЗАЯВА", "zayava", "лукашенко", "statement Лукашенко"):
        assert found(editor_client, Statement, term) == {"zayava-lukashenko"}, term


def test_names_with_apostrophes_and_hyphens_are_found_in_one_name(editor_client: Client, editor: User) -> None:
    speaker = SpeakerFactory(name="Dar’ya O’Connor-Smith", slug="x1", names=[("Дар’я Аб’яднаная", "be")])
    SpeakerFactory(name="Dar", slug="x2", names=[("Connor", ""), ("O", "")])
    speaker.handles.create(network="mastodon", handle="@Дар’я@example.org")
    for term in ("o'connor", "OʼConnor-Smith", "ДАР'Я", "@ДАР’Я@Example"):
        assert found(editor_client, Speaker, term) == {"x1"}, term


def test_histories_are_searched_by_what_they_are_about(editor_client: Client, editor: User, reviewer: User) -> None:
    statement = make_statement(by=editor, title=CYRILLIC)
    update = DemandUpdateFactory(demand=DemandFactory(title=BELARUSIAN), saved_by=editor)
    make_statement(by=editor)
    DemandUpdateFactory(saved_by=editor)
    assert in_list(editor_client, "version", "ЛУКАШЕНКО") == [Version.objects.get(statement=statement)]
    assert in_list(editor_client, "demandupdate", "УСІХ") == [update]


def test_changes_are_found_by_the_name_of_today_and_of_that_day(reviewer_client: Client, reviewer: User) -> None:
    names = [("Ціханоўская", "be")]
    speaker = SpeakerFactory(name="Sviatlana Tsikhanouskaya", names=names)
    save(reviewer_client, f"/admin/statements/speaker/{speaker.pk}/change/", {"description": "One."})
    source = SourceFactory(title="Лукашенко", publisher="Ёлкін")
    save(reviewer_client, f"/admin/statements/source/{source.pk}/change/", {"title": "Lukašenka"})
    save(reviewer_client, f"/admin/statements/source/{source.pk}/change/", {"title": "Other"})
    of_speaker, of_source = (list(ReferenceChange.objects.filter(kind=kind)) for kind in ("speaker", "source"))
    assert set(in_list(reviewer_client, "referencechange", "ЦІХАНОУСКАЯ")) == set(of_speaker)
    assert set(in_list(reviewer_client, "referencechange", "other елкін")) == set(of_source)
    first, _second = sorted(of_source, key=lambda change: change.pk)
    assert in_list(reviewer_client, "referencechange", "LUKAŠENKA") == [first], "it was called so on that day"
    assert in_list(reviewer_client, "referencechange", "nobody") == []
    source.delete()
    assert in_list(reviewer_client, "referencechange", "ёЛкІн lukašenka") == [first], "also when the row is gone"


def test_runs_and_what_is_put_off_are_found_in_any_letter_case(administrator_client: Client, editor: User) -> None:
    run = ImportRun.objects.create(
        kind="sources", file_name="Заявы (Ёлкін).csv", state="refused", started_at="2022-01-01T00:00Z"
    )
    ImportRun.objects.create(kind="sources", file_name="b.csv", state="refused", started_at="2022-01-01T00:00Z")
    for term in ("ЗАЯВЫ", "заЯвы", "ёлкін).CSV", "ёлкін заявы"):
        assert in_list(administrator_client, "importrun", term) == [run], term
    assert len(in_list(administrator_client, "importrun", ".CSV")) == 2
    statement = StatementFactory()
    DemandMentionFactory(statement=statement, quote="release of all")
    until = "2999-01-01"
    address = f"/admin/statements/putoff/put-off/words/{statement.pk}/"
    save(administrator_client, address, {"until": until, "reason": "Архіў абяцаў тэкст."})
    for term, number in (("АРХІЎ", 1), ("тэкст. архіў", 1), ("архіва", 0)):
        assert len(in_list(administrator_client, "putoff", term)) == number, term


SIGNS = ["я(", "я*[", "я\\", "я{1,", "?я+", "%я%", '"', "\u200b", "я\u0301", "𐍈𐍈"]


@pytest.mark.parametrize("term", [*SIGNS, "'" * 400, "а'" * 400, "b " * 400, "x" * 5000])
def test_whatever_is_typed_gets_an_answer(administrator_client: Client, term: str) -> None:
    StatementFactory(title="Title")
    for name in (*(str(model._meta.model_name) for model in REFERRING), "referencechange", "importrun", "putoff"):
        assert in_list(administrator_client, name, term) == [], name


def test_a_search_takes_as_many_queries_for_many_rows_as_for_few(editor_client: Client, editor: User) -> None:
    taken = []
    for more in (3, 12):
        for _row in range(more):
            make_statement(by=editor, title=CYRILLIC, slug=f"x{Statement.objects.count()}")
        with counting() as queries:
            assert in_list(editor_client, "statement", "ЛУКАШЕНКО")
            in_list(editor_client, "referencechange", "ЛУКАШЕНКО")
        taken.append(len(queries))
    assert taken[0] == taken[1]


@pytest.mark.parametrize("model", FOLDED)
def test_folded_words_that_are_not_those_of_the_row_are_an_offence(model: type[models.Model]) -> None:
    made = {Demand: DemandFactory, Measure: MeasureFactory, Source: SourceFactory}[model]
    row: Any = made(slug="x1")
    model._default_manager.update(folded="wrong")
    assert f"{model.__name__} x1: its folded words are out of date." in offences()
    model._default_manager.update(folded=row.folded)
    assert [one for one in offences() if "folded" in one] == []
