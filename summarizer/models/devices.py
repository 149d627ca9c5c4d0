"""Where models run: physical cores, and the torch device that a setting names."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from summarizer.errors import InvalidSetting


@cache
def physical_cores() -> int:
    """Physical cores that this process may use; a second thread on a core slows matrix products down.

    Where the machine does not tell, its logical processors.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if sys.platform == "darwin":
        told = subprocess.run(
            ["sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True, check=False
        ).stdout.strip()
        return min(int(told), usable) if told.isdigit() else usable
    cores = {path.read_text() for path in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/core_cpus_list")}
    return min(len(cores), usable) or usable


def compute_on(threads: int | None) -> None:
    """Let what the calling thread asks of torch be computed on so many threads; None: on one for each physical core."""
    import torch

    torch.set_num_threads(threads or physical_cores())


def hide_loading_bars() -> None:
    """Load weights without a bar, which would break into the bars and the logs of whoever loads them."""
    from transformers.utils import logging

    logging.disable_progress_bar()


def torch_device(name: str) -> str:
    """The torch device for "cpu", "cuda", "mps", or for "auto" the best that is there.

    :raises InvalidSetting: when the device that was named is not there.
    """
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(device for device, is_there in there.items() if is_there)
    if not there[name]:
        raise InvalidSetting(f"SUMMARIZER_DEVICE={name}, but this machine or this build of torch has no {name}.")
    return name
