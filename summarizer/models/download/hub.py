"""Model files from the hub, each resumed where an earlier download ended."""

import errno
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import huggingface_hub  # loads its modules at first use: nothing that opens a socket is loaded here

from summarizer.models.download.cache import downloads_folder, place, require_space, run_concurrently, sha256
from summarizer.models.download.errors import SourceFailed, first_line
from summarizer.models.download.terminal import Advance, progress_bar, say, thread_safe
from summarizer.models.manifest import ModelFile

REACH_TIMEOUT = 3.0  # seconds to reach the hub, which otherwise answers in well under one
READ_TIMEOUT = 20.0  # seconds without a byte of a running download
MAX_TRIES = 5  # connections per file, each resuming where the last one ended
CHUNK_SIZE = 1 << 20  # bytes


def download_from_hub(files: Sequence[ModelFile], cache: Path) -> None:
    """Download whole files from the hub.

    :raises SourceFailed: when it does not answer in time or does not deliver.
    """
    _reach(files[0])
    downloads = downloads_folder(cache)
    downloads.mkdir(exist_ok=True)
    parts = {file: downloads / f"{file.path.replace('/', '--')}.part" for file in files}
    total = sum(file.size for file in files)
    done = sum(part.stat().st_size for part in parts.values() if part.exists())
    require_space(total - done, cache)
    say(f"Downloading the models from the hub into {cache}")
    stop = threading.Event()
    with progress_bar(total, done) as bar:
        advance = thread_safe(bar)
        tasks = [partial(_download, file, part, cache, advance, stop) for file, part in parts.items()]
        run_concurrently(tasks, stop.set)


def _reach(file: ModelFile) -> None:
    """Ask the hub about a file, in a thread, because resolving a name can take longer than any timeout.

    :raises SourceFailed: when there is no good answer within `REACH_TIMEOUT`.
    """
    failure: list[str] = [f"no answer within {REACH_TIMEOUT:.0f} seconds"]

    def ask() -> None:
        try:
            huggingface_hub.get_hf_file_metadata(_url(file), timeout=REACH_TIMEOUT)
            failure.clear()
        except Exception as error:  # any failure means that the next source is tried
            failure[:] = [first_line(error)]

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(REACH_TIMEOUT)
    if reason := "".join(failure):
        raise SourceFailed(reason)


def _url(file: ModelFile) -> str:
    return huggingface_hub.hf_hub_url(file.repository, file.repository_path)


def _download(file: ModelFile, part: Path, cache: Path, advance: Advance, stop: threading.Event) -> None:
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            _resume(file, part, advance, stop)
            break
        except Exception as error:  # whatever broke the connection, another one may work
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            if tries_left == 0:
                raise SourceFailed(first_line(error)) from error
        time.sleep(1)
    if stop.is_set():
        return
    found = sha256(part)
    if found != file.sha256:
        part.unlink()
        raise SourceFailed(f"its {file.repository_path} has sha256 {found} instead of {file.sha256}; deleted")
    place(part, file, cache)


def _resume(file: ModelFile, part: Path, advance: Advance, stop: threading.Event) -> None:
    """Append to `part` what it lacks.

    huggingface_hub's own download starts from zero when its process was killed, which is too costly for a gigabyte.
    """
    # Imported here because it takes 0.2 s, which a run with nothing to download saves.
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    done = part.stat().st_size if part.exists() else 0
    if done >= file.size:
        return
    headers = build_hf_headers()
    headers["Accept-Encoding"] = "identity"  # a compressed response cannot be resumed
    if done:
        headers["Range"] = f"bytes={done}-"
    with get_session().stream(
        "GET", _url(file), headers=headers, timeout=READ_TIMEOUT, follow_redirects=True
    ) as response:
        hf_raise_for_status(response)
        is_resumed = response.status_code == 206  # Partial Content
        with part.open("ab" if is_resumed else "wb") as stream:
            if not is_resumed:
                advance(-done)
            for chunk in response.iter_bytes(CHUNK_SIZE):
                if stop.is_set():
                    return
                stream.write(chunk)
                advance(len(chunk))
