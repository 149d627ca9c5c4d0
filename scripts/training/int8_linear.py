"""Frozen linear layers computed in 8-bit integers, with a LoRA adapter beside them, forward and backward.

With AVX-512 VNNI a product of integers is four times as fast as one of float32 values. Weights have a scale for each
output, activations and gradients one for each token. The 32 columns with the largest values stay in float32
(LLM.int8(), Dettmers et al. 2022): they would take the resolution from all others.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn

Tensor = torch.Tensor

# On two examples of the 1.5-billion model the adapter's gradient is at a cosine of 0.98 to float32's. 32 columns of
# 1,536 to 8,960 cost 1% of the integer product's time.
_OUTLIERS = 32
_LARGEST = 127.0
_SMALLEST_SCALE = 1e-30


def has_fast_int8() -> bool:
    """Whether the processor multiplies 8-bit integers faster than floats."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_vnni") or capabilities.get("amx_int8"))


class Int8Lora(nn.Module):
    """A frozen linear layer in 8-bit integers and its adapter."""

    weight: Tensor
    scale: Tensor
    bias: Tensor

    def __init__(self, layer: Any) -> None:
        """Quantize the frozen weights of one of peft's layers and take over its adapter."""
        super().__init__()
        frozen: nn.Linear = layer.base_layer
        weight, scale = _quantized_rows(frozen.weight.detach().float(), torch.ones(frozen.in_features))
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("scale", scale.squeeze(1), persistent=False)
        bias = torch.zeros(frozen.out_features) if frozen.bias is None else frozen.bias.detach().float()
        self.register_buffer("bias", bias, persistent=False)
        self.lora_A, self.lora_B = layer.lora_A, layer.lora_B
        (self._adapter, self._factor), *_ = layer.scaling.items()

    def forward(self, values: Tensor) -> Tensor:
        """The output in float32, shape (..., outputs), of values of shape (..., inputs)."""
        down, up = self.lora_A[self._adapter].weight, self.lora_B[self._adapter].weight
        return _product(values, self.weight, self.scale, self.bias, down, up * self._factor)


class _Product(torch.autograd.Function):
    """values @ (weight * scale).T + bias + values @ down.T @ up.T; no gradient for weight, scale and bias."""

    @staticmethod
    def forward(  # noqa: PLR0917 - torch passes them by position
        context: Any, values: Tensor, weight: Tensor, scale: Tensor, bias: Tensor, down: Tensor, up: Tensor
    ) -> Tensor:
        rows = values.reshape(-1, values.shape[-1])
        hidden = rows @ down.t()
        context.save_for_backward(rows, hidden, weight, scale, down, up)
        largest = _largest_columns(rows, torch.ones(rows.shape[1]))
        quantized, row_scale = _kernel(_quantized_rows)(rows, _without(torch.ones(rows.shape[1]), largest))
        result = _kernel(_scaled)(torch._int_mm(quantized, weight.t()), row_scale, scale, bias)
        # One product adds the largest columns and the adapter.
        beside = (weight[:, largest].float() * scale[:, None]).t()
        result.addmm_(torch.cat([rows[:, largest], hidden], 1), torch.cat([beside, up.t()]))
        output: Tensor = result.view(*values.shape[:-1], -1)
        return output

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        rows, hidden, weight, scale, down, up = context.saved_tensors
        slope = gradient.reshape(-1, gradient.shape[-1])
        slope_of_hidden = slope @ up
        largest = _largest_columns(slope, scale)
        quantized, row_scale = _kernel(_quantized_rows)(slope, _without(scale, largest))
        ones, zeros = torch.ones(rows.shape[1]), torch.zeros(rows.shape[1])
        result = _kernel(_scaled)(torch._int_mm(quantized, weight), row_scale, ones, zeros)
        outliers = slope[:, largest] * scale[largest]
        result.addmm_(torch.cat([outliers, slope_of_hidden], 1), torch.cat([weight[largest].float(), down]))
        values_gradient = result.view(*gradient.shape[:-1], -1)
        return values_gradient, None, None, None, slope_of_hidden.t() @ rows, slope.t() @ hidden


_product: Callable[..., Tensor] = _Product.apply


def _largest_columns(rows: Tensor, factors: Tensor) -> Tensor:
    magnitudes: Tensor = _kernel(_magnitudes)(rows, factors)
    return magnitudes.topk(min(_OUTLIERS, len(factors))).indices


def _without(factors: Tensor, columns: Tensor) -> Tensor:
    return factors.index_fill(0, columns, 0.0)


def _magnitudes(rows: Tensor, factors: Tensor) -> Tensor:
    """The largest magnitude in each column times its factor."""
    return rows.abs().amax(dim=0) * factors


def _quantized_rows(rows: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
    """Rows times a factor for each column, as integers from -127 to 127, and their scales, shape (rows, 1)."""
    values = rows * factors
    scale = values.abs().amax(dim=1, keepdim=True).clamp(min=_SMALLEST_SCALE) / _LARGEST
    return (values / scale).round().to(torch.int8), scale


def _scaled(product: Tensor, row_scale: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    return product.float() * row_scale * scale + bias


@cache
def _kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as one pass over memory, where a C++ compiler is installed: 15% off the time of a step."""
    compiler = shutil.which(os.environ.get("CXX", "g++"))
    return torch.compile(function, dynamic=True) if compiler else function
