"""scripts/setup: `.venv` is created once, with the pinned requirements and the package of the checkout."""

import fcntl
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from scripts import bootstrap
from tests.model_site import Outcome, clean_environment, finish, write_wheel

pytestmark = pytest.mark.setup

CHECKOUT = Path(__file__).parents[2]
PYPROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "tiny-package"
version = "1.0"

[project.scripts]
tiny = "tiny_package:main"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose requirements are tiny wheels, and whose .venv sees pip and the packages of this one."""
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("setup", "bootstrap.py"):
        shutil.copy(CHECKOUT / "scripts" / name, folder / "scripts" / name)
    (folder / "requirements.txt").write_text("tiny-runtime==1.0\n")
    (folder / "requirements-dev.txt").write_text("tiny-tool==1.0\n")
    write_wheel(tmp_path, "tiny-runtime", {"tiny_runtime.py": b""})
    write_wheel(tmp_path, "tiny-tool", {"tiny_tool.py": b""})
    venv.create(folder / ".venv", symlinks=True, with_pip=False)
    (packages_of(folder) / "these.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def packages_of(checkout: Path) -> Path:
    """The folder of the installed packages."""
    (packages,) = (checkout / ".venv").glob("lib/python3*/site-packages")
    return packages


def add_package(checkout: Path, output: str) -> None:
    """Make the checkout one of a package whose command `tiny` prints this."""
    (checkout / "pyproject.toml").write_text(PYPROJECT)
    (checkout / "tiny_package.py").write_text(f"def main():\n    print({output!r})\n")


def run_command(checkout: Path) -> str:
    """What `tiny` prints, started outside the checkout."""
    command = checkout / ".venv" / "bin" / "tiny"
    result = subprocess.run([command], cwd=checkout.parent, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def start(checkout: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start the set-up without the models."""
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
    """Run the set-up to its end."""
    return finish(start(checkout, *arguments, **variables))


class TestRequirements:
    def test_requirements_are_installed_once(self, checkout: Path) -> None:
        assert set_up(checkout).exit_code == 0
        assert (packages_of(checkout) / "tiny_runtime.py").exists()
        assert not (packages_of(checkout) / "tiny_tool.py").exists()
        assert set_up(checkout, PIP_FIND_LINKS="/nowhere") == Outcome(0, "")

    def test_dev_also_installs_what_the_tests_need(self, checkout: Path) -> None:
        assert set_up(checkout, "--dev").exit_code == 0
        assert (packages_of(checkout) / "tiny_tool.py").exists()
        assert set_up(checkout, PIP_FIND_LINKS="/nowhere") == Outcome(0, "")

    def test_changed_requirements_are_installed(self, checkout: Path) -> None:
        assert set_up(checkout).exit_code == 0
        (checkout / "requirements.txt").write_text("tiny-runtime==1.0\ntiny-tool==1.0\n")
        assert set_up(checkout).exit_code == 0
        assert (packages_of(checkout) / "tiny_tool.py").exists()

    def test_unavailable_requirement_is_reported_and_tried_again(self, checkout: Path) -> None:
        outcome = set_up(checkout, PIP_FIND_LINKS="/nowhere")
        assert outcome.exit_code == 1
        assert "set-up: pip found no package" in outcome.messages
        assert set_up(checkout).exit_code == 0


class TestPackage:
    def test_package_of_the_checkout_is_installed_once(self, checkout: Path) -> None:
        add_package(checkout, "first")
        outcome = set_up(checkout)
        assert outcome.exit_code == 0, outcome.messages
        assert run_command(checkout) == "first"
        assert set_up(checkout, PIP_FIND_LINKS="/nowhere") == Outcome(0, "")

    def test_changed_code_needs_no_set_up(self, checkout: Path) -> None:
        add_package(checkout, "first")
        assert set_up(checkout).exit_code == 0
        add_package(checkout, "a longer second")
        assert run_command(checkout) == "a longer second"

    def test_package_that_arrives_after_the_requirements_is_installed(self, checkout: Path) -> None:
        assert set_up(checkout).exit_code == 0  # as in an image, where they are a layer of their own
        add_package(checkout, "first")
        assert set_up(checkout).exit_code == 0
        assert run_command(checkout) == "first"

    def test_changed_project_file_is_installed(self, checkout: Path) -> None:
        add_package(checkout, "first")
        assert set_up(checkout).exit_code == 0
        (checkout / "pyproject.toml").write_text(PYPROJECT + 'tiny2 = "tiny_package:main"\n')
        assert set_up(checkout).exit_code == 0
        assert (checkout / ".venv" / "bin" / "tiny2").exists()

    def test_package_that_cannot_be_installed_is_reported(self, checkout: Path) -> None:
        add_package(checkout, "first")
        (checkout / "pyproject.toml").write_text(PYPROJECT.replace("version", 'requires-python = ">=99"\nversion'))
        outcome = set_up(checkout)
        assert outcome.exit_code == 1
        assert "set-up: pip could not install everything" in outcome.messages


def test_second_set_up_waits_for_the_first(checkout: Path) -> None:
    with (checkout / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = start(checkout)
        assert process.stderr
        assert "Waiting for another set-up" in process.stderr.readline()
    assert finish(process).exit_code == 0


def test_python_without_ensurepip_is_explained(tmp_path: Path) -> None:
    debian_output = (
        "The virtual environment was not created successfully because ensurepip is not\n"
        "available.  On Debian/Ubuntu systems, you need to install the python3-venv package"
    )
    assert "apt install python3-venv" in bootstrap.venv_failure(debian_output, "/usr/bin/python3", tmp_path)


def test_missing_python_is_reported(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")  # as one that is too old answers
    (programs / "python3").chmod(0o755)
    outcome = set_up(checkout, PATH=str(programs))
    assert outcome.exit_code == 1
    assert "Python 3.11 or later is needed" in outcome.messages
