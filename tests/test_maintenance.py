"""The page that stands for all others while the site is being worked on."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["/", "/statements/anything/", "/nothing/", "/admin/", "/statements.csv"])
def test_in_maintenance_every_address_answers_503_without_asking_the_database(
    client: Client, settings: Any, address: str
) -> None:
    # Without the mark django_db, a query would fail.
    settings.MAINTENANCE = True
    for response in (client.get(address), client.post(address)):
        page = response.content.decode()
        assert response.status_code == 503
        assert "<h1>This site is being worked on</h1>" in page
        assert '<meta name="robots" content="noindex">' in page
        assert "/static/statements/site.css" in page
        assert int(response["Retry-After"]) > 0
        assert "no-store" in response["Cache-Control"]
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert not response.cookies


@pytest.mark.django_db
def test_in_maintenance_the_health_addresses_go_on_answering(client: Client, settings: Any) -> None:
    settings.MAINTENANCE = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_out_of_maintenance_readers_see_the_site(client: Client) -> None:
    assert client.get("/").status_code == 200
