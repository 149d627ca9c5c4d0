"""What `SUMMARIZER_MODEL` may name, and what a name that cannot be had says."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import tiny_bart, tiny_llama, tiny_t5

from summarizer import Settings, Summarizer
from summarizer.errors import ModelFailed, ModelNotFound
from summarizer.models.chat import ChatModel
from summarizer.models.find import find_model
from summarizer.models.gguf import GgufModel
from summarizer.models.seq2seq import Seq2SeqModel


@pytest.mark.parametrize(
    ("build", "family"), [(tiny_bart, Seq2SeqModel), (tiny_t5, Seq2SeqModel), (tiny_llama, ChatModel)]
)
def test_family_is_found_from_the_folder(tmp_path: Path, build: object, family: type) -> None:
    folder = build(tmp_path / "tiny")  # type: ignore[operator]
    model = find_model(str(folder), Settings())
    assert type(model) is family
    assert model.name == "tiny"


def test_gguf_file_and_folder_with_one_are_the_same_model(tmp_path: Path) -> None:
    (tmp_path / "small.gguf").touch()
    for name in (tmp_path, tmp_path / "small.gguf"):
        model = find_model(str(name), Settings())
        assert type(model) is GgufModel
        assert model.name == "small"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/no/such/folder", "no such folder"),
        ("no-such.gguf", "no such file"),
        ("not a name", "no name that the hub could have"),
    ],
)
def test_name_that_cannot_be_had_says_what_was_tried(name: str, message: str) -> None:
    with pytest.raises(ModelNotFound, match=message):
        find_model(name, Settings())


def test_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"neither config.json nor a .gguf file"):
        find_model(str(tmp_path), Settings())


def test_language_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    folder = tiny_llama(tmp_path)
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(ModelNotFound, match="chat template"):
        find_model(str(folder), Settings())


def test_hub_name_ends_in_seconds_when_the_hub_is_out_of_reach(tmp_path: Path) -> None:
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
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "ModelNotFound" in run.stderr
    assert "hub cannot be reached" in run.stderr
    assert time.monotonic() - started < 30


def test_damaged_gguf_file_fails_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(1_000))
    model = find_model(str(path), Settings(cache=tmp_path))
    with pytest.raises(ModelFailed, match=r"broken\.gguf does not load"):
        model.load()


def test_missing_embedded_models_name_the_set_up(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="scripts/setup"):
        Summarizer(Settings(cache=tmp_path))


@pytest.mark.parametrize("build", [tiny_bart, tiny_llama])
def test_configured_model_answers_rewrite_and_requests_that_name_no_method(
    tmp_path: Path, build: Callable[[Path], Path]
) -> None:
    summarizer = Summarizer(Settings(model=str(build(tmp_path / "tiny-model"))))
    assert summarizer.default_method == "rewrite"
    assert summarizer.model_name("rewrite") == "tiny-model"
    assert summarizer.model_name("compress") == summarizer.model_name("extract") == "all-MiniLM-L6-v2"


def test_without_a_configured_model_sentences_are_shortened() -> None:
    summarizer = Summarizer(Settings())
    assert summarizer.default_method == "compress"
    assert summarizer.model_name("rewrite") == "qwen2.5-coder-1.5b-instruct-q4_k_m"
