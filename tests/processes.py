"""Commands in a process of their own."""

import signal
import subprocess
import sys
from pathlib import Path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `summarizer ARGUMENTS` in a folder."""
    # A suite that runs in the background of a shell ignores Ctrl-C, and its child processes would, too.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "summarizer", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, previous)
