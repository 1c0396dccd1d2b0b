"""Made-up words in four languages and two scripts, and sentences of them. No word means anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from statements.scale.chance import Shares, any_of, generator

WORDS = 15_000

#: The commonest word then stands in about a fifth of all statements: it is the leading language's.
_FLATTENED = 105.0

#: So many of the commonest words begin no other one: a search for a beginning finds the word itself.
_APART = 500


@dataclass(frozen=True)
class _Sounds:
    share: int
    onsets: str
    vowels: str
    codas: str


#: By the tag of the language that they are said to be in, with its share in a hundred statements.
SOUNDS = {
    "en": _Sounds(40, "b d g h l m n p r s v w th st br cl dr pl", "a e i o u ea ou", "n r s l m nd ns rd"),
    "ru": _Sounds(30, "б в г д ж з к л м н р с т ф ш ст тр гр", "а е и о у ы я ё", "н р с т л в к м"),
    "lt": _Sounds(15, "b d g k l m n p r s š t v ž č j st pr", "a e i o u ė y ū ą ie", "s n r k t l m"),
    "be": _Sounds(15, "б в г д ж з к л м н р с т ц ч дз ст гр", "а е і о у ы я э", "н р с т л ў ць м"),
}
LANGUAGES = tuple(SOUNDS)

#: Titles, summaries and names are written in it, whatever language a statement is in.
DESK_LANGUAGE = LANGUAGES[0]


@dataclass(frozen=True)
class Vocabulary:
    language: str
    words: Shares[str]

    @classmethod
    def made(cls, language: str, seed: int) -> "Vocabulary":
        words = _different(generator(seed, "words", language), SOUNDS[language], WORDS)
        return cls(language, Shares.of(words, flattened=_FLATTENED))

    def sentences(self, chance: Random, count: int) -> list[list[str]]:
        """So many words, in sentences of 7 to 21."""
        drawn = self.words.many(chance, count)
        found, start = [], 0
        while start < count:
            end = start + 7 + int(chance.random() * 15)
            found.append(drawn[start:end])
            start = end
        return found

    def rare(self, chance: Random, count: int) -> list[str]:
        """Words of the second half, each of which few statements have."""
        half = len(self.words.things) // 2
        return [self.words.things[half + int(chance.random() * half)] for _word in range(count)]


def _different(chance: Random, sounds: _Sounds, count: int) -> list[str]:
    """The commonest first: they are the shortest."""
    onsets, vowels, codas = sounds.onsets.split(), sounds.vowels.split(), sounds.codas.split()

    def drawn() -> Iterator[str]:
        made = 0
        while True:
            made += 1
            length = 2 if made < 3000 else 3
            syllables = [any_of(chance, onsets) + any_of(chance, vowels) for _syllable in range(length)]
            yield "".join(syllables) + any_of(chance, codas)

    return list(_apart(drawn(), count))


def _apart(words: Iterable[str], count: int) -> Iterator[str]:
    seen: set[str] = set()
    common: set[str] = set()
    starts: set[str] = set()
    for word in words:
        if word in seen or (word[:4] in starts and any(word[:end] in common for end in range(4, len(word)))):
            continue
        if len(common) < _APART:
            common.add(word)
            starts.add(word[:4])
        seen.add(word)
        yield word
        if len(seen) == count:
            return


def sentence(words: Iterable[str]) -> str:
    line = " ".join(words)
    return f"{line[:1].upper()}{line[1:]}."


def titled(words: Iterable[str]) -> str:
    """As in a name: each word with a capital."""
    return " ".join(map(str.capitalize, words))
