"""What demands and figures are called in the words of a language: the same in every statement."""

from typing import Any

from statements.scale import chance
from statements.scale.reference import World


class Phrases:
    """Made when they are first needed, and kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, str, str], str] = {}

    def of_demand(self, language: str, demand: Any) -> str:
        return self._phrase("demand", language, demand.slug, 5)

    def of_figure(self, language: str, measure: Any) -> str:
        return self._phrase("measure", language, measure.slug, 2)

    def _phrase(self, kind: str, language: str, slug: str, length: int) -> str:
        """Of rare words: what many statements quote doesn't make a common word commoner."""
        if (kind, language, slug) not in self._known:
            random = chance.generator(self._world.seed, kind, language, slug)
            self._known[kind, language, slug] = " ".join(self._world.vocabularies[language].rare(random, length))
        return self._known[kind, language, slug]
