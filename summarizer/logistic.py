"""Logistic models: features in, probabilities out. How they are fitted is the scripts' business."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """Coefficients for raw features, the intercept last."""

    coefficients: Matrix

    def __call__(self, features: Matrix) -> Matrix:
        """Probabilities of rows of features."""
        exponent = features @ self.coefficients[:-1] + self.coefficients[-1]
        return np.asarray(1 / (1 + np.exp(-exponent)))
