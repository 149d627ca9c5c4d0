"""What commands say on standard error."""

import sys


def say(message: str) -> None:
    """Print a message for the user."""
    print(message, file=sys.stderr)


def count(number: int, noun: str) -> str:
    """A number with its noun, which gets an "s" in the plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
