"""The tokens that language models have read and written since this process began."""

import threading


class TokenUsage:
    """Counts tokens; safe to use from several threads."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0
        self._lock = threading.Lock()

    def add(self, read: int, written: int) -> None:
        """Count the tokens of one answer; tokens that were cached are not read again."""
        with self._lock:
            self.read += read
            self.written += written


USAGE = TokenUsage()
