"""Every role at every address of the admin and with every action on its lists, against a table written by hand.

A new address or action fails here until somebody has decided whose it is, and written that down below.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from statements.actions.putting_off import put_off
from statements.actions.steps import submit
from statements.models import ImportRun, ReferenceChange, Statement
from tests.factories import (
    CountObservationFactory,
    DemandUpdateFactory,
    SpeakerFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
    publish_again,
)

#: Contributor, reviewer, importer, administrator; a login to the admin without any role; nobody at all.
ROLES = {"C": "contributor", "R": "reviewer", "I": "importer", "A": "administrator", "S": "", "-": ""}

#: Who is let in, by GET and, where it differs, behind a stroke by POST.
DESK, REVIEW, IMPORT, ADMINISTRATION, READ_ONLY, POSTED = "CRIA", "RA", "IA", "A", "CRIA/", "/CRIA"
ANYBODY, STAFF, NOBODY = "CRIAS-", "CRIAS", ""
RUNS = "RIA"

#: The pages that the admin makes of each model, in this order.
STOCK = ("changelist", "add", "history", "change", "delete")
MODELS: dict[str, tuple[str, str, str, str, str]] = {
    "auth_group": (ADMINISTRATION,) * 5,
    "auth_user": (ADMINISTRATION,) * 5,
    "statements_statement": (DESK,) * 5,
    "statements_organisation": (DESK,) * 5,
    "statements_speaker": (DESK,) * 5,
    "statements_source": (DESK,) * 5,
    "statements_demand": (DESK,) * 5,
    "statements_demandupdate": (DESK,) * 5,
    "statements_measure": (DESK,) * 5,
    "statements_version": (DESK, NOBODY, DESK, READ_ONLY, NOBODY),
    "statements_referencechange": (DESK, NOBODY, DESK, READ_ONLY, NOBODY),
    "statements_putoff": (DESK, NOBODY, DESK, READ_ONLY, NOBODY),
    "statements_importrun": (RUNS, NOBODY, RUNS, RUNS, NOBODY),
}

#: All other addresses.
ADDRESSES: dict[str, str] = {
    "index": STAFF,
    "login": ANYBODY,
    "logout": STAFF,
    "password_change": STAFF,
    "password_change_done": "CRIAS/",
    "jsi18n": "CRIAS/",
    "autocomplete": READ_ONLY,
    "app_list": DESK,
    "view_on_site": STAFF,
    "auth_user_password_change": ADMINISTRATION,
    "statements_demandupdate_publish": REVIEW,
    "statements_demandupdate_withdraw": REVIEW,
    "statements_importrun_import": IMPORT,
    "statements_importrun_kinds": IMPORT,
    "statements_importrun_kind": IMPORT,
    "statements_importrun_template": IMPORT,
    "statements_importrun_read": IMPORT,
    "statements_importrun_again": IMPORT,
    "statements_importrun_choose": IMPORT,
    "statements_importrun_confirm": IMPORT,
    "statements_importrun_discard": IMPORT,
    "statements_importrun_submit": RUNS,
    "statements_importrun_publish": RUNS,
    "statements_importrun_undo": IMPORT,
    "statements_importrun_file": IMPORT,
    "statements_importrun_rejected": IMPORT,
    "statements_importrun_others": IMPORT,
    "statements_measure_rivals": DESK,
    "statements_measure_rivals_day": DESK,
    "statements_demand_merge": REVIEW,
    "statements_measure_merge": REVIEW,
    "statements_organisation_merge": REVIEW,
    "statements_source_merge": REVIEW,
    "statements_speaker_merge": REVIEW,
    "statements_putoff_put_off": DESK,
    "statements_putoff_take_back": DESK,
    "statements_source_start": DESK,
    "statements_statement_figure": READ_ONLY,
    "statements_statement_marks": POSTED,
    "statements_statement_preview": DESK,
    "statements_statement_versions": DESK,
    "statements_statement_compare": DESK,
    "statements_statement_restore": DESK,
    "statements_statement_discard": DESK,
    "statements_statement_erase": ADMINISTRATION,
    "statements_statement_take_up": DESK,
    "statements_statement_return": REVIEW,
    "statements_statement_publish": REVIEW,
    "statements_statement_schedule": REVIEW,
    "statements_statement_unschedule": REVIEW,
    "statements_statement_withdraw": REVIEW,
}

#: Where readers see the row, less is allowed: only a reviewer changes it, and nobody deletes it.
PUBLIC: dict[str, str] = {
    "statements_statement_change": DESK,
    "statements_statement_delete": NOBODY,
    "statements_statement_withdraw": REVIEW,
    **{f"statements_{model}_change": "CRIA/RA" for model in ("organisation", "source", "demand", "measure")},
    **{f"statements_{model}_delete": NOBODY for model in ("organisation", "source", "demand", "measure")},
    "statements_demandupdate_change": READ_ONLY,
    "statements_demandupdate_delete": NOBODY,
}

#: The actions that each list offers, and to whom.
ACTIONS: dict[str, dict[str, str]] = {
    "auth_group": {"delete_selected": ADMINISTRATION},
    "auth_user": {"delete_selected": ADMINISTRATION},
    "statements_statement": {
        "submit_selected": DESK,
        "take_up_selected": DESK,
        "schedule_selected": REVIEW,
        "unschedule_selected": REVIEW,
        "return_selected": REVIEW,
        "publish_selected": REVIEW,
        "withdraw_selected": REVIEW,
    },
    "statements_demandupdate": {"publish_selected": REVIEW, "withdraw_selected": REVIEW},
}

#: Those who are let in find nothing there: this run has no file, and no model has an address of its own.
NOTHING_THERE = {
    "statements_importrun_file",
    "statements_importrun_rejected",
    "statements_importrun_others",
    "view_on_site",
}


#: What an address is asked.
QUESTIONS = {"autocomplete": "?app_label=statements&model_name=issuer&field_name=organisation"}


def patterns(found: Any = None) -> Iterator[URLPattern]:
    for pattern in admin.site.get_urls() if found is None else found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        else:
            yield pattern


def expected() -> dict[str, str]:
    stock = {f"{model}_{page}": who for model, row in MODELS.items() for page, who in zip(STOCK, row, strict=True)}
    return stock | ADDRESSES


def test_every_address_of_the_admin_stands_in_the_table() -> None:
    names = {pattern.name for pattern in patterns() if pattern.name}
    assert names - expected().keys() == set(), "decide whose these addresses are, and write it into the table"
    assert expected().keys() - names == set(), "these are gone"


def lets_in(response: HttpResponse, *, may_lack: bool = False) -> bool:
    """Whether somebody got past the door, and to something. Else it is 403, 404, 405 or the way to the login."""
    assert response.status_code < 500
    to_login = response.status_code == 302 and response["Location"].startswith("/admin/login/")
    refused = (403, 405) if may_lack else (403, 404, 405)
    return response.status_code not in refused and not to_login


class Walk:
    """All addresses with rows of this desk. ``public``: with rows that readers see."""

    def __init__(self, *, public: bool) -> None:
        author, second = make_user("author", "contributor"), make_user("second", "reviewer")
        self.author = author
        if public:
            self.statement = make_public_statement(by=author, published_by=second)
        else:
            self.statement = make_statement(by=author)
            submit(statement=self.statement, by=author)
        published = {"published_at": timezone.now(), "published_by": second} if public else {}
        update = DemandUpdateFactory(saved_by=author, **published)
        bare = StatementFactory()
        until = timezone.localdate() + datetime.timedelta(days=9)
        later = put_off(queue="quotes", item=str(bare.pk), until=until, reason="Later.", by=author)
        change = {"changes": {}, "saved_at": timezone.now(), "through": "form", "target_id": 1}
        self.rows: dict[str, Any] = {
            "auth_group": Group.objects.get(name="contributor"),
            "auth_user": author,
            "statements_statement": self.statement,
            "statements_organisation": self.statement.issuers.get().organisation,
            "statements_speaker": SpeakerFactory(),
            "statements_source": self.statement.citations.get().source,
            "statements_demand": self.statement.mentions.get().demand,
            "statements_demandupdate": update,
            "statements_measure": self.statement.counts.get().measure,
            "statements_version": self.statement.versions.get(),
            "statements_referencechange": ReferenceChange.objects.create(kind="source", label="x", **change),
            "statements_putoff": later,
            "statements_importrun": ImportRun.objects.create(
                kind="sources", file_name="x.csv", state="applied", started_at=timezone.now(), user=author
            ),
        }
        self.given: dict[str, dict[str, Any]] = {
            "view_on_site": {
                "content_type_id": ContentType.objects.get_for_model(Statement).pk,
                "object_id": self.statement.pk,
            },
            "app_list": {"app_label": "statements"},
            "statements_measure_rivals_day": {"measure": self._rivals(author, second).pk, "day": "2022-01-27"},
            "statements_putoff_put_off": {"queue": "words", "item": bare.pk},
        }
        self.values = {"kind": "sources", "ending": "csv", "file": 1, "number": 1}

    def _rivals(self, author: User, second: User) -> Any:
        statement = make_statement(by=author)
        count = statement.counts.get()
        CountObservationFactory(statement=statement, measure=count.measure, value=1)
        publish_again(statement, by=author, published_by=second, revision="")
        return count.measure

    def address(self, pattern: URLPattern) -> str:
        name = str(pattern.name)
        model = "_".join(name.split("_")[:2])
        row = self.rows[model].pk if model in self.rows else None
        values = self.values | {"object_id": row, "pk": row, "id": row} | self.given.get(name, {})
        wanted = pattern.pattern.converters or self.given.get(name, {})
        return reverse(f"admin:{name}", kwargs={key: values[key] for key in wanted}) + QUESTIONS.get(name, "")


def client_of(code: str) -> Client:
    client = Client()
    if code != "-":
        client.force_login(make_user(f"walker-{code}", *([ROLES[code]] if ROLES[code] else [])))
    return client


def walk(code: str, table: dict[str, str], *, public: bool) -> list[str]:
    """What is not as the table has it: by GET, and by an empty POST, which is taken back."""
    place, client = Walk(public=public), client_of(code)
    wrong = []
    for method in ("get", "post"):
        for pattern in patterns():
            if pattern.name not in table or pattern.name == "logout":
                continue
            address = place.address(pattern)
            with transaction.atomic():
                response = getattr(client, method)(address)
                transaction.set_rollback(True)
            by_get, _stroke, by_post = table[pattern.name].partition("/")
            who = by_post if method == "post" and "/" in table[pattern.name] else by_get
            if lets_in(response, may_lack=pattern.name in NOTHING_THERE) is not (code in who):
                wrong.append(f"{method} {pattern.name} {address}: {response.status_code}")
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("code", ROLES)
def test_every_role_at_every_address(code: str) -> None:
    assert walk(code, expected(), public=False) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", ROLES)
def test_every_role_where_readers_see_the_row(code: str) -> None:
    assert walk(code, PUBLIC, public=True) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", ROLES)
def test_every_role_with_every_action_on_a_list(code: str) -> None:
    place = Walk(public=False)
    client = client_of(code)
    for model, row in MODELS.items():
        response = client.get(reverse(f"admin:{model}_changelist"))
        assert lets_in(response) is (code in row[0]), model
        if response.status_code != 200:
            continue
        form = response.context["action_form"]
        offered = {name for name, _label in form.fields["action"].choices if name} if form is not None else set()
        assert offered == {name for name, who in ACTIONS.get(model, {}).items() if code in who}, model
        for action in ACTIONS.get(model, {}).keys() - offered:
            before = place.rows[model].__class__.objects.values().get(pk=place.rows[model].pk)
            client.post(
                reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": place.rows[model].pk}
            )
            after = place.rows[model].__class__.objects.values().get(pk=place.rows[model].pk)
            assert before == after, f"{action} was not offered, and done"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ROLES)
def test_who_may_log_out_may_do_so(code: str) -> None:
    assert client_of(code).post(reverse("admin:logout")).status_code in (200, 302)
