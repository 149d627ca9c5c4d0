"""The kinds of synthetic pages: functions that draw one page of their kind.

Reordering the kinds changes the pages, since all of them are drawn from one sequence of random numbers.
"""

from collections.abc import Callable
from dataclasses import replace

from scripts.evaluation.page_damage import DAMAGED_KINDS
from scripts.evaluation.page_parts import ARTICLES, PROSE, SECTIONS, Draw, Kind, Piece, article_blocks
from summarizer.text.sentences import sentence_spans

_REFRAINS = [
    "And still the rain came down.",
    "Nobody had asked the ferrymen.",
    "“We were never told,” she says.",
    "That was the winter of the long ice.",
    "It was not enough.",
]
# Each begins with its refrain.
_POEMS = [
    "The road to Pell\nThe carts went down at four\nwith lanterns on the shaft,\nand the road to Pell\n"
    "was white before the door.\n"
    "The road to Pell\nis longer than the year,\nsays the man who laughed,\nthe road to Pell\nis longer than a year",
    "Count the boats\nOne for the herring,\ntwo for the snow,\nthree for the brother\nwho would not go\n"
    "Count the boats\n"
    "One for the harbour,\ntwo for the tide,\nthree for the widow\nwho waited outside\nCount the boats",
]

# ---------------------------------------------------------------- repeated headlines


def _repeat_headline(change: Callable[[Draw, str], str]) -> Kind:
    """A page that repeats its headline in another form, one to four times."""

    def make(draw: Draw) -> list[Piece]:
        headline = draw.headline()
        repetitions = [Piece(change(draw, headline), "boilerplate") for _ in range(draw.integer(1, 4))]
        return draw.page(headline, repetitions)

    return make


def _truncate(draw: Draw, headline: str) -> str:
    words = headline.split()
    kept = " ".join(words[: max(len(words) - draw.integer(1, 3), 4)])
    return kept.rstrip(",:;'\"”’") + draw.choice(["…", "...", " …"])


def _change_marks(draw: Draw, headline: str) -> str:
    changed = headline.translate(str.maketrans("'’“”–-", '’\'""-–'))
    return changed.replace(" ", draw.choice([" ", "\u00a0", "  "]))


def _add_site(draw: Draw, headline: str) -> str:
    return headline + draw.choice([" | ", " - ", " — ", " :: ", " • ", " – "]) + draw.site()


def _add_section(draw: Draw, headline: str) -> str:
    return draw.choice(SECTIONS) + draw.choice([" > ", " | ", " » ", " - "]) + headline


def _split_headline(draw: Draw) -> list[Piece]:
    headline = draw.headline()
    words = headline.split()
    middle = draw.integer(2, len(words) - 2)
    return draw.page(headline, [Piece(" ".join(words[:middle]) + "\n" + " ".join(words[middle:]), "boilerplate")])


def _prepend_headline(draw: Draw) -> list[Piece]:
    pieces = draw.page(draw.headline())
    headline = pieces[0].text
    index = draw.integer(1, len(pieces) - 1)
    glue = draw.choice([" ", " ", ": ", " - "])
    form = draw.choice([headline, headline, headline.upper()])
    own_line = [Piece(headline, "boilerplate")] if draw.coin() else []
    return [*pieces[:index], Piece(form, "boilerplate", after=glue), *pieces[index:], *own_line]


def _append_headline(draw: Draw) -> list[Piece]:
    pieces = draw.page(draw.headline())
    index = draw.integer(1, len(pieces) - 1)
    pieces[index] = replace(pieces[index], after=" ")
    return [*pieces[: index + 1], Piece(pieces[0].text, "boilerplate"), *pieces[index + 1 :]]


def _change_headline(draw: Draw) -> list[Piece]:
    variants = draw.variants()
    return draw.page(variants.headline, [Piece(draw.choice(variants.changed), "boilerplate")])


def _add_line_above(draw: Draw) -> list[Piece]:
    headline = draw.headline()
    above = Piece(draw.choice([*SECTIONS, "Lakeside Times", "Menu"]), "either")
    return [above, *draw.page(headline, [Piece(headline, "boilerplate")] * 2)]


def _use_two_headlines(draw: Draw) -> list[Piece]:
    """A page with two headlines, as of the page and of the social networks, each of which is repeated."""
    variants = draw.variants()
    first, second = draw.shuffled([variants.headline, draw.choice(variants.different)])
    title, *below = draw.page(first, [Piece(first, "boilerplate"), Piece(second, "boilerplate")])
    return [title, Piece(second, "boilerplate"), *below]


# ---------------------------------------------------------------- repeated text


def _repeat_line(kind: str) -> Kind:
    """A page that has a line twice; the first is the article's."""

    def make(draw: Draw) -> list[Piece]:
        line = draw.phrase(kind)
        body = draw.body()
        first, second = sorted(draw.sample(range(1, len(body)), 2))
        body.insert(second, Piece(line, "boilerplate"))
        body.insert(first, Piece(line))
        return [Piece(draw.headline(), "title"), *body]

    return make


def _paste_twice(draw: Draw) -> list[Piece]:
    """A page with one to three of its paragraphs pasted a second time, more than one sentence in total."""
    body = draw.body()
    first = draw.integer(0, len(body) - 3)
    block = [replace(piece, role="boilerplate") for piece in body[first : first + draw.integer(1, 3)]]
    if len(block) == 1 and len(sentence_spans(block[0].text)) == 1:
        block.append(replace(body[first + 1], role="boilerplate"))
    end = first + len(block)
    return [Piece(draw.headline(), "title"), *body[:end], *block, *body[end:]]


# ---------------------------------------------------------------- page furniture


def _add_lines(kind: str) -> Kind:
    """A page with one or two lines of page furniture."""

    def make(draw: Draw) -> list[Piece]:
        lines = dict.fromkeys(draw.phrase(kind) for _ in range(draw.integer(1, 2)))
        return draw.page(draw.headline(), [Piece(line, "boilerplate") for line in lines])

    return make


def _add_related(draw: Draw) -> list[Piece]:
    """A page with a list of three other headlines at the end."""
    others = draw.sample(draw.headlines, 3)
    after = draw.choice(["\n", "\n\n"])
    lines = [draw.phrase("related_header"), *(variants.headline.rstrip("?!.") for variants in others)]
    related = [Piece(line, "boilerplate", after=after) for line in lines]
    related[-1] = replace(related[-1], after="\n\n")
    return [*draw.page(draw.headline()), *related]


def _copy_whole_page(draw: Draw) -> list[Piece]:
    """A page with navigation and other headlines above its article, and navigation below it."""
    after = draw.choice(["\n", "\n\n"])
    headline, *paragraphs = article_blocks(draw.choice(PROSE))
    menu = [draw.site(), *draw.shuffled(draw.phrases["navigation"])[: draw.integer(6, 13)]]
    teasers = [variants.headline for variants in draw.sample(draw.headlines, draw.integer(0, 2))]
    head = draw.shuffled([draw.phrase("byline"), draw.phrase("time_stamp")])
    footer = draw.shuffled(draw.phrases["footer"])[: draw.integer(5, 8)]
    below = ["Contact us", "Privacy policy", *footer, "Terms of use"]
    return [
        *(Piece(line, "boilerplate", after=after) for line in ["Skip to content", *menu, *teasers]),
        Piece(headline, "title", after=after),
        *(Piece(line, "boilerplate", after=after) for line in head),
        *(Piece(paragraph, after=after) for paragraph in paragraphs),
        *(Piece(line, "boilerplate", after=after) for line in below),
    ]


# ---------------------------------------------------------------- article lines that must be kept


def _keep_lookalikes(draw: Draw) -> list[Piece]:
    lines = [Piece(draw.phrase("hard_negatives")) for _ in range(3)]
    headline = draw.headline()
    return draw.page(headline, [*lines, Piece(headline, "boilerplate")])


def _keep_other_headline(draw: Draw) -> list[Piece]:
    variants = draw.variants()
    different = Piece(draw.choice(variants.different))
    return draw.page(variants.headline, [different, Piece(variants.headline, "boilerplate")])


def _keep_refrain(draw: Draw) -> list[Piece]:
    refrain = draw.choice(_REFRAINS)
    return draw.page(draw.headline(), [Piece(refrain)] * 3)


def _keep_quoted_headline(draw: Draw) -> list[Piece]:
    headline = draw.headline().rstrip("?!.")
    sentence = draw.choice(
        [
            f"“{headline},” said the poster on the gate.",
            f"{headline}, the notice on the door had said, and nobody believed it.",
            f"The message read: {headline}.",
            f"He had written “{headline}” on the back of an envelope.",
        ]
    )
    return draw.page(headline, [Piece(sentence), Piece(headline, "boilerplate")])


def _keep_verse(draw: Draw) -> list[Piece]:
    """A poem, sometimes with its refrain as the headline, sometimes with blank lines between its lines."""
    verse = [Piece(line, after="\n") for line in draw.choice(_POEMS).split("\n")]
    verse[-1] = replace(verse[-1], after="\n\n")
    headline = draw.headline()
    if draw.coin():
        headline, *verse = verse[0].text, *verse[1:]
    if draw.coin():
        verse = [replace(line, after="\n\n") for line in verse]
    return [Piece(headline, "title"), *verse]


def _keep_unchanged(draw: Draw) -> list[Piece]:
    names = sorted(path.name for path in ARTICLES.glob("*.txt") if path.name != "copied-page.txt")
    headline, *paragraphs = article_blocks(draw.choice(names))
    return [Piece(headline, "title"), *map(Piece, paragraphs)]


KINDS: dict[str, Kind] = {
    "headline: unchanged": _repeat_headline(lambda _, headline: headline),
    "headline: in capitals": _repeat_headline(lambda _, headline: headline.upper()),
    "headline: in lower case": _repeat_headline(lambda _, headline: headline.lower()),
    "headline: other quotes, dashes, spaces": _repeat_headline(_change_marks),
    "headline: truncated with an ellipsis": _repeat_headline(_truncate),
    "headline: with the site after it": _repeat_headline(_add_site),
    "headline: with the section before it": _repeat_headline(_add_section),
    "headline: with section and site": _repeat_headline(
        lambda draw, headline: f"{draw.choice(SECTIONS)} > {headline} | {draw.site()}"
    ),
    "headline: Markdown heading": _repeat_headline(lambda draw, headline: "#" * draw.integer(1, 3) + f" {headline}"),
    "headline: HTML heading": _repeat_headline(lambda _, headline: f'<h1 class="title">{headline}</h1>'),
    "headline: bold": _repeat_headline(lambda draw, headline: draw.choice([f"**{headline}**", f"__{headline}__"])),
    "headline: in quotes": _repeat_headline(
        lambda draw, headline: draw.choice([f"“{headline}”", f'"{headline}"', f"'{headline}'"])
    ),
    "headline: numbered or bulleted": _repeat_headline(
        lambda draw, headline: draw.choice(["1. ", "12) ", "• ", "- ", "* ", "▪ ", "3: "]) + headline
    ),
    "headline: split over two lines": _split_headline,
    "headline: prepended to a paragraph": _prepend_headline,
    "headline: appended to a paragraph": _append_headline,
    "headline: lightly changed": _change_headline,
    "headline: below other lines": _add_line_above,
    "headline: two different ones": _use_two_headlines,
    "repeated kicker": _repeat_line("kicker"),
    "repeated subhead": _repeat_line("subhead"),
    "paragraphs pasted twice": _paste_twice,
    "advertisement": _add_lines("advertisement"),
    "story continues": _add_lines("story_continues"),
    "link to another page": _add_lines("read_more"),
    "share buttons": _add_lines("share_buttons"),
    "cookie notice": _add_lines("cookie_banner"),
    "byline": _add_lines("byline"),
    "timestamp": _add_lines("time_stamp"),
    "photo credit": _add_lines("photo_credit"),
    "newsletter sign-up": _add_lines("newsletter"),
    "comment count": _add_lines("comment_count"),
    "related headlines": _add_related,
    "whole page": _copy_whole_page,
    "kept: lines that look like page furniture": _keep_lookalikes,
    "kept: other headlines": _keep_other_headline,
    "kept: refrain": _keep_refrain,
    "kept: headline quoted in running text": _keep_quoted_headline,
    "kept: verse": _keep_verse,
    "kept: articles without repetitions": _keep_unchanged,
    **DAMAGED_KINDS,
}
