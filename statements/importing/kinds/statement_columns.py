"""The columns of statements. What is made of them is told in ``statements``."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from statements.importing.columns import (
    AddressesWidget,
    BooleanWidget,
    ChoiceWidget,
    Column,
    LanguageWidget,
    PartialDateWidget,
    ReferencesWidget,
    ReferenceWidget,
    StepWidget,
    TextWidget,
    WordsWidget,
)
from statements.importing.kinds.base import StatementKind
from statements.models import Organisation, Speaker, Statement, Wording


class RelatedWidget(ReferenceWidget):
    """A statement that is named and not changed."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return kwargs["context"].directory.statements.named(value)


class StatementColumns(StatementKind):
    kind_name = "statements"
    purpose = _("What was said: who, when, where, in which words, and where it can be read.")
    model = Statement
    identity = "slug"

    slug = Column("slug", TextWidget(), example="example-centre-call-2022-01-27")
    title = Column(
        "title", TextWidget(), required=True, example="Example Centre: call for the release of all political prisoners"
    )
    kind = Column("kind", ChoiceWidget(Statement.Kind), required=True, example="press statement")
    language = Column("language", LanguageWidget(), required=True, example="en")
    issued = Column(
        "issued",
        PartialDateWidget(),
        required=True,
        help_text=_("When it was issued, not when a source printed it."),
        example="2022-01-27",
    )
    issued_basis = Column("issued_basis", ChoiceWidget(Statement.IssuedBasis), example="printed")
    date_note = Column("date_note", TextWidget())
    issuers = Column(
        "planned_issuers",
        ReferencesWidget(Organisation),
        help_text=_("Who issued it, in order."),
        example="example-centre",
    )
    joined_by = Column(
        "planned_joined_by", ReferencesWidget(Organisation), help_text=_("Who joined it later, in order.")
    )
    delivered_by = Column(
        "planned_delivered_by",
        ReferencesWidget(Organisation),
        help_text=_("Who delivered it on behalf of the issuers."),
    )
    attribution = Column("attribution", TextWidget())
    speakers = Column(
        "planned_speakers",
        ReferencesWidget(Speaker),
        help_text=_("The people who speak in it, in order."),
        example="jane-example",
    )
    attributions = Column(
        "planned_attributions",
        WordsWidget(keeps_blanks=True),
        help_text=_("The office of each speaker as printed on that day, in the same order."),
        example="Director of the Example Centre",
    )
    relation = Column("relation", ChoiceWidget(Statement.Relation, may_be_empty=True))
    related_statement = Column(
        "related_statement",
        RelatedWidget(Statement),
        in_second_pass=True,
        help_text=_("The other statement, where the column relation says what this one does with it."),
    )
    place = Column("place", TextWidget(), example="Vilnius")
    occasion = Column(
        "occasion",
        TextWidget(),
        help_text=_("On what occasion: a day of solidarity, a visit, a verdict."),
        example="Day of the example",
    )
    summary = Column(
        "summary",
        TextWidget(),
        example="The centre asks for the release of everyone held on political grounds and gives their number.",
    )
    text = Column(
        "planned_text",
        TextWidget(),
        is_short_form=True,
        help_text=_("The verbatim words, with text_language and text_kind. Write […] where something is left out."),
        example="We ask for the release of all political prisoners. Today more than 880 people are held.",
    )
    text_language = Column(
        "planned_text_language",
        LanguageWidget(),
        is_short_form=True,
        help_text=_("The language of the words in the column text."),
        example="en",
    )
    text_kind = Column(
        "planned_text_kind",
        ChoiceWidget(Wording.Kind),
        is_short_form=True,
        help_text=_("What the words in the column text are: the original, a translation and whose, or as reported."),
        example="original",
    )
    text_is_excerpt = Column(
        "planned_text_is_excerpt",
        BooleanWidget(),
        is_short_form=True,
        help_text=_("Whether these are not all the words."),
        example="true",
    )
    source_urls = Column(
        "planned_source_urls",
        AddressesWidget(),
        is_short_form=True,
        help_text=_("Addresses where it can be read. Each becomes a source that reports it, and none is taken away."),
        example="https://example.org/2022/01/27/statement",
    )
    desk_note = Column("desk_note", TextWidget(), example="This row is an example.")
    step = Column(
        "step",
        StepWidget([Statement.Step.DRAFT, Statement.Step.IN_REVIEW]),
        help_text=_("Whether it waits for a reviewer. What an import brings is never public by itself."),
        example="draft",
    )
