"""The tables: the desk that editors edit, the versions, and the record's index that readers' pages read."""

from statements.models import among  # noqa: F401  # registers a lookup
from statements.models.address import OldSlug
from statements.models.count import CountObservation, Measure, Qualifier
from statements.models.demand import Demand, DemandMention, DemandUpdate
from statements.models.desk import Erasure, Move, PutOff, Schedule
from statements.models.finding import StatementWords
from statements.models.journal import PublicChange
from statements.models.named import NamedOnce
from statements.models.names import Name, OrganisationName, SpeakerName
from statements.models.organisation import Organisation
from statements.models.record import Entry, EntryFacets, EntryWords, Facet, Figure, Link, TodayFacet, TodayLink
from statements.models.run import ImportRun, RunRows
from statements.models.source import Source
from statements.models.speaker import Speaker, SpeakerHandle
from statements.models.statement import Citation, Issuer, SpeakerRole, Statement
from statements.models.tally import Counted, DemandPeriod, DemandVoice, PartTally, Tally
from statements.models.version import ReferenceChange, Through, Version
from statements.models.wording import Wording

__all__ = [
    "Citation",
    "CountObservation",
    "Counted",
    "Demand",
    "DemandMention",
    "DemandPeriod",
    "DemandUpdate",
    "DemandVoice",
    "Entry",
    "EntryFacets",
    "EntryWords",
    "Erasure",
    "Facet",
    "Figure",
    "ImportRun",
    "Issuer",
    "Link",
    "Measure",
    "Move",
    "Name",
    "NamedOnce",
    "OldSlug",
    "Organisation",
    "OrganisationName",
    "PartTally",
    "PublicChange",
    "PutOff",
    "Qualifier",
    "ReferenceChange",
    "RunRows",
    "Schedule",
    "Source",
    "Speaker",
    "SpeakerHandle",
    "SpeakerName",
    "SpeakerRole",
    "Statement",
    "StatementWords",
    "Tally",
    "Through",
    "TodayFacet",
    "TodayLink",
    "Version",
    "Wording",
]
