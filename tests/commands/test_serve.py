"""`summarizer serve`: what it runs gunicorn with."""

import os

import pytest

from summarizer.__main__ import main


class Replaced(Exception):
    """`os.execv` was called, which does not return."""

    def __init__(self, _program: str, arguments: list[str]) -> None:
        super().__init__()
        self.arguments = arguments


@pytest.fixture(autouse=True)
def execv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise what the process would be replaced by, without the settings of this machine."""

    def replace(program: str, arguments: list[str]) -> None:
        raise Replaced(program, arguments)

    monkeypatch.setattr("os.execv", replace)
    for name in ("HOST", "PORT", "LOG_LEVEL"):
        monkeypatch.setenv(f"SUMMARIZER_{name}", "")


def gunicorn(*arguments: str) -> list[str]:
    """The arguments of gunicorn that `summarizer serve` runs."""
    with pytest.raises(Replaced) as replaced:
        main(["serve", *arguments])
    command = replaced.value.arguments
    assert command[1:3] == ["-m", "gunicorn"]
    return command[3:]


def bind(*arguments: str) -> str:
    command = gunicorn(*arguments)
    return command[command.index("--bind") + 1]


def test_default_address_is_local() -> None:
    assert bind() == "127.0.0.1:8000"


def test_address_comes_from_options_or_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_HOST", "0.0.0.0")
    monkeypatch.setenv("SUMMARIZER_PORT", "9000")
    assert bind() == "0.0.0.0:9000"
    assert bind("--port", "9001") == "0.0.0.0:9001"


def test_port_that_kubernetes_sets_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_PORT", "tcp://10.0.0.1:8080")
    assert bind() == "127.0.0.1:8000"


def test_ipv6_address_is_put_into_brackets() -> None:
    assert bind("--host", "::1") == "[::1]:8000"


def test_log_level_reaches_the_service() -> None:
    gunicorn("--log-level", "warning")
    assert os.environ["SUMMARIZER_LOG_LEVEL"] == "warning"


def test_log_level_may_be_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_LOG_LEVEL", "ERROR")
    gunicorn()
    assert os.environ["SUMMARIZER_LOG_LEVEL"] == "error"


@pytest.mark.parametrize("given", [["--threads", "8"], ["--threads=8"], ["--", "--threads", "8"]])
def test_further_options_go_to_gunicorn(given: list[str]) -> None:
    command = gunicorn(*given)
    assert command[-1] == "summarizer.web.wsgi:app"
    assert "--threads 8" in " ".join(command).replace("=", " ")
