"""The stock import beside ours: django-import-export as its documentation has it, row by row.

It checks no rule, finds no quotation and writes no version. What a statement's row says of issuers, speakers and words
stands in tables of their own, which is what ``after_save_instance`` is for.
"""

from pathlib import Path
from typing import Any

import tablib
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget

from statements.models import CountObservation, Issuer, Measure, Organisation, Speaker, SpeakerRole, Statement, Wording

_DAY = DateWidget(format="%Y-%m-%d")


class StockStatements(ModelResource):
    issued_from = Field(attribute="issued_from", column_name="issued", widget=_DAY)
    issued_until = Field(attribute="issued_until", column_name="issued", widget=_DAY)

    class Meta:
        model = Statement
        import_id_fields = ("slug",)
        fields = ("slug", "title", "kind", "language", "issued_from", "issued_until", "summary")
        skip_unchanged = True
        use_transactions = True


class StockStatementsWithParts(StockStatements):
    def after_save_instance(self, instance: Statement, row: dict[str, str], **_kwargs: Any) -> None:
        organisation = Organisation.objects.get(slug=row["issuers"])
        Issuer.objects.update_or_create(statement=instance, organisation=organisation)
        speaker = Speaker.objects.get(slug=row["speakers"])
        SpeakerRole.objects.update_or_create(
            statement=instance, speaker=speaker, defaults={"attribution": row["attributions"]}
        )
        words = {"kind": row["text_kind"], "text": row["text"], "language": row["text_language"]}
        Wording.objects.update_or_create(key=f"w{instance.pk}", defaults={"statement": instance, **words})


class StockCounts(ModelResource):
    statement = Field(attribute="statement", column_name="statement", widget=ForeignKeyWidget(Statement, "slug"))
    measure = Field(attribute="measure", column_name="measure", widget=ForeignKeyWidget(Measure, "slug"))
    as_of_from = Field(attribute="as_of_from", column_name="as_of", widget=_DAY)
    as_of_until = Field(attribute="as_of_until", column_name="as_of", widget=_DAY)

    class Meta:
        model = CountObservation
        import_id_fields = ("key",)
        fields = ("key", "statement", "measure", "qualifier", "value", "as_of_from", "as_of_until", "quote")
        skip_unchanged = True
        use_transactions = True


RESOURCES: dict[str, type[ModelResource]] = {
    "statements": StockStatements,
    "statements with parts": StockStatementsWithParts,
    "counts": StockCounts,
}


def stock_import(resource: str, path: Path) -> int:
    """Returns the number of rows. Raises AssertionError where one was neither written nor found unchanged."""
    dataset = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    if resource == "counts":
        dataset.append_col([f"k{number}" for number in range(dataset.height)], header="key")
    result = RESOURCES[resource]().import_data(dataset, raise_errors=True)
    assert result.totals["new"] + result.totals["skip"] == dataset.height
    return int(dataset.height)
