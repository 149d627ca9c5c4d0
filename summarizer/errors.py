"""What can go wrong that a user can mend.

One small family. Each message says what happened and what to do about it; it never holds article text. The web
layer turns the family into HTTP in one place (`web/problems.py`), the scripts print the message.
"""


class SummarizerError(Exception):
    """The root of the family: something that the caller can put right."""


class EmptyArticle(SummarizerError):
    """There is no article in the text: it is empty, white space, or a headline alone."""


class UnreadableText(SummarizerError):
    """The bytes are not text: binary data, or an encoding that does not fit them."""


class UnreadableFile(SummarizerError):
    """A file that holds no text that can be read: broken, encrypted, scanned, too large, or of another kind."""


class LinkFailed(SummarizerError):
    """A link that is no public web address, or that does not lead to an article."""


class ArticleTooLong(SummarizerError):
    """More text than the service takes."""


class InvalidOption(SummarizerError):
    """A method, a length or another option that does not exist."""


class InvalidSetting(SummarizerError):
    """An environment variable with a value that does not fit it."""


class ModelNotFound(SummarizerError):
    """The model that was asked for is neither a file nor a folder here, nor to be had from the hub."""


class ModelFailed(SummarizerError):
    """A model that was found does not load or does not answer."""


class Busy(SummarizerError):
    """More requests wait than the service takes; try again in `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
