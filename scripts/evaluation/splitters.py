"""Compare sentence splitters on hard cases in nineteen languages: the table "Sentences" of docs/cleaning.md.

    python -m scripts.evaluation.splitters                 # splitters that are not installed are left out
    python -m scripts.evaluation.splitters --errors de     # the lines that this project splits wrongly

A line of sentences/LANGUAGE.txt is news prose with "|" where a sentence ends, and "¦" where a space was lost.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

from scripts.evaluation.tables import Row, markdown_table
from summarizer.text.sentences import sentence_spans

FOLDER = Path(__file__).with_name("sentences")
MOST_USED = ("de", "fr", "es", "pt", "it", "nl", "pl", "ru")
# Languages without spaces between sentences.
_UNSPACED = ("ja", "zh")

Splitter = Callable[[str, str], Iterable[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or the errors in one language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", metavar="LANGUAGE", help="print the lines that this project splits wrongly")
    options = parser.parse_args(arguments)
    if options.errors:
        print("\n".join(_errors(options.errors)))
    else:
        print(markdown_table(evaluate()))


def evaluate() -> list[Row]:
    """One row per splitter: the share of the sentences that it finds, by group of languages."""
    cases = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in sorted(FOLDER.glob("*.txt"))}
    groups = {
        "English": ["en"],
        "eight languages": list(MOST_USED),
        "ten others": [language for language in cases if language not in ("en", *MOST_USED)],
    }
    rows: list[Row] = []
    for name, load in _SPLITTERS.items():
        try:
            split = load()
        except ImportError:
            continue
        began = time.perf_counter()
        found = {language: _found(language, lines, split) for language, lines in cases.items()}
        seconds = time.perf_counter() - began
        rows.append(
            {"splitter": name}
            | {group: _share([found[language] for language in languages]) for group, languages in groups.items()}
            | {"milliseconds per line": f"{1000 * seconds / sum(map(len, cases.values())):.2f}"}
        )
    return rows


def text_and_sentences(line: str, language: str) -> tuple[str, list[str]]:
    """The text of a line, and its sentences."""
    space = "" if language in _UNSPACED else " "
    return line.replace("¦", "").replace("|", space), [part.strip() for part in line.replace("¦", "|").split("|")]


def _found(language: str, lines: Sequence[str], split: Splitter) -> tuple[int, int]:
    """How many sentences a splitter finds, and how many there are."""
    right = total = 0
    for line in lines:
        text, wanted = text_and_sentences(line, language)
        sentences = {sentence.strip() for sentence in split(text, language)}
        right += sum(sentence in sentences for sentence in wanted)
        total += len(wanted)
    return right, total


def _share(found: Sequence[tuple[int, int]]) -> str:
    right, total = (sum(pair[index] for pair in found) for index in range(2))
    return f"{right} of {total} ({100 * right / total:.1f}%)"


def _errors(language: str) -> Iterable[str]:
    split = _load_project()
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        text, wanted = text_and_sentences(line, language)
        found = list(split(text, language))
        if found != wanted:
            yield f"- {'|'.join(found)}\n+ {line}"


def _load_project() -> Splitter:
    return lambda text, language: [span.of(text) for span in sentence_spans(text, language=language)]


def _load_nupunkt() -> Splitter:
    tokenize = import_module("nupunkt").sent_tokenize
    return lambda text, language: list(tokenize(text))


def _load_pysbd() -> Splitter:
    pysbd = import_module("pysbd")
    known = import_module("pysbd.languages").LANGUAGE_CODES
    return lambda text, language: list(
        pysbd.Segmenter(language=language if language in known else "en", clean=False).segment(text)
    )


def _load_icu() -> Splitter:
    icu = import_module("icu")

    def split(text: str, language: str) -> Iterable[str]:
        # "ss" suppresses boundaries after abbreviations that the Unicode locale data list.
        iterator = icu.BreakIterator.createSentenceInstance(icu.Locale(f"{language}@ss=standard"))
        iterator.setText(text)
        units, start = text.encode("utf-16-le"), 0  # positions count UTF-16 units
        for end in iterator:
            yield units[2 * start : 2 * end].decode("utf-16-le")
            start = end

    return split


def _load_sentencex() -> Splitter:
    segment = import_module("sentencex").segment
    return lambda text, language: list(segment(language, text))


def _load_blingfire() -> Splitter:
    text_to_sentences = import_module("blingfire").text_to_sentences
    return lambda text, language: str(text_to_sentences(text)).splitlines()


# Each function imports its splitter, and raises ImportError if it is not installed.
_SPLITTERS: dict[str, Callable[[], Splitter]] = {
    "this project": _load_project,
    "nupunkt": _load_nupunkt,
    "pysbd": _load_pysbd,
    "ICU with suppressions": _load_icu,
    "sentencex": _load_sentencex,
    "blingfire": _load_blingfire,
}


if __name__ == "__main__":
    main()
