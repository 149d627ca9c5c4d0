"""Frozen linear layers in bfloat16, with a LoRA adapter beside them, forward and backward.

The adapter's weights stay in float32 and are rounded for each product. peft converts the activations instead, which
takes a quarter of the time of a step on a processor with AMX.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn.functional import linear

Tensor = torch.Tensor


class Bfloat16Lora(nn.Module):
    """A frozen linear layer in bfloat16 and its adapter."""

    weight: Tensor
    bias: Tensor | None

    def __init__(self, layer: Any) -> None:
        """Take over the frozen weights and the adapter of one of peft's layers."""
        super().__init__()
        frozen: nn.Linear = layer.base_layer
        self.register_buffer("weight", frozen.weight.detach(), persistent=False)
        self.register_buffer("bias", None if frozen.bias is None else frozen.bias.detach(), persistent=False)
        self.lora_A, self.lora_B = layer.lora_A, layer.lora_B
        (self._adapter, self._factor), *_ = layer.scaling.items()

    def forward(self, values: Tensor) -> Tensor:
        """The output, shape (..., outputs), of values of shape (..., inputs)."""
        down, up = self.lora_A[self._adapter].weight, self.lora_B[self._adapter].weight
        return _product(values, self.weight, self.bias, down, up * self._factor)


class _Product(torch.autograd.Function):
    """values @ weight.T + bias + values @ down.T @ up.T; no gradient for weight and bias."""

    @staticmethod
    def forward(  # noqa: PLR0917 - torch passes them by position
        context: Any, values: Tensor, weight: Tensor, bias: Tensor | None, down: Tensor, up: Tensor
    ) -> Tensor:
        rows = values.reshape(-1, values.shape[-1])
        down, up = down.to(rows.dtype), up.to(rows.dtype)
        hidden = rows @ down.t()
        context.save_for_backward(rows, hidden, weight, down, up)
        return linear(rows, weight, bias).addmm_(hidden, up.t()).view(*values.shape[:-1], -1)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        rows, hidden, weight, down, up = context.saved_tensors
        slope = gradient.reshape(-1, gradient.shape[-1])
        slope_of_hidden = slope @ up
        values_gradient = (slope @ weight).addmm_(slope_of_hidden, down).view(*gradient.shape[:-1], -1)
        return values_gradient, None, None, (slope_of_hidden.t() @ rows).float(), (slope.t() @ hidden).float()


_product: Callable[..., Tensor] = _Product.apply
