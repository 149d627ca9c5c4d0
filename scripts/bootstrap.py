"""Make `.venv` with the pinned requirements, then let it fetch the embedded models.

Runs on any Python from 3.11 with the standard library alone. Does only what is not done yet, waits for
another set-up of the same checkout, and ends a failure with one message that says what to do. Knows nothing of
the models.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PIP = "pip==26.3"  # pinned like all the rest; fetch_models.py needs --progress-bar raw, which began with 24.1
INTERRUPTED = 130  # what a shell reports for Ctrl-C


class SetupError(Exception):
    """Ends the set-up; the message is for the user and says what to do."""


class Environment:
    """The virtual environment of a checkout, and the stamp in it that says what was installed."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "set-up.json"
        self.installing = self.folder / "installing"  # there while pip works: after a kill, nothing can be relied on

    def prepare(self, requirements: Sequence[str]) -> None:
        """Make the environment hold what the requirement files name."""
        wanted = self._fingerprint(requirements)
        stamp = self._read_stamp()
        if wanted.items() <= stamp.items() and self._interpreter() == stamp.get("interpreter"):
            return
        if not self._is_usable(stamp):
            self._create()
            stamp = {}
        self.installing.touch()
        try:
            self._install(requirements)
        except SetupError:
            self.installing.unlink()  # pip itself gave up, and leaves things as they were
            raise
        made_with = {"python": self._python_version(), "interpreter": self._interpreter()}
        self.stamp.write_text(json.dumps({**stamp, **wanted, **made_with}, indent=1))
        self.installing.unlink()

    def _fingerprint(self, requirements: Sequence[str]) -> dict[str, str]:
        """What must be as it was for the installed packages to be right; scripts in .venv hold its path."""
        hashes = {name: hashlib.sha256((self.checkout / name).read_bytes()).hexdigest() for name in requirements}
        return {**hashes, "pip": PIP, "folder": str(self.folder)}

    def _read_stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) and not self.installing.exists() else {}

    def _interpreter(self) -> str | None:
        """What .venv/bin/python leads to: a change of the system's Python shows here without starting it."""
        return str(self.python.resolve()) if self.python.exists() else None

    def _python_version(self) -> str | None:
        """The version of the environment's Python as `3.11`, None when it does not run."""
        ask = [str(self.python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return None

    def _is_usable(self, stamp: dict[str, str]) -> bool:
        """True when pip can bring the environment up to date, false when it must be made anew."""
        version = self._python_version()
        if version is None or self.installing.exists():
            return False
        moved = stamp.get("folder", str(self.folder)) != str(self.folder)
        changed = stamp.get("python", version) != version
        old = tuple(int(number) for number in version.split(".")) < OLDEST
        return not (moved or changed or old) and self._runs("import pip")

    def _runs(self, code: str) -> bool:
        return subprocess.run([self.python, "-c", code], check=False, capture_output=True).returncode == 0

    def _create(self) -> None:
        say(f"Making {self.folder} with Python {sys.version.split()[0]}")
        # The base interpreter, in case that the one running is the very environment to be made anew.
        base = getattr(sys, "_base_executable", None) or sys.executable
        made = subprocess.run(
            [base, "-m", "venv", "--clear", str(self.folder)],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if made.returncode == 0:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        raise SetupError(venv_failure(made.stdout, base, self.checkout))

    def _install(self, requirements: Sequence[str]) -> None:
        say(f"Installing {' and '.join(requirements)} into {self.folder}")
        if not self._runs(f"import pip; assert 'pip==' + pip.__version__ == '{PIP}'"):
            self._pip("--quiet", PIP)
        self._pip(*(argument for name in requirements for argument in ("-r", str(self.checkout / name))))
        self._try_out()

    def _pip(self, *arguments: str) -> None:
        """Run pip install; what it says is seen, and read for the reason when it fails."""
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")
        said = []
        try:
            for line in process.stderr or ():
                sys.stderr.write(line)
                said.append(line)
            process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        if process.returncode:
            raise SetupError(pip_failure("".join(said), self.checkout))

    def _try_out(self) -> None:
        """Import what a minimal system can lack a library for, while there is somebody to read about it."""
        command = [self.python, "-c", "import xllamacpp"]
        tried = subprocess.run(command, check=False, capture_output=True, text=True)
        if tried.returncode:
            reason = (tried.stderr.strip() or "it was killed").splitlines()[-1]
            hint = "On Debian or Ubuntu: apt install libgomp1.\n" if "libgomp" in reason else ""
            raise SetupError(f"llama.cpp was installed but does not load: {reason}\n{hint}Then run this again.")

    def fetch_models(self) -> int:
        process = subprocess.Popen([self.python, self.checkout / "scripts" / "fetch_models.py"])
        try:
            return process.wait()
        except KeyboardInterrupt:  # it says so itself, in its own words
            process.terminate()
            return process.wait()


def venv_failure(said: str, base: str, checkout: Path) -> str:
    """What it means for the user that `python -m venv` failed."""
    if "No space left on device" in said:
        return disk_full(checkout)
    if "ensurepip" in said or "No module named venv" in said:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        return (
            f"{base} cannot make virtual environments: it comes without the modules venv and ensurepip.\n"
            f"On Debian or Ubuntu: apt install python3-venv (or {package}). Then run this again."
        )
    return f"{base} could not make the virtual environment:\n{said.strip()}"


NETWORK_SIGNS = (
    "connection error",
    "NewConnectionError",
    "ConnectTimeoutError",
    "Failed to resolve",
    "name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Read timed out",
    "ProxyError",
    "SSLError",
)


def pip_failure(said: str, checkout: Path) -> str:
    """What a failed pip means for the user."""
    if "No space left on device" in said:
        return disk_full(checkout)
    if any(sign in said for sign in NETWORK_SIGNS):
        return (
            "pip could not reach its package index; its own words are above.\n"
            "Check the network (and pip's proxy or mirror settings, if you use any) and run this again."
        )
    if "No matching distribution found" in said:
        return (
            "pip found no package that fits this Python and system; its own words are above.\n"
            f"This is Python {sys.version.split()[0]}; there are packages for 3.11 to 3.14 on Linux and macOS. "
            "Without a network pip says the same."
        )
    return "pip could not install the requirements; its own words are above. Run this again when that is solved."


def disk_full(checkout: Path) -> str:
    free = shutil.disk_usage(checkout).free / 1e9
    return (
        f"The disk is full: {free:.1f} GB are free at {checkout}. The packages need 2 GB there, and pip some "
        "for a while in TMPDIR.\nFree some, and run this again."
    )


@contextmanager
def held(checkout: Path) -> Iterator[None]:
    """Hold the checkout, so that two set-ups wait for each other; a killed one lets go."""
    with (checkout / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(message: str) -> None:
    print(f"set-up: {message}", file=sys.stderr, flush=True)


def set_up(checkout: Path, *, dev: bool, models: bool) -> int:
    """Do what is not done yet; returns an exit code."""
    environment = Environment(checkout)
    requirements = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    with held(checkout):
        environment.prepare(requirements)
        return environment.fetch_models() if models else 0


def explain(error: OSError, checkout: Path) -> str:
    if error.errno == errno.ENOSPC:
        return disk_full(checkout)
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return f"{what}\nMake {checkout} and what is in it writable for you, and run this again."


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End on the first signal, and let nothing disturb the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="setup", description="Make .venv and fetch the embedded models.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests need")
    parser.add_argument("--without-models", action="store_true", help="only make .venv")
    options = parser.parse_args(arguments)
    if sys.version_info < OLDEST:
        say(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}. Run scripts/setup: it finds one.")
        return 1
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return set_up(CHECKOUT, dev=options.dev, models=not options.without_models)
    except SetupError as error:
        say(str(error))
    except OSError as error:
        say(explain(error, CHECKOUT))
    except KeyboardInterrupt:
        say("interrupted; run this again to go on.")
        return INTERRUPTED
    return 1


if __name__ == "__main__":
    sys.exit(main())
