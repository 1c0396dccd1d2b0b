"""Names, slugs, addresses and keys in the one form by which they are compared and found."""

import codecs
import hashlib
import ipaddress
import re
import unicodedata
from base64 import b32encode
from collections.abc import Container
from functools import lru_cache
from urllib.parse import SplitResult, unquote_plus, urlsplit

from anyascii import anyascii
from django.utils.translation import gettext as _

SLUG_LENGTH = 100
STATEMENT_SLUG_LENGTH = 120  # what every column of slugs holds
_FIRST_LENGTH = 48  # of a long issuer's slug in a statement's slug, so that there is room for the title

# Parameters that say how a reader came to a page and never which page it is: whoever sends the link adds them, so one
# document would be many sources. General words that some sites use to choose what is shown (ref, source, id, s, si, t,
# from, lang) are left alone: two addresses of one source can be merged, two sources at one address can't be told apart.
TRACKING_PREFIXES = ("utm_", "mtm_", "hsa_")
TRACKING_PARAMETERS = frozenset(
    [
        # Click identifiers of advertisers and networks
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid"),
        *("msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "epik", "rb_clickid"),
        *("__tn__", "__cft__[0]", "__xts__[0]", "fb_action_ids", "fb_action_types", "__twitter_impression"),
        # Newsletters
        *("mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "oly_anon_id", "oly_enc_id", "vero_id", "wickedid"),
        # Audience measurement: Google, HubSpot, Matomo and Piwik, AT Internet, Openstat
        *("_ga", "_gl", "__hstc", "__hssc", "__hsfp", "hsctatracking"),
        *("pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "piwik_campaign"),
        *("at_medium", "at_campaign", "at_campaign_type", "at_link_id", "at_link_origin", "xtor", "_openstat"),
    ]
)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_HOST = 253  # characters, RFC 1035
_ADDRESS_START = re.compile(r"https?://", re.IGNORECASE)
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_NO_HOST_CHARACTER = re.compile(r"[\x00-\x20\x7f!-,/:-@\[-^`{-~\s]")

_INVISIBLE_CATEGORIES = ("Cf", "Cc")
_TATWEEL = "\u0640"  # lengthens an Arabic word to fill a line
_HALF_RINGS = "ʾʿ"  # written for hamza and ayn by some, left out by most
_LETTERS_LIKE_APOSTROPHES = "ʹʺʻʼʽ"  # of category Lm, where others type '

_LONGEST_WORD = 100
# Thai, Lao, Myanmar, Khmer, kana, and Chinese characters
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

# A full stop, a comma, an apostrophe or a space before each three digits. It begins with a digit, to which a search can
# leap: that the digit is the first of its number is asked there.
_GROUPED_NUMBER = re.compile(r"\d(?<!\d\d)\d{0,2}([.,'’ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?!\d)")
_NO_DIGIT = re.compile(r"\D")

_KEY_BYTES = 5  # eight characters
_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")


def fold(text: str) -> str:
    """A name or a text as the search and the import compare it: words of letters and digits with one space between.

    Without case, accents and other combining marks, ligatures and other compatibility forms, punctuation and invisible
    characters. Vowel signs of Indic and Thai script are combining marks, too, and go: the word breakers of SQLite and
    PostgreSQL would cut the words there, each in its own way. Folding twice changes nothing.
    """
    return " ".join(_folded(text).split())


def _decomposed(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Once more after casefold(), which makes marks of its own ("İ").
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()


class _FoldedCharacters(dict[int, str | None]):
    """By code point, as ``str.translate`` asks for it: made when a character is first met. None: it is left out."""

    def __missing__(self, code: int) -> str | None:
        folded = self[code] = _folded_character(chr(code))
        return folded


_FOLDED = _FoldedCharacters()


def _folded_character(character: str) -> str | None:
    if character in _LETTERS_LIKE_APOSTROPHES:
        return " "
    if character.isalnum():
        return None if character == _TATWEEL or character in _HALF_RINGS else character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    return None if category[0] == "M" or category in _INVISIBLE_CATEGORIES else " "


#: Of which texts in Latin and Cyrillic letters are made, once they are decomposed: at most 256 with the first.
_USUAL = "\0" + "".join(
    {
        *map(chr, range(ord("\t"), ord("\r") + 1)),
        *map(chr, range(ord(" "), ord("~") + 1)),
        *map(chr, range(0x300, 0x310)),  # marks
        *map(chr, (0x327, 0x328, 0x331)),
        *map(chr, range(ord("а"), ord("я") + 1)),
        *"ђєѕіјљњћџґғҕҗҙқҝҟҡңҥҧҩҫүұҳҵҹһӏәөłđøæœðþħŧŋı",
        *"«»‹›„“”‚‘’–—−•·°§¡¿\u00ad\u200b\ufeff",
    }
).ljust(255, "\ufffe")
_TO_BYTES = codecs.charmap_build(_USUAL)
_FOLDED_BYTES = bytes(_USUAL.index(_folded_character(one) or " ") if one != "\ufffe" else 0 for one in _USUAL)
_LEFT_OUT = bytes(place for place, one in enumerate(_USUAL) if one != "\ufffe" and _folded_character(one) is None)


def _folded(text: str) -> str:
    """Folded, with as much space as there happens to be. Usual characters go through a table of 256 places, which takes
    a quarter of the time; both ways give the same.
    """
    decomposed = _decomposed(text)
    if not decomposed.isascii():
        try:
            usual, _length = codecs.charmap_encode(decomposed, "strict", _TO_BYTES)
        except UnicodeEncodeError:
            pass
        else:
            return codecs.charmap_decode(usual.translate(_FOLDED_BYTES, _LEFT_OUT), "strict", _USUAL)[0]
    return decomposed.translate(_FOLDED)


def words(text: str) -> list[str]:
    """A text as the words by which the search finds it: folded, each of at most 100 characters.

    A number is one word, however its thousands are set apart: 1,170 and 1 170 are found as 1170. In scripts without
    spaces between words each character is a word of its own: whoever looks for some of them that follow each other
    finds them wherever they stand.
    """
    folded = _folded(with_plain_numbers(text))
    if not folded.isascii() and _UNSPACED.search(folded):
        folded = _UNSPACED.sub(r" \g<0> ", folded)
    found = folded.split()
    return found if max(map(len, found), default=0) <= _LONGEST_WORD else [word[:_LONGEST_WORD] for word in found]


def with_plain_numbers(text: str) -> str:
    """The text with the digits of each number side by side, where thousands are set apart."""
    return _GROUPED_NUMBER.sub(lambda number: _NO_DIGIT.sub("", number[0]), text)


def words_with_places(text: str) -> list[tuple[str, int, int]]:
    """The same words, each with where it begins and ends in the text."""
    found: list[tuple[str, int, int]] = []
    word, start, end = "", 0, 0
    within_numbers = {
        index
        for number in _GROUPED_NUMBER.finditer(text)
        for index in range(number.start(), number.end())
        if not text[index].isdecimal()
    }
    for index, character in enumerate(text):
        folded = "" if index in within_numbers else _fold_one(character)
        for part in folded:
            if part != " " and not _UNSPACED.match(part):
                start = start if word else index
                word, end = word + part, index + 1
                continue
            if word:
                found.append((word, start, end))
                word = ""
            if part != " ":
                found.append((part, index, index + 1))
        if not folded and word:
            end = index + 1  # a mark on the letter before it
    return [(word[:_LONGEST_WORD], start, end) for word, start, end in [*found, (word, start, end)] if word]


@lru_cache(maxsize=4096)
def _fold_one(character: str) -> str:
    return _decomposed(character).translate(_FOLDED)


def slugify(text: str, *, max_length: int = SLUG_LENGTH) -> str:
    """Lower-case ASCII words joined by hyphens, at most max_length characters.

    Cut after a word; within one where that would take more than half. Any script is transliterated, always in the same
    way. Where no transliteration exists for any letter of a text, their code points are written, so that only a text
    without a letter or digit has an empty slug. Different texts can have one slug.
    """
    composed = unicodedata.normalize("NFC", text)
    slug = _ascii_words(anyascii(composed))
    if not slug:
        slug = "-".join(f"u{ord(character):x}" for character in composed if character.isalnum())
    return _cut_slug(slug, max_length)


def _ascii_words(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("`", "")))


def _cut_slug(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    end = slug.rfind("-", length // 2, length + 1)
    return slug[: end if end > 0 else length].rstrip("-")


def derive_statement_slug(*, title: str, issued: str, first: str) -> str:
    """The slug of a statement that was given none: issuer, title and date, at most 120 characters.

    `first` is the slug of the first issuer, or of the first speaker where there is no issuer; it is not repeated where
    the title begins with it. `issued` is the partial date as ISO 8601 text and is never cut. Any of them may be blank.
    Two statements can get the same slug: whoever stores them has to look.
    """
    date = slugify(issued)
    room = STATEMENT_SLUG_LENGTH - len(date) - (1 if date else 0)
    first_slug, title_slug = slugify(first), slugify(title, max_length=STATEMENT_SLUG_LENGTH)
    if f"{title_slug}-".startswith(f"{first_slug}-"):
        first_slug = ""
    if len(first_slug) + 1 + len(title_slug) > room:
        first_slug = _cut_slug(first_slug, _FIRST_LENGTH)
    head = _cut_slug("-".join(filter(None, (first_slug, title_slug))), room)
    return "-".join(filter(None, (head, date)))


def derive_source_slug(*, publisher: str, title: str, published: str, url: str) -> str:
    """The slug of a source that was given none: publisher, title and date; of its address where neither is known.

    `published` is the partial date as ISO 8601 text and is never cut. Any of them may be blank; without a letter or
    digit in all of them, so is the slug. Two sources can get the same slug: whoever stores them has to look.
    """
    words = " ".join(filter(None, (publisher, title))) or _readable_address(url)
    date = slugify(published)
    return "-".join(filter(None, (slugify(words, max_length=SLUG_LENGTH - len(date)), date)))


def _readable_address(url: str) -> str:
    """The canonical address without its scheme and “www.”, the host in its own script; "" for what is no address."""
    try:
        host, slash, path = canonical_address(url).partition("://")[2].partition("/")
        return host.removeprefix("www.").encode("ascii", "ignore").decode("idna") + slash + path
    except ValueError:
        return ""


def free_slug(wanted: str, *, taken: Container[str]) -> str:
    """`wanted`, or the first of wanted-2, wanted-3, ... that is not in `taken`. "" where nothing is wanted."""
    number, slug = 1, wanted
    while slug and slug in taken:
        number += 1
        ending = f"-{number}"
        slug = wanted[: STATEMENT_SLUG_LENGTH - len(ending)].rstrip("-") + ending
    return slug


def canonical_address(url: str) -> str:
    """The one form of an address by which a source is recognised.

    Scheme and host in lower case, the host in ASCII (IDNA 2003, as in Python's own codec, which reads ß as ss), without
    its trailing dot, the default port, the fragment and the parameters that track readers. The path and all other
    parameters stay exactly as spelt. Does not look anything up, and does not say that an address is safe to open.

    Raises ValueError, with a sentence for the editor, for what is not an address on the web.
    """
    if not url:
        raise ValueError(_("The address is blank."))
    if _SPACE_OR_CONTROL.search(url):
        raise ValueError(_("An address can't hold spaces or line breaks."))
    if not _ADDRESS_START.match(url):
        raise ValueError(_("An address begins with http:// or https://."))
    parts = _split_address(url)
    query = "&".join(parameter for parameter in parts.query.split("&") if parameter and not _is_tracking(parameter))
    return f"{parts.scheme}://{_canonical_host(parts)}{parts.path or '/'}{'?' if query else ''}{query}"


def _split_address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        parts.port  # noqa: B018
    except ValueError:
        raise ValueError(_("The host or the port in this address can't be read.")) from None
    if "@" in parts.netloc:
        raise ValueError(_("Leave the user name and the password out of the address."))
    return parts


def _canonical_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    if not host.strip("."):
        raise ValueError(_("The address names no host, such as www.example.org."))
    if parts.netloc.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host)}]{port}"
        except ValueError:
            raise ValueError(_("The host or the port in this address can't be read.")) from None
    host = _in_ascii(host).lower().removesuffix(".")
    if len(host) > _LONGEST_HOST or "" in host.split(".") or _NO_HOST_CHARACTER.search(host):
        raise ValueError(_("The host or the port in this address can't be read."))
    return f"{host}{port}"


@lru_cache(maxsize=1024)
def _in_ascii(host: str) -> str:
    """Many addresses have the same host, and the codec is slow."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return unicodedata.normalize("NFC", host)


def _is_tracking(parameter: str) -> bool:
    return is_tracking_parameter(unquote_plus(parameter.partition("=")[0]))


def is_tracking_parameter(name: str) -> bool:
    """Whether it says how a reader came to a page, and nothing about the page."""
    return name.lower() in TRACKING_PARAMETERS or name.lower().startswith(TRACKING_PREFIXES)


def short_key(prefix: str, *parts: str, taken: Container[str] = ()) -> str:
    """A key for a row that has no name of its own: the prefix and eight characters, the same for the same parts.

    40 bits of SHA-256 in the digits and lower-case letters of Crockford's base 32, without i, l, o and u. While the key
    is in `taken` the next one is tried, so rows with equal parts get different keys in a fixed order. Begin the prefix
    with a letter: a spreadsheet reads 12345678 or 1234e567 as a number.
    """
    attempt = 0
    while True:
        words = "\0".join((*parts, str(attempt)) if attempt else parts)
        digest = hashlib.sha256(words.encode()).digest()
        key = prefix + b32encode(digest[:_KEY_BYTES]).decode("ascii").translate(_BASE32)
        if key not in taken:
            return key
        attempt += 1


def excerpt(text: str, *, length: int = 200) -> str:
    """The beginning of a text on one line, at most `length` characters with the “…” that says it was cut.

    Cut after a word; within one where that would take more than half, as in a script without spaces between words.
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    room = length - 1
    end = line.rfind(" ", room // 2, room + 1)
    if end <= 0:
        end = room
        while end > 1 and unicodedata.category(line[end])[0] == "M":
            end -= 1
    return line[:end].rstrip(" ,;:–—-") + "…"
