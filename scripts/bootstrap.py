"""A checkout → `.venv` with the pinned requirements and this package, and the default models in the cache.

Runs on any Python from 3.11 with the standard library alone. Does only what is not done yet, waits for another set-up
of the same checkout, and reports a failure in one message that says what to do.
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
PIP = "pip==26.3"  # pinned like everything else; the models' download needs --progress-bar raw, new in 24.1
INTERRUPTED = 130  # what a shell reports after Ctrl-C
_PROJECT = "pyproject.toml"


class SetupError(Exception):
    """Ends the set-up; the message tells the user what to do."""


class Environment:
    """The virtual environment of a checkout, with a stamp that records what was installed."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "set-up.json"
        self.installing = self.folder / "installing"  # exists while pip works: if it was killed, start over

    def prepare(self, requirements: Sequence[str]) -> None:
        """Install the requirement files, and the package if the checkout has one."""
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
            self.installing.unlink()  # pip itself failed, and left things as they were
            raise
        python = {"python": self._python_version(), "interpreter": self._interpreter()}
        self.stamp.write_text(json.dumps({**stamp, **wanted, **python}, indent=1))
        self.installing.unlink()

    def _fingerprint(self, requirements: Sequence[str]) -> dict[str, str]:
        """What must be unchanged for the installation to be valid; scripts in .venv contain its path."""
        names = [*requirements, *([_PROJECT] if self._has_package() else [])]
        hashes = {name: hashlib.sha256((self.checkout / name).read_bytes()).hexdigest() for name in names}
        return {**hashes, "pip": PIP, "folder": str(self.folder)}

    def _has_package(self) -> bool:
        """Whether there is a package to install; an image installs its requirements before the code is copied."""
        return (self.checkout / _PROJECT).exists()

    def _read_stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) and not self.installing.exists() else {}

    def _interpreter(self) -> str | None:
        """The target of .venv/bin/python, which shows a change of the system's Python without starting it."""
        return str(self.python.resolve()) if self.python.exists() else None

    def _python_version(self) -> str | None:
        """The version of the environment's Python, such as `3.11`; None if it does not run."""
        command = [str(self.python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return None

    def _is_usable(self, stamp: dict[str, str]) -> bool:
        """Whether pip can update the environment; if not, it must be created again."""
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
        say(f"Creating {self.folder} with Python {sys.version.split()[0]}")
        # The base interpreter, because this one may be that of the environment to be replaced.
        base = getattr(sys, "_base_executable", None) or sys.executable
        done = subprocess.run(
            [base, "-m", "venv", "--clear", str(self.folder)],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode == 0:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        raise SetupError(venv_failure(done.stdout, base, self.checkout))

    def _install(self, requirements: Sequence[str]) -> None:
        say(f"Installing {' and '.join(requirements)} into {self.folder}")
        if not self._runs(f"import pip; assert 'pip==' + pip.__version__ == '{PIP}'"):
            self._pip("--quiet", PIP)
        self._pip(*(argument for name in requirements for argument in ("-r", str(self.checkout / name))))
        if self._has_package():
            # Without isolation, the build uses the pinned setuptools and needs no network.
            self._pip("--quiet", "--no-deps", "--no-build-isolation", "--editable", str(self.checkout))
        self._check_imports()

    def _pip(self, *arguments: str) -> None:
        """Run pip install; its messages are shown, and searched for the reason if it fails."""
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")
        output = []
        try:
            for line in process.stderr or ():
                sys.stderr.write(line)
                output.append(line)
            process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        if process.returncode:
            raise SetupError(pip_failure("".join(output), self.checkout))

    def _check_imports(self) -> None:
        """Import llama.cpp now, while the user is reading: a minimal system can lack a library that it needs."""
        command = [str(self.python), "-c", "import xllamacpp"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip() or "it was killed").splitlines()[-1]
            hint = "On Debian or Ubuntu: apt install libgomp1.\n" if "libgomp" in reason else ""
            raise SetupError(f"llama.cpp was installed but does not load: {reason}\n{hint}Then run this again.")

    def download_models(self) -> int:
        """Download the models that are missing; the exit code."""
        process = subprocess.Popen([self.python, "-m", "summarizer.models.download"], cwd=self.checkout)
        try:
            return process.wait()
        except KeyboardInterrupt:  # the download reports it
            process.terminate()
            return process.wait()


def venv_failure(output: str, base: str, checkout: Path) -> str:
    """What a failed `python -m venv` means for the user."""
    if "No space left on device" in output:
        return disk_full(checkout)
    if "ensurepip" in output or "No module named venv" in output:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        return (
            f"{base} cannot create virtual environments: it lacks the modules venv and ensurepip.\n"
            f"On Debian or Ubuntu: apt install python3-venv (or {package}). Then run this again."
        )
    return f"{base} could not create the virtual environment:\n{output.strip()}"


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


def pip_failure(output: str, checkout: Path) -> str:
    """What a failed pip means for the user."""
    if "No space left on device" in output:
        return disk_full(checkout)
    if any(sign in output for sign in NETWORK_SIGNS):
        return (
            "pip could not reach its package index; its messages are above.\n"
            "Check the network (and pip's proxy or mirror settings, if you use any) and run this again."
        )
    if "No matching distribution found" in output:
        return (
            "pip found no package for this Python and system; its messages are above.\n"
            f"This is Python {sys.version.split()[0]}; there are packages for 3.11 to 3.14 on Linux and macOS. "
            "pip reports the same without a network."
        )
    return "pip could not install everything; its messages are above. Fix the cause, and run this again."


def disk_full(checkout: Path) -> str:
    """What a full disk means for the user."""
    free = shutil.disk_usage(checkout).free / 1e9
    return (
        f"The disk is full: {free:.1f} GB are free at {checkout}. The packages need 2 GB there, and pip needs some "
        "space in TMPDIR for a while.\nFree some, and run this again."
    )


@contextmanager
def lock_checkout(checkout: Path) -> Iterator[None]:
    """Lock the checkout against other set-ups; a killed process releases the lock."""
    with (checkout / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(message: str) -> None:
    """Print a message to stderr."""
    print(f"set-up: {message}", file=sys.stderr, flush=True)


def set_up(checkout: Path, *, dev: bool, models: bool) -> int:
    """Do what is not done yet; the exit code."""
    environment = Environment(checkout)
    requirements = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    with lock_checkout(checkout):
        environment.prepare(requirements)
        return environment.download_models() if models else 0


def explain(error: OSError, checkout: Path) -> str:
    """What an operating system error means for the user."""
    if error.errno == errno.ENOSPC:
        return disk_full(checkout)
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return f"{what}\nMake {checkout} and its contents writable for you, and run this again."


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at the first signal, and ignore further ones while ending."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    parser = argparse.ArgumentParser(prog="setup", description="Create .venv and download the default models.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests need")
    parser.add_argument("--without-models", action="store_true", help="only create .venv")
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
        say("interrupted; run this again to continue.")
        return INTERRUPTED
    return 1


if __name__ == "__main__":
    sys.exit(main())
