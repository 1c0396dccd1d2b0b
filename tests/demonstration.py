"""The demonstration data in a test's database, as the command ``demo`` leaves it."""

from io import StringIO

from django.core.management import call_command
from django.test import override_settings


def load_demonstration() -> None:
    """77 public statements, both seeds among them. Takes about two seconds."""
    with override_settings(DEBUG=True):  # on a site for others the command refuses
        call_command("demo", "--no-serve", stdout=StringIO())


#: The public statement of the second seed.
LATVIA = "/statements/latvia-day-of-solidarity-2021/"
#: That of the first seed.
EEAS = "/statements/eeas-thousandth-political-prisoner/"

#: An address of every kind of page that answers 200 with this data, and of what a reader may ask for on it.
PAGES = (
    "/",
    "/statements/",
    "/statements/?issued_after=2021&has_count=true&page=2",
    "/statements/?issuer=eeas&issuer=latvia-mfa&kind=press+statement&issued_after=2021&issued_before=2021",
    "/statements/?q=prisoners&sort=relevance",
    "/statements/?q=justice&issuer=latvia-mfa",
    "/statements/?q=elephant",
    "/statements/?colour=red&issuer=nobody&issued_after=soon",
    LATVIA,
    EEAS,
    f"{LATVIA}versions/1/",
    "/organisations/",
    "/organisations/viasna/",
    "/speakers/peter-stano/",
    "/demands/",
    "/demands/release-all-political-prisoners/",
    "/measures/",
    "/measures/political-prisoners-belarus/",
    "/measures/political-prisoners-belarus/?sort=-value",
    "/measures/political-prisoners-belarus/?sort=colour",
    "/sources/",
    "/sources/europediplomatic-2022-01-28/",
    "/about/",
    "/corrections/",
    "/data/",
)
