"""The rules on one row: their makers, and reading them without a database.

Every rule is a named CheckConstraint, so the database holds it, the forms report it, and ``broken_rules`` evaluates the
same condition in Python, for the import, which checks many thousand rows without a query a row.
"""

import datetime
import operator
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Lookup = tuple[str, Any]
M = TypeVar("M", bound=models.Model)


def choices_are_known(model: type[M]) -> type[M]:
    """Class decorator: every field with choices holds one of them (or nothing, where it may be blank)."""
    for field in model._meta.local_concrete_fields:
        if not field.choices:
            continue
        known = Q(**{f"{field.name}__in": [value for value, _label in field.flatchoices]})
        rule = models.CheckConstraint(
            name=f"{model._meta.model_name}_{field.name}_is_known",
            condition=known | Q(**{field.name: ""}) if field.blank else known,
            violation_error_message=_("This is none of the values that the field can have."),
        )
        model._meta.constraints = [*model._meta.constraints, rule]
        # Migrations look at a model's constraints only where its Meta named some.
        model._meta.original_attrs["constraints"] = model._meta.constraints
    return model


def not_blank(field: str, *, prefix: str, message: "str | StrPromise") -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_has_{field}",
        condition=Q(**{f"{field}__regex": r"\S"}),
        violation_error_message=message,
    )


def slug_form(*, prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_has_slug",
        condition=Q(slug__regex=r"^[-a-zA-Z0-9_]+$"),
        violation_error_message=_("A slug is needed, of Latin letters, digits and hyphens: latvia-mfa."),
    )


def language_tag(*, prefix: str, may_be_blank: bool = False) -> models.CheckConstraint:
    """The form of a BCP 47 tag; that the language is one is the field's validator's to say."""
    tag = Q(language__regex=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    return models.CheckConstraint(
        name=f"{prefix}_language_is_a_tag",
        condition=Q(language="") | tag if may_be_blank else tag,
        violation_error_message=_("A language is its tag (BCP 47): en, ru, be-Latn, or und where it is not known."),
    )


def web_address(field: str, *, prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_{field}_is_on_the_web",
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": r"^[hH][tT][tT][pP][sS]?://[^\s]+$"}),
        violation_error_message=_("An address begins with https:// or http:// and has no blanks."),
    )


def not_its_own(field: str, *, prefix: str, message: "str | StrPromise") -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_is_not_its_own_{field}",
        condition=Q(**{f"{field}__isnull": True}) | ~Q(**{field: F("id")}),
        violation_error_message=message,
    )


def country_code(*, prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_country_is_a_code",
        condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
        violation_error_message=_("A country is its code of two capital letters (ISO 3166), such as BY or LV."),
    )


#: Three-valued, as SQL is: None where a NULL leaves it unknown.
Answer = Callable[[models.Model], bool | None]


class Rule:
    """A CheckConstraint of a model as a function of one instance."""

    def __init__(self, constraint: models.CheckConstraint, model: type[models.Model]) -> None:
        self.name: str = constraint.name
        self.message = constraint.violation_error_message
        self.condition: Q = constraint.condition  # type: ignore[assignment]  # ours are all Q objects
        self.fields = tuple(dict.fromkeys(_fields_of(self.condition)))
        self._holds = _compiled(self.condition, model)

    def allows(self, instance: models.Model) -> bool:
        """As a CHECK does: only false refuses, unknown passes."""
        return self._holds(instance) is not False


@lru_cache(maxsize=64)
def rules_of(model: type[models.Model]) -> tuple[Rule, ...]:
    return tuple(Rule(c, model) for c in model._meta.constraints if isinstance(c, models.CheckConstraint))


@lru_cache(maxsize=64)
def _relations(model: type[models.Model]) -> frozenset[str]:
    return frozenset(field.name for field in model._meta.fields if field.is_relation)


def broken_rules(instance: models.Model) -> list[Rule]:
    """The rules of its model that this row breaks. No query."""
    return [rule for rule in rules_of(type(instance)) if not rule.allows(instance)]


class Ruled(models.Model):
    """A model whose rules on one row are read without a query when a row is validated, as forms do. Django asks the
    database about each of them: of a statement with forty rows on its page that was half of all queries.
    """

    class Meta:
        abstract = True

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        """Those about which the database has to be asked."""
        of_each = super().get_constraints()
        return [(model, [c for c in found if not isinstance(c, models.CheckConstraint)]) for model, found in of_each]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        broken = [rule for rule in broken_rules(self) if not {*(exclude or ())}.intersection(rule.fields)]
        if broken:
            errors.setdefault(NON_FIELD_ERRORS, []).extend(ValidationError(str(rule.message)) for rule in broken)
        if errors:
            raise ValidationError(errors)


def row_problems(instance: models.Model, *, unread: Collection[str] = ()) -> list[tuple[str, str]]:
    """(field, sentence) for every value and rule that keeps this row from being stored. No query: references are not
    looked up, and uniqueness is the caller's.

    ``unread`` are fields whose value could not be read, which is reported already: no rule that needs them is asked.
    """
    found: list[tuple[str, str]] = []
    skipped = {name for name, is_plain in _plain_checks(type(instance)) if is_plain(instance)}.union(unread)
    try:
        instance.clean_fields(exclude=skipped | _relations(type(instance)))
    except ValidationError as error:
        found = [(field, message) for field, messages in error.message_dict.items() for message in messages]
    reported = {field for field, _message in found} | set(unread)
    for rule in broken_rules(instance):
        if not reported.intersection(rule.fields):
            found.append((rule.fields[0], str(rule.message)))
    return found


@lru_cache(maxsize=64)
def _plain_checks(model: type[models.Model]) -> tuple[tuple[str, Callable[[models.Model], bool]], ...]:
    """By field, whether a row's value is one that ``clean_fields`` would plainly let pass: asking each field in full
    was a tenth of the time of an import. What is not plain is asked in full.
    """
    return tuple((field.name, check) for field in model._meta.fields if (check := _plain_check(field)) is not None)


def _plain_check(field: Any) -> Callable[[models.Model], bool] | None:
    value_of = operator.attrgetter(field.attname)
    if type(field) is models.DateField:
        return lambda row: type(value_of(row)) is datetime.date
    if type(field) is models.BooleanField:
        return lambda row: type(value_of(row)) is bool
    if type(field) not in (models.CharField, models.TextField):
        return None
    if any(type(validator) is not MaxLengthValidator for validator in field.validators):
        return None
    least, most = 0 if field.blank else 1, field.max_length or sys.maxsize
    if not field.choices:
        return lambda row: type(value := value_of(row)) is str and least <= len(value) <= most
    known = {str(value) for value, _label in field.flatchoices} | ({""} if field.blank else set())
    return lambda row: value_of(row) in known


def _fields_of(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _fields_of(child)
        else:
            yield cast(Lookup, child)[0].split("__")[0]


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
    "regex": lambda value, pattern: pattern.search(value) is not None,
}


def _compiled(condition: Q, model: type[models.Model]) -> Answer:
    children = [
        _compiled(child, model) if isinstance(child, Q) else _comparison(cast(Lookup, child), model)
        for child in condition.children
    ]
    # With OR the first true decides, with AND the first false; else what is unknown leaves it so.
    decides = condition.connector == Q.OR
    negated = condition.negated

    def holds(instance: models.Model) -> bool | None:
        value: bool | None = not decides
        for child in children:
            answer = child(instance)
            if answer is decides:
                value = decides
                break
            if answer is None:
                value = None
        return value if not negated or value is None else not value

    return holds


def _comparison(child: Lookup, model: type[models.Model]) -> Answer:
    path, expected = child
    name, _separator, lookup = path.partition("__")
    value_of = _value_of(name, model)
    if lookup == "isnull":
        return lambda instance: (value_of(instance) is None) == expected
    compare = _COMPARISONS[lookup or "exact"]
    if isinstance(expected, F):
        other_of = _value_of(expected.name, model)  # type: ignore[attr-defined]  # the stubs lack it

        def compares(instance: models.Model) -> bool | None:
            value, other = value_of(instance), other_of(instance)
            return None if value is None or other is None else bool(compare(value, other))
    else:
        wanted = re.compile(expected) if lookup == "regex" else expected

        def compares(instance: models.Model) -> bool | None:
            value = value_of(instance)
            return None if value is None or wanted is None else bool(compare(value, wanted))

    return compares


def _value_of(name: str, model: type[models.Model]) -> Callable[[models.Model], Any]:
    field: Any = model._meta.get_field(name)
    plain: Callable[[models.Model], Any] = operator.attrgetter(field.attname)
    if not field.is_relation:
        return plain

    def value(instance: models.Model) -> Any:
        stored = plain(instance)
        # A row that this one refers to and that isn't stored yet has no id, but it is there.
        return field.get_cached_value(instance, default=None) if stored is None else stored

    return value
