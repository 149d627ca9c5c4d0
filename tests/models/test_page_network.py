"""The sums over all segmentations of a page, against a count of each one."""

from itertools import combinations_with_replacement

import torch

from summarizer.models.page_divider import ABOVE, ARTICLE, BELOW, FEATURES, HEAD, PARTS, TITLE
from summarizer.models.page_network import PageNetwork, Segmentation, log_partition, marginals, score

LINES = 5


def segmentations() -> list[Segmentation]:
    """Every segmentation of a page of five lines."""
    blocks = list(combinations_with_replacement(range(LINES), 2))
    return [Segmentation(title, *block) for block in blocks for title in (None, *range(block[0]))]


def scores() -> torch.Tensor:
    return torch.randn(LINES, len(PARTS), generator=torch.Generator().manual_seed(3))


def part_of(line: int, segmentation: Segmentation) -> int:
    if segmentation.first <= line <= segmentation.last:
        return ARTICLE
    if line > segmentation.last:
        return BELOW
    if segmentation.title is None or line < segmentation.title:
        return ABOVE
    return TITLE if line == segmentation.title else HEAD


def test_score_is_the_sum_over_the_lines() -> None:
    found = scores()
    for segmentation in segmentations():
        expected = sum(float(found[line, part_of(line, segmentation)]) for line in range(LINES))
        assert abs(float(score(found, segmentation)) - expected) < 1e-5


def test_partition_sums_over_every_segmentation() -> None:
    found = scores()
    expected = torch.logsumexp(torch.stack([score(found, segmentation) for segmentation in segmentations()]), dim=0)
    assert torch.allclose(log_partition(found), expected, atol=1e-5)


def test_marginals_are_the_shares_of_the_segmentations() -> None:
    found = scores()
    shares = torch.softmax(torch.stack([score(found, segmentation) for segmentation in segmentations()]), dim=0)
    expected = torch.zeros(LINES, len(PARTS))
    for share, segmentation in zip(shares, segmentations(), strict=True):
        for line in range(LINES):
            expected[line, part_of(line, segmentation)] += share
    assert torch.allclose(marginals(found, temperature=1.0), expected, atol=1e-5)


def test_gradient_of_the_partition_is_finite() -> None:
    found = scores().requires_grad_()
    log_partition(found).backward()  # type: ignore[no-untyped-call]
    assert found.grad is not None
    assert bool(torch.isfinite(found.grad).all())


def test_each_line_has_a_score_for_each_part() -> None:
    network = PageNetwork().eval()
    words, offsets = torch.tensor([3, 4]), torch.tensor([0, 2])
    found = network(torch.zeros(2, FEATURES), words, offsets)
    assert found.shape == (2, len(PARTS))
    assert bool(torch.isfinite(found).all())
