"""Every setting, from the environment, validated, in one place.

A setting is the field's name in capitals behind `SUMMARIZER_`. The description of a field is its row in the README's
table; a test holds the two together.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from summarizer.embedded import default_cache
from summarizer.errors import InvalidSetting

Method = Literal["compress", "extract", "rewrite"]
Check = Literal["off", "words", "model"]
PREFIX = "SUMMARIZER_"


class Settings(BaseSettings):
    """The validated settings; `Settings.from_env()` is how programs make one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, protected_namespaces=())

    model: str | None = Field(
        None,
        description="A model of your own: a hub name, a folder or a `.gguf` file. Empty: the embedded models.",
    )
    method: Method | None = Field(
        None,
        description="The method of a request that names none: `compress`, `extract` or `rewrite`. Empty: `rewrite` "
        "when `SUMMARIZER_MODEL` names a model, else `compress`.",
    )
    check: Check = Field(
        "model",
        description="How sentences that `rewrite` wrote are checked: `words` compares words, names and numbers, "
        "`model` asks the embedded language model as well, `off` shows them as they are.",
    )
    cache: Path = Field(
        default_factory=default_cache,
        description="Where set-up puts the embedded models. Empty: `summarizer` under `XDG_CACHE_HOME` or `~/.cache`.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        "auto", description="Where models run: `cpu`, `cuda`, `mps`, or `auto` for the best that is there."
    )
    compute_threads: int | None = Field(
        None, ge=1, description="Processor threads a model uses. Empty: one for each physical core."
    )
    token_budget: int | None = Field(
        None,
        ge=128,
        description="Tokens of an article that `rewrite` reads; of a longer one it reads the best sentences. Empty: "
        "160 for the embedded language model, 2048 for one of your own, 8192 for a seq2seq summarizer.",
    )
    host: str = Field("127.0.0.1", description="The address that the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port that the service listens on.")
    threads: int = Field(
        24,
        ge=2,
        description="Threads that answer HTTP requests; more than `SUMMARIZER_QUEUE`, or health checks wait.",
    )
    queue: int = Field(
        16,
        ge=1,
        description="Summaries under way or waiting at once; one more is answered 503 with Retry-After.",
    )
    at_once: int = Field(
        2,
        ge=1,
        description="Summaries that are made at once; those that wait take turns by client address.",
    )
    deadline: float | None = Field(
        None,
        gt=0,
        description="Seconds after which a request gets the extractive summary, whatever it asked for. "
        "Empty: no limit.",
    )
    kept_summaries: int = Field(
        64,
        ge=0,
        description="Megabytes of summaries, with their articles, that are kept on disk for who sends the same again; "
        "0: none.",
    )
    strip: bool = Field(
        True,
        description="Whether repeated headlines and remains of the page are taken out, where a request does not say.",
    )
    fetch_urls: bool = Field(
        False, description="Whether an article may be sent as a link, which this machine then opens."
    )
    fetch_networks: str = Field(
        "",
        description="Networks that a link may lead into though they are not public, parted by commas, for example "
        "`10.1.0.0/16`. Empty: none.",
    )
    max_body: int = Field(
        10_000_000, ge=1_000, description="Bytes that a request may send and a link may lead to; more is answered 413."
    )
    max_text: int = Field(1_000_000, ge=1_000, description="Characters that an article may have; more is answered 413.")
    rate_limit: str = Field(
        "",
        description="Summaries a client address may ask for, for example `30 per minute`; more is answered 429. "
        "Empty: no limit.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much the service logs. Article text is never logged."
    )

    @field_validator("cache")
    @classmethod
    def _expand_home(cls, path: Path) -> Path:
        return path.expanduser()

    @field_validator("fetch_networks")
    @classmethod
    def _are_networks(cls, networks: str) -> str:
        for network in filter(None, networks.split(",")):
            ip_network(network.strip())
        return networks

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment.

        :raises InvalidSetting: naming each variable that does not fit, and why.
        """
        try:
            return cls()
        except ValidationError as error:
            faults = [
                f"{PREFIX}{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}" for fault in error.errors()
            ]
            raise InvalidSetting("; ".join(faults)) from None
