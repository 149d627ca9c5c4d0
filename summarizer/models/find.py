"""Finding: what `SUMMARIZER_MODEL` names, and which family it belongs to.

A folder, a `.gguf` file or a hub name in; a model that is not loaded yet out. Ends in seconds when there is nothing.
"""

from pathlib import Path
from typing import Any

from summarizer.embedded import language_model_path
from summarizer.errors import ModelNotFound
from summarizer.models.base import Model
from summarizer.models.chat import ChatModel
from summarizer.models.gguf import GgufModel
from summarizer.models.prompts import TOKEN_BUDGET
from summarizer.models.seq2seq import Seq2SeqModel
from summarizer.settings import Settings

# A hub that has not answered by then is not going to; in seconds.
_HUB_TIMEOUT = 5
# Tokens of an article that the embedded language model reads to rewrite it: the five or so sentences that carry the
# news. From more it writes no better, and takes longer; docs/quality.md has the figures.
_EMBEDDED_TOKEN_BUDGET = 160


def embedded_model(settings: Settings) -> GgufModel:
    """The embedded language model.

    :raises ModelNotFound: when set-up has not put it into the cache.
    """
    path = language_model_path(settings.cache)
    if not path.is_file():
        raise ModelNotFound(f"The embedded language model is not at {path}. Run scripts/setup to put it there.")
    return _gguf(path, settings, _EMBEDDED_TOKEN_BUDGET)


def find_model(name: str, settings: Settings) -> Model:
    """The model that a user names.

    :raises ModelNotFound: with what was tried.
    """
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelNotFound(f"SUMMARIZER_MODEL={name}: there is no such file.")
        return _gguf(path, settings)
    if path.is_dir():
        return _in_folder(path, settings)
    if path.is_absolute() or name.startswith((".", "~")):
        raise ModelNotFound(f"SUMMARIZER_MODEL={name}: there is no such folder.")
    return _on_hub(name, settings)


def _gguf(path: Path, settings: Settings, token_budget: int = TOKEN_BUDGET) -> GgufModel:
    return GgufModel(
        path,
        token_budget=settings.token_budget or token_budget,
        slots=settings.at_once,
        threads=settings.compute_threads,
        gpu=settings.device != "cpu",
    )


def _in_folder(folder: Path, settings: Settings) -> Model:
    weights = sorted(folder.glob("*.gguf"))
    if (folder / "config.json").is_file():
        return _pretrained(folder.resolve(), settings)
    if len(weights) == 1:
        return _gguf(weights[0], settings)
    found = f"{len(weights)} .gguf files; name one of them" if weights else "neither config.json nor a .gguf file"
    raise ModelNotFound(f"SUMMARIZER_MODEL={folder}: the folder holds {found}.")


def _on_hub(name: str, settings: Settings) -> Model:
    """A hub name: from the hub's cache on this machine, else from the hub."""
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    tried = f"SUMMARIZER_MODEL={name}: no file or folder of that name, not in the hub's cache on this machine"
    try:
        if not isinstance(try_to_load_from_cache(name, "config.json"), str):
            HfApi().model_info(name, timeout=_HUB_TIMEOUT)
    except HFValidationError:
        raise ModelNotFound(f"{tried}, and no name that the hub could have.") from None
    except RepositoryNotFoundError:
        raise ModelNotFound(f"{tried}, and the hub has no such model (or it is private: set HF_TOKEN).") from None
    except Exception as error:  # whatever the hub's client and its transport raise, the model cannot be had
        raise ModelNotFound(f"{tried}, and the hub cannot be reached ({type(error).__name__}).") from None
    return _pretrained(name, settings)


def _pretrained(source: str | Path, settings: Settings) -> Model:
    """The family, by the model's own configuration."""
    from transformers import AutoConfig, AutoTokenizer

    try:
        config: Any = AutoConfig.from_pretrained(source)
        if config.is_encoder_decoder:
            return Seq2SeqModel(source, device=settings.device, threads=settings.compute_threads)
        has_template = bool(AutoTokenizer.from_pretrained(source).chat_template)
    except (OSError, ValueError, KeyError) as error:
        raise ModelNotFound(f"SUMMARIZER_MODEL={source}: transformers cannot read it: {error}") from None
    if not has_template:
        raise ModelNotFound(
            f"SUMMARIZER_MODEL={source} is neither an encoder-decoder nor a language model with a chat template."
        )
    return ChatModel(source, device=settings.device, threads=settings.compute_threads)
