"""The network of the verifier; importing it imports torch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoTokenizer, BertModel

# Tokens of a passage and a sentence together; the encoder reads up to 512. Most passages have 160, and the longest
# sentences of summaries 80.
_MAX_TOKENS = 384
# Of the log-odds that a word is wrong, before training: few are.
_FIRST_BIAS = -4.0


class SupportNetwork(nn.Module):
    """The sentence encoder's transformer, reading a passage and a sentence together (a cross-encoder).

    For each word of the sentence it has the log-odds that the passage contradicts it or lacks it; a sentence is as
    wrong as its worst words, and as the whole of it.
    """

    def __init__(self, encoder: Path) -> None:
        """Begin with the encoder's weights.

        :param encoder: the folder of all-MiniLM-L6-v2.
        """
        super().__init__()
        self.bert = BertModel.from_pretrained(encoder, local_files_only=True, add_pooling_layer=False)
        size = self.bert.config.hidden_size
        self.of_word = nn.Linear(size, 1)
        self.of_sentence = nn.Linear(size, 1)
        nn.init.constant_(self.of_word.bias, _FIRST_BIAS)
        nn.init.zeros_(self.of_sentence.weight)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The log-odds that each sentence is supported, shape (pairs,), and that each of its tokens is wrong, shape
        (pairs, tokens), of which only those of the sentence count.

        The parameters are a BERT tokenizer's encoding of pairs of a passage and a sentence.
        """
        hidden = self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state
        wrong = self.of_word(hidden).squeeze(-1)
        outside = torch.where(in_sentence(token_type_ids), 0.0, -torch.inf)
        whole = self.of_sentence(hidden[:, 0]).squeeze(-1)
        return whole - torch.logsumexp(wrong + outside, dim=1), wrong

    def load_trained(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Replace all weights but the embeddings.

        :raises ValueError: when some are missing, or are not the network's.
        """
        if weights.keys() != self.trained_weights().keys():
            raise ValueError("they are of another network")
        self.load_state_dict(weights, strict=False)

    def trained_weights(self) -> dict[str, torch.Tensor]:
        """All weights but the embeddings, which stay those of the encoder."""
        return {name: value for name, value in self.named_parameters() if not name.startswith("bert.embeddings.")}


def in_sentence(token_type_ids: torch.Tensor) -> torch.Tensor:
    """Whether each token belongs to the second text of its pair, with the mark at its end."""
    return token_type_ids == 1


class PairTokenizer:
    """Encodes pairs of a passage and a sentence."""

    def __init__(self, encoder: Path) -> None:
        self._tokenizer: Any = AutoTokenizer.from_pretrained(encoder, local_files_only=True)

    def __call__(self, passages: list[str], sentences: list[str]) -> Any:
        """The encoding, with `offset_mapping`; passages are cut where a pair is too long."""
        return self._tokenizer(
            passages,
            sentences,
            padding=True,
            truncation="longest_first",
            max_length=_MAX_TOKENS,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
