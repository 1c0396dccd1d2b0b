"""What every chart can rely on."""

from statements.models import Qualifier
from statements.public.charts import SHAPES


def test_every_qualifier_with_a_number_has_a_mark() -> None:
    assert set(SHAPES) == set(Qualifier) - {Qualifier.UNQUANTIFIED}
