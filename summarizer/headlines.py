"""Headlines: which line of a page is its headline, and which lines, or parts of lines, say it again.

Compares words, so that letter case, quotes, dashes, Markdown and dots in "U.S." do not count. Knows nothing of where in
a text the lines stand.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz.distance import Editop, Levenshtein

from summarizer.sentences import SENTENCE_START, ends_whole
from summarizer.text import CALENDAR, FUNCTION_WORDS, NUMBER_WORDS, SCALES, UNSPACED, stem, word_count

# Headlines in the 100 evaluation articles' genre have 6 to 20 words; twice that is no headline any more.
LONGEST = 40
_LONGEST_CHARACTERS = 300  # for scripts that write few spaces
# A cut-off headline shorter than this may as well begin like any sentence, and a shorter one is no near match.
_FEWEST_WORDS_CUT = 4
_FEWEST_WORDS_GLUED = 5
_LONGEST_WORD = 100  # characters, with the marks and tags around it
# Behind a headline that ends in no name, a name and so many words are a sentence of their own.
_FEWEST_WORDS_LONG_REST = 10
_FEWEST_WORDS_NEAR = 5
# A site's or a section's name behind a headline ("| CNN", "- BBC News") has at most so many words.
_LONGEST_NAME = 4
_MOST_PARTS = 6
_LONGEST_NAMES = 100  # characters of names, marks and tags around a headline

_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(
    rf"{_UNSPACED.pattern}|(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]\b)?|\d+(?:[.,:]\d+)*|[^\W_{UNSPACED}]+(?:['’][^\W\d_]+)*"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_VOWELS = dict.fromkeys(map(ord, "aeiou"))
_NO_LETTERS = dict.fromkeys(map(ord, ".'’"))
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# "-40C" and "#MeToo" begin with no mark; "24: the series" does not say what 24 is.
_MARK = re.compile(r"^(?:[\s>*_•·▪–—|→►▶»›]+|[#-]+(?=[\s#*_-])|\(?\d{1,3}[.)]\s)+")
_SEPARATOR = re.compile(r"\s+(?:[|•·>»›]|::|[-‐‑‒–—―−]+)\s+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)[\"'’”»]?$")
_TERMINAL = re.compile(r"[.!?…。！？؟۔।:;,][\"'’”»)\]]*$")
_QUESTION = re.compile(r"[?!？！؟][\"'’”»)\]]*$")
# Words that begin a sentence, when a headline in sentence case goes before them.
_BEGINNING = re.compile(
    rf"{SENTENCE_START.pattern}|[\"“‘«(]?(?:I|You|My|Our|What|Who|How|Why|Where|Which|One|Two|Three|Some|Many|Most|Few|All|Both|"
    r"Each|Every|Even|Just|Now|Then|So|Yet|Still|Until|Since|Nor|Or|No|Not|Nobody|Everyone|Mr|Mrs|Ms|Dr|Prof|St|About|"
    r"Under|Over|Among|Between|During|Despite|Although|Though|Because|Once|Later|Today|Yesterday|To)\b"
)

# On one side only they turn the headline, or weaken it.
_TURNING = frozenset(
    "not no never nobody none nothing without against cannot dont doesnt didnt wont isnt nearly almost half un anti "
    "non former fake false alleged may might could".split()
)
# One of these in the place of another changes nothing; "before" in the place of "after" does.
_EXCHANGEABLE = tuple(
    map(
        frozenset,
        (
            "a an the this that".split(),
            "in at on of for over".split(),
            "is are was were be has have had".split(),
            ["and", "as"],
        ),
    )
)
# Past forms that have another stem than their verb.
_IRREGULAR = dict(
    pair.split("/")
    for pair in (
        "said/say told/tell lost/lose left/leave sent/send taught/teach lent/lend bought/buy took/take "
        "taken/take went/go gone/go saw/see seen/see kept/keep met/meet paid/pay led/lead fled/flee "
        "struck/strike shot/shoot made/make fought/fight sold/sell sought/seek spent/spend stood/stand "
        "thought/think brought/bring caught/catch dealt/deal felt/feel flew/fly heard/hear laid/lay "
        "meant/mean slept/sleep swept/sweep built/build wrote/write stole/steal"
    ).split()
)
_SIGN = re.compile(r"[£$€¥%]|(?<!\w)[-−](?=\d)")
# What a changed word costs: one less, one more or less such as "the", and a small change of form; a wholly other one in
# its place may say the opposite, "release" for "arrest". Headlines are near when it comes to at most this share of the
# longer one's words: from 0.15 to 0.3 as many are found on the fitting half of the tests' headlines
# (scripts/evaluate_parsing.py near).
_FUNCTION_WORD = 0.5
_OTHER_FORM = 0.5
_OTHER_WORD = float("inf")
NEAR = 0.2


@dataclass(frozen=True)
class Word:
    """A word as it is compared, and where it stands in its line."""

    key: str
    start: int
    end: int


def words_of(line: str) -> list[Word]:
    """The words of a line; tags, bullets and numbers before it are none."""
    blanked = _TAG.sub(lambda tag: " " * len(tag[0]), line) if "<" in line else line
    mark = _MARK.match(blanked)
    return [
        Word(_key(match[0]), match.start(), match.end()) for match in _WORD.finditer(blanked, mark.end() if mark else 0)
    ]


def _key(word: str) -> str:
    """A word as it is compared: "two" is 2, and the m of £6m is a million."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain.translate(_NO_LETTERS)
    return NUMBER_WORDS.get(plain) or str(SCALES.get(plain, plain))


def key_of(line: str) -> tuple[str, ...]:
    """A line as it is compared with others."""
    return tuple(word.key for word in words_of(line))


def length_in_words(key: tuple[str, ...]) -> float:
    """How long a line is; where no spaces are written, most words have two characters."""
    return sum(0.5 if _UNSPACED.match(word) else 1.0 for word in key)


def looks_like_headline(line: str) -> bool:
    """Whether a line may be a headline: some words, but no sentence."""
    if not 2 <= word_count(without_marks(line)) <= LONGEST or len(line) > _LONGEST_CHARACTERS:
        return False
    return line.startswith("#") or is_short_question(line) or not _TERMINAL.search(line.rstrip("*_> "))


def is_short_question(line: str) -> bool:
    """Whether a line asks or exclaims as a headline does, and not as an interviewer."""
    return bool(_QUESTION.search(line)) and not line.startswith("Q:") and len(line.split()) <= LONGEST // 2


def without_marks(line: str) -> str:
    """A line without tags, Markdown marks and bullets around it."""
    bare = _MARK.sub("", _TAG.sub(" ", line).strip())
    unclosed = bare.rstrip("#")
    bare = unclosed if unclosed.endswith(" ") else bare
    return " ".join(bare.rstrip("*_ ").split())


def readings(line: str) -> list[str]:
    """What of a line may be its headline: all of it, and what is left without names of sites and sections."""
    bare = without_marks(line)
    found = [bare]
    separators = list(_SEPARATOR.finditer(bare))
    if 0 < len(separators) < _MOST_PARTS:
        edges = [(0, 0), *(match.span() for match in separators), (len(bare), len(bare))]
        parts = [(left[1], right[0]) for left, right in pairwise(edges)]
        names = [_is_name(bare[start:end]) for start, end in parts]
        for first in range(len(parts)):
            for last in range(first, len(parts)):
                if (first, last) != (0, len(parts) - 1) and all(names[:first]) and all(names[last + 1 :]):
                    found.append(bare[parts[first][0] : parts[last][1]])
    return found


class Headline:
    """A headline, to be recognized where it stands again."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.key = key_of(title)

    @cached_property
    def _is_in_title_case(self) -> bool:
        """Whether most words begin in upper case, as those of running text do not."""
        return _is_in_title_case(self.title)

    def is_repeated_by(self, line: str) -> bool:
        """Whether a whole line is the headline again: in any form, lightly changed, or cut short."""
        if not line or not self.key or len(line) > 2 * len(self.title) + _LONGEST_NAMES:
            return False
        return any(self._is_said_by(reading) for reading in readings(line))

    def _is_said_by(self, reading: str) -> bool:
        key = key_of(reading)
        is_alike = _shape(reading) == _shape(self.title)
        if self._is_cut_to(reading, key):
            return True
        if _SIGN.findall(reading) != _SIGN.findall(self.title):  # "£5" is not "5%"
            return False
        if reading.endswith((",", ";")):  # verse
            return False
        is_same = "".join(key) == "".join(self.key)  # "by-election" is two words, "byelection" one
        # With a full stop it may be a refrain, or what somebody said.
        is_same &= is_alike or not _ends_a_sentence(reading) or _ends_a_sentence(self.title)
        return is_same or (is_alike and self.difference(key) <= NEAR)

    def _is_cut_to(self, reading: str, key: tuple[str, ...]) -> bool:
        """Whether an ellipsis stands for the rest of the headline; the last word may be cut, too."""
        if length_in_words(key) < _FEWEST_WORDS_CUT or len(key) > len(self.key) or not _ELLIPSIS.search(reading):
            return False
        return key[:-1] == self.key[: len(key) - 1] and self.key[len(key) - 1].startswith(key[-1])

    def difference(self, key: tuple[str, ...]) -> float:
        """What it costs to change the headline into these words, by word.

        Infinite where one of them is short, or where only one of them negates.
        """
        longer, shorter = max(len(key), len(self.key)), min(len(key), len(self.key))
        if shorter < _FEWEST_WORDS_NEAR or longer > 2 * shorter:
            return float("inf")
        if _TURNING & (set(key) ^ set(self.key)):
            return float("inf")
        return sum((self._cost(edit, key) for edit in Levenshtein.editops(self.key, key)), 0.0) / longer

    def _cost(self, edit: Editop, key: tuple[str, ...]) -> float:
        here, there = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            return _cost_of_replacing(self.key[here], key[there])
        word = self.key[here] if edit.tag == "delete" else key[there]
        if _UNSPACED.match(word):  # it may say "not"
            return _OTHER_WORD
        if word in FUNCTION_WORDS:
            return _FUNCTION_WORD
        # What is said of less or more, "a rusty pan" for "a pan", is another headline; a number before it is its own.
        is_said_more = edit.tag == "insert" and not (there == 0 and word.isdigit())
        return _OTHER_WORD if is_said_more else 1.0

    def glued_before(self, line: str, is_known_to_repeat: bool) -> int:
        """Where in a line the text begins that the headline is glued to the front of; 0 when it is not.

        :param is_known_to_repeat: whether the page has the headline on lines of its own, too. Then a name may follow.
        """
        if self.key[:1] != key_of(line[:_LONGEST_WORD])[:1]:  # most lines: seen without looking at all their words
            return 0
        words = words_of(line[: 2 * len(self.title) + _LONGEST_CHARACTERS])
        count = len(self.key)
        if length_in_words(self.key) < _FEWEST_WORDS_GLUED or len(words) <= count:
            return 0
        if tuple(word.key for word in words[:count]) != self.key:
            return 0
        end, following = words[count - 1].end, words[count]
        glue = re.match(r"[.?!\"'’”*_]*\s*[:|.–—-]*\s*", line[end:])
        begin = end + (glue.end() if glue else 0)
        glued_by = line[end:begin]
        if not glued_by or not line[following.start].isupper() or begin > following.start:
            return 0
        rest = line[begin:]
        is_shouted = line[:end].isupper() and not rest.isupper()
        if any(mark in glued_by for mark in ".?!") and not is_shouted:  # the article's first sentence
            return 0
        ends_in_no_name = "-" in glued_by or line[words[count - 1].start].islower()
        is_long = ends_in_no_name and len(rest.split()) >= _FEWEST_WORDS_LONG_REST
        may_begin = (
            any(mark in glued_by for mark in ":|")
            or bool(_BEGINNING.match(rest))
            or is_shouted
            or (
                # "Fans mourn the death of Pope Francis": a name in running text may go on.
                (ends_in_no_name or _is_in_title_case(line[:end]))
                and (self._is_in_title_case or is_known_to_repeat or is_long)
                and following.key not in CALENDAR
            )
        )
        return begin if may_begin and ends_whole(rest) else 0

    def glued_behind(self, line: str) -> int:
        """Where in a line the headline begins that is glued to the end of its text; 0 when it is not."""
        count = len(self.key)
        if self.key[-1:] != key_of(f"- {line[-_LONGEST_WORD:]}")[-1:]:
            return 0
        start = max(len(line) - 2 * len(self.title) - _LONGEST_CHARACTERS, 0)
        words = words_of(line[start:])
        if length_in_words(self.key) < _FEWEST_WORDS_GLUED or len(words) <= count:
            return 0
        if tuple(word.key for word in words[-count:]) != self.key:
            return 0
        begin = start + words[-count].start
        before = re.sub(r"\s+[#*_\"“‘'(]*$", "", line[:begin])
        # A paragraph may end in the question that its headline asks.
        says_it = _ends_a_sentence(line) and not (_ends_a_sentence(self.title) and _is_in_title_case(line[begin:]))
        return len(before) if ends_whole(before) and not says_it else 0


def _is_in_title_case(text: str) -> bool:
    """Whether most words begin in upper case."""
    letters = [word for word in text.split() if word[:1].isalpha() and len(word) > 3]
    return len(letters) > 2 and sum(word[0].isupper() for word in letters) > 0.8 * len(letters)


def _cost_of_replacing(word: str, other: str) -> float:
    if {word, other} & FUNCTION_WORDS:
        return _FUNCTION_WORD if any({word, other} <= group for group in _EXCHANGEABLE) else _OTHER_WORD
    is_form = _base(word) == _base(other) or (len(_consonants(word)) > 1 and _consonants(word) == _consonants(other))
    return _OTHER_FORM if is_form and word.isalpha() and word[0] == other[0] else _OTHER_WORD


def _base(word: str) -> str:
    """What "leaves" and "left" have in common, and "apologises" and "apologizes"."""
    return stem(_IRREGULAR.get(word, word)).replace("z", "s")


def _consonants(word: str) -> str:
    """What "find" and "found" have in common, and "rise" and "rose"."""
    return word.translate(_VOWELS)


def _is_name(text: str) -> bool:
    """A few words that all begin in upper case, such as "BBC News"; "experts cheer" is none."""
    words = text.split()
    is_short = 0 < len(words) <= _LONGEST_NAME and not ends_whole(text)
    return is_short and all(not word[0].islower() for word in words)


def _shape(line: str) -> tuple[bool, int]:
    """Whether a line ends a sentence, and its separators: a remark behind a headline is no change of its words."""
    return _ends_a_sentence(line), len(_SEPARATOR.findall(line))


def _ends_a_sentence(text: str) -> bool:
    return bool(re.search(r"[.!?。！？؟۔।][\"'’”»)\]]*$", text))
