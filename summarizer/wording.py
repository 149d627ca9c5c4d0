"""The check of words: whether a sentence says more, or turns what is said, by the words that it has and lacks.

Negations, hedges, conditions, names and numbers are known by lists. It is strict on purpose: a sentence that it refuses
wrongly costs some brevity, one that it lets through wrongly costs the reader's trust. Knows nothing of models.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.text import FUNCTION_WORDS, stem, terms

# Words that turn or weaken a claim, by how far they reach in their sentence.
# To the end of their clause:
_CLAUSE_GUARDS = frozenset(
    "no not never none nobody nothing nowhere neither nor without hardly barely scarcely "
    "may might could would should can must likely unlikely possibly possible perhaps probably".split()
)
# To the end of the sentence, since what is denied or alleged often follows an aside:
_SENTENCE_GUARDS = frozenset(
    "deny denies denied refuse refuses refused fail fails failed allegedly alleged alleges reportedly reported "
    "apparently supposedly suspected believed believes thought thinks claimed claims claim accused suggests suggested "
    "suggest appears appeared seems seemed expected untrue false according threatened threatens plan plans planned "
    "proposes proposed hopes hoped wants wanted vows vowed promises promised".split()
)
# To the next word that carries meaning, mostly a number:
_NEXT_WORD_GUARDS = frozenset(
    "about around nearly almost roughly approximately estimated fewer less more least most".split()
)
# Conditions and exceptions, which belong to the claim wherever they stand:
_CONDITIONS = frozenset("if unless until only except".split())
_GUARDS = _CLAUSE_GUARDS | _SENTENCE_GUARDS | _NEXT_WORD_GUARDS | _CONDITIONS
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands "
    "million millions billion billions half twice double".split()
)
# What an exact copy consists of: words with their possessive ending, numbers with sign, currency and percent.
_TOKEN = re.compile(r"[£$€¥₹%]|(?<!\w)[-−](?=\d)|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONTRACTIONS = (
    (re.compile(r"\bcan['’]t\b|\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
)
_SELF_REFERENCE = re.compile(
    r"^(?:in (?:summary|conclusion|short)\W|overall\W)?\s*"
    r"(?:(?:according to|in)\s+(?:the|this)\s+(?:article|text|passage)\b"
    r"|(?:the|this)\s+(?:above\s+)?(?:article|text|passage|summary)\s+(?:\w+\s+)?"
    r"(?:discuss|describ|highlight|explor|explain|outlin|summari[sz]|focus|provid|present|examin|mention|detail|"
    r"emphasi[sz]|conclud|talk|cover|state|report|say|note|argue|is about))",
    re.IGNORECASE,
)


def keeps_to_source(shortened: str, source: str) -> bool:
    """Whether a shortened sentence says nothing that its source sentence does not say.

    Its words, numbers and signs must stand in the source, in that order, endings apart; and it must keep every
    negation and hedge that bears on a word that it keeps.
    """
    shortened, source = _expanded(shortened), _expanded(source)
    ours = set(_content_stems(terms(shortened)))
    if not ours or not _is_in_order(_tokens(shortened), _tokens(source)):
        return False
    kept = Counter(_guards(terms(shortened)))
    return _required_guards(source, ours) <= kept <= Counter(_guards(terms(source)))


def turns(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a sentence in other words lacks a negation or hedge that its sources put on its words, or adds one."""
    sentence, sources = _expanded(sentence), [_expanded(source) for source in sources]
    words = set(_content_stems(terms(sentence)))
    kept = Counter(_guards(terms(sentence)))
    required = sum((_required_guards(source, words) for source in sources), Counter[str]())
    return not required <= kept <= Counter(_guards(terms(" ".join(sources))))


def _tokens(text: str) -> list[str]:
    """Words without their endings, but with a possessive's, numbers and signs, in order."""
    return [stem(token) + ("'s" if re.search(r"['’]s?$", token) else "") for token in _TOKEN.findall(text)]


def _is_in_order(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether all of `ours` stands among `theirs` in the same order."""
    rest = iter(theirs)
    return all(token in rest for token in ours)


def speaks_of_itself(sentence: str) -> bool:
    """Whether a sentence is about the article ("The article discusses …") instead of what the article is about."""
    return bool(_SELF_REFERENCE.match(sentence))


def _expanded(text: str) -> str:
    """The text with "n't" as "not", so that a negation is the same word in both forms."""
    for contracted, full in _CONTRACTIONS:
        text = contracted.sub(full, text)
    return text


def _required_guards(source: str, kept: set[str]) -> Counter[str]:
    """The negations and hedges of the source that bear on one of the stems kept."""
    required: Counter[str] = Counter()
    sentence = set(_content_stems(terms(source)))
    clauses = [terms(clause) for clause in re.split(r"[,;:](?=\s)|[()–—]|\s-\s", source)]
    for number, clause in enumerate(clauses):
        later = [term for following in clauses[number + 1 :] for term in following]
        for position, term in enumerate(clause):
            guard, rest = term.casefold(), clause[position + 1 :]
            if guard in _CONDITIONS or (guard in _SENTENCE_GUARDS and number):
                reach = sentence  # an aside such as ", prosecutors alleged," may follow its claim
            elif guard in _SENTENCE_GUARDS:
                reach = {*_content_stems(rest), *_content_stems(later)}
            elif guard in _NEXT_WORD_GUARDS:
                reach = set(_content_stems(rest)[:1])
            elif guard in _CLAUSE_GUARDS:
                reach = set(_content_stems(rest) or _content_stems(clause))
            else:
                continue
            required[guard] += bool(reach & kept)
    return required


def _content_stems(words: Iterable[str]) -> list[str]:
    folded = ((word, word.casefold()) for word in words)
    return [stem(word) for word, plain in folded if plain not in FUNCTION_WORDS and plain not in _GUARDS]


def _guards(words: Iterable[str]) -> list[str]:
    return [word.casefold() for word in words if word.casefold() in _GUARDS]


def names_and_numbers(sentence: str) -> list[str]:
    """Numbers and words in upper case; at the beginning of a sentence a common word counts as a name, too."""
    return [
        term
        for term in terms(sentence)
        if term[0].isdigit()
        or term.casefold() in _NUMBER_WORDS
        or (term[0].isupper() and term.casefold() not in FUNCTION_WORDS)
    ]
