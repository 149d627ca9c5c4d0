"""What `SUMMARIZER_MODEL` can name, and the message for a name that does not exist."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Settings, Summarizer
from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.causal_lm import CausalLanguageModel
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.manifest import encoder_folder
from summarizer.models.resolve import resolve_model
from summarizer.models.seq2seq import Seq2SeqModel
from tests.tiny_models import tiny_bart, tiny_llama, tiny_t5


@pytest.mark.parametrize(
    ("build", "family"), [(tiny_bart, Seq2SeqModel), (tiny_t5, Seq2SeqModel), (tiny_llama, CausalLanguageModel)]
)
def test_family_is_detected_from_the_folder(tmp_path: Path, build: object, family: type) -> None:
    folder = build(tmp_path / "tiny")  # type: ignore[operator]
    model = resolve_model(str(folder), Settings())
    assert type(model) is family
    assert model.name == "tiny"


def test_gguf_file_and_folder_with_one_are_the_same_model(tmp_path: Path) -> None:
    (tmp_path / "small.gguf").touch()
    for name in (tmp_path, tmp_path / "small.gguf"):
        model = resolve_model(str(name), Settings())
        assert type(model) is LlamaCppModel
        assert model.name == "small"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/no/such/folder", "no such folder"),
        ("no-such.gguf", "no such file"),
        ("not a name", "not a valid Hugging Face Hub model ID"),
    ],
)
def test_unknown_name_says_what_was_tried(name: str, message: str) -> None:
    with pytest.raises(ModelNotFound, match=message):
        resolve_model(name, Settings())


def test_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"neither config.json nor a .gguf file"):
        resolve_model(str(tmp_path), Settings())


def test_language_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    folder = tiny_llama(tmp_path)
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(ModelNotFound, match="chat template"):
        resolve_model(str(folder), Settings())


def test_unreachable_hub_is_reported_within_seconds(tmp_path: Path) -> None:
    program = "from summarizer import Summarizer; Summarizer()"
    environment = {
        "PATH": "",
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HOME": str(tmp_path),
        "SUMMARIZER_MODEL": "someone/some-model",
        "SUMMARIZER_CACHE": str(Settings().cache),
    }
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "ModelNotFound" in run.stderr
    assert "hub cannot be reached" in run.stderr
    assert time.monotonic() - started < 30


def test_default_language_model_may_be_missing_if_another_model_writes(tmp_path: Path) -> None:
    folder = tiny_bart(tmp_path / "tiny")
    encoder_folder(tmp_path).symlink_to(encoder_folder(Settings().cache))
    assert Summarizer(Settings(model=str(folder), cache=tmp_path)).default_method == "abstractive"


def test_damaged_gguf_file_is_reported_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(1_000))
    model = resolve_model(str(path), Settings(cache=tmp_path))
    with pytest.raises(ModelFailed, match=r"broken\.gguf could not be loaded"):
        model.load()


def test_missing_default_models_name_the_download(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="summarizer download"):
        Summarizer(Settings(cache=tmp_path))


@pytest.mark.parametrize("build", [tiny_bart, tiny_llama])
def test_configured_model_makes_abstractive_the_default(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    summarizer = Summarizer(Settings(model=str(build(tmp_path / "tiny-model"))))
    assert summarizer.default_method == "abstractive"
    assert summarizer.model_name("abstractive") == "tiny-model"
    assert summarizer.model_name("extractive") == "all-MiniLM-L6-v2"


def test_default_method_is_extractive() -> None:
    summarizer = Summarizer(Settings())
    assert summarizer.default_method == "extractive"
    assert summarizer.model_name("abstractive") == "qwen2.5-coder-1.5b-instruct-q4_k_m"
