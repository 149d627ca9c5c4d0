"""Labels: names of sections, buttons and breadcrumbs."""

import pytest

from summarizer.cleaning.boilerplate.navigation_labels import (
    is_breadcrumb,
    is_label,
    is_navigation_label,
    is_unambiguous_label,
)


@pytest.mark.parametrize(
    ("line", "label", "navigation", "unambiguous"),
    [
        ("Skip to content", True, True, True),
        ("[Sign in]", True, True, True),
        ("• Politics", True, True, False),
        ("Subscribe", True, False, False),
        ("Politics of honey", False, False, False),
        ("", False, False, False),
    ],
)
def test_labels_are_whole_lines(line: str, label: bool, navigation: bool, unambiguous: bool) -> None:
    assert (is_label(line), is_navigation_label(line), is_unambiguous_label(line)) == (label, navigation, unambiguous)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Home > News > Bees", True),
        ("News › Local", True),
        ("Home", False),
        ("Bees > News", False),
        ("News/Local", False),
    ],
)
def test_breadcrumb_begins_with_a_label(line: str, expected: bool) -> None:
    assert is_breadcrumb(line) == expected
