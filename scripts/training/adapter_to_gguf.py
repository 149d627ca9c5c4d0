"""A LoRA adapter of a Qwen2 model as a GGUF file for llama.cpp, in float16."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter

from scripts.training.base_model import LAYER_PARTS

_GGUF_PARTS = {name: part for part, name in LAYER_PARTS.items()}
_NAME = re.compile(r"base_model\.model\.model\.layers\.(\d+)\.(.+)\.lora_([AB])(?:\.default)?\.weight")


def write_adapter(weights: Mapping[str, torch.Tensor], alpha: float, target: Path) -> None:
    """Write an adapter; the file appears whole or not at all.

    :param weights: the adapter's tensors under their names in peft.
    :param alpha: the scale of the adapter times its rank.
    :raises ValueError: when a tensor does not belong to a LoRA adapter of a Qwen2 model.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    writer = GGUFWriter(str(partial), "qwen2")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, tensor in sorted(weights.items()):
        writer.add_tensor(gguf_name(name), tensor.detach().cpu().float().numpy().astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(target)


def read_adapter(file: Path, names: Iterable[str]) -> dict[str, torch.Tensor]:
    """The tensors of an adapter's file, under their names in peft.

    :raises KeyError: when the file has no tensor of one of the names.
    """
    stored = {tensor.name: tensor.data for tensor in GGUFReader(str(file)).tensors}
    return {name: torch.from_numpy(stored[gguf_name(name)].astype(np.float32)) for name in names}


def gguf_name(name: str) -> str:
    """The name in a GGUF file of a tensor that peft names so."""
    match = _NAME.fullmatch(name)
    if not match or match[2] not in _GGUF_PARTS:
        raise ValueError(f"{name} does not belong to a LoRA adapter of a Qwen2 model.")
    return f"blk.{match[1]}.{_GGUF_PARTS[match[2]]}.weight.lora_{match[3].lower()}"
