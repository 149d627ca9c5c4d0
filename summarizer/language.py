"""Language: which one a text is written in, by its characters (py3langid; Lui and Baldwin 2012).

Knows nothing of articles. Reading its model takes a second, so that is done when it is first asked.
"""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# So much of a text is enough, in characters; what is less sure than this is not said: a line of names, of code.
_ENOUGH = 2_000
_SURE = 0.9


def language_of(text: str) -> str | None:
    """The language of a text as an IETF tag (BCP 47) such as `en`; None when it cannot be told."""
    language, probability = _identifier().classify(text[:_ENOUGH])
    return str(language) if probability >= _SURE else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
