"""What is a link."""

import re

_LINK = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)
# As people write them: without a scheme, with any letters, in angle brackets. A name alone ("bbc.com") may be a word.
_WRITTEN_LINK = re.compile(r"<?(?:https?://[^\s<>]+|www\.[^\s<>]+|[\w-]+(?:\.[\w-]+)+/[^\s<>]*)>?", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a text is a web address and nothing else."""
    return bool(_LINK.fullmatch(text))


def has_only_links(text: str) -> bool:
    """Whether a text consists of web addresses, as people write them."""
    words = text.split()
    return bool(words) and all(map(_WRITTEN_LINK.fullmatch, words))
