"""The model in training: a frozen Qwen2 with a LoRA adapter; examples in, losses, verdicts and summaries out."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import LoraLayer
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoTokenizer

from scripts.training.bfloat16_linear import Bfloat16Lora
from scripts.training.int8_linear import Int8Lora, has_fast_int8
from scripts.training.writer_examples import Example
from summarizer.models import prompts

Precision = Literal["bfloat16", "float32", "int8"]
PRECISIONS: tuple[Precision, ...] = ("bfloat16", "float32", "int8")
_LAYERS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
# What the verdicts of an example count beside its statements.
_VERDICTS_WEIGHT = 1.0
# Tokens are padded to a multiple of this: a processor takes 4 s to prepare its products for each new number.
_PADDED_TO = 128
# The adapter's scale; 2 is the usual one (alpha of twice the rank).
SCALE = 2.0


def fastest_precision(device: torch.device) -> Precision:
    """What the device computes fastest: bfloat16, 8-bit integers or float32."""
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    # On a processor with both, AVX-512 VNNI took 8.9 s an example and AVX-512 BF16 11.5 s. Without instructions for it
    # torch emulates bfloat16: a quarter of float32's speed on an AVX-512 processor of 2.5 GHz.
    if has_fast_int8() and not torch.cpu.get_capabilities().get("amx_bf16"):
        return "int8"
    return "bfloat16" if has_fast_bfloat16() else "float32"


def has_fast_bfloat16() -> bool:
    """Whether this processor has instructions for bfloat16."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def dtype_of(precision: Precision) -> torch.dtype:
    """The type of the frozen weights as they are loaded."""
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


def training_device() -> torch.device:
    """A CUDA device where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def use_threads(threads: int | None) -> None:
    """Compute on this number of threads; by default one for each processor that the process may use."""
    torch.set_num_threads(threads or len(os.sched_getaffinity(0)))
    with contextlib.suppress(RuntimeError):  # torch takes this number once a process
        torch.set_num_interop_threads(1)


class WriterModel:
    """The language model and its adapter."""

    def __init__(self, base: Path, rank: int, precision: Precision, device: torch.device) -> None:
        """Load the checkpoint and add an adapter, whose first weights torch's seed determines."""
        tokenizer = AutoTokenizer.from_pretrained(base)
        self._wrong_id, self._right_id = (
            tokenizer(text, add_special_tokens=False).input_ids[0] for text in (prompts.WRONG, prompts.RIGHT)
        )
        model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype_of(precision))
        model.config.use_cache = False
        config = LoraConfig(r=rank, lora_alpha=int(SCALE * rank), target_modules=list(_LAYERS))
        # peft keeps the adapter in float32 beside frozen weights of bfloat16.
        adapted: Any = get_peft_model(model, config)
        if precision == "int8":
            replace_lora_layers(adapted, Int8Lora)
        elif precision == "bfloat16":
            replace_lora_layers(adapted, Bfloat16Lora)
        adapted.to(device)
        self._device = device
        self._qwen = adapted.base_model.model
        self.weights: dict[str, torch.Tensor] = {
            name: value for name, value in adapted.named_parameters() if value.requires_grad
        }

    def loss(self, example: Example) -> torch.Tensor:
        """The mean cross-entropy of the answer's learned tokens and of the verdicts, in nats."""
        hidden = self._hidden(example)
        # The position before each token predicts it. The output layer is large (152,000 tokens), so it reads only
        # the positions before learned ones.
        learned = torch.tensor(example.learned, device=self._device)
        start = len(example.prompt) - 1
        before = hidden[start : start + len(example.answer)][learned]
        answer = torch.tensor(example.answer, device=self._device)[learned]
        loss = cross_entropy(self._qwen.lm_head(before).float(), answer)
        if not example.checks:
            return loss
        verdicts = self._qwen.lm_head(hidden[_check_ends(example)]).float()
        right = [self._wrong_id if check.statement.kind else self._right_id for check in example.checks]
        weights = torch.tensor([check.weight for check in example.checks], device=self._device)
        errors = cross_entropy(verdicts, torch.tensor(right, device=self._device), reduction="none")
        return loss + _VERDICTS_WEIGHT * (errors * weights).sum() / weights.sum()

    @torch.no_grad()
    def log_odds(self, example: Example) -> list[float]:
        """For each check, the log-odds that the statement is right."""
        verdicts = self._qwen.lm_head(self._hidden(example)[_check_ends(example)]).float()
        found: list[float] = (verdicts[:, self._right_id] - verdicts[:, self._wrong_id]).tolist()
        return found

    def _hidden(self, example: Example) -> torch.Tensor:
        """The last layer's states of the prompt, the answer and the checks, which do not see each other."""
        tokens = [*example.prompt, *example.answer, *(token for check in example.checks for token in check.tokens)]
        positions = list(range(len(example.prompt) + len(example.answer)))
        padded = len(tokens) + -len(tokens) % _PADDED_TO
        is_visible = torch.ones(padded, padded, dtype=torch.bool).tril()
        for check in example.checks:
            seen, start = len(example.prompt) + check.after, len(positions)
            is_visible[start : start + len(check.tokens), seen:start] = False
            positions += range(seen, seen + len(check.tokens))
        tokens += [0] * (padded - len(tokens))
        positions += [0] * (padded - len(positions))
        mask = torch.zeros(is_visible.shape, dtype=self._qwen.dtype).masked_fill(~is_visible, -torch.inf)
        states: torch.Tensor = self._qwen.model(
            input_ids=torch.tensor([tokens], device=self._device),
            position_ids=torch.tensor([positions], device=self._device),
            attention_mask=mask[None, None].to(self._device),
            use_cache=False,
        ).last_hidden_state[0]
        return states

    @torch.no_grad()
    def write(self, prompt: Sequence[int], most_tokens: int) -> list[int]:
        """The token ids that the model writes after a prompt, by greedy decoding."""
        tokens = torch.tensor([prompt], device=self._device)
        written = self._qwen.generate(
            tokens,
            attention_mask=torch.ones_like(tokens),
            max_new_tokens=most_tokens,
            do_sample=False,
            use_cache=True,
            pad_token_id=0,
        )
        ids: list[int] = written[0, tokens.shape[1] :].tolist()
        return ids

    def load_weights(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Replace the adapter's weights."""
        with torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(weights[name])


def replace_lora_layers(model: nn.Module, replacement: Callable[[LoraLayer], nn.Module]) -> None:
    """Put another layer in the place of each of peft's; the adapter's weights keep their names."""
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, LoraLayer):
                setattr(parent, name, replacement(layer))


def _check_ends(example: Example) -> list[int]:
    """The position of the last token of each check."""
    ends = accumulate((len(check.tokens) for check in example.checks), initial=example.tokens)
    return [end - 1 for end in ends][1:]
