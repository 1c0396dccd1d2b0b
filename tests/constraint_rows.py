"""Rows on which the constraints are tried: good ones, of which a test spoils a field."""

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from statements.models import Erasure, ImportRun, Move, PutOff, ReferenceChange, RunRows, Schedule, Version
from tests import factories as f
from tests.factories import make_user

DAY = datetime.date(2022, 1, 27)
LATER = datetime.date(2022, 1, 28)


def name_row(model: str, **fields: Any) -> models.Model:
    owner = f.OrganisationFactory() if model == "OrganisationName" else f.SpeakerFactory()
    values = {"name": "EEAS", "folded": "eeas", "kind": "other", "language": "en", "owner": owner}
    return apps.get_model("statements", model)(**values | fields)


def handle_row(**fields: Any) -> models.Model:
    values = {"network": "x", "handle": "@ExtSpoxEU", "speaker": f.SpeakerFactory()}
    return apps.get_model("statements", "SpeakerHandle")(**values | fields)


def version_row(**fields: Any) -> models.Model:
    values: dict[str, Any] = {"number": 1, "document": {}, "content_hash": "0" * 64, "saved_at": timezone.now()}
    return Version(**values | {"through": "form", "statement": f.StatementFactory()} | fields)


def published_version(**fields: Any) -> models.Model:
    return version_row(**{"published_at": timezone.now(), "public_number": 1} | fields)


def corrected_version(**fields: Any) -> models.Model:
    return published_version(**{"public_number": 2, "revision": "correction", "revision_note": "A day."} | fields)


def _stored_version() -> Version:
    version = version_row()
    version.save()
    return version  # type: ignore[return-value]


def move_row(**fields: Any) -> models.Model:
    return Move(**{"kind": "returned", "statement": f.StatementFactory(), "at": timezone.now()} | fields)


def schedule_row(**fields: Any) -> models.Model:
    version = _stored_version()
    return Schedule(**{"statement": version.statement, "version": version, "publish_at": timezone.now()} | fields)


def put_off_row(**fields: Any) -> models.Model:
    values = {"queue": "words", "item": "1", "until": DAY, "reason": "Asked the ministry.", "at": timezone.now()}
    return PutOff(**values | fields)


def erasure_row(**fields: Any) -> models.Model:
    values = {"what": "words", "reason": "safety", "erased_hash": "0" * 64, "at": timezone.now()}
    return Erasure(**{"version": _stored_version()} | values | fields)


def run_row(**fields: Any) -> models.Model:
    values: dict[str, Any] = {"kind": "statements", "file_name": "a.csv", "sha256": "0" * 64, "state": "applied"}
    return ImportRun(**values | {"started_at": timezone.now()} | fields)


def rows_of_a_run() -> models.Model:
    run = run_row()
    run.save()
    return RunRows(run=run, position=0)


def change_row(**fields: Any) -> models.Model:
    values: dict[str, Any] = {"kind": "source", "target_id": 1, "label": "a", "changes": {}, "through": "form"}
    return ReferenceChange(**values | {"saved_at": timezone.now()} | fields)


def link_row(**fields: Any) -> models.Model:
    editor, reviewer = make_user("a", "contributor"), make_user("b", "reviewer")
    statement = f.make_public_statement(by=editor, published_by=reviewer)
    values = {"entry_id": statement.pk, "facet": "issuer", "target_id": 99, "issued_from": DAY}
    return apps.get_model("statements", "Link")(**values | fields)


def today_link_row(**fields: Any) -> models.Model:
    link = link_row()
    values = {"entry_id": link.entry_id, "facet": "theme", "target_id": 0, "value": "odd", "issued_from": DAY}  # type: ignore[attr-defined]
    return apps.get_model("statements", "TodayLink")(**values | fields)


def tally_row(**fields: Any) -> models.Model:
    return apps.get_model("statements", "Tally")(**{"of": "demand", "target_id": 99, "number": 1} | fields)


def named_once_row() -> models.Model:
    return apps.get_model("statements", "NamedOnce")(part="sources", slug="a-source")


def part_tally_row(**fields: Any) -> models.Model:
    values = {"part_id": 98, "of": "demand", "target_id": 99, "number": 1}
    return apps.get_model("statements", "PartTally")(**values | fields)


def voice_row(**fields: Any) -> models.Model:
    values = {"demand_id": 98, "facet": "issuer", "target_id": 99, "number": 1}
    return apps.get_model("statements", "DemandVoice")(**values | fields)


def period_row(**fields: Any) -> models.Model:
    return apps.get_model("statements", "DemandPeriod")(
        **{"demand_id": 98, "first": DAY, "last": DAY, "number": 1} | fields
    )


def figure_row(**fields: Any) -> models.Model:
    editor, reviewer = make_user("a", "contributor"), make_user("b", "reviewer")
    statement = f.make_public_statement(by=editor, published_by=reviewer)
    figure = apps.get_model("statements", "Figure").objects.get(entry=statement.pk)
    figure.pk, figure.key = None, "another"
    for name, value in fields.items():
        setattr(figure, name, value)
    return figure  # type: ignore[no-any-return]


def self_parent(factory: Any, field: str = "parent") -> models.Model:
    row = factory()
    setattr(row, field, row)
    if field == "related_statement":
        row.relation = "quotes"
    return row  # type: ignore[no-any-return]


def own_work(build: Any) -> models.Model:
    user = make_user("alone", "reviewer")
    return build(saved_by=user, published_by=user)  # type: ignore[no-any-return]


def published_update(**fields: Any) -> models.Model:
    return f.DemandUpdateFactory.build(
        demand=f.DemandFactory(), source=f.SourceFactory(), published_at=timezone.now(), **fields
    )


def build_row(factory: Any, **fields: Any) -> models.Model:
    """An unsaved row whose references are stored."""
    references = {
        name: declaration.get_factory()()
        for name, declaration in factory._meta.declarations.items()
        if type(declaration).__name__ == "SubFactory" and name not in fields
    }
    return factory.build(**references | fields)  # type: ignore[no-any-return]
