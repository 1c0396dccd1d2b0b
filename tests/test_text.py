"""Names, slugs, addresses and keys have one form."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statements.text import canonical_address, derive_statement_slug, excerpt, fold, short_key, slugify, words

# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ціханоўская", "ціханоуская"),
        ("Тихановский, Сергей", "тихановскии сергеи"),
        ("  Rīgas   Stradiņa\u00a0universitāte ", "rigas stradina universitate"),
        ("ﬁrst STRASSE Straße", "first strasse strasse"),
        ("İstanbul", "istanbul"),
        ("مُفَوَّضِيَّة", "مفوضية"),
        ("مفـــوضية", "مفوضية"),
        ("维亚斯纳（人权中心）", "维亚斯纳 人权中心"),
        ("２０２２", "2022"),
        ("O’Brien", "o brien"),
        ("Мар’яна", "мар яна"),
        ("Марʼяна", "мар яна"),
        ("pris\u00adon\u200bers", "prisoners"),
        ("OSCE/ODIHR – «Bureau»", "osce odihr bureau"),
        ("foo\"bar';--", "foo bar"),
        ("", ""),
        (" – ", ""),
    ],
)
def test_folding_keeps_only_the_letters_and_digits(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(text.upper()) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(character.isalnum() or character == " " for character in folded)


# Slugs


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Call for the release of all prisoners!", "call-for-the-release-of-all-prisoners"),
        ("Светлана Тихановская", "svetlana-tikhanovskaya"),
        ("Святлана Ціханоўская", "svyatlana-tsikhanouskaya"),
        ("Ārlietu ministrija: «paziņojums»", "arlietu-ministrija-pazinojums"),
        ("Straße & Æther", "strasse-aether"),
        ("Lukashenko’s regime", "lukashenkos-regime"),
        ("2020-08/2021-01", "2020-08-2021-01"),
        ("освобождать", "osvobozhdat"),
        ("– ? –", ""),
        ("", ""),
    ],
)
def test_a_slug_is_transliterated(text: str, slug: str) -> None:
    assert slugify(text) == slug
    assert slugify(unicodedata.normalize("NFD", text)) == slug


@pytest.mark.parametrize("text", ["维亚斯纳", "مفوضية", "Мінск", "ь", "א", "ع", "ー", "ท", "𒀀", "٧"])
def test_a_slug_of_a_letter_or_digit_in_any_script_is_never_empty(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(text))


def test_a_slug_is_cut_at_a_word_end() -> None:
    assert slugify("release all of the prisoners", max_length=14) == "release-all-of"
    assert slugify("release all of the prisoners", max_length=15) == "release-all-of"
    assert slugify("release all of the prisoners", max_length=13) == "release-all"


def test_a_slug_is_cut_within_a_word_where_nothing_would_be_left_of_it() -> None:
    assert slugify("x" * 200) == "x" * 100
    assert slugify("a " + "x" * 200, max_length=10) == "a-xxxxxxxx"


@given(st.text(), st.integers(1, 120))
@example("ь" * 200, 10)
def test_a_slug_is_ascii_and_has_itself_as_its_slug(text: str, length: int) -> None:
    slug = slugify(text, max_length=length)
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= length
    assert slugify(slug, max_length=length) == slug
    assert slug or not any(character.isalnum() for character in text)


@pytest.mark.parametrize(
    ("title", "issued", "first", "slug"),
    [
        ("Call for release", "2022-01-27", "osce", "osce-call-for-release-2022-01-27"),
        ("OSCE: call for release", "2022-01", "osce", "osce-call-for-release-2022-01"),
        ("Oscepticism", "2022", "osce", "osce-oscepticism-2022"),
        ("OSCE", "2022", "osce", "osce-2022"),
        ("Заявление МИД", "2020-08/2021-01", "mid", "mid-zayavlenie-mid-2020-08-2021-01"),
        ("Call", "2022-01-20/2022-01-27", "", "call-2022-01-20-2022-01-27"),
        ("!", "2022", "osce", "osce-2022"),
        ("Call", "", "osce", "osce-call"),
    ],
)
def test_the_slug_of_a_statement_says_who_what_and_when(title: str, issued: str, first: str, slug: str) -> None:
    assert derive_statement_slug(title=title, issued=issued, first=first) == slug


@given(
    st.text(max_size=300),
    st.sampled_from(["2022", "2022-01-27", "2020-08/2021-01", "2022-01-20/2022-01-27"]),
    st.text(alphabet="abc-", max_size=100),
)
@example("释放" * 100, "2022-01-20/2022-01-27", "a" * 100)
@example("释放" * 100, "2022-01-20/2022-01-27", "osce")
def test_the_slug_of_a_statement_keeps_the_whole_date(title: str, issued: str, first: str) -> None:
    slug = derive_statement_slug(title=title, issued=issued, first=first)
    assert slug.endswith(issued.replace("/", "-"))
    assert len(slug) <= 120
    assert slugify(slug, max_length=120) == slug


def test_a_long_issuer_leaves_room_for_the_title() -> None:
    first = "office-of-the-united-nations-high-commissioner-for-human-rights-regional-office-for-europe"
    slugs = {
        derive_statement_slug(title=title, issued="2022-01-27", first=first)
        for title in ("Release all of the political prisoners at once", "Stop the trials of human rights defenders")
    }
    assert len(slugs) == 2


@pytest.mark.parametrize("first", ["osce", "un"])
def test_a_long_title_without_spaces_is_cut_and_not_lost(first: str) -> None:
    slug = derive_statement_slug(title="释放所有政治犯" * 20, issued="2022-01-27", first=first)
    assert slug.startswith(f"{first}-shifangsuoyou")


# Addresses


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://WWW.Example.ORG/Path?Q=A", "https://www.example.org/Path?Q=A"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:/", "https://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://example.org/a#b", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&utm_Medium=y", "https://example.org/a"),
        ("https://example.org/a?fbclid=1&b=2&gclid=3&a=1&UTM_X=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/?b=%d0%91&a=x+y&c&d=&id=1&ref=2", "https://example.org/?b=%d0%91&a=x+y&c&d=&id=1&ref=2"),
        ("https://example.org/?&a=1&&", "https://example.org/?a=1"),
        ("https://example.org/?", "https://example.org/"),
        ("https://example.org?12345", "https://example.org/?12345"),
        ("https://example.org/?utm%5Fsource=x&my_utm_source=y", "https://example.org/?my_utm_source=y"),
        ("https://example.org//a/../b;c=1/", "https://example.org//a/../b;c=1/"),
        ("https://президент.рф/указы", "https://xn--d1abbgf6aiiy.xn--p1ai/указы"),
        ("https://ПРЕЗИДЕНТ.РФ./указы", "https://xn--d1abbgf6aiiy.xn--p1ai/указы"),
        ("https://XN--D1ABBGF6AIIY.xn--p1ai/", "https://xn--d1abbgf6aiiy.xn--p1ai/"),
        ("http://[2001:DB8:0::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://under_score.example.org/", "https://under_score.example.org/"),
    ],
)
def test_one_source_has_one_address(url: str, canonical: str) -> None:
    assert canonical_address(url) == canonical
    assert canonical_address(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/a",
        "//example.org/a",
        "ftp://example.org/",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "http:example.org",
        "http:///a",
        "https://",
        "https://?a=1",
        "https://./",
        "https://:443/",
        "https://a..org/",
        "https://exam ple.org/",
        " https://example.org/",
        "https://example.org/a b",
        "https://example.org/a\u00a0b",
        "https://example.org/\n",
        "https://example.org/\x00",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://@example.org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://[nonsense]/",
        "https://example.org\\@evil.example/",
        "https://example.org\\path",
        "https://exa%6dple.org/",
        "https://" + "a." * 200 + "org/",
    ],
)
def test_what_is_no_address_on_the_web_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].+\.$"):
        canonical_address(url)


@given(
    st.sampled_from(["http://", "https://", "HTTP://", ""]),
    st.one_of(st.sampled_from(["example.org", "ПРИМЕР.рф", "straße.de", "[::1]", "a.b."]), st.text(max_size=20)),
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.one_of(st.text(alphabet="/?&=#;a_utmfbclid%5F", max_size=30), st.text(max_size=20)),
)
def test_a_canonical_address_has_itself_as_its_canonical_address(scheme: str, host: str, port: str, rest: str) -> None:
    try:
        address = canonical_address(f"{scheme}{host}{port}{rest}")
    except ValueError:
        return
    assert canonical_address(address) == address


# Keys and excerpts


def test_a_key_is_short_and_always_the_same() -> None:
    assert short_key("c-", "statement", "measure", "880") == short_key("c-", "statement", "measure", "880")
    assert re.fullmatch(r"c-[0-9a-hjkmnp-tv-z]{8}", short_key("c-", "слова", ""))


def test_a_key_never_changes_from_one_release_to_the_next() -> None:
    assert short_key("w", "a", "b") == "wb6s73bgv"


def test_other_parts_have_another_key() -> None:
    parts = [("a", "b"), ("ab",), ("a", "b", ""), ("", "a", "b"), ("b", "a"), ()]
    assert len({short_key("k", *row) for row in parts}) == len(parts)


def test_a_key_that_is_taken_is_followed_by_the_next_one() -> None:
    first = short_key("k", "a")
    second = short_key("k", "a", taken={first})
    third = short_key("k", "a", taken={first, second})
    assert len({first, second, third}) == 3
    assert second == short_key("k", "a", taken=[first])


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("  one\n two\u00a0 three ", 200, "one two three"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one, two, three", 10, "one, two…"),
        ("освободить всех сейчас", 16, "освободить всех…"),
        ("释放所有政治犯", 5, "释放所有…"),
        ("a " + "x" * 20, 10, "a xxxxxxx…"),
        ("", 10, ""),
    ],
)
def test_an_excerpt_ends_with_a_word(text: str, length: int, short: str) -> None:
    assert excerpt(text, length=length) == short


def test_an_excerpt_does_not_take_the_mark_off_a_letter() -> None:
    assert excerpt("e\u0301" * 10, length=6) == "e\u0301e\u0301…"


@given(st.text(), st.integers(1, 50))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length=length)) <= length


@pytest.mark.parametrize("first", range(0, 0x30000, 0x1000))
def test_usual_characters_are_folded_as_all_others_are(first: int) -> None:
    """A text with a letter that is not usual is folded as a whole in the other way."""
    for code in range(first, first + 0x1000):
        if unicodedata.category(chr(code)) != "Cs":
            text = f"б{chr(code)}Ž 1{chr(code)}"
            assert fold(f"{text} ა") == f"{fold(text)} ა", ascii(text)


def test_long_words_are_cut_whatever_their_script() -> None:
    assert words(f"{'a' * 150} b {'б' * 150} 漢字") == ["a" * 100, "b", "б" * 100, "漢", "字"]
    assert words("a" * 150) == ["a" * 100]
