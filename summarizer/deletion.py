"""Sentence compression by deletion: which parts of a sentence may go without the rest becoming untrue.

Whole subtrees of the sentence's dependency tree are taken out where the loss is harmless (compression by pruning
dependency trees: Knight and Marcu 2002, Filippova and Strube 2008). What stays keeps its subject, object, negation,
modality, conditions, numbers and the one who said it, because none of them is ever deleted alone. Knows nothing of
models and of what is worth keeping; takes trees.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from summarizer.syntax import Token, Tree

_NEGATORS = frozenset(
    "no not n't never none nobody nothing nowhere neither nor without hardly barely scarcely few little "
    "deny refuse fail reject avoid prevent lack unable unlikely ban stop doubt dismiss".split()
)
_QUANTIFIERS = frozenset(
    "no any all every each only most few fewer less many more both neither either half none several some".split()
)
_GENERAL_PRONOUNS = frozenset("everyone everybody everything anyone anybody anything all none nobody nothing".split())
_CONDITIONS = frozenset("if unless until till only except once provided whether lest so when whenever".split())
# Adverbs that neither weaken nor turn what they stand by; others that end in "ly" and are not below may go, too.
_FREE_ADVERBS = frozenset("also later earlier meanwhile moreover furthermore however too here today".split())
_BOUND_ADVERBS = frozenset(
    "nearly hardly barely scarcely allegedly reportedly apparently supposedly seemingly possibly probably likely "
    "falsely wrongly mistakenly unsuccessfully partly partially initially formerly previously early only mostly "
    "roughly approximately largely mainly usually rarely occasionally potentially purportedly presumably ostensibly "
    "unlikely generally theoretically effectively virtually practically temporarily conditionally illegally unlawfully "
    "deliberately intentionally knowingly accidentally secretly".split()
)
_PLACES_AND_TIMES = frozenset(
    "in on at during near outside inside across throughout amid alongside beside along following after despite "
    "with".split()
)
# At the beginning these say of what the rest is true ("In ordinary years, …") and when it was ("In 2009, …").
_FRAMING = frozenset("in on at during across throughout".split())
_TIME_PREPOSITIONS = frozenset("over for by from".split())
# Without a comma these belong to the verb more often than not ("covered with", "looked after").
_ARGUMENTS = frozenset("after with".split())
_EXPLAINING = frozenset("as while although though since after".split())
_TIME_NOUNS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday day week month year morning afternoon evening night "
    "weekend spring summer autumn fall winter time today yesterday tonight january february march april may june july "
    "august september october november december".split()
)
_SPEECH = frozenset(
    "say tell add claim allege report warn insist argue believe think suggest admit announce confirm state explain "
    "note write deny estimate predict expect fear hope accord complain testify describe maintain assert".split()
)
_COMPLEMENTS = frozenset("dobj attr ccomp xcomp oprd agent dative".split())
_SUBJECTS = frozenset("nsubj nsubjpass csubj csubjpass expl".split())
_SEPARATORS = frozenset([",", "–", "—", "-", ";"])
_MARKS = frozenset([",", ";", "–", "—", "-", ":"])
_ENDS = frozenset([".", "!", "?", ",", ";", ")"])
_QUOTES = frozenset(['"', "“", "”", "''", "``", "«", "»"])
_SINGLE_QUOTES = frozenset(["'", "‘", "’"])
_WORD = re.compile(r"\w")
_SUPERLATIVE = re.compile(
    r"(?:[a-z]{2}est|^best|^worst|^first|^last|^record|\d(?:st|nd|rd|th))(?:-|$)|^(?:most|least)\b"
)
# Behind a circumstance that goes there may be an end or a verb; another noun or preposition may belong to it.
_GOING_ON = frozenset("PUNCT VERB AUX SCONJ".split())


def deletions(tree: Tree) -> list[frozenset[int]]:
    """What may be deleted from a sentence, as sets of tokens by index, outer parts before inner ones.

    Nothing where the parser found no clause: then it understood the sentence wrongly, or there is none.
    """
    if not _is_clause(tree):
        return []
    quoted = _within_quotes(tree)
    found = []
    for index in range(len(tree.tokens)):
        tokens = _removable(tree, index)
        # A quotation with words left out is no quotation.
        if tokens and (tokens.isdisjoint(quoted) or _holds_whole_quotes(tree, tokens)):
            found.append(tokens)
    return sorted(found, key=len, reverse=True)


def shortest(tree: Tree, least_share: float = 0.0, is_dear: Callable[[str], bool] = lambda part: False) -> str:
    """The sentence without the parts that may go.

    :param least_share: how much of its words is kept at least.
    :param is_dear: whether a part is too good to lose.
    """
    gone: set[int] = set()
    spare = (1 - least_share) * sum(map(_is_word, tree.tokens))
    for deletion in deletions(tree):
        words = sum(_is_word(tree.tokens[index]) for index in deletion - gone)
        part = tree.sentence[tree.tokens[min(deletion)].start : tree.tokens[max(deletion)].end]
        if 0 < words <= spare and not is_dear(part):
            gone |= deletion
            spare -= words
    return without(tree, gone)


def without(tree: Tree, gone: Iterable[int]) -> str:
    """The sentence without some of its tokens, and without the commas that set them off."""
    gone = set(gone)
    if not gone:
        return tree.sentence
    kept = [index for index in range(len(tree.tokens)) if index not in gone]
    kept = _without_loose_marks(tree, kept, gone)
    if not kept:
        return ""
    pieces = []
    for before, index in zip([None, *kept], kept, strict=False):
        token = tree.tokens[index]
        has_space = before is not None and tree.tokens[index - 1].end < token.start
        pieces.append((" " if has_space else "") + token.text)
    text = "".join(pieces).strip()
    if tree.sentence[-1] == "." and text.endswith("..") and not tree.sentence.endswith(".."):
        text = text[:-1]  # behind "1 a.m." the full stop of the sentence is one too many
    if tree.sentence[-1] == "." and text[-1] not in ".!?\"'”’)":
        text += "."
    return text[0].upper() + text[1:] if tree.sentence[:1].isupper() else text


def _without_loose_marks(tree: Tree, kept: Sequence[int], gone: set[int]) -> list[int]:
    """The kept tokens without the commas and dashes that set off what went.

    Of a pair one stays where another aside of the same word follows, as in "Lind, 54, of Torvik, said".
    """
    result: list[int] = []
    for position, index in enumerate(kept):
        if tree.tokens[index].text in _MARKS:
            follower = kept[position + 1] if position + 1 < len(kept) else None
            ends = follower is None or tree.tokens[follower].text in _ENDS
            if ends or not result:
                continue
            if index + 1 in gone and not _goes_on(tree, index + 1, gone):
                continue
            closes = index - 1 in gone and _set_off(tree, index - 1, gone)
            if closes and (tree.tokens[result[-1]].text in _MARKS or not _goes_on(tree, index - 1, gone)):
                continue
        result.append(index)
    return result


def _run(index: int, gone: set[int], step: int) -> int:
    """The last of the tokens that went in one row with `index`, in the direction of `step`."""
    while index + step in gone:
        index += step
    return index


def _set_off(tree: Tree, index: int, gone: set[int]) -> bool:
    """Whether a part that went began behind a mark, or with the sentence or the clause."""
    first = _run(index, gone, -1)
    return first == 0 or tree.tokens[first - 1].text in _SEPARATORS or tree.tokens[first - 1].plain == "that"


def _goes_on(tree: Tree, index: int, gone: set[int]) -> bool:
    """Whether behind a part that went, and the mark after it, another part of the same head follows up to a mark."""
    first, last = _run(index, gone, -1), _run(index, gone, 1)
    heads = {tree.tokens[within].head for within in range(first, last + 1)} - set(range(first, last + 1))
    follower = last + 2
    return (
        follower < len(tree.tokens)
        and tree.tokens[last + 1].text == ","
        and tree.tokens[follower].relation in ("prep", "appos", "relcl", "acl")
        and tree.tokens[follower].head in heads
    )


def _is_clause(tree: Tree) -> bool:
    """Whether the sentence has one root, a verb with its subject, and no half of a quotation."""
    if sum(map(_is_quote, tree.tokens)) % 2:
        return False
    roots = [index for index, token in enumerate(tree.tokens) if token.head == index]
    return (
        len(roots) == 1
        and tree.tokens[roots[0]].part in ("VERB", "AUX")
        and any(child.relation in _SUBJECTS for child in tree.children(roots[0]))
    )


def _removable(tree: Tree, index: int) -> frozenset[int]:
    """The tokens that go when this one does, or none when it has to stay."""
    token = tree.tokens[index]
    if token.head == index or token.part == "PUNCT":
        return frozenset()
    rule = _RULES.get(token.relation)
    if rule is None or not rule(tree, index):
        return frozenset()
    tokens = tree.subtree(index)
    if token.relation == "conj":
        tokens |= {child for child in tree.child_indices(token.head) if tree.tokens[child].relation == "cc"}
    return _with_marks(tree, tokens) if _is_whole_words(tree, tokens) else frozenset()


def _with_marks(tree: Tree, tokens: frozenset[int]) -> frozenset[int]:
    """The tokens with the marks among them, the closing one of a quotation at their end, and brackets around them."""
    first, last = min(tokens), max(tokens)
    is_open = sum(map(_is_quote, tree.tokens[first : last + 1])) % 2
    if is_open and any(map(_is_quote, tree.tokens[last + 1 : last + 2])):
        last += 1
    around = [token.text for token in (*tree.tokens[max(first - 1, 0) : first], *tree.tokens[last + 1 : last + 2])]
    if around == ["(", ")"]:
        first, last = first - 1, last + 1
    return frozenset(range(first, last + 1))


def _is_whole_words(tree: Tree, tokens: frozenset[int]) -> bool:
    """Whether tokens stand in one row, and no word or hyphenated word is cut at its ends."""
    first, last = min(tokens), max(tokens)
    if any(index not in tokens and tree.tokens[index].part != "PUNCT" for index in range(first, last + 1)):
        return False
    before = tree.sentence[: tree.tokens[first].start][-1:]
    behind = tree.sentence[tree.tokens[last].end :][:1]
    return not (before.isalnum() or (before and before in "-/’'")) and not (
        behind.isalnum() or (behind in "-/’'%" and behind)
    )


def _is_aside(tree: Tree, index: int) -> bool:
    """Whether marks set a subtree off on both sides, so that it describes and does not tell which is meant."""
    tokens = _with_marks(tree, tree.subtree(index))
    first, last = min(tokens), max(tokens)
    before = tree.tokens[first - 1].text if first else ","
    behind = tree.tokens[last + 1].text if last + 1 < len(tree.tokens) else "."
    in_brackets = tree.tokens[first].text == "("
    return in_brackets or (before in _SEPARATORS and behind in _SEPARATORS | _ENDS | {":"})


def _is_bound(tree: Tree, index: int) -> bool:
    """Whether a negation, a condition or a superlative bears on what a token hangs on.

    Then details are part of the claim: "the best player" is another one without "since 1992".
    """
    if any(token.part in ("ADJ", "ADV") and _SUPERLATIVE.search(token.plain) for token in tree.tokens[:index]):
        return True
    for ancestor in tree.ancestors(index):
        head = tree.tokens[ancestor]
        if head.lemma in _NEGATORS or head.plain in _NEGATORS:
            return True
        if any(_binds(child) for child in tree.children(ancestor)):
            return True
        arguments = (
            child for child in tree.child_indices(ancestor) if tree.tokens[child].relation in _SUBJECTS | _COMPLEMENTS
        )
        if any(_binds(grandchild) for child in arguments for grandchild in tree.children(child)):
            return True
    return False


def _binds(token: Token) -> bool:
    """Whether a word makes the clause or the noun that it hangs on hold only with its details."""
    return (
        token.relation == "neg"
        or token.plain in _NEGATORS | _CONDITIONS | _GENERAL_PRONOUNS
        or (token.relation in ("det", "predet", "advmod") and token.plain in _QUANTIFIERS)
    )


def _speaks(tree: Tree, index: int) -> bool:
    return any(tree.tokens[within].lemma in _SPEECH for within in tree.subtree(index))


def _adverb(tree: Tree, index: int) -> bool:
    token = tree.tokens[index]
    free = token.plain in _FREE_ADVERBS or (token.plain.endswith("ly") and token.plain not in _BOUND_ADVERBS)
    return (
        free
        and tree.tokens[token.head].part in ("VERB", "AUX")
        and not tree.child_indices(index)
        and not _is_bound(tree, index)
    )


def _is_coming(tree: Tree, index: int) -> bool:
    """Whether a verb tells what will be: then the day is news, and not the day of the news."""
    return any(child.plain in ("will", "'ll", "shall") for child in tree.children(index))


def _time(tree: Tree, index: int) -> bool:
    token = tree.tokens[index]
    return (
        token.lemma in _TIME_NOUNS
        and tree.tokens[token.head].part == "VERB"
        and not _is_coming(tree, token.head)
        and not any(
            child.relation in ("nummod", "relcl", "acl") or child.plain in ("a", "an") for child in tree.children(index)
        )
        and not _is_bound(tree, index)
    )


def _prepositional(tree: Tree, index: int) -> bool:
    """Where, when and in what circumstances something happened, when more than that is said about it."""
    token = tree.tokens[index]
    head = tree.tokens[token.head]
    if _speaks(tree, index) or _is_bound(tree, index) or not _stands_apart(tree, index):
        return False
    says_when = any(
        tree.tokens[child].lemma in _TIME_NOUNS
        and not any(g.relation in ("relcl", "acl") for g in tree.children(child))
        for child in tree.child_indices(index)
    )
    if token.plain not in _PLACES_AND_TIMES and not (says_when and token.plain in _TIME_PREPOSITIONS):
        return False
    if says_when and _is_coming(tree, token.head):
        return False
    if index < token.head and token.plain in _FRAMING:
        return False
    if head.part not in ("VERB", "AUX"):
        return head.part == "PROPN" and head.relation in ("nsubj", "nsubjpass")
    is_event = any(child.relation == "pcomp" for child in tree.children(index))
    is_extra = (token.plain not in _ARGUMENTS or is_event) and _has_other_complement(tree, index)
    return _is_aside(tree, index) or is_extra


def _stands_apart(tree: Tree, index: int) -> bool:
    """Whether a prepositional phrase has its noun, and nothing follows that the parser may have torn from it."""
    end = max(tree.subtree(index)) + 1
    follower = tree.tokens[end : end + 1]
    has_noun = any(child.relation in ("pobj", "pcomp") for child in tree.children(index))
    return has_noun and (not follower or follower[0].part in _GOING_ON or _is_aside(tree, index))


def _has_other_complement(tree: Tree, index: int) -> bool:
    """Whether a verb says something without this part: it has an object, or a complement before it."""
    head = tree.tokens[index].head
    if any(child.relation == "expl" for child in tree.children(head)):
        return False  # "there is a seat at the back": the place is what is said
    return any(
        tree.tokens[child].relation in _COMPLEMENTS
        or (tree.tokens[child].relation == "prep" and head < child < index and tree.tokens[child].plain != "to")
        for child in tree.child_indices(head)
        if child != index
    )


def _apposition(tree: Tree, index: int) -> bool:
    """An age or a description behind a name, but not a name behind a description, and no member of a list."""
    token, head = tree.tokens[index], tree.tokens[tree.tokens[index].head]
    described = any(child.plain in ("a", "an", "the") or child.relation == "poss" for child in tree.children(index))
    in_list = any(child.relation == "conj" for child in [*tree.children(token.head), *tree.children(index)])
    return (
        _is_aside(tree, index)
        and not in_list
        and head.part in ("PROPN", "NOUN")
        and head.relation != "appos"
        and ((token.part == "NOUN" and described) or (token.part == "NUM" and head.part == "PROPN"))
    )


def _adverbial_clause(tree: Tree, index: int) -> bool:
    """A reason, a purpose, a time or a circumstance, but no condition and none who says it."""
    children = tree.children(index)
    if any(child.plain in _CONDITIONS for child in children) or tree.tokens[index].lemma in _SPEECH:
        return False
    if _is_aside(tree, index):
        return True
    explains = any(child.relation == "mark" and child.plain in _EXPLAINING for child in children)
    purpose = any(child.relation == "aux" and child.plain == "to" for child in children)
    behind = index > tree.tokens[index].head
    return behind and (explains or (purpose and _has_other_complement(tree, index))) and not _is_bound(tree, index)


def _relative_clause(tree: Tree, index: int) -> bool:
    """One that a comma sets off, or one with "which" at the end, as British writers leave the comma out."""
    with_which = any(child.plain == "which" for child in tree.children(index))
    at_end = max(tree.subtree(index)) >= len(tree.tokens) - 2
    return _is_aside(tree, index) or (with_which and at_end and not _is_bound(tree, index))


def _participle(tree: Tree, index: int) -> bool:
    """One that commas set off, or one behind the indefinite object of a verb."""
    head = tree.tokens[index].head
    indefinite = any(child.plain in ("a", "an", "another") for child in tree.children(head))
    is_participle = not any(child.plain == "to" for child in tree.children(index))
    return _is_aside(tree, index) or (
        is_participle and indefinite and tree.tokens[head].relation == "dobj" and not _is_bound(tree, index)
    )


def _conjunct(tree: Tree, index: int) -> bool:
    """A second predicate behind "and", the last of its row, where the first has a complement of its own."""
    token = tree.tokens[index]
    head = tree.tokens[token.head]
    siblings = tree.children(token.head)
    linking = [child.plain for child in siblings if child.relation == "cc"]
    in_row = [child for child in [*siblings, *tree.children(index)] if child.relation in ("conj", "preconj")]
    says_more = any(
        tree.tokens[child].relation in _COMPLEMENTS for child in tree.child_indices(token.head) if child < index
    )
    return (
        token.part == head.part == "VERB"
        and linking == ["and"]
        and len(in_row) == 1
        and head.relation != "conj"
        and says_more
        and token.lemma not in _SPEECH
        and not _is_bound(tree, index)
    )


def _beginning(tree: Tree, index: int) -> bool:
    """A "But" or "And" at the start of the sentence."""
    return index == 0 and tree.tokens[index].plain in ("and", "but")


def _always(tree: Tree, index: int) -> bool:
    return True


def _parenthesis(tree: Tree, index: int) -> bool:
    return _is_aside(tree, index) and not _speaks(tree, index)


_RULES = {
    "advmod": _adverb,
    "npadvmod": _time,
    "prep": _prepositional,
    "relcl": _relative_clause,
    "acl": _participle,
    "appos": _apposition,
    "advcl": _adverbial_clause,
    "conj": _conjunct,
    "cc": _beginning,
    "intj": _always,
    "meta": _always,
    "parataxis": _parenthesis,
    "nmod": _parenthesis,
}


def _within_quotes(tree: Tree) -> frozenset[int]:
    """The tokens between quotation marks, the marks with them."""
    marks = [index for index, token in enumerate(tree.tokens) if _is_quote(token)]
    return frozenset(
        index for first, last in zip(marks[::2], marks[1::2], strict=True) for index in range(first, last + 1)
    )


def _holds_whole_quotes(tree: Tree, tokens: frozenset[int]) -> bool:
    """Whether quotations that a part touches lie in it as a whole."""
    marks = sum(_is_quote(tree.tokens[index]) for index in tokens)
    return marks > 0 and marks % 2 == 0


def _is_quote(token: Token) -> bool:
    """Whether a token is a quotation mark; a single one may be an apostrophe, which the parser knows."""
    return token.text in _QUOTES or (token.text in _SINGLE_QUOTES and token.part == "PUNCT")


def _is_word(token: Token) -> bool:
    return bool(_WORD.search(token.text))
