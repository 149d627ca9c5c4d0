"""What the ranker knows of each sentence."""

import numpy as np

from summarizer.models.encoder import Vectors
from summarizer.models.ranker_network import FEATURES, VECTOR_SIZE
from summarizer.selection.features import Title, sentence_features

SENTENCES = ["The bridge at Pell was shut.", "A crack was found.", "The bridge is old."]


def _vectors(count: int) -> Vectors:
    return np.eye(count, VECTOR_SIZE, dtype=np.float32)


def test_there_is_a_row_for_each_sentence() -> None:
    features = sentence_features(SENTENCES, _vectors(3), None, [()] * 3, [True] * 3)
    assert features.shape == (3, FEATURES)
    assert np.isfinite(features).all()


def test_one_sentence_is_enough() -> None:
    assert np.isfinite(sentence_features(["Rain."], _vectors(1), None, [()], [True])).all()


def test_title_counts_by_its_vector_and_its_words() -> None:
    title = Title("Old bridge", _vectors(3)[2])
    plain, titled = (sentence_features(SENTENCES, _vectors(3), one, [()] * 3, [True] * 3) for one in (None, title))
    changed = np.flatnonzero((plain != titled).any(axis=0))
    assert len(changed) == 3  # similarity, that there is one, and shared words
    assert (titled[2, changed] == 1.0).all()
    assert titled[1, changed].tolist() == [0.0, 1.0, 0.0]


def test_words_that_come_again_count() -> None:
    again, once = (
        sentence_features([*SENTENCES, last], _vectors(4), None, [()] * 4, [True] * 4)
        for last in ("The bridge was shut, and shut it is.", "Ducks swim by.")
    )
    assert (again[0] > once[0]).any()
