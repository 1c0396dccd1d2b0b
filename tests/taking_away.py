"""Taking files away in tests, each opened by somebody else's reader."""

import csv
import io
import json
from typing import Any

import feedparser
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook

from tests.public_walk import body_of

Row = dict[str, str]


def fetched(client: Client, address: str, **headers: str) -> tuple[Any, bytes]:
    response = client.get(address, headers=headers or None)
    return response, body_of(response)


def csv_rows(client: Client, address: str) -> list[Row]:
    response, body = fetched(client, address)
    assert response.status_code == 200, body
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def json_of(client: Client, address: str) -> dict[str, Any]:
    response, body = fetched(client, address)
    assert response.status_code == 200, body
    found: dict[str, Any] = json.loads(body)
    return found


def valid_json(client: Client, address: str) -> dict[str, Any]:
    """It satisfies the schema that it names, which is fetched from where it says."""
    found = json_of(client, address)
    assert schema_errors(client, found) == []
    return found


def schema_errors(client: Client, document: dict[str, Any]) -> list[str]:
    address = document["$schema"]
    schema = json_of(client, address[address.index("/data/") :])
    assert schema["$id"] == address
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def workbook_of(client: Client, address: str) -> Any:
    response, body = fetched(client, address)
    assert response.status_code == 200, body
    return load_workbook(io.BytesIO(body))


def sheet_rows(client: Client, address: str) -> list[dict[str, Any]]:
    """Of the first sheet."""
    header, *rows = workbook_of(client, address).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def feed_of(client: Client, address: str) -> Any:
    """Parsed, and without a fault."""
    response, body = fetched(client, address)
    assert response.status_code == 200, body
    parsed = feedparser.parse(body, response_headers={"content-type": response.headers["Content-Type"]})
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed
