"""A headline and a line → whether the line, or a part of it, repeats the headline.

The comparison is by words: letter case, quotes, dashes, Markdown and the dots of "U.S." make no difference.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz.distance import Editop, Levenshtein

from summarizer.text.lexicon import CALENDAR, FUNCTION_WORDS, HEADLINE_NEGATORS
from summarizer.text.numbers import NUMBER_WORDS, SCALES
from summarizer.text.sentences import SENTENCE_START, ends_whole
from summarizer.text.words import UNSPACED, cached_by_word, stem, word_count

# News headlines such as those of the 100 evaluation articles have 6 to 20 words; this is twice the longest.
_MAX_HEADLINE_WORDS = 40
_MAX_HEADLINE_CHARACTERS = 300  # for scripts that use few spaces
# A shorter truncated headline may be the beginning of any sentence.
_MIN_TRUNCATED_WORDS = 4
_MIN_GLUED_WORDS = 5
_MIN_NEAR_WORDS = 5
_MAX_WORD_CHARACTERS = 100  # with the marks and tags around the word
# Glued after a headline that does not end in a name, a text that begins with a name is a sentence from this length on.
_MIN_LONG_REST_WORDS = 10
# The name of a site or of a section after a headline: "| CNN", "- BBC News".
_MAX_NAME_WORDS = 4
_MAX_PARTS = 6  # of a line, between separators
_MAX_AFFIX_CHARACTERS = 100  # all names, marks and tags around a headline

_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(
    rf"{_UNSPACED.pattern}|(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]\b)?|\d+(?:[.,:]\d+)*|[^\W_{UNSPACED}]+(?:['’][^\W\d_]+)*"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_VOWELS = dict.fromkeys(map(ord, "aeiou"))
_INNER_MARKS = dict.fromkeys(map(ord, ".'’"))
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# List marks, Markdown marks and numbers before a line; not the first characters of "-40C", "#MeToo", "24: the series".
_MARK = re.compile(r"^(?:[\s>*_•·▪–—|→►▶»›]+|[#-]+(?=[\s#*_-])|\(?\d{1,3}[.)]\s)+")
_SEPARATOR = re.compile(r"\s+(?:[|•·>»›]|::|[-‐‑‒–—―−]+)\s+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)[\"'’”»]?$")
_TERMINAL = re.compile(r"[.!?…。！？؟۔।:;,][\"'’”»)\]]*$")
_QUESTION = re.compile(r"[?!？！؟][\"'’”»)\]]*$")
# Words that begin a sentence if a headline in sentence case precedes them.
_BEGINNING = re.compile(
    rf"{SENTENCE_START.pattern}|[\"“‘«(]?(?:I|You|My|Our|What|Who|How|Why|Where|Which|One|Two|Three|Some|Many|Most|Few|All|Both|"
    r"Each|Every|Even|Just|Now|Then|So|Yet|Still|Until|Since|Nor|Or|No|Not|Nobody|Everyone|Mr|Mrs|Ms|Dr|Prof|St|About|"
    r"Under|Over|Among|Between|During|Despite|Although|Though|Because|Once|Later|Today|Yesterday|To)\b"
)

# Function words that replace one another without a change of meaning; "before" for "after" would change it.
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
# Past forms with another stem than their verb.
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
# Edit costs per word: 1 for a deleted content word, these for a function word and for another form of the same word.
# Replacing or inserting a content word is forbidden, since it can reverse the meaning: "release" for "arrest".
_FUNCTION_WORD_COST = 0.5
_OTHER_FORM_COST = 0.5
_FORBIDDEN_COST = float("inf")
# Headlines are near-duplicates up to this cost, as a share of the longer one's words. From 0.15 to 0.3 equally many are
# found among the fitting half of the headline pairs (`python -m scripts.evaluation.cleaning near`).
NEAR = 0.2


@dataclass(frozen=True)
class Word:
    """A word of a line.

    :param key: the word as it is compared.
    :param start: in characters of the line.
    """

    key: str
    start: int
    end: int


def words_of(line: str) -> list[Word]:
    """The words of a line, without tags and without bullets and numbers before it."""
    blanked = _TAG.sub(lambda tag: " " * len(tag[0]), line) if "<" in line else line
    mark = _MARK.match(blanked)
    return [
        Word(_key(match[0]), match.start(), match.end()) for match in _WORD.finditer(blanked, mark.end() if mark else 0)
    ]


@cached_by_word
def _key(word: str) -> str:
    """A word as it is compared: "two" is 2, and the "m" of "£6m" is a million."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain.translate(_INNER_MARKS)
    return NUMBER_WORDS.get(plain) or str(SCALES.get(plain, plain))


def key_of(line: str) -> tuple[str, ...]:
    """The words of a line as they are compared; equal for lines that differ in case and punctuation only."""
    return tuple(word.key for word in words_of(line))


def length_in_words(key: tuple[str, ...]) -> float:
    """The number of words; in scripts without spaces, two characters count as one."""
    return sum(0.5 if _UNSPACED.match(word) else 1.0 for word in key)


def looks_like_headline(line: str) -> bool:
    """Whether a line may be a headline: a few words that do not end as a sentence."""
    if not 2 <= word_count(without_marks(line)) <= _MAX_HEADLINE_WORDS or len(line) > _MAX_HEADLINE_CHARACTERS:
        return False
    return line.startswith("#") or is_short_question(line) or not _TERMINAL.search(line.rstrip("*_> "))


def is_short_question(line: str) -> bool:
    """Whether a line is a question or an exclamation that may be a headline, and not an interviewer's question."""
    return bool(_QUESTION.search(line)) and not line.startswith("Q:") and len(line.split()) <= _MAX_HEADLINE_WORDS // 2


def without_marks(line: str) -> str:
    """A line without the tags, Markdown marks and bullets around it."""
    bare = _MARK.sub("", _TAG.sub(" ", line).strip())
    unhashed = bare.rstrip("#")
    bare = unhashed if unhashed.endswith(" ") else bare
    return " ".join(bare.rstrip("*_ ").split())


def variants(line: str) -> list[str]:
    """The headlines that a line may contain: the whole line, then its parts without names of sites and sections."""
    bare = without_marks(line)
    candidates = [bare]
    separators = list(_SEPARATOR.finditer(bare))
    if 0 < len(separators) < _MAX_PARTS:
        edges = [(0, 0), *(match.span() for match in separators), (len(bare), len(bare))]
        parts = [(left[1], right[0]) for left, right in pairwise(edges)]
        names = [_is_name(bare[start:end]) for start, end in parts]
        for first in range(len(parts)):
            for last in range(first, len(parts)):
                if (first, last) != (0, len(parts) - 1) and all(names[:first]) and all(names[last + 1 :]):
                    candidates.append(bare[parts[first][0] : parts[last][1]])
    return candidates


class Headline:
    """A headline, and the comparison of lines with it.

    :param title: its text.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.key = key_of(title)

    @cached_property
    def _is_in_title_case(self) -> bool:
        return _is_in_title_case(self.title)

    def is_repeated_by(self, line: str) -> bool:
        """Whether a whole line repeats the headline: in another form, slightly changed, or truncated."""
        if not line or not self.key or len(line) > 2 * len(self.title) + _MAX_AFFIX_CHARACTERS:
            return False
        return any(self._matches(variant) for variant in variants(line))

    def _matches(self, variant: str) -> bool:
        key = key_of(variant)
        has_same_shape = _shape(variant) == _shape(self.title)
        if self._is_truncated_to(variant, key):
            return True
        if _SIGN.findall(variant) != _SIGN.findall(self.title):  # "£5" and "5%" differ
            return False
        if variant.endswith((",", ";")):  # verse
            return False
        is_same = "".join(key) == "".join(self.key)  # "by-election" is two words, "byelection" one
        # With a full stop, the line may be a refrain or a remark.
        is_same &= has_same_shape or not _ends_sentence(variant) or _ends_sentence(self.title)
        return is_same or (has_same_shape and self.difference(key) <= NEAR)

    def _is_truncated_to(self, variant: str, key: tuple[str, ...]) -> bool:
        """Whether a line is the beginning of the headline and an ellipsis; the last word may be truncated, too."""
        if length_in_words(key) < _MIN_TRUNCATED_WORDS or len(key) > len(self.key) or not _ELLIPSIS.search(variant):
            return False
        return key[:-1] == self.key[: len(key) - 1] and self.key[len(key) - 1].startswith(key[-1])

    def difference(self, key: tuple[str, ...]) -> float:
        """The cost of changing the headline into these words, divided by the number of words of the longer one.

        Infinite if one of them is short, or if only one of them contains a negation.
        """
        longer, shorter = max(len(key), len(self.key)), min(len(key), len(self.key))
        if shorter < _MIN_NEAR_WORDS or longer > 2 * shorter:
            return float("inf")
        if HEADLINE_NEGATORS & (set(key) ^ set(self.key)):
            return float("inf")
        return sum((self._cost(edit, key) for edit in Levenshtein.editops(self.key, key)), 0.0) / longer

    def _cost(self, edit: Editop, key: tuple[str, ...]) -> float:
        position, other_position = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            return _replacement_cost(self.key[position], key[other_position])
        word = self.key[position] if edit.tag == "delete" else key[other_position]
        if _UNSPACED.match(word):  # the character may be a negation
            return _FORBIDDEN_COST
        if word in FUNCTION_WORDS:
            return _FUNCTION_WORD_COST
        # An inserted word makes another headline, "a rusty pan" of "a pan"; a number before the headline does not.
        adds_meaning = edit.tag == "insert" and not (other_position == 0 and word.isdigit())
        return _FORBIDDEN_COST if adds_meaning else 1.0

    def glued_before(self, line: str, is_known_to_repeat: bool) -> int:
        """The index at which the text of a line begins if the headline is glued before it; else 0.

        :param is_known_to_repeat: whether the page also has the headline on a line by itself. If so, the text may begin
            with a name.
        """
        if (
            self.key[:1] != key_of(line[:_MAX_WORD_CHARACTERS])[:1]
        ):  # excludes most lines without reading all their words
            return 0
        words = words_of(line[: 2 * len(self.title) + _MAX_HEADLINE_CHARACTERS])
        count = len(self.key)
        if length_in_words(self.key) < _MIN_GLUED_WORDS or len(words) <= count:
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
        is_long = ends_in_no_name and len(rest.split()) >= _MIN_LONG_REST_WORDS
        may_begin = (
            any(mark in glued_by for mark in ":|")
            or bool(_BEGINNING.match(rest))
            or is_shouted
            or (
                # In "Fans mourn the death of Pope Francis" the name continues after "Pope".
                (ends_in_no_name or _is_in_title_case(line[:end]))
                and (self._is_in_title_case or is_known_to_repeat or is_long)
                and following.key not in CALENDAR
            )
        )
        return begin if may_begin and ends_whole(rest) else 0

    def glued_after(self, line: str) -> int:
        """The index at which the text of a line ends if the headline is glued after it; else 0."""
        count = len(self.key)
        if self.key[-1:] != key_of(f"- {line[-_MAX_WORD_CHARACTERS:]}")[-1:]:
            return 0
        start = max(len(line) - 2 * len(self.title) - _MAX_HEADLINE_CHARACTERS, 0)
        words = words_of(line[start:])
        if length_in_words(self.key) < _MIN_GLUED_WORDS or len(words) <= count:
            return 0
        if tuple(word.key for word in words[-count:]) != self.key:
            return 0
        begin = start + words[-count].start
        text = re.sub(r"\s+[#*_\"“‘'(]*$", "", line[:begin])
        # A paragraph may end in the question that is its headline.
        is_sentence = _ends_sentence(line) and not (_ends_sentence(self.title) and _is_in_title_case(line[begin:]))
        return len(text) if ends_whole(text) and not is_sentence else 0


def _is_in_title_case(text: str) -> bool:
    """Whether most words begin in upper case, as in headlines and unlike running text."""
    letters = [word for word in text.split() if word[:1].isalpha() and len(word) > 3]
    return len(letters) > 2 and sum(word[0].isupper() for word in letters) > 0.8 * len(letters)


def _replacement_cost(word: str, other: str) -> float:
    if {word, other} & FUNCTION_WORDS:
        return _FUNCTION_WORD_COST if any({word, other} <= group for group in _EXCHANGEABLE) else _FORBIDDEN_COST
    is_form = _base(word) == _base(other) or (len(_consonants(word)) > 1 and _consonants(word) == _consonants(other))
    return _OTHER_FORM_COST if is_form and word.isalpha() and word[0] == other[0] else _FORBIDDEN_COST


def _base(word: str) -> str:
    """A stem that "leaves" and "left" share, and "apologises" and "apologizes"."""
    return stem(_IRREGULAR.get(word, word)).replace("z", "s")


def _consonants(word: str) -> str:
    """The consonants, which "find" and "found" share, and "rise" and "rose"."""
    return word.translate(_VOWELS)


def _is_name(text: str) -> bool:
    """Whether a text is a few words that all begin in upper case: "BBC News", not "experts cheer"."""
    words = text.split()
    is_short = 0 < len(words) <= _MAX_NAME_WORDS and not ends_whole(text)
    return is_short and all(not word[0].islower() for word in words)


def _shape(line: str) -> tuple[bool, int]:
    """Whether a line ends as a sentence, and its number of separators; a remark after a headline changes them."""
    return _ends_sentence(line), len(_SEPARATOR.findall(line))


def _ends_sentence(text: str) -> bool:
    return bool(re.search(r"[.!?。！？؟۔।][\"'’”»)\]]*$", text))
