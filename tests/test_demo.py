"""The one command that makes a demonstration."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from statements.management.commands.demo import PASSWORD
from statements.models import DemandUpdate, Entry, ImportRun, Statement, Version
from tests.factories import OrganisationFactory, make_user


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


def demo(capsys):
    call_command("demo", "--no-serve", "--port", "8123")
    return capsys.readouterr().out


@pytest.mark.django_db
def test_demo_imports_publishes_and_prints_addresses_and_logins(debug, capsys):
    output = demo(capsys)
    assert "77 statements are public." in output
    assert "http://localhost:8123/admin/" in output
    assert "editor, reviewer, importer, administrator" in output
    assert PASSWORD in output
    assert Entry.objects.count() == 77
    assert DemandUpdate.objects.published().count() == 11
    assert set(Version.objects.values_list("saved_by_name", flat=True)) == {"importer"}
    assert set(Version.objects.published().values_list("published_by_name", flat=True)) == {"reviewer"}
    roles = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert roles == {
        "editor": ["contributor"],
        "reviewer": ["reviewer"],
        "importer": ["importer"],
        "administrator": ["administrator"],
    }
    for name in roles:
        user = authenticate(username=name, password=PASSWORD)
        assert user is not None
        assert user.is_staff
        assert user.is_superuser == (name == "administrator")
    call_command("check_data")
    assert capsys.readouterr().out == "Everything is in order.\n"


@pytest.mark.django_db
def test_demo_again_does_no_harm(debug, capsys):
    demo(capsys)
    statement = Statement.objects.get(slug="eeas-thousandth-political-prisoner")
    Statement.objects.filter(pk=statement.pk).update(desk_note="Entered since")
    output = demo(capsys)
    assert "is there already" in output
    assert (ImportRun.objects.count(), Version.objects.count(), User.objects.count()) == (1, 81, 4)
    statement.refresh_from_db()
    assert statement.desk_note == "Entered since"


@pytest.mark.django_db
def test_demo_refuses_a_database_that_holds_other_data(debug):
    OrganisationFactory()
    with pytest.raises(CommandError, match="holds other data"):
        call_command("demo", "--no-serve")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_demo_refuses_to_give_an_account_a_known_password(debug):
    make_user("editor", password="a-long-password")
    with pytest.raises(CommandError, match="account “editor”"):
        call_command("demo", "--no-serve")
    assert User.objects.get().check_password("a-long-password")


@pytest.mark.django_db
def test_demo_refuses_a_site_for_others(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo", "--no-serve")
    assert not User.objects.exists()
