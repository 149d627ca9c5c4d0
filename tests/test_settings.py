"""Settings: from the environment, validated, with messages that name the variable."""

from pathlib import Path

import pytest

from summarizer import Settings
from summarizer.errors import InvalidSetting


def test_cache_folder_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SUMMARIZER_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert Settings.from_env().cache == tmp_path / ".cache" / "summarizer"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert Settings.from_env().cache == tmp_path / "xdg" / "summarizer"
    monkeypatch.setenv("SUMMARIZER_CACHE", "~/models")
    assert Settings.from_env().cache == tmp_path / "models"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUMMARIZER_QUEUE", "many"),
        ("SUMMARIZER_METHOD", "compress"),
        ("SUMMARIZER_DEADLINE", "-1"),
        ("SUMMARIZER_FETCH_NETWORKS", "the office"),
    ],
)
def test_invalid_value_is_reported_with_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSetting, match=f"{name}='{value}'"):
        Settings.from_env()


def test_unknown_variable_is_reported_with_those_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_DEADLIN", "60")
    with pytest.raises(InvalidSetting, match=r"no setting SUMMARIZER_DEADLIN\..*SUMMARIZER_DEADLINE"):
        Settings.from_env()


def test_all_unknown_variables_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_METHODS", "extractive")
    monkeypatch.setenv("SUMMARIZER_DEADLIN", "60")
    with pytest.raises(InvalidSetting, match=r"no setting SUMMARIZER_DEADLIN or SUMMARIZER_METHODS\."):
        Settings.from_env()


def test_variables_that_kubernetes_sets_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SERVICE_HOST": "10.0.0.1",
        "SERVICE_PORT": "8000",
        "SERVICE_PORT_HTTP": "8000",
        "PORT": "tcp://10.0.0.1:8000",
        "PORT_8000_TCP": "tcp://10.0.0.1:8000",
        "PORT_8000_TCP_ADDR": "10.0.0.1",
        "PORT_8000_TCP_PORT": "8000",
        "PORT_8000_TCP_PROTO": "tcp",
    }.items():
        monkeypatch.setenv(f"SUMMARIZER_{name}", value)
    Settings.from_env()


def test_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_QUEUE", "")
    assert Settings.from_env().queue == 16


@pytest.mark.parametrize("name", ["SUMMARIZER_HOST", "SUMMARIZER_PORT", "SUMMARIZER_LOG_LEVEL"])
def test_variables_of_the_serve_command_are_known(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    Settings.from_env()
