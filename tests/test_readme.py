"""README says what is true: its table of CSV columns, its commands and its pictures."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from statements.importing import KINDS
from statements.importing.kinds import kind_named

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_csv_columns_is_that_of_the_import() -> None:
    table = README.partition("<!-- table: csv -->")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, flags=re.MULTILINE))
    assert tuple(rows) == KINDS
    for name, cell in rows.items():
        columns = kind_named(name).columns()
        assert cell.strip() == ", ".join(f"{n}*" if column.required else n for n, column in columns.items()), name


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", README)) | set(re.findall(r"`((?:\w+_)+\w+) [A-Z]", README))
    assert named
    assert named <= set(get_commands())


@pytest.mark.parametrize("picture", sorted(re.findall(r"\]\((docs/[^)]+)\)", README)))
def test_every_picture_is_there(picture: str) -> None:
    assert (PROJECT / picture).is_file()
