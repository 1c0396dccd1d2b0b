"""By what statements are found that no version says, since it changes with reference data: the themes of their demands,
the countries of those with a part in them, and whom they address.

Whoever writes the index has the rows made (``write``); whoever changes a demand or an organisation has them follow.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from statements.models import Facet, PartTally, Tally, TodayFacet, TodayLink
from statements.record import tally

#: Of the links in l, what reference data say of their targets today: where from, and under which condition.
_SAID = {
    TodayFacet.THEME: (
        "0, d.theme, l.issued_from FROM statements_link l JOIN statements_demand d ON d.id = l.target_id "
        f"WHERE l.facet = '{Facet.DEMAND.value}' AND d.theme <> ''"
    ),
    TodayFacet.COUNTRY: (
        "0, o.country, l.issued_from FROM statements_link l JOIN statements_organisation o ON o.id = l.target_id "
        f"WHERE l.facet = '{Facet.PART.value}' AND o.country <> ''"
    ),
    TodayFacet.ADDRESSED: (
        "COALESCE(a.organisation_id, l.target_id), '', l.issued_from FROM statements_link l "
        f"LEFT JOIN statements_demand_addressees a ON l.facet = '{Facet.DEMAND_AS_ADDRESSED.value}' "
        "AND a.demand_id = l.target_id "
        f"WHERE (l.facet = '{Facet.ADDRESSEE.value}' OR a.organisation_id IS NOT NULL)"
    ),
}
_COLUMNS = "entry_id, facet, target_id, value, issued_from"

#: A condition on the numbers of entries, and its parameters.
_Entries = tuple[str, Sequence[Any]]


def write(statement_ids: Collection[int]) -> None:
    """The rows of these statements, of which there are none yet and all others of the index are. One query."""
    _insert(TodayFacet, _among(statement_ids))


def follow(*, themes: Collection[int] = (), addressees: Collection[int] = (), countries: Collection[int] = ()) -> None:
    """The themes or the addressees of these demands, or the countries of these organisations, are others now. In the
    transaction of the change.

    Some eight queries for each of the three, that read and write rows for each statement which is found by them: some
    ten seconds for 200,000 of them.
    """
    if themes or addressees or countries:
        tally.lock()
    if themes:
        _follow(TodayFacet.THEME, _found_by(Facet.DEMAND, themes))
    if addressees:
        _follow(TodayFacet.ADDRESSED, _found_by(Facet.DEMAND_AS_ADDRESSED, addressees))
    if countries:
        _follow(TodayFacet.COUNTRY, _found_by(Facet.PART, countries))


def differences() -> list[str]:
    """A sentence for each kind of rows that are not what reference data say today. Reads all of them."""
    quoted = f"SELECT {_COLUMNS} FROM {_table()} WHERE facet = %s"
    found = []
    for facet in TodayFacet:
        said, _none = _select(facet, ("IS NOT NULL", ()))
        lacking = f"SELECT * FROM ({said} EXCEPT {quoted}) AS lacking"
        too_many = f"SELECT * FROM ({quoted} EXCEPT {said}) AS too_many"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({lacking} UNION ALL {too_many}) AS wrong", [facet.value] * 2)
            (number,) = cursor.fetchone()
        if number:
            found.append(f"{facet.label}: {number} links are not what reference data say: rebuild_record makes them.")
    return found


def _follow(facet: TodayFacet, entries: _Entries) -> None:
    before = _numbers(facet, entries)
    condition, parameters = entries
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table()} WHERE facet = %s AND entry_id {condition}", [facet.value, *parameters])
    _insert([facet], entries)
    tally.store(_numbers(facet, entries).without(before))


def _insert(facets: Iterable[TodayFacet], entries: _Entries) -> None:
    selects = [_select(facet, entries) for facet in facets]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table()} ({_COLUMNS}) {' UNION ALL '.join(select for select, _parameters in selects)}",
            [value for _select, parameters in selects for value in parameters],
        )


def _select(facet: TodayFacet, entries: _Entries) -> _Entries:
    condition, parameters = entries
    return f"SELECT DISTINCT l.entry_id, '{facet.value}', {_SAID[facet]} AND l.entry_id {condition}", parameters


def _numbers(facet: TodayFacet, entries: _Entries) -> tally.Numbers:
    """What these rows count for. Two queries."""
    condition, parameters = entries
    numbers = tally.Numbers()
    key, rows = "t.facet, t.target_id, t.value", f"FROM {_table()} t"
    where = f"WHERE t.facet = %s AND t.entry_id {condition}"
    of_part = f"JOIN statements_link p ON p.entry_id = t.entry_id AND p.facet = '{Facet.PART.value}'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, COUNT(*) {rows} {where} GROUP BY {key}", [facet.value, *parameters])
        for *values, number in cursor.fetchall():
            numbers.add(Tally, *values, number=number)
        cursor.execute(
            f"SELECT p.target_id, {key}, COUNT(*) {rows} {of_part} {where} GROUP BY p.target_id, {key}",
            [facet.value, *parameters],
        )
        for *values, number in cursor.fetchall():
            numbers.add(PartTally, *values, number=number)
    return numbers


def _found_by(facet: Facet, targets: Collection[int]) -> _Entries:
    marks = ", ".join(["%s"] * len(targets))
    links = f"SELECT entry_id FROM statements_link WHERE facet = '{facet.value}' AND target_id IN ({marks})"
    return f"IN ({links})", list(targets)


def _among(entries: Collection[int]) -> _Entries:
    return f"IN ({', '.join(['%s'] * len(entries)) or 'NULL'})", list(entries)


def _table() -> str:
    return connection.ops.quote_name(TodayLink._meta.db_table)
