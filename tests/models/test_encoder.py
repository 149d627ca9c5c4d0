"""The sentence encoder's weights, tested on a tiny model that the suite builds."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from summarizer.errors import InvalidSetting, ModelFailed, ModelNotFound
from summarizer.models.encoder import SentenceEncoder
from tests.tiny_models import tiny_llama


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_llama(tmp_path)


def test_folder_without_weights_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="summarizer download"):
        SentenceEncoder(tmp_path)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("model.safetensors", lambda content: content[:3000]),
        ("model.safetensors", lambda _: b""),
        ("config.json", lambda _: b"{"),
        ("config.json", lambda _: b"[]"),
        ("config.json", lambda content: content.replace(b'"hidden_size": 32', b'"hidden_size": 64')),
        ("tokenizer.json", lambda _: b"{}"),
    ],
)
def test_damaged_file_does_not_load(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    file = folder / name
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ModelFailed, match=r"could not be loaded .*summarizer download"):
        SentenceEncoder(folder, "cpu").load()


def test_missing_file_does_not_load(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(ModelFailed, match="could not be loaded"):
        SentenceEncoder(folder, "cpu").embed(["It rained."])


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="this machine has the device")
def test_device_that_is_not_available_is_an_invalid_setting(folder: Path) -> None:
    with pytest.raises(InvalidSetting, match="SUMMARIZER_DEVICE=mps"):
        SentenceEncoder(folder, "mps").load()
