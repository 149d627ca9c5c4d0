"""Training the page divider: what its examples are, and that it learns from them."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from scripts.evaluation.pages import RealPage
from scripts.training.page_examples import PageExample, bare_articles, made_pages, of_real_page, variants
from scripts.training.train_divider import Data, _load_or_train, fit_titles, titles_of, train
from summarizer.models.page_divider import ARTICLE, WEIGHTS
from summarizer.models.page_network import Segmentation, marginals

BODY = (
    "The harbour bridge at Pell was shut on Thursday after a crack was found in a pillar, the council said.",
    "It carries 4,000 lorries a day, and repairs will take until May.",
)
TITLE = "Harbour bridge at Pell shut after crack is found"
MENU = ("Home", "News", "Sport", "Jobs")
FOOTER = ("Share", "About us", "Contact", "Terms of use")


def page(lines: tuple[str, ...], body: tuple[str, ...] = BODY) -> RealPage:
    return RealPage("one", "made", "example.org", b"", "\n".join(lines), (TITLE,), body, (), ())


def example() -> PageExample:
    return of_real_page(page((*MENU, TITLE, "By Jo Smith", *BODY, *FOOTER)))


def test_lines_are_labelled_by_the_article() -> None:
    found = example()
    assert [line for line, belongs in zip(found.lines, found.is_article, strict=True) if belongs] == list(BODY)
    assert found.segmentation == Segmentation(title=4, first=6, last=7)


def test_headline_that_is_repeated_below_is_not_the_title() -> None:
    found = of_real_page(page((*MENU, *BODY, "More stories", TITLE, *FOOTER)))
    assert found.segmentation == Segmentation(title=None, first=4, last=5)


def test_snippets_correct_a_guessed_article() -> None:
    html = f"<html><body><article><p>{BODY[0]}</p><p>{BODY[1]}</p></article></body></html>".encode()
    guessed = RealPage("one", "made", "example.org", html, "\n".join((*MENU, *BODY)), (TITLE,), (), (), ("Jobs",))
    found = of_real_page(guessed)
    assert found.weight < 1
    assert not found.is_article[3]


def test_variants_are_parts_that_people_copy() -> None:
    found = variants(example(), "seed")
    assert found[0].lines == example().lines
    assert found[1].lines[0] == TITLE
    assert found[2].lines[-1] == BODY[-1]
    assert found[3].lines == BODY
    assert all(one.segmentation for one in found)
    assert [one.lines for one in variants(example(), "seed")] == [one.lines for one in found]


def test_page_without_an_article_has_no_variants() -> None:
    assert variants(of_real_page(page((*MENU, *FOOTER))), "seed") == []


def test_made_pages_and_bare_articles_have_articles() -> None:
    rows = [{"title": TITLE, "text": "\n\n".join(BODY)}]
    for found in (next(made_pages(1)), next(bare_articles(rows, 1, 0))):
        assert found.segmentation is not None
        assert sum(found.is_article) > 1


def test_made_page_with_a_glued_headline_keeps_it_in_its_line() -> None:
    glued = [
        line
        for one in made_pages(1)
        for line in one.lines
        if one.title is not None and len(line) > 200 and line.startswith(one.lines[one.title])
    ]
    assert glued


def test_network_of_other_data_is_not_taken_over(pages: list[RealPage], tmp_path: Path) -> None:
    examples = [of_real_page(one) for one in pages[:2]]
    data = Data(pages[:2], examples, [[one] for one in examples], [], {"seed": "0", "pages": "2"})
    file = tmp_path / "network.safetensors"
    first = _load_or_train(file, data, without=None)
    again = _load_or_train(file, replace(data, variants=[[]] * 2), without=None)
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in first.state_dict().items())
    with pytest.raises(SystemExit, match="other data"):
        _load_or_train(file, replace(data, origin={"seed": "1", "pages": "2"}), without=None)


def _random_page(number: int) -> RealPage:
    chance = random.Random(number)
    above = tuple(chance.choices(MENU, k=chance.randint(3, 9)))
    below = tuple(chance.choices(FOOTER, k=chance.randint(3, 9)))
    return page((*above, TITLE, "By Jo Smith", *BODY * chance.randint(1, 3), *below))


@pytest.fixture(scope="module")
def pages() -> list[RealPage]:
    return [_random_page(number) for number in range(24)]


def test_network_learns_to_divide_pages(pages: list[RealPage]) -> None:
    examples = [of_real_page(one) for one in pages]
    network = train([[one] for one in examples], [], seed=0)
    fit_titles(network, [found for one in pages for found in titles_of(network, one, of_real_page(one))])
    unseen = _random_page(99)
    found = of_real_page(unseen)
    with torch.no_grad():
        parts = marginals(network(*found.inputs))
    assert [bool(probability > 0.5) for probability in parts[:, ARTICLE]] == list(found.is_article)
    titles = next(titles_of(network, unseen, found))
    assert bool(titles.is_right[int(network.title(titles.features)[:, 0].argmax())])


def test_training_is_deterministic(pages: list[RealPage]) -> None:
    examples = [[of_real_page(one)] for one in pages[:4]]
    first, second = (train(examples, [], seed=1).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_weights_of_the_package_say_what_they_were_trained_on() -> None:
    with safe_open(WEIGHTS, "pt") as file:
        assert {"pages", "data_sha256", "seed"} <= file.metadata().keys()
