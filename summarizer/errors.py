"""The errors that a user can fix.

Each message says what happened and what to do about it, and never contains article text. `web/problems.py` turns them
into HTTP answers; the commands print the message.
"""

# The exit code that a shell reports after Ctrl-C, for every command.
INTERRUPTED = 130
# The exit code of a service that cannot start: an invalid setting, or no models.
CANNOT_LOAD = 4


class SummarizerError(Exception):
    """The base of all errors that the caller can fix."""


class EmptyArticle(SummarizerError):
    """The text contains no article: it is empty, white space, or only a headline."""


class UnreadableText(SummarizerError):
    """The bytes are not text: binary data, or the wrong encoding."""


class UnreadableFile(SummarizerError):
    """The file has no readable text: it is damaged, encrypted, scanned, too large, or of an unsupported kind."""


class LinkFailed(SummarizerError):
    """The link is not a public web address, or does not lead to an article."""


class ArticleTooLong(SummarizerError):
    """The text is longer than the service accepts."""


class InvalidOption(SummarizerError):
    """A method, length or other option does not exist or has no such value."""


class InvalidSetting(SummarizerError):
    """An environment variable does not exist or has an invalid value."""


class ModelNotFound(SummarizerError):
    """The model is neither a file or folder on this machine nor available from the hub."""


class ModelFailed(SummarizerError):
    """The model was found, but does not load or does not answer."""


class OutOfTime(SummarizerError):
    """The deadline passed before the article was read."""


class Busy(SummarizerError):
    """The queue is full; the request can be sent again in `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
