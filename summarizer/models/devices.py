"""Where models run: processor threads, and the torch device that a setting names."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from summarizer.errors import InvalidSetting


@cache
def compute_threads() -> int:
    """Threads that a model computes with: `OMP_NUM_THREADS`, else one for each physical core this process may use.

    A second thread on a core slows matrix products down.
    """
    chosen = os.environ.get("OMP_NUM_THREADS", "")
    return int(chosen) if chosen.isdigit() and int(chosen) else physical_cores()


@cache
def physical_cores() -> int:
    """Physical cores that this process may use; logical processors where the machine does not report its cores."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if sys.platform == "darwin":
        count = subprocess.run(
            ["sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True, check=False
        ).stdout.strip()
        return min(int(count), usable) if count.isdigit() else usable
    cores = {path.read_text() for path in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/core_cpus_list")}
    return min(len(cores), usable) or usable


def set_torch_threads(threads: int) -> None:
    """Set the number of threads for torch operations that the calling thread starts."""
    import torch

    torch.set_num_threads(threads)


def hide_loading_bars() -> None:
    """Load weights without transformers' progress bar, which would garble other bars and logs."""
    from transformers.utils import logging

    logging.disable_progress_bar()


def require_device(name: str) -> None:
    """Check that the machine has the device that a setting names.

    "auto" and "cpu" exist everywhere, so they are not worth importing torch, which takes 2 to 3 seconds.

    :raises InvalidSetting: when it has not.
    """
    if name not in ("auto", "cpu"):
        torch_device(name)


def torch_device(name: str) -> str:
    """The torch device for "cpu", "cuda" or "mps"; for "auto" the fastest one available.

    :raises InvalidSetting: when the named device is not available.
    """
    import torch

    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(device for device, is_available in available.items() if is_available)
    if not available[name]:
        raise InvalidSetting(
            f"SUMMARIZER_DEVICE={name}, but this machine or this build of torch has no {name}. Use cpu or auto."
        )
    return name
