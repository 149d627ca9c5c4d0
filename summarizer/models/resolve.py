"""What `SUMMARIZER_MODEL` names → a model of the right family, not loaded yet.

A name is a folder, a `.gguf` file, a model of the hub or one that a server has; where there is no such model, that is
known within seconds.
"""

from pathlib import Path
from typing import Any

from summarizer.errors import ModelNotFound
from summarizer.models.causal_lm import CausalLanguageModel
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.manifest import language_model_path
from summarizer.models.prompts import TOKEN_BUDGET
from summarizer.models.protocols import Model
from summarizer.models.remote import RemoteModel
from summarizer.models.seq2seq import Seq2SeqModel
from summarizer.models.trained_writer import TrainedWriter
from summarizer.settings import REMOTE, Settings

# Seconds to wait for the hub's answer.
_HUB_TIMEOUT = 5
# The adapter of the default language model, and the tokens of an article that it was trained to read.
ADAPTER = Path(__file__).with_name("writer.gguf")
_DEFAULT_MODEL_TOKEN_BUDGET = 384


def default_language_model(settings: Settings) -> TrainedWriter:
    """The language model that set-up downloads, as a writer.

    :raises ModelNotFound: when it is not in the cache.
    """
    return TrainedWriter(default_engine(settings))


def default_engine(settings: Settings) -> LlamaCppModel:
    """The language model that set-up downloads, with the adapter that is trained for it.

    :raises ModelNotFound: when it is not in the cache.
    """
    path = language_model_path(settings.cache)
    if not path.is_file():
        raise ModelNotFound(f"The language model is not at {path}. Run 'summarizer download' to fetch it.")
    if not ADAPTER.is_file():
        raise ModelNotFound(f"The adapter of the language model is not at {ADAPTER}. Install the package again.")
    return _llama_cpp(path, settings, _DEFAULT_MODEL_TOKEN_BUDGET, ADAPTER)


def resolve_model(name: str, settings: Settings) -> Model:
    """The model that a user names.

    :raises ModelNotFound: with what was tried.
    """
    if name.startswith(REMOTE):
        return _remote(name, settings)
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelNotFound(f"SUMMARIZER_MODEL={name}: there is no such file.")
        return _llama_cpp(path, settings)
    if path.is_dir():
        return _in_folder(path, settings)
    if path.is_absolute() or name.startswith((".", "~")):
        raise ModelNotFound(f"SUMMARIZER_MODEL={name}: there is no such folder.")
    return _on_hub(name, settings)


def _remote(name: str, settings: Settings) -> RemoteModel:
    if settings.base_url is None:
        raise ModelNotFound(f"SUMMARIZER_MODEL={name}: set SUMMARIZER_BASE_URL, such as http://127.0.0.1:8000/v1.")
    key = settings.api_key.get_secret_value() if settings.api_key else None
    return RemoteModel(name.removeprefix(REMOTE), str(settings.base_url), key)


def _llama_cpp(
    path: Path, settings: Settings, token_budget: int = TOKEN_BUDGET, adapter: Path | None = None
) -> LlamaCppModel:
    return LlamaCppModel(
        path,
        adapter=adapter,
        token_budget=settings.token_budget or token_budget,
        slots=settings.concurrency,
        gpu=settings.device != "cpu",
    )


def _in_folder(folder: Path, settings: Settings) -> Model:
    weights = sorted(folder.glob("*.gguf"))
    if (folder / "config.json").is_file():
        return _with_transformers(folder.resolve(), settings)
    if len(weights) == 1:
        return _llama_cpp(weights[0], settings)
    found = f"{len(weights)} .gguf files; name one of them" if weights else "neither config.json nor a .gguf file"
    raise ModelNotFound(f"SUMMARIZER_MODEL={folder}: the folder contains {found}.")


def _on_hub(name: str, settings: Settings) -> Model:
    """A model of the hub: from the hub's cache on this machine, else from the hub."""
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    tried = f"SUMMARIZER_MODEL={name}: no such file or folder, not in the hub's cache on this machine"
    try:
        if not isinstance(try_to_load_from_cache(name, "config.json"), str):
            HfApi().model_info(name, timeout=_HUB_TIMEOUT)
    except HFValidationError:
        raise ModelNotFound(f"{tried}, and not a valid Hugging Face Hub model ID.") from None
    except RepositoryNotFoundError:
        raise ModelNotFound(f"{tried}, and the hub has no such model (or it is private: set HF_TOKEN).") from None
    except Exception as error:  # any failure of the hub's client or its transport means the same here
        raise ModelNotFound(f"{tried}, and the hub cannot be reached ({type(error).__name__}).") from None
    return _with_transformers(name, settings)


def _with_transformers(source: str | Path, settings: Settings) -> Model:
    """The family, by the model's own configuration."""
    from transformers import AutoConfig, AutoTokenizer

    try:
        config: Any = AutoConfig.from_pretrained(source)
        if config.is_encoder_decoder:
            return Seq2SeqModel(source, device=settings.device)
        has_template = bool(AutoTokenizer.from_pretrained(source).chat_template)
    except (OSError, ValueError, KeyError) as error:
        raise ModelNotFound(f"SUMMARIZER_MODEL={source}: transformers cannot read it: {error}") from None
    if not has_template:
        raise ModelNotFound(
            f"SUMMARIZER_MODEL={source} is neither an encoder-decoder nor a language model with a chat template."
        )
    return CausalLanguageModel(source, device=settings.device)
