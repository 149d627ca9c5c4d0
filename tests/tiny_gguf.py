"""A Qwen2 model of 30,000 random weights as a GGUF file, with a tokenizer of bytes."""

from pathlib import Path

import numpy as np
from gguf import GGUFWriter

LAYERS, WIDTH, HEADS, KEY_HEADS, INNER = 2, 32, 4, 2, 64
_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_tiny_model(file: Path) -> None:
    """Write the model; the same weights each time."""
    writer = GGUFWriter(str(file), "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    tokens = _byte_tokens() + _SPECIAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (len(tokens) - len(_SPECIAL)) + [3] * len(_SPECIAL))
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|endoftext|>"))
    writer.add_chat_template(_TEMPLATE)
    for name, values in _tensors(len(tokens)).items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _byte_tokens() -> list[str]:
    """The characters that stand for bytes in GPT-2's vocabulary, and one merged token."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [*map(chr, printable), *(chr(256 + index) for index in range(len(others))), "th"]


def _tensors(vocabulary: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    width_of_keys = WIDTH // HEADS * KEY_HEADS

    def weights(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) * 0.1).astype(np.float32)

    tensors = {"token_embd.weight": weights(vocabulary, WIDTH), "output.weight": weights(vocabulary, WIDTH)}
    tensors["output_norm.weight"] = np.ones(WIDTH, np.float32)
    shapes = {
        "attn_q": (WIDTH, WIDTH),
        "attn_k": (width_of_keys, WIDTH),
        "attn_v": (width_of_keys, WIDTH),
        "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (INNER, WIDTH),
        "ffn_up": (INNER, WIDTH),
        "ffn_down": (WIDTH, INNER),
    }
    for layer in range(LAYERS):
        for part, shape in shapes.items():
            tensors[f"blk.{layer}.{part}.weight"] = weights(*shape)
        for part in ("attn_q", "attn_k", "attn_v"):
            tensors[f"blk.{layer}.{part}.bias"] = weights(shapes[part][0])
        for part in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{part}.weight"] = np.ones(WIDTH, np.float32)
    return tensors
