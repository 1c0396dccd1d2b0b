"""Reading the desk's front page and the lists that it leads to, as a colleague would: by following its links."""

from typing import Any

from django.test import Client


def lines_of(client: Client) -> dict[str, Any]:
    """The lines of the front page by their label."""
    response = client.get("/admin/")
    assert response.status_code == 200
    desk = response.context["desk"]
    return {str(line.label): line for line in (*desk.waiting, *desk.needs)}


def rows_at(client: Client, address: str) -> list[str]:
    """What stands in the list at this address: titles of its rows, of rival figures their measures."""
    response = client.get(address)
    assert response.status_code == 200, f"{address} answers {response.status_code}"
    if "cl" in response.context:
        return [str(row) for row in response.context["cl"].result_list]
    return [row.measure for row in response.context["rows"]]


def listed(client: Client, label: str, *, put_off: bool = False) -> list[str]:
    """The rows behind a line. Its count must be their number."""
    line = lines_of(client)[label]
    rows = rows_at(client, line.later if put_off else line.address)
    assert (line.put_off if put_off else line.number) == len(rows), label
    return rows
