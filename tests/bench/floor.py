"""The floor beside ours: the least that a database must do to take in the same file.

The parsed file goes into a staging table (PostgreSQL: COPY, SQLite: executemany) and from there into the real tables,
with ON CONFLICT. Nothing is checked: a name that nobody has would just be missing.
"""

import csv
from pathlib import Path

from django.db import connection, transaction

_STATEMENT = """
    INSERT INTO statements_statement (slug, title, kind, language, issued_from, issued_until, issued_basis, summary,
        date_note, attribution, place, occasion, desk_note, relation, step, withdrawn_reason,
        lacks_words, lacks_sources, lacks_content, has_unchecked_quotes, has_contradicting_dates)
    SELECT slug, title, kind, language, CAST(issued AS {date}), CAST(issued AS {date}), 'printed', summary,
        '', '', '', '', '', '', 'draft', '', false, false, false, false, false FROM staging WHERE true
    ON CONFLICT (slug) DO UPDATE SET title = excluded.title, kind = excluded.kind, language = excluded.language,
        issued_from = excluded.issued_from, issued_until = excluded.issued_until, summary = excluded.summary
"""
_ISSUER = """
    INSERT INTO statements_issuer (statement_id, organisation_id, part, position)
    SELECT statement.id, organisation.id, 'issued', 0 FROM staging
    JOIN statements_statement statement ON statement.slug = staging.slug
    JOIN statements_organisation organisation ON organisation.slug = issuers WHERE true
    ON CONFLICT (statement_id, organisation_id) DO UPDATE SET part = excluded.part
"""
_SPEAKER = """
    INSERT INTO statements_speakerrole (statement_id, speaker_id, attribution, position)
    SELECT statement.id, speaker.id, attributions, 0 FROM staging
    JOIN statements_statement statement ON statement.slug = staging.slug
    JOIN statements_speaker speaker ON speaker.slug = speakers WHERE true
    ON CONFLICT (statement_id, speaker_id) DO UPDATE SET attribution = excluded.attribution
"""
_WORDING = """
    INSERT INTO statements_wording (key, statement_id, language, kind, text, is_excerpt)
    SELECT 'w' || line, statement.id, text_language, text_kind, text, false FROM staging
    JOIN statements_statement statement ON statement.slug = staging.slug WHERE true
    ON CONFLICT (key) DO UPDATE SET statement_id = excluded.statement_id, language = excluded.language,
        kind = excluded.kind, text = excluded.text
"""
_COUNT = """
    INSERT INTO statements_countobservation (key, statement_id, measure_id, qualifier, value, as_of_from, as_of_until,
        quote, wording, attributed_wording, excludes, note)
    SELECT 'c' || line, statement.id, measure.id, qualifier, CAST(value AS bigint), CAST(as_of AS {date}),
        CAST(as_of AS {date}), quote, '', '', '', '' FROM staging
    JOIN statements_statement statement ON statement.slug = statement
    JOIN statements_measure measure ON measure.slug = measure WHERE true
    ON CONFLICT (key) DO UPDATE SET statement_id = excluded.statement_id, measure_id = excluded.measure_id,
        qualifier = excluded.qualifier, value = excluded.value, as_of_from = excluded.as_of_from,
        as_of_until = excluded.as_of_until, quote = excluded.quote
"""
QUERIES = {
    "statements": [_STATEMENT],
    "statements with parts": [_STATEMENT, _ISSUER, _SPEAKER, _WORDING],
    "counts": [_COUNT],
}


def floor_import(what: str, path: Path) -> int:
    """Returns the number of rows."""
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor, path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
        numbered = [[str(line), *row] for line, row in enumerate(rows)]
        columns = ["line", *header]
        cursor.execute(f"CREATE TEMPORARY TABLE staging ({', '.join(f'{name} text' for name in columns)})")
        if is_sqlite:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO staging VALUES ({marks})", numbered)  # noqa: S608  # only marks
        else:
            with cursor.copy("COPY staging FROM STDIN") as copy:
                for row in numbered:
                    copy.write_row(row)
        for query in QUERIES[what]:
            # SQLite keeps days as text, and CAST to a date would make numbers of them.
            cursor.execute(query.format(date="text" if is_sqlite else "date"))
        cursor.execute("DROP TABLE staging")
    return len(rows)
