"""Words that people type for yes and no, choices, languages, countries and lists of names."""

import pytest

from statements.importing import KINDS
from statements.importing.columns import ChoiceWidget
from statements.importing.kinds import kind_named
from statements.importing.values.words import choice_alike
from statements.models import Organisation
from tests.factories import OrganisationFactory, make_statement
from tests.importing import imported, places, planned, sentence


def read(kind, header, row, *, column, by):
    """The cell of a column as it would be stored, and the notices of the row."""
    plan = planned(kind, f"{header}\n{row}\n", by=by)
    assert plan.is_clean, plan.errors
    (result,) = plan.results()
    return result.changes.get(column, ("", ""))[1], " ".join(notice.message for notice in result.notices)


def refused(kind, header, row, *, by):
    """Place, sentence and suggestion of the one mistake."""
    plan = planned(kind, f"{header}\n{row}\n", by=by)
    return places(plan)[0][1], sentence(plan), plan.errors[0].suggestion


# Yes and no

WORDING = "statement,language,kind,text,is_excerpt"


@pytest.mark.parametrize(
    ("cell", "answer", "notice"),
    [
        *[(cell, "true", "") for cell in ("true", "TRUE", "True")],
        *[(cell, "false", "") for cell in ("false", "FALSE")],
        *[(cell, "true", "Read as true.") for cell in ("yes", "Y", "1", "да", "ДА", "jā", "так", "ИСТИНА")],
        *[(cell, "false", "Read as false.") for cell in ("no", "N", "0", "нет", "nē", "не", "ЛОЖЬ")],
    ],
)
def test_yes_and_no_are_understood_in_the_languages_of_the_desk(importer, cell, answer, notice):
    make_statement(by=importer, title="S")
    row = f"s,de,translation by the desk,Wir bitten,{cell}"
    assert read("wordings", WORDING, row, column="is_excerpt", by=importer) == (answer, notice)


@pytest.mark.parametrize("cell", ["-1", "2", "x", "+", "maybe", "1.0", "yes?"])
def test_what_is_neither_yes_nor_no_is_an_error(importer, cell):
    make_statement(by=importer, title="S")
    row = f"s,de,translation by the desk,Wir bitten,{cell}"
    assert refused("wordings", WORDING, row, by=importer)[0] == "is_excerpt"


# Choices


@pytest.mark.parametrize("cell", ["press statement", "Press_Statement", "PRESS STATEMENT", "press-statement"])
def test_a_choice_is_understood_in_any_case_and_with_anything_between_its_words(importer, cell):
    OrganisationFactory(name="A")
    header = "title,kind,language,issued,issuers"
    assert read("statements", header, f"T,{cell},en,2022,a", column="kind", by=importer) == ("press statement", "")


def test_a_choice_is_understood_as_the_admin_shows_it(importer):
    assert Organisation.Kind.NGO.value == "NGO"
    for cell in ("ngo", str(Organisation.Kind.NGO.label)):
        assert read("organisations", "name,kind", f"A,{cell}", column="kind", by=importer) == ("NGO", "")
    labels = {"exact": "exactly", "about": "about", "other": "something else", "another": "something else"}
    assert choice_alike("Exactly", labels) == "exact"
    assert choice_alike("something else", labels) is None


def test_a_misspelt_choice_is_answered_with_the_nearest(importer):
    column, message, suggestion = refused("organisations", "name,kind", "A,goverment", by=importer)
    assert (column, suggestion) == ("kind", "government")
    assert "none of: intergovernmental, government" in message
    assert refused("organisations", "name,kind", "A,xyz", by=importer)[2] == ""


def test_no_two_values_of_a_choice_are_alike():
    for kind in KINDS:
        for name, column in kind_named(kind).columns().items():
            if isinstance(column.widget, ChoiceWidget):
                labels = {choice.value: str(choice.label) for choice in column.widget.choices}
                for value, label in labels.items():
                    assert choice_alike(value, labels) == value, (kind, name)
                    assert choice_alike(label, labels) == value, (kind, name)


# Languages and countries

SOURCE = "title,publisher,kind,language"


@pytest.mark.parametrize(
    ("cell", "tag"),
    [
        ("RU", "ru"),
        ("Russian", "ru"),
        ("русский", "ru"),
        ("беларуская", "be"),
        ("latviešu", "lv"),
        ("BE-LATN", "be-Latn"),
        ("en_gb", "en-GB"),
        ("rus", "ru"),
        ("iw", "he"),
    ],
)
def test_a_language_is_understood_by_its_name_with_a_notice(importer, cell, tag):
    assert read("sources", SOURCE, f"T,P,news,{cell}", column="language", by=importer) == (tag, f"Read as {tag}.")


def test_a_tag_is_read_without_a_word(importer):
    for tag in ("en", "be-Latn", "und", "zh-Hant-TW"):
        assert read("sources", SOURCE, f"T,P,news,{tag}", column="language", by=importer) == (tag, "")


@pytest.mark.parametrize(("cell", "suggestion"), [("Rusian", "ru"), ("Belarussian", "be"), ("by", "be"), ("xx", "")])
def test_a_language_that_nobody_knows_is_answered_with_the_nearest(importer, cell, suggestion):
    column, message, offered = refused("sources", SOURCE, f"T,P,news,{cell}", by=importer)
    assert (column, offered) == ("language", suggestion)
    assert "language tag (BCP 47)" in message


COUNTRY = "name,kind,country"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("lv", "LV"),
        ("Latvia", "LV"),
        ("Latvija", "LV"),
        ("Латвия", "LV"),
        ("Беларусь", "BY"),
        ("BLR", "BY"),
        ("UK", "GB"),
        ("United States", "US"),
    ],
)
def test_a_country_is_understood_by_its_name_with_a_notice(importer, cell, code):
    expected = (code, f"Read as {code}.")
    assert read("organisations", COUNTRY, f"A,NGO,{cell}", column="country", by=importer) == expected
    header, row = "name,unit,basis,country", f"M,people,stock,{cell}"
    assert read("measures", header, row, column="country", by=importer) == expected


@pytest.mark.parametrize(("cell", "suggestion"), [("Bielarus", "BY"), ("EU", ""), ("XX", ""), ("SU", ""), ("001", "")])
def test_a_country_that_nobody_knows_is_answered_with_the_nearest(importer, cell, suggestion):
    column, message, offered = refused("organisations", COUNTRY, f"A,NGO,{cell}", by=importer)
    assert (column, offered) == ("country", suggestion)
    assert "ISO 3166" in message


# Lists


def test_a_list_with_a_misspelt_name_is_answered_with_the_whole_list(importer):
    OrganisationFactory(name="Human Rights Centre Viasna", slug="viasna")
    OrganisationFactory(name="Amnesty", slug="amnesty")
    column, message, suggestion = refused("demands", "title,addressees", "D,amnesty | Viassna", by=importer)
    assert (column, suggestion) == ("addressees", "amnesty | viasna")
    assert "Did you mean “viasna”?" in message
    assert refused("demands", "title,addressees", "D,Viassna | nobody at all", by=importer)[2] == ""
    assert refused("demands", "title,addressees", "D,amnesty | Amnesty", by=importer)[2] == "amnesty"


def test_the_language_of_an_alias_is_understood_like_any_other(importer):
    header = "name,kind,aliases"
    cell, notice = read("organisations", header, "A,NGO,Вясна [BE] | Spring", column="aliases", by=importer)
    assert (cell, notice) == ("Вясна [be] | Spring", "Read as be.")
    assert refused("organisations", header, "A,NGO,Вясна [by] | Spring", by=importer)[2] == "Вясна [be] | Spring"
    imported("organisations", f"{header}\nA,NGO,Gazeta [by] []\n", by=importer)
    assert Organisation.objects.get().names.filter(name="Gazeta [by]", language="").exists()
