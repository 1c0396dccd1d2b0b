"""Opening files in tests: tables from bytes, refusals, and sentences in the languages that staff write."""

from pathlib import Path
from typing import Any

import pytest

from statements.importing import FileRefused
from statements.importing.incoming import FileOptions, Incoming
from statements.importing.kinds import kind_named
from statements.importing.reading import Row, Table, open_table

#: Real words, as titles and names have them. The pages in which each language is written.
SENTENCES: dict[str, tuple[str, list[str]]] = {
    "Russian": (
        "windows-1251",
        [
            "Министерство выразило глубокую озабоченность",
            "«Мемориал» требует освободить всех",
            "Заявление № 12 по поводу приговора",
            "Больше тысячи человек до сих пор под стражей",
        ],
    ),
    "Belarusian": (
        "windows-1251",
        [
            "Праваабаронцы патрабуюць вызваліць усіх",
            "Беларускі ПЭН-цэнтр і «Вясна»",
            "Аб’яднаная Еўропа і ўлады ў Мінску",
            "Сям’і палітвязняў звярнуліся да ААН",
        ],
    ),
    "Latvian": (
        "windows-1257",
        [
            "Ārlietu ministrs aicina nekavējoties atbrīvot",
            "Saeima pieņem paziņojumu par Baltkrieviju",
            "Vēstnieks uzsver: vairāk nekā tūkstotis ieslodzīto",
            "Žurnālistu apvienība un cilvēktiesību aizstāvji",
        ],
    ),
    "Lithuanian": (
        "windows-1257",
        [
            "Užsienio reikalų ministras ragina išlaisvinti",
            "Seimo nariai kreipiasi dėl politinių kalinių",
            "Daugiau nei tūkstantis žmonių įkalinta",
            "Žmogaus teisių gynėjai Vilniuje",
        ],
    ),
    "German": (
        "windows-1252",
        [
            "Bundesaußenministerin fordert sofortige Freilassung",
            "Erklärung für die Öffentlichkeit – „unverzüglich“",
            "Über tausend Menschen im Gefängnis",
            "Österreich verurteilt die Prozesse",
        ],
    ),
    "French": (
        "windows-1252",
        [
            "La France réitère son appel à la libération",
            "Déclaration de la présidence à l’Élysée",
            "Plus de mille détenus, d’après les défenseurs",
            "Sénat : résolution européenne adoptée",
        ],
    ),
}

EVERY_SENTENCE = [sentence for _page, sentences in SENTENCES.values() for sentence in sentences]


def opened(
    content: bytes | Path, *, kind: str = "counts", name: str = "file.csv", scan: Any = None, **options: Any
) -> Table:
    return open_table(
        Incoming(kind, name, content), FileOptions(**options), kind_named(kind).known_columns(), scan=scan
    )


def rows_of(content: bytes | Path, **options: Any) -> list[Row]:
    """Of a table whose header is right."""
    table = opened(content, **options)
    assert not table.problems
    rows = list(table.rows())
    assert len(rows) == table.row_count
    return rows


def refusal(content: bytes | Path, **options: Any) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        opened(content, **options)
    return refused.value


def titles(*sentences: str, delimiter: str = ";", end: str = "\r\n") -> str:
    """A file of demands with these titles."""
    rows = [["slug", "title"], *([f"s{number}", sentence] for number, sentence in enumerate(sentences))]
    return "".join(delimiter.join(row) + end for row in rows)
