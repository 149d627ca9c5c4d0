"""`summarizer serve`: the address and log level that it runs the server with."""

import os
from typing import Any

import pytest
import uvicorn

from summarizer.__main__ import main


class Served(Exception):
    """uvicorn was about to run, which does not return."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__()
        self.config = config


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop before uvicorn runs, without the settings of this machine."""

    def stop(server: uvicorn.Server, *_: Any) -> None:
        raise Served(server.config)

    monkeypatch.setattr(uvicorn.Server, "run", stop)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("HOST", "PORT", "LOG_LEVEL"):
        monkeypatch.setenv(f"SUMMARIZER_{name}", "")


def served(*arguments: str) -> uvicorn.Config:
    """What `summarizer serve` runs uvicorn with."""
    with pytest.raises(Served) as stopped:
        main(["serve", *arguments])
    return stopped.value.config


def test_default_address_is_local() -> None:
    config = served()
    assert (config.host, config.port) == ("127.0.0.1", 8000)


def test_address_comes_from_options_or_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_HOST", "0.0.0.0")
    monkeypatch.setenv("SUMMARIZER_PORT", "9000")
    assert (served().host, served().port) == ("0.0.0.0", 9000)
    assert served("--port", "9001").port == 9001


def test_port_that_kubernetes_sets_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_PORT", "tcp://10.0.0.1:8080")
    assert served().port == 8000


def test_log_level_reaches_the_service() -> None:
    served("--log-level", "warning")
    assert os.environ["SUMMARIZER_LOG_LEVEL"] == "warning"


def test_log_level_may_be_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_LOG_LEVEL", "ERROR")
    served()
    assert os.environ["SUMMARIZER_LOG_LEVEL"] == "error"


def test_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--threads", "8"]) == 2
    assert "--threads" in capsys.readouterr().err
