"""Language identification by character n-grams (py3langid; Lui and Baldwin 2012)."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Characters of the text that are looked at, and the least probability with which a language is reported: a line of
# names or of code has none.
_SAMPLE = 2_000
_MIN_PROBABILITY = 0.9


def detect_language(text: str) -> str | None:
    """The language of a text as an IETF tag (BCP 47) such as `en`; None when it is uncertain.

    The first call loads the model, which takes a second.
    """
    language, probability = _identifier().classify(text[:_SAMPLE])
    return str(language) if probability >= _MIN_PROBABILITY else None


def language_name(tag: str) -> str:
    """The English name of a language, "German" for `de`; the tag itself where there is no name."""
    try:
        return Locale.parse(tag, sep="-").get_language_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
