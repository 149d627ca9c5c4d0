"""The network of the sentence ranker; importing it imports torch."""

import torch
from torch import nn

VECTOR_SIZE, FEATURES, OUTPUTS = 384, 20, 2
_WIDTH, _LAYERS, _HEADS, _INNER = 64, 2, 4, 128
# A vector's components are about 0.05; features are about 0.5.
_VECTOR_SCALE = 5.0


class RankerNetwork(nn.Module):
    """A small transformer over the sentences of an article, as in BertSumExt (Liu and Lapata 2019)."""

    def __init__(self, dropout: float = 0.0, vector_dropout: float = 0.0) -> None:
        """Begin with random weights.

        :param dropout: the share of values that training sets to 0; `vector_dropout` is that of the vectors'.
        """
        super().__init__()
        self.of_vector = nn.Linear(VECTOR_SIZE, _WIDTH)
        self.of_features = nn.Linear(FEATURES, _WIDTH)
        self.vector_dropout = nn.Dropout(vector_dropout)
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(
            _WIDTH, _HEADS, _INNER, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, _LAYERS, enable_nested_tensor=False)
        self.output = nn.Sequential(nn.LayerNorm(_WIDTH), nn.Linear(_WIDTH, OUTPUTS))

    def forward(self, vectors: torch.Tensor, features: torch.Tensor, is_padding: torch.Tensor) -> torch.Tensor:
        """Log-odds that each sentence stands in a long and in a short summary, shape (articles, sentences, 2).

        :param vectors: shape (articles, sentences, 384).
        :param features: shape (articles, sentences, 20).
        :param is_padding: shape (articles, sentences).
        """
        values = self.of_features(features) + self.of_vector(self.vector_dropout(vectors) * _VECTOR_SCALE)
        found: torch.Tensor = self.output(self.encoder(self.dropout(values), src_key_padding_mask=is_padding))
        return found
