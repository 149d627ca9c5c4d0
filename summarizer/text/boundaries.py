"""Where a text is split into sentences: what stands around a full stop decides.

Written for this project, since no library that was tried finds more than three of four sentences of the hard cases
(`python -m scripts.evaluation.splitters`). What is known of each language is data, in `abbreviations.toml`.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from summarizer.text.lexicon import CALENDAR, SPEECH_VERBS

# Characters before and behind a full stop that are looked at.
_WINDOW = 120
_MAX_SPEECH = 1_000  # of a quotation
_QUOTES_THAT_OPEN = "\"'“‘«‹„‚「『《〈”’»›"
_BEFORE_WORD = "([{（【¿¡"
# Closing marks; “ and « only close in texts that open with „ and ».
_CLOSING = "\"'”’)\\]}」』）】》〉"
# French puts a space before its closing mark.
_SPACED_CLOSING = r"[ \u00a0\u202f][»›](?=[\s,;:.)]|$)"
# "[4]", "[4]: 12" and raised numbers behind a full stop belong to the sentence before.
_CITATION = r"\[\w{1,3}\](?::[ \u00a0]?\d+)?"
_RAISED = re.compile(r"(?<=[^\W\d_][.!?])\d{1,2}(?:[-–,]\d{1,2})*(?=\s+[^\W\d_])")
_WIDE_STOPS = frozenset("。！？｡।॥")
_ELLIPSIS = re.compile(r"…|‥|\.\s?\.")
# What never begins a sentence.
_GOES_ON = re.compile(r"[,;:)\]}%/、，；：）」』》〉]|[”’»](?![^\W_])|\(\d")
# A small letter, a full stop and a capital without a space between them: a space was lost.
_GLUED = re.compile(r"(?:[^\W\d_A-Z]{3}|\b[ap]\.m|\d)$")
_ADDRESS = re.compile(r"(?:://|www\.|@)\S*$")
_WORD_BEFORE = re.compile(r"[^\W_]+(?:[.\-:][^\W_]+)*$")
_NEXT_WORD = re.compile(
    rf"(?:[’'][stn]\s|[{re.escape(_QUOTES_THAT_OPEN + _BEFORE_WORD)}\s–—-])*([^\W_]+(?:['’-][^\W_]+)*)"
)
_ROMAN = re.compile(r"[IVXLCDM]{2,}")
# "U.S." and "D.C." end a sentence only before a word that begins one.
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]|([A-Z])\1")
# "Yahoo! Inc."
_COMPANY = re.compile(r"(?:Inc|Corp|Co|Ltd|LLC|AG|GmbH|Group|Brands)\b")
_SAID = re.compile(
    rf"(?:(?:[A-Z][\w.'’-]*|the|a|an|one|his|her|their|its|of|and|mr|mrs|ms)\s+){{1,6}}?{SPEECH_VERBS}\b", re.IGNORECASE
)
_DOUBLED = re.compile(r"([A-Z])\1")
_QUOTES_THAT_CLOSE = re.compile('["”’»」』“]')
# A day and a month, or a year, after a number: the two are one date.
_REST_OF_DATE = re.compile(r"\s*(?:\d{1,2}\.|\d{4}\b)")
_HIRAGANA = re.compile(r"[\u3040-\u309f]|的")
# Languages in which a full stop of the Latin script only abbreviates.
_OTHER_STOPS_ONLY = frozenset("bn hi ja mr ne zh".split())
# Languages that write ordinals and dates with a full stop: "am 3. Oktober", "2021. 3. 15."
_ORDINALS = frozenset("cs da de et fi hr hu is ko lt lv nb no pl sk sl sr tr".split())
_MONTHS = frozenset(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    """.split()
)
# Before a German ordinal: "im 19. Jahrhundert", "der 2. Bürgermeister".
_BEFORE_ORDINAL = frozenset(
    """
    ab am an auf beim bis das dem den der des die diesem dieser ein eine einem einen einer eines für ihr ihre ihrem
    ihren im in jeder jedem jeden mit nach sein seine seinem seinen seit und vom von vor zum zur zwischen
    """.split()
)
# "1998 г.", "XIX ст.", "1998 r.": behind a number these may end a sentence.
# These are before a name even if it is spelt like a word that begins sentences.
_TITLES = frozenset("dhr dr fr hr m mevr mlle mme mr mrs ms prof sig sr sra г-н".split())
_YEARS = frozenset("г гг в вв ст р рр r w".split())


def boundaries(text: str, language: str | None) -> Iterator[int]:
    """The positions at which one sentence ends and the next begins; the white space between them follows.

    :param text: one line or paragraph.
    :param language: a tag such as `de`; English if it is None.
    """
    rules, length = _Rules(text, language or "en"), len(text.rstrip())
    for match in _stop(_other_closing(text)).finditer(text):
        end = match.end()
        if raised := _RAISED.match(text, end):
            end = raised.end()
        if end < length and rules.is_end(match.start("stop"), match["stop"], end):
            yield end


@cache
def _stop(closing: str) -> re.Pattern[str]:
    """A full stop with what belongs to the sentence before it."""
    return re.compile(
        rf"(?P<stop>\.(?:[ \u00a0]\.)+|[.!?…‥]+|[。！？｡؟۔।॥]+)(?:[{_CLOSING}{closing}]|{_SPACED_CLOSING}|{_CITATION})*"
    )


def _other_closing(text: str) -> str:
    """The marks that close quotations in this text and open them in others."""
    angles = re.search("[«»‹›]", text)
    is_german = angles is not None and angles[0] in "»›"
    return ("“‘" if "„" in text or "‚" in text else "") + ("«‹" if is_german else "»›")


@dataclass(frozen=True)
class _Language:
    """What is known of a language: abbreviations in small letters without their last full stop, and starters."""

    titles: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    enders: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()

    @classmethod
    @cache
    def of(cls, tag: str) -> "_Language":
        """The language of a tag; nothing is known of others."""
        tag = tag.partition("-")[0]
        with Path(__file__).with_name("abbreviations.toml").open("rb") as file:
            lists = tomllib.load(file).get(tag, {})
        return cls(**{field.name: frozenset(lists.get(field.name, "").split()) for field in fields(cls)})


class _Rules:
    """The decision whether a full stop ends a sentence."""

    def __init__(self, text: str, tag: str) -> None:
        self._text = text
        self._tag = tag
        self._language = _Language.of(tag)
        words = [match[1] for match in _NEXT_WORD.finditer(text[:1_000])]
        self._has_capitals = any(word[0].isupper() for word in words)
        self._begin = 0
        self._is_speech = False

    def is_end(self, start: int, stop: str, end: int) -> bool:
        """Whether the sentence ends at `end`, behind a full stop that begins at `start`."""
        sentence = self._text[self._begin : min(start, self._begin + _MAX_SPEECH)].lstrip()
        if sentence[:1] in _QUOTES_THAT_OPEN:  # a quotation begins its sentence; its speech verb may follow it
            self._is_speech = not _QUOTES_THAT_CLOSE.search(sentence, 1)
        closing = self._text[start + len(stop) : end].strip()
        is_end = self._is_end(start, stop, end, closing)
        if is_end:
            self._begin = end
        if closing:
            self._is_speech = False
        return is_end

    def _is_end(self, start: int, stop: str, end: int, closing: str) -> bool:
        following = self._text[end : end + _WINDOW].lstrip()
        if _GOES_ON.match(following) or closing[:1] in tuple("》〉"):
            return False
        found = _NEXT_WORD.match(following)
        next_word = found[1] if found else ""
        if not self._has_capitals or (not next_word[:1].isascii() and next_word[:1].lower() == next_word[:1].upper()):
            return self._is_end_without_capitals(stop, closing, following, start)
        if not self._text[end].isspace() and stop[0] not in _WIDE_STOPS and not self._is_glued(start, end, next_word):
            return False
        opens = stop == "." and not closing and following[:1] in _QUOTES_THAT_OPEN  # "… asked. ‘you want a hug?’"
        if next_word[:1].islower() and not next_word[1:2].isupper() and not opens:
            return False
        if stop != ".":
            is_said = bool(closing) and self._tag == "en" and bool(_SAID.match(following))
            return not is_said and not _COMPANY.match(following)
        word = _WORD_BEFORE.search(self._before(start))
        return word is None or not self._is_abbreviation(word[0], start - len(word[0]), next_word, bool(closing))

    def _is_end_without_capitals(self, stop: str, closing: str, following: str, start: int) -> bool:
        """The same for scripts without capitals, and for texts that use none."""
        has_quote = bool(set(closing) & set('"”’»」』'))
        if has_quote and ((self._is_speech and following[:1] not in _QUOTES_THAT_OPEN) or _HIRAGANA.match(following)):
            return False
        if stop[0] in _WIDE_STOPS:
            return bool(closing) or self._is_speech or not self._is_in_quotation(start)
        if _ELLIPSIS.match(stop) or not self._text[start + len(stop) + len(closing) :][:1].isspace():
            return False
        word = _WORD_BEFORE.search(self._before(start))
        if stop != "." or word is None:
            return stop != "." or self._tag not in _OTHER_STOPS_ONLY
        latin = _Language.of("en")
        is_latin = word[0].isascii() and word[0].casefold() in latin.titles | latin.numbers
        is_short = len(word[0]) == 1 or bool(_ACRONYM.fullmatch(word[0]))
        is_number = word[0].isdigit() and self._is_number(word[0], start - len(word[0]), following[:1])
        is_joined = is_latin or is_short or is_number or word[0] in self._language.joined
        return not is_joined and self._tag not in _OTHER_STOPS_ONLY

    def _is_glued(self, start: int, end: int, next_word: str) -> bool:
        """Whether the space behind a full stop was lost."""
        before = self._before(start)
        is_word = next_word[:1].isupper() and (len(next_word) == 1 or not next_word[1].isupper())
        return is_word and bool(_GLUED.search(before)) and not _ADDRESS.search(before)

    def _is_in_quotation(self, place: int) -> bool:
        """Whether a Chinese or Japanese quotation is open, as in the title of a programme."""
        sentence = self._text[max(self._begin, place - _MAX_SPEECH) : place]
        return any(sentence.count(pair[0]) > sentence.count(pair[1]) for pair in ("「」", "『』", "“”", "《》"))

    def _before(self, place: int) -> str:
        return self._text[max(place - _WINDOW, self._begin) : place]

    def _is_starter(self, word: str) -> bool:
        """Whether a word begins a sentence; "L'usine" does because of its article."""
        article, apostrophe, _ = word.replace("’", "'").partition("'")
        return word in self._language.starters or article + apostrophe in self._language.starters

    def _is_abbreviation(self, word: str, at: int, following: str, is_closed: bool) -> bool:
        """Whether the full stop behind a word only abbreviates it.

        :param at: where the word begins.
        :param is_closed: whether a closing mark is behind the full stop.
        """
        known, plain = self._language, word.casefold()
        is_year = self._is_year(plain, at) and not following[:1].isdigit()
        is_doubled = _DOUBLED.fullmatch(word) and _DOUBLED.fullmatch(following)  # "CC. OO."
        is_certain = plain in _TITLES or not self._is_starter(following)  # "20 ft. The flag"
        is_contraction = len(word) == 1 and self._text[at - 1 : at] in tuple("'’")  # "aren't."
        if is_doubled or (plain in known.titles and is_certain and not is_year and not is_contraction):
            return True
        if word.isdigit() or _ROMAN.fullmatch(word):
            return self._is_number(word, at, following)
        is_initial = len(word) == len(following) == 1 and self._text[at + 2 :].lstrip()[1:2] == "."
        is_ender = plain in known.enders and following[:1].isupper()
        if is_closed or is_year or is_ender or is_contraction or (self._is_starter(following) and not is_initial):
            return False
        if following[:1].isdigit() or _ROMAN.fullmatch(following) or following in tuple("IVX"):
            return plain in known.numbers or plain in known.joined or self._is_street(plain)
        if plain in ("a.m", "p.m"):
            return following.casefold() in CALENDAR or following.isupper()
        return len(word) == 1 or bool(_ACRONYM.fullmatch(word)) or plain in known.joined

    def _is_year(self, word: str, at: int) -> bool:
        before = _WORD_BEFORE.search(self._before(at).rstrip())
        return word in _YEARS and before is not None and (before[0][-1].isdigit() or bool(_ROMAN.fullmatch(before[0])))

    def _is_street(self, word: str) -> bool:
        return word.endswith("str") and self._tag in ("de", "nl")

    def _is_number(self, number: str, at: int, following: str) -> bool:
        """Whether a number with a full stop is an ordinal, part of a date, or numbers an item."""
        before = self._before(at).rstrip()
        previous = _WORD_BEFORE.search(before.rstrip("."))
        word = previous[0].casefold() if previous else ""
        is_named = word in self._language.numbers or word in self._language.joined  # "Kap. 7."
        is_decimal = self._text[at - 1 : at] in tuple(",.:")
        is_listed = before[-1:] in tuple(",;、，；") and not following[:1].isupper()
        begins_item = not before or is_listed or before[-1] in ":：" or (before[-1] in ".!?" and not word.isdigit())
        if len(number) < 3 and begins_item and not is_named and not is_decimal:
            return True
        if self._tag not in _ORDINALS or is_decimal or self._is_starter(following):
            return False
        if _REST_OF_DATE.match(self._text, at + len(number) + 1) or (before[-1:] == "." and word.isdigit()):
            return True
        is_noun = word in _BEFORE_ORDINAL and following[:1].isupper()
        return len(number) < 3 and (following.casefold() in _MONTHS or (self._tag == "de" and is_noun))
