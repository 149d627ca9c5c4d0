"""A GGUF Qwen2 model as a transformers checkpoint: a file in, a folder out, made once.

Each tensor is dequantized, so that an adapter trained on the checkpoint fits the quantized file it came from.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.torch import save_file
from transformers import AutoTokenizer

# Names of a layer's tensors in GGUF and in transformers.
LAYER_PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
_WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


def checkpoint(source: Path, folder: Path, dtype: torch.dtype) -> Path:
    """The checkpoint of a GGUF file in a folder of checkpoints; written unless it is there.

    :param dtype: of the weights; float32 takes 7 GB for a model of 1.5 billion parameters, bfloat16 half of that.
    """
    # The size tells two files of one name apart without reading them.
    target = folder / f"{source.stem}-{source.stat().st_size}-{str(dtype).removeprefix('torch.')}"
    if target.is_dir():
        return target
    partial = folder / f"{target.name}.partial-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    reader = GGUFReader(str(source))
    tensors = _tensors(reader, dtype)
    save_file(tensors, partial / "model.safetensors", metadata={"format": "pt"})
    (partial / "config.json").write_text(json.dumps(_config(reader, tensors, dtype), indent=1))
    AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(partial)
    partial.rename(target)
    return target


def _tensors(reader: GGUFReader, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    tensors = {}
    for tensor in reader.tensors:
        values = np.array(dequantize(tensor.data, tensor.tensor_type))
        tensors[transformers_name(tensor.name)] = torch.from_numpy(values).to(dtype)
    return tensors


def transformers_name(name: str) -> str:
    """The name of a GGUF tensor in a transformers checkpoint."""
    if name in _WHOLE:
        return _WHOLE[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{LAYER_PARTS[part]}.{kind}"


def _config(reader: GGUFReader, tensors: dict[str, torch.Tensor], dtype: torch.dtype) -> dict[str, Any]:
    def value(key: str) -> Any:
        field = reader.fields.get(key)
        if field is None:
            raise ValueError(f"The GGUF file has no {key}: it is not a Qwen2 model.")
        return field.contents()

    return {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_act": "silu",
        "dtype": str(dtype).removeprefix("torch."),
        "hidden_size": value("qwen2.embedding_length"),
        "intermediate_size": value("qwen2.feed_forward_length"),
        "num_hidden_layers": value("qwen2.block_count"),
        "num_attention_heads": value("qwen2.attention.head_count"),
        "num_key_value_heads": value("qwen2.attention.head_count_kv"),
        "max_position_embeddings": value("qwen2.context_length"),
        "rms_norm_eps": value("qwen2.attention.layer_norm_rms_epsilon"),
        "rope_theta": value("qwen2.rope.freq_base"),
        "tie_word_embeddings": "lm_head.weight" not in tensors,
        "vocab_size": tensors["model.embed_tokens.weight"].shape[0],
        "bos_token_id": value("tokenizer.ggml.bos_token_id"),
        "eos_token_id": value("tokenizer.ggml.eos_token_id"),
    }
