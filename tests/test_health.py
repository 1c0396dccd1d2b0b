"""The two addresses for whoever operates the site."""

import logging

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder


def test_the_process_runs_without_asking_the_database(client):
    # Without the mark django_db, a query would fail.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"The process runs.\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"The database is there and has every migration.\n")


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"Migrations have not been applied (1): run `python manage.py migrate`.\n"


@pytest.mark.django_db
def test_a_database_that_cannot_be_reached_is_not_ready_and_the_reason_is_for_the_log_only(client, monkeypatch, caplog):
    def refuse(self, *args, **kwargs):
        raise OperationalError("connection to db.internal refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)
    with caplog.at_level(logging.ERROR):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"The database cannot be reached.\n")
    assert "db.internal refused" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_never_cached_sets_no_cookie_and_cannot_be_posted_to(client, address):
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_health_answers_without_https(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address).status_code == 200
    assert client.get("/admin/").status_code == 301
