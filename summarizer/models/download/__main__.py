"""`python -m summarizer.models.download`: what set-up and `summarizer download` run."""

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from summarizer.errors import INTERRUPTED, SummarizerError
from summarizer.models.download import download
from summarizer.models.manifest import FILES, ModelFile
from summarizer.settings import Settings


def main(files: Sequence[ModelFile] = FILES) -> int:
    """Download the files that are missing; the exit code."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        download(files, Settings.from_env().cache)
    except SummarizerError as error:
        print(f"download: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("download: interrupted; what was downloaded is kept, run this again to continue.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at the first signal, and ignore further ones while ending."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
