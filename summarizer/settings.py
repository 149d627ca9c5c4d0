"""Every setting, read from the environment and validated.

A setting is its field's name in capitals after `SUMMARIZER_`. The README's table is generated from the descriptions.
"""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from summarizer.errors import InvalidSetting

Method = Literal["extractive", "abstractive"]
Check = Literal["strict", "normal", "off"]
PREFIX = "SUMMARIZER_"
# Before the name of a model that a server has.
REMOTE = "openai:"


class MethodInfo(NamedTuple):
    """How a method is presented to users, wherever it is: page, API description, command line and README."""

    label: str
    description: str


METHODS: dict[Method, MethodInfo] = {
    "extractive": MethodInfo(
        "Word for word", "Selects the article's most important sentences, verbatim. Takes about a second."
    ),
    "abstractive": MethodInfo(
        "Rewritten",
        "A language model writes the summary, close to the article's wording. Sentences that the article does not "
        "support are replaced by its own or left out. Takes up to a minute; errors are possible.",
    ),
}
# Variables with the prefix that `summarizer serve` reads: each is the default of an option.
SERVE_VARIABLES = frozenset({f"{PREFIX}HOST", f"{PREFIX}PORT", f"{PREFIX}LOG_LEVEL", f"{PREFIX}LOG_STYLE"})
LOG_STYLES = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
# Kubernetes sets variables such as SUMMARIZER_SERVICE_HOST and SUMMARIZER_PORT_8000_TCP in every container beside a
# Service named `summarizer`. They are not settings.
_KUBERNETES_PREFIXES = (f"{PREFIX}SERVICE_", f"{PREFIX}PORT_")


def default_keys() -> Path:
    """`summarizer/keys.jsonl` under `XDG_CONFIG_HOME`, else under `~/.config`."""
    return _own_folder("XDG_CONFIG_HOME", ".config") / "keys.jsonl"


def listed(value: str) -> list[str]:
    """The items of a setting that has several, with commas between them."""
    return [item.strip() for item in value.split(",") if item.strip()]


def default_cache() -> Path:
    """`summarizer` under `XDG_CACHE_HOME`, else under `~/.cache`."""
    return _own_folder("XDG_CACHE_HOME", ".cache")


def _own_folder(variable: str, fallback: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base).expanduser() if base else Path.home() / fallback) / "summarizer"


class Settings(BaseSettings):
    """The validated settings; programs create them with `Settings.from_env()`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, protected_namespaces=())

    model: str | None = Field(
        None,
        description="Model to use for `abstractive`: a Hugging Face Hub model ID, a folder, a `.gguf` file, or "
        "`openai:NAME` for a model that a server has. Empty: the default language model.",
    )
    base_url: HttpUrl | None = Field(
        None,
        description="The address of the chat interface of vLLM, llama.cpp, Ollama, TGI or a provider, for "
        "`openai:NAME`: `http://127.0.0.1:8000/v1`. Articles are sent there.",
    )
    api_key: SecretStr | None = Field(None, description="The key that this server asks for. Empty: none.")
    method: Method | None = Field(
        None,
        description="The method used when a request specifies none: `extractive` or `abstractive`. Empty: "
        "`abstractive` if `SUMMARIZER_MODEL` is set, else `extractive`.",
    )
    check: Check = Field(
        "normal",
        description="How sentences written by `abstractive` are verified. `normal` refuses those that the article does "
        "not seem to support, `strict` also those in doubt, more right ones among them, `off` refuses none.",
    )
    token_budget: int | None = Field(
        None,
        ge=128,
        description="Maximum number of article tokens that `abstractive` reads. If an article is longer, only its best "
        "sentences are read. Empty: 384 for the default language model, which was trained to read that many; 8192 for "
        "an encoder-decoder model; and 2048 for any other model.",
    )
    cache: Path = Field(
        default_factory=default_cache,
        description="Folder for the models and for cached summaries. Empty: `summarizer` under `XDG_CACHE_HOME` or "
        "`~/.cache`.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        "auto", description="Where models run: `cpu`, `cuda`, `mps`, or `auto` for the fastest one available."
    )
    concurrency: int = Field(
        2,
        ge=1,
        description="Maximum number of summaries computed at the same time. Waiting requests are served round-robin by "
        "client.",
    )
    queue: int = Field(
        16,
        ge=1,
        description="Maximum number of requests in progress or waiting. Any further requests are rejected with 503 and "
        "a `Retry-After` header.",
    )
    deadline: float = Field(
        60,
        gt=0,
        description="Seconds for a whole request, waiting included. By then it is answered with what is verified, else "
        "with the extractive summary, else with the first sentences, else with 503.",
    )
    drain: float = Field(
        30,
        ge=0,
        description="Seconds for running requests to finish after SIGTERM or SIGHUP. New ones are rejected meanwhile.",
    )
    summary_cache: int = Field(
        64,
        ge=0,
        description="Maximum size in MB of the on-disk cache of summaries and their articles; 0 disables it. "
        "`summarizer purge` empties it.",
    )
    summary_days: float = Field(30, gt=0, description="Days after which a cached summary and its article are deleted.")
    redis_url: SecretStr | None = Field(
        None,
        description="Redis that several replicas share, such as `redis://127.0.0.1:6379/0`: for cached summaries, API "
        "keys and limits. Empty: each has its own, on disk and in memory.",
    )
    max_body: int = Field(
        10_000_000,
        ge=1_000,
        description="Maximum size in bytes of a request or a fetched page. Larger ones are rejected with 413.",
    )
    max_text: int = Field(
        1_000_000,
        ge=1_000,
        description="Maximum length of an article in characters. Longer ones are rejected with 413.",
    )
    hosts: str = Field(
        "",
        description="Host names that the service answers for, comma-separated, such as `news.example.org`. It always "
        "answers for `localhost` and for addresses.",
    )
    origins: str = Field(
        "",
        description="Origins of other sites whose pages may use the API (CORS), comma-separated, such as "
        "`https://example.org`. Empty: none.",
    )
    keys: Path = Field(
        default_factory=default_keys,
        description="File of API keys, made by `summarizer keys`. Empty: `summarizer/keys.jsonl` under "
        "`XDG_CONFIG_HOME` or `~/.config`.",
    )
    anonymous: bool = Field(True, description="Whether requests without an API key are answered.")
    anonymous_limit: str = Field(
        "",
        description="How many requests each address may send without an API key, such as `30/minute; 500/day`. Empty: "
        "no limit.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies, comma-separated, such as `10.0.0.0/8`. What they say of the "
        "client in `X-Forwarded-For` is believed. Empty: none.",
    )
    fetch_urls: bool = Field(False, description="Whether requests may contain a link for the server to fetch.")
    fetch_networks: str = Field(
        "",
        description="Private networks that links may point to, comma-separated, such as `10.1.0.0/16`. Empty: none.",
    )

    @property
    def is_remote(self) -> bool:
        """Whether articles are sent to a server that has the model."""
        return bool(self.model and self.model.startswith(REMOTE))

    @field_validator("cache", "keys")
    @classmethod
    def _expand_home(cls, path: Path) -> Path:
        return path.expanduser()

    @field_validator("redis_url")
    @classmethod
    def _check_redis(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("must be an address such as redis://127.0.0.1:6379/0")
        return url

    @field_validator("fetch_networks", "trusted_proxies")
    @classmethod
    def _check_networks(cls, networks: str) -> str:
        for network in listed(networks):
            ip_network(network)
        return networks

    @field_validator("anonymous_limit")
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        if limit:
            from limits import parse_many  # here, because it takes as long as all other imports

            parse_many(limit)
        return limit

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment.

        :raises InvalidSetting: naming each variable that does not exist or has an invalid value, and why.
        """
        known = {f"{PREFIX}{name.upper()}" for name in cls.model_fields} | SERVE_VARIABLES
        given = {name for name in os.environ if name.startswith(PREFIX) and not name.startswith(_KUBERNETES_PREFIXES)}
        if unknown := sorted(given - known):
            raise InvalidSetting(
                f"There is no setting {' or '.join(unknown)}. Valid settings are {', '.join(sorted(known))}."
            )
        try:
            return cls()
        except ValidationError as error:
            faults = [
                f"{PREFIX}{str(fault['loc'][0]).upper()}={_shown(fault['input'])}: {fault['msg']}"
                for fault in error.errors()
            ]
            raise InvalidSetting("; ".join(faults)) from None


def _shown(value: object) -> str:
    """A value as an error quotes it: an address without its password."""
    return re.sub(r"//[^/@]*@", "//…@", repr(value))
