"""The network that divides a page into its parts; importing it imports torch.

From top to bottom a page has lines above the title, the title, its head (byline, date, buttons), the article, and lines
below it. So a segmentation is given by three places, the title and the article's first and last line, and the sums over
all segmentations are cumulative sums. This is a conditional random field whose parts follow each other in one order
(Lafferty et al. 2001).
"""

from typing import NamedTuple

import torch
from torch import nn

from summarizer.models.page_divider import (
    ABOVE,
    ARTICLE,
    BELOW,
    BUCKETS,
    FEATURES,
    HEAD,
    PARTS,
    TITLE,
    TITLE_FEATURES,
)

_WORD_WIDTH, _WIDTH = 24, 48
# Trained on few pages, the network is too sure of others; its scores are divided by this (Guo et al. 2017).
_TEMPERATURE = 2.0
# Distances in lines between the inputs of each layer; together a line is judged by 63 lines before and after it.
_DILATIONS = (1, 2, 4, 8, 16, 32)


class Segmentation(NamedTuple):
    """Places in a page.

    :param title: the index of its line; None if the page has none.
    :param first: the index of the article's first line, `last` that of its last one.
    """

    title: int | None
    first: int
    last: int


class PageNetwork(nn.Module):
    """Dilated convolutions over the lines of a page, and a linear model for its title."""

    def __init__(self, dropout: float = 0.0, word_dropout: float = 0.0) -> None:
        """Begin with random weights.

        :param dropout: the share of values that training sets to 0; `word_dropout` is that of the words'.
        """
        super().__init__()
        self.words = nn.EmbeddingBag(BUCKETS, _WORD_WIDTH, mode="mean")
        nn.init.normal_(self.words.weight, std=0.05)
        self.input = nn.Linear(FEATURES + _WORD_WIDTH, _WIDTH)
        self.layers = nn.ModuleList(nn.Conv1d(_WIDTH, _WIDTH, 3, padding=step, dilation=step) for step in _DILATIONS)
        self.output = nn.Linear(2 * _WIDTH, len(PARTS))
        self.title = nn.Linear(TITLE_FEATURES, 1)
        self.dropout, self.word_dropout = nn.Dropout(dropout), nn.Dropout(word_dropout)

    def forward(self, features: torch.Tensor, words: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """How well each line fits each part, shape (lines, 5), as `log_partition` adds them up.

        :param features: shape (lines, 51).
        :param words: the buckets of the words of all lines, one after the other.
        :param offsets: where each line's words begin, shape (lines,).
        """
        found = self.word_dropout(self.words(words, offsets))
        alone = torch.relu(self.input(torch.cat([features, found], dim=1)))
        beside = self.dropout(alone).T.unsqueeze(0)
        for layer in self.layers:
            beside = beside + self.dropout(torch.relu(layer(beside)))
        scores: torch.Tensor = self.output(torch.cat([beside[0].T, alone], dim=1))
        return scores


def score(scores: torch.Tensor, segmentation: Segmentation) -> torch.Tensor:
    """The score of one segmentation: the sum over its lines.

    :param scores: of each line for each part, shape (lines, 5).
    """
    title, first, last = segmentation
    inside = scores[first : last + 1, ARTICLE].sum() + scores[last + 1 :, BELOW].sum()
    if title is None:
        return inside + scores[:first, ABOVE].sum()
    return inside + scores[:title, ABOVE].sum() + scores[title, TITLE] + scores[title + 1 : first, HEAD].sum()


def log_partition(scores: torch.Tensor) -> torch.Tensor:
    """The logarithm of the sum, over all segmentations, of the exponential of their scores.

    :param scores: of each line for each part, shape (lines, 5).
    """
    # Sums of each part over the lines before each place, shape (lines + 1, 5).
    before = torch.cat([scores.new_zeros(1, len(PARTS)), scores.cumsum(0)])
    # Over all places of the title above a line: "above" up to it, "head" from it to the line.
    titled = torch.logcumsumexp(before[:-1, ABOVE] + scores[:, TITLE] - before[1:, HEAD], dim=0)
    nowhere = scores.new_full((1,), -torch.inf)
    with_title = torch.cat([nowhere, titled[:-1]]) + before[:-1, HEAD]
    begun = torch.logcumsumexp(torch.logaddexp(before[:-1, ABOVE], with_title) - before[:-1, ARTICLE], dim=0)
    ended = begun + before[1:, ARTICLE] + before[-1, BELOW] - before[1:, BELOW]
    return torch.logsumexp(ended, dim=0)


def marginals(scores: torch.Tensor, temperature: float = _TEMPERATURE) -> torch.Tensor:
    """The probability of each part for each line, shape (lines, 5): the gradient of the partition (Eisner 2016)."""
    with torch.enable_grad():
        leaves = (scores.detach().double() / temperature).requires_grad_()
        (found,) = torch.autograd.grad(log_partition(leaves), leaves)
    return found.float()
