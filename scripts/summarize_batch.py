#!/usr/bin/env python3
"""Starts `summarizer batch` in the checkout's environment, which scripts/setup creates."""

import os
import sys
from pathlib import Path

command = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "summarizer"
if not command.exists():
    sys.exit("summarize_batch.py: run scripts/setup first")
os.execv(command, [str(command), "batch", *sys.argv[1:]])
