"""The files that the benchmark of imports brings in: the same for the same number of rows."""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

#: The KINDs that are compared.
COMPARED = ("statements", "counts")

_ORGANISATIONS, _SPEAKERS, _MEASURES = 200, 400, 40
_FIRST_DAY, _DAYS = date(2014, 1, 1), 4000
_KINDS = ("press statement", "speech", "briefing", "social post", "resolution")
_LANGUAGES = ("en", "ru", "be", "lv", "de")
_TEXT = """
release of all political prisoners and an end to repression against civil society media lawyers families free fair
elections international observers visit detention centre health letters parcels access immediately unconditionally
solidarity people journalists teachers students workers doctors activists Парламент требует освобождения журналистов
и врачей свабода палітвязням Ārlietu ministrija aicina nekavējoties atbrīvot
"""
_WORDS = _TEXT.split()


def write_reference(folder: Path) -> list[str]:
    """What statements and counts refer to. Returns the KINDs."""
    organisations = ([f"o{n}", f"Organisation {n}", "NGO"] for n in range(_ORGANISATIONS))
    speakers = ([f"p{n}", f"Speaker {n}"] for n in range(_SPEAKERS))
    measures = ([f"m{n}", f"Measure {n}", "people", "stock"] for n in range(_MEASURES))
    _write(folder / "organisations.csv", "slug,name,kind", organisations)
    _write(folder / "speakers.csv", "slug,name", speakers)
    _write(folder / "measures.csv", "slug,name,unit,basis", measures)
    return ["organisations", "speakers", "measures"]


def write_compared(folder: Path, *, rows: int) -> None:
    """Statements, and a count for each whose quote stands in its words; 100,000 of them are just within the limits.

    Takes no memory for the rows: what a process has used counts for those that it starts.
    """
    header = "slug,title,kind,language,issued,issuers,speakers,attributions,summary,text,text_language,text_kind"
    _write(folder / "statements.csv", header, (statement for statement, _count in _pairs(rows)))
    _write(
        folder / "counts.csv", "statement,measure,qualifier,value,as_of,quote", (count for _row, count in _pairs(rows))
    )


def _pairs(rows: int) -> Iterator[tuple[list[str], list[str]]]:
    chance = random.Random(1)
    for number in range(rows):
        slug = f"statement-{number:07d}-on-prisoners"
        day = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
        held = chance.randrange(1000, 5000)
        quote = f"more than {held} people are held"
        statement = [
            slug,
            f"{_sentence(chance, 5)} {number}",
            chance.choice(_KINDS),
            chance.choice(_LANGUAGES),
            day.isoformat(),
            f"o{chance.randrange(_ORGANISATIONS)}",
            f"p{chance.randrange(_SPEAKERS)}",
            "Minister of Foreign Affairs",
            _sentence(chance, 9),
            f"{_sentence(chance, 9)} Today {quote} on political grounds. {_sentence(chance, 9)}",
            "en",
            "original",
        ]
        as_of = (day - timedelta(days=1)).isoformat()
        yield statement, [slug, f"m{chance.randrange(_MEASURES)}", "more than", str(held), as_of, quote]


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(_WORDS, k=length)).capitalize() + "."


def _write(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
