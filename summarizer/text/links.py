"""What is a link."""

import re

_LINK = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a text is a web address and nothing else."""
    return bool(_LINK.fullmatch(text))
