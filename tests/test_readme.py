"""README says what is true: its table of CSV columns, its commands and its pictures."""

import re
from pathlib import Path

import django_tasks_db
import pytest
from django.core.management import BaseCommand, find_commands, get_commands

from statements.importing import KINDS
from statements.importing.kinds import kind_named
from statements.management.commands.import_csv import Command as Import

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
    # Its application is there only where TASKS says so.
    of_worker = find_commands(str(Path(django_tasks_db.__file__).parent / "management"))
    assert named <= {*get_commands(), *of_worker}


@pytest.mark.parametrize("picture", sorted(re.findall(r"\]\((docs/[^)]+)\)", README)))
def test_every_picture_is_there(picture: str) -> None:
    assert (PROJECT / picture).is_file()


def test_the_table_of_options_is_that_of_the_command() -> None:
    table = README.partition("| option of `import_csv` | what |")[2].partition("\n\n")[0]
    told = set(re.findall(r"`(--[a-z-]+)", table))
    parser = Import().create_parser("manage.py", "import_csv")
    of_django = {option for action in BaseCommand().create_parser("", "")._actions for option in action.option_strings}
    known = {option for action in parser._actions for option in action.option_strings} - of_django
    assert told == known
