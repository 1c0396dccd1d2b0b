"""The header of a file: our columns under whatever name staff have for them, and a sentence for each mistake."""

import pytest

from statements.importing.kinds import all_kinds, kind_named
from statements.importing.reading import How, KnownColumns
from statements.importing.reading.headers import folded
from statements.importing.reading.synonyms import EVERYWHERE, OF_KIND
from tests.reading import opened, refusal, rows_of

COUNTS = ["statement", "measure", "qualifier", "value"]


def understood(header: str, *, kind: str = "counts", **mapping: str):
    """Columns as (theirs, ours, how), and problems, of a file with this header and a row."""
    table = opened(f"{header}\n{',x' * header.count(',')}x\n".encode(), kind=kind, delimiter=",", mapping=mapping)
    columns = [(column.theirs, column.ours, str(column.how)) for column in table.understood.columns]
    return columns, [(problem.column, problem.sentence, problem.suggestion) for problem in table.problems]


@pytest.mark.parametrize(
    "header",
    [
        "statement,measure,qualifier,attributed_to",
        "Statement,MEASURE, Qualifier ,Attributed to",
        "STATEMENT*,Measure:,qualifier.,attributed-to",
        '"State\nment",Measure\u00a0,\u200bqualifier,ATTRIBUTED_TO',
    ],
)
def test_a_column_is_known_whatever_its_case_spaces_and_marks(header):
    columns, problems = understood(header)
    assert [ours for _theirs, ours, _how in columns] == ["statement", "measure", "qualifier", "attributed_to"]
    assert {how for _theirs, _ours, how in columns} == {"same"}
    assert problems == []


@pytest.mark.parametrize(
    ("kind", "theirs", "ours"),
    [
        ("statements", "Organisation", "issuers"),
        ("statements", "Organizations", "issuers"),
        ("statements", "Date issued", "issued"),
        ("statements", "Datums", "issued"),
        ("statements", "URL", "source_urls"),
        ("statements", "Ссылка", "source_urls"),
        ("statements", "Full text", "text"),
        ("organisations", "Organization", "name"),
        ("organisations", "Nosaukums", "name"),
        ("speakers", "Імя", "name"),
        ("speakers", "Organization", "organisation"),
        ("sources", "Link", "url"),
        ("citations", "URL", "source"),
        ("counts", "Number", "value"),
        ("counts", "Количество", "value"),
        ("counts", "As at", "as_of"),
        ("mentions", "Цытата", "quote"),
        ("demand_updates", "Дата", "date"),
    ],
)
def test_a_column_is_known_by_its_synonyms(kind, theirs, ours):
    columns, _problems = understood(theirs, kind=kind)
    assert columns == [(theirs, ours, "synonym")]


@pytest.mark.parametrize("kind", [kind.kind_name for kind in all_kinds()])
def test_no_synonym_means_two_columns_of_a_kind(kind):
    known = kind_named(kind).known_columns()
    words = [
        (folded(word), name)
        for name in known.names
        for word in {name, *OF_KIND.get(kind, {}).get(name, EVERYWHERE.get(name, ()))}
    ]
    distinct = set(words)
    doubled = {word for word, _name in distinct if len({name for other, name in distinct if other == word}) > 1}
    assert not doubled


def test_every_synonym_belongs_to_a_column_that_exists():
    columns = {name for kind in all_kinds() for name in kind.columns()}
    assert set(EVERYWHERE) <= columns
    for kind, synonyms in OF_KIND.items():
        assert set(synonyms) <= set(kind_named(kind).columns())


@pytest.mark.parametrize("theirs", ["ID", "Comment", "Notes", "Date"])
def test_a_name_that_can_mean_something_else_is_asked_about(theirs):
    columns, problems = understood(f"statement,measure,qualifier,{theirs}")
    assert columns[-1] == (theirs, "", "unknown")
    assert problems[0][0] == theirs


def test_the_names_of_ours_come_back_under_our_names_in_the_order_of_the_file():
    table = opened(b"Number;Qualifier;Measure;Statement\n7;exact;m;s\n")
    assert table.header == ["value", "qualifier", "measure", "statement"]
    assert next(table.rows()).cells == {"value": "7", "qualifier": "exact", "measure": "m", "statement": "s"}


def test_an_unknown_column_is_named_with_the_nearest_known_one():
    columns, problems = understood("statement,mesure,qualifier")
    assert columns[1] == ("mesure", "", "unknown")
    assert problems == [
        ("mesure", "There is no such column in counts. Did you mean “measure”?", "measure"),
        ("measure", "This column is missing, and new rows need it. Add it.", ""),
    ]
    _columns, problems = understood("title,Organisaton", kind="statements")
    assert (problems[0][0], problems[0][2]) == ("Organisaton", "issuers")


def test_an_unknown_column_like_no_other_is_answered_with_all_there_are():
    _columns, problems = understood("statement,measure,qualifier,Qxzw")
    assert problems[0][1].startswith("There is no such column in counts. Its columns are, separated by commas: key, st")


def test_a_column_can_be_chosen_or_left_out():
    columns, problems = understood("statement,measure,qualifier,Wer,Nr", Wer="attributed_to", Nr="")
    assert columns[3:] == [("Wer", "attributed_to", "chosen"), ("Nr", "", "left out")]
    assert problems == []
    rows = rows_of(b"Wer,Nr,statement,measure,qualifier\nUN,1,s,m,exact\n", mapping={"wer": "attributed_to", "NR": ""})
    assert rows[0].cells == {"attributed_to": "UN", "statement": "s", "measure": "m", "qualifier": "exact"}


def test_a_choice_comes_before_our_own_names():
    columns, problems = understood("statement,measure,qualifier,Number,note", Number="", note="quote")
    assert columns[3:] == [("Number", "", "left out"), ("note", "quote", "chosen")]
    assert problems == []


def test_a_header_of_their_own_words_alone_is_found_by_what_was_chosen():
    content = b"Some title\nWas,Wie,Wo\nm,exact,s\n"
    mapping = {"Was": "measure", "Wie": "qualifier", "Wo": "statement"}
    table = opened(content, mapping=mapping)
    assert table.understood.header_line == 2
    assert next(table.rows()).cells == {"measure": "m", "qualifier": "exact", "statement": "s"}


def test_a_choice_that_does_not_fit_is_told():
    _columns, problems = understood("statement,measure,qualifier", Nobody="value", statement="statment")
    assert [problem[0] for problem in problems] == ["Nobody", "statement", "statement"]
    assert "the file has none" in problems[0][1]
    assert "It can't be read as “statment”: counts has no such column. Its columns are: key, " in problems[1][1]
    assert problems[1][2] == "statement"
    assert "is missing" in problems[2][1]


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("statement,measure,qualifier,value,value", "value", "stands twice"),
        ("statement,measure,qualifier,zzz,zzz", "zzz", "stands twice"),
        ("statement,measure,qualifier,value,Number", "Number", "read as “value”: “value”, “Number”. Leave out all but"),
        ("statement,measure,qualifier,Count,Number", "Number", "read as “value”: “Count”, “Number”."),
    ],
)
def test_two_columns_for_one_are_a_mistake(header, column, words):
    _columns, problems = understood(header)
    assert any(name == column and words in sentence for name, sentence, _suggestion in problems)


def test_one_of_two_columns_for_one_can_be_left_out():
    columns, problems = understood("statement,measure,qualifier,value,Number", Number="")
    assert [ours for _theirs, ours, _how in columns] == [*COUNTS, ""]
    assert problems == []


def test_a_missing_column_is_a_mistake_unless_the_rows_name_themselves():
    assert [problem[0] for problem in understood("statement,wording")[1]] == ["measure", "qualifier"]
    assert understood("key,value")[1] == []
    assert [problem[0] for problem in understood("statement,locator", kind="citations")[1]] == ["source", "role"]


def test_no_row_is_read_where_the_header_has_problems():
    scanned = []
    table = opened(b"statement,measure\ns,m\n", scan=scanned.append)
    assert (scanned, table.row_count) == ([], 0)
    assert [problem.column for problem in table.problems] == ["qualifier"]
    with pytest.raises(ValueError, match="problems in its header"):
        table.rows()


def test_what_our_own_file_of_rejected_rows_adds_is_left_out():
    content = b"line,errors,statement,measure,qualifier,problem,Suggestion\n3,bad,s,m,exact,bad,good\n"
    table = opened(content)
    assert table.problems == []
    assert next(table.rows()).cells == {"statement": "s", "measure": "m", "qualifier": "exact"}
    left_out = [column.theirs for column in table.understood.columns if column.how == How.LEFT_OUT]
    assert left_out == ["line", "errors", "problem", "Suggestion"]


def test_a_row_with_nothing_but_what_is_left_out_is_no_row():
    content = b"Nr,statement,measure,qualifier\n1,s,m,exact\n2,,,\n3,,,\n"
    assert [row.line for row in rows_of(content, mapping={"Nr": ""})] == [2]


def test_a_fault_in_a_column_that_is_left_out_is_none():
    content = "Nr,statement,measure,qualifier\n\ufffd,s,m,exact\n1,\ufffd,m,exact\n".encode()
    assert [list(row.faults) for row in rows_of(content, mapping={"Nr": ""})] == [[], ["statement"]]


def test_a_file_without_a_header_is_no_table_of_ours():
    table = opened(b"s,m,exact,7\nt,m,exact,8\n")
    assert {column.how for column in table.understood.columns} == {How.UNKNOWN}
    assert len(table.problems) > 3


def test_names_of_columns_are_compared_without_accents_and_signs():
    assert folded(" Vārds_- ") == folded("VARDS") == "vards"
    assert folded("#") == "#"
    known = KnownColumns("counts", ("value",))
    assert known.by_word["number"] == "value"


def test_a_header_with_more_cells_than_any_row_is_read_as_one_with_blank_cells():
    assert refusal(b"statement,measure,qualifier\n").line is None
    assert rows_of(b"statement,measure,qualifier,value\ns,m\n")[0].cells["value"] == ""
