#!/usr/bin/env python
"""Measure how fast this project is beside what people use today; peers and we in turn, on one machine, in one run.

    scripts/benchmark.py                        every system on six articles
    scripts/benchmark.py --limit 2 --systems compress bart_large lexrank
    scripts/benchmark.py --json figures.json

Each system runs in a process of its own, which says what it took: seconds for both lengths of each article, seconds
until the first sentence, peak memory. Peers: `transformers`, the embedded language model's own weights as a tutorial
would run them, once for each length; `bart_large` and `distilbart`, the architectures of bart-large-cnn and
distilbart-cnn-12-6 with random weights of the real sizes and four beams, since time does not depend on what the weights
are; `lexrank`, sumy's. They need `pip install -r requirements-benchmark.txt`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, when run as a file

import numpy as np
from evaluate import as_table
from evaluation_data import DATA, Row, read_rows
from served import served
from tqdm import tqdm

from summarizer import Summarizer
from summarizer.embedded import language_model_path
from summarizer.models.base import Reading
from summarizer.models.devices import physical_cores
from summarizer.models.gguf import GgufModel
from summarizer.models.prompts import ANSWER_TOKENS, rewrite_messages
from summarizer.sentences import sentence_spans
from summarizer.settings import Method, Settings
from summarizer.watching import Watcher

CHECKOUT = Path(__file__).resolve().parent.parent
# Tokens that the peers write: the middle of the old pipeline's limits, 20 to 60 for a short summary and 56 to 142 for a
# long one. Random weights do not know when to stop, so that both are forced.
_PEER_TOKENS = (40, 99)
_ENCODER_TOKENS = 1_024
_MEGABYTE = 2**20

Article = str
Measure = Callable[[Sequence[Article]], dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    parser.add_argument("--limit", type=int, default=6, help="the first N articles (default: 6)")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--json", type=Path, help="write the figures as JSON, too")
    parser.add_argument("--measure", choices=SYSTEMS, help=argparse.SUPPRESS)  # in the process of one system
    options = parser.parse_args()
    articles = [str(row["article"]) for row in read_rows(options.data, {"article"}, options.limit)]
    if options.measure:
        found = SYSTEMS[options.measure](articles)
        if not options.measure.startswith("service"):  # whose memory is another process's
            found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(found))
        return
    figures = {system: _in_own_process(system, options) for system in tqdm(options.systems, desc="systems")}
    print(f"{_processor()}, {physical_cores()} cores, {len(articles)} articles\n")
    print(as_table([{"system": system} | found for system, found in figures.items()]))
    ratios = ratios_of(figures)
    print(f"\n{as_table([{'ratio': name, 'is': value} for name, value in ratios.items()])}")
    if options.json:
        told = {"processor": _processor(), "articles": len(articles), "figures": figures, "ratios": ratios}
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def ratios_of(figures: dict[str, Row]) -> dict[str, float]:
    """What is compared, as far as both sides were measured."""
    wanted = {
        "compress_vs_transformers": ("compress", "transformers", "seconds"),
        "compress_vs_bart_large": ("compress", "bart_large", "seconds"),
        "compress_vs_distilbart": ("compress", "distilbart", "seconds"),
        "rewrite_vs_transformers": ("rewrite", "transformers", "seconds"),
        "compress_memory_vs_transformers": ("compress", "transformers", "megabytes"),
        "extract_vs_lexrank": ("extract", "lexrank", "seconds"),
        "batching_4": ("service_4", "service_1", "articles a minute"),
        "service_vs_offline_16": ("service_16", "batch", "articles a minute"),
        "cached_vs_first": ("service_again", "service_1", "seconds"),
    }
    return {
        name: round(figures[ours][figure] / figures[theirs][figure], 3)
        for name, (ours, theirs, figure) in wanted.items()
        if figures.get(ours, {}).get(figure) and figures.get(theirs, {}).get(figure)
    }


def _in_own_process(system: str, options: argparse.Namespace) -> Row:
    given = ["--data", str(options.data), "--limit", str(options.limit)]
    environment = os.environ | {"SUMMARIZER_KEPT_SUMMARIES": "0", "TOKENIZERS_PARALLELISM": "false"}
    ended = subprocess.run(
        [sys.executable, __file__, "--measure", system, *given],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        check=False,
    )
    if ended.returncode:
        return {"note": f"failed with exit code {ended.returncode}"}
    return dict(json.loads(ended.stdout.splitlines()[-1]))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def _each(articles: Sequence[Article], make: Callable[[Article], float | None]) -> Row:
    """Median seconds of an article, and how many cores this process kept busy meanwhile.

    :param make: gives the seconds until its first sentence, where it knows.
    """
    seconds, first = [], []
    computed = time.process_time()
    for article in articles:
        began = time.perf_counter()
        told = make(article)
        seconds.append(time.perf_counter() - began)
        first.append(seconds[-1] if told is None else told)
    busy = (time.process_time() - computed) / sum(seconds)
    return {
        "seconds": round(median(seconds), 3),
        "first sentence": round(median(first), 3),
        "cores busy": round(busy, 2),
    }


# ---------------------------------------------------------------- we


class _First(Watcher):
    """When the first sentence that may be shown is there: the extractive summary."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.seconds: float | None = None

    def ranked(self, extract: Callable[[], Any]) -> None:
        extract()
        self.seconds = time.perf_counter() - self.began


def _ours(method: Method, **settings: Any) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        summarizer = Summarizer(Settings(method=method, **settings))
        summarizer.load()
        summarizer.summarize(articles[0], method="extract")

        def make(article: Article) -> float | None:
            first = _First()
            summarizer.summarize(article, method=method, watcher=first)
            return first.seconds

        return _each(articles, make)

    return measure


def _batch(articles: Sequence[Article]) -> Row:
    """So many at once as the batch script makes, without a service, on as many articles as that gets."""
    summarizer = Summarizer()
    summarizer.load()
    many = _many(articles)
    summarizer.summarize(articles[0])
    began = time.perf_counter()
    with ThreadPoolExecutor(summarizer.settings.at_once) as pool:
        list(pool.map(summarizer.summarize, many))
    return _rate(len(many), time.perf_counter() - began)


def _service(clients: int, *, again: bool = False) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        many = _many(articles)
        with served(keeps=again) as service:
            service.seconds(articles[0] + " And so on.")
            if again:
                for article in articles:
                    service.seconds(article)
                return _each(articles, service.seconds)
            began = time.perf_counter()
            with ThreadPoolExecutor(clients) as pool:
                seconds = list(pool.map(service.seconds, many))
            return {"seconds": round(median(seconds), 3)} | _rate(len(many), time.perf_counter() - began)

    return measure


def _many(articles: Sequence[Article]) -> list[Article]:
    """Enough articles for sixteen at once, none twice."""
    return [f"{article} Copy number {copy}." for copy in range(1 + 24 // len(articles)) for article in articles]


def _rate(count: int, seconds: float) -> Row:
    return {"articles a minute": round(60 * count / seconds, 1)}


def _tokens(articles: Sequence[Article]) -> Row:
    """What the engine reads and writes a second, and how near that is to what the memory allows."""
    path = language_model_path(Settings().cache)
    model = GgufModel(path)
    model.load()
    reading = Reading(None, tuple(span.of(articles[0]) for span in sentence_spans(articles[0])))
    timings = model._ask(rewrite_messages(reading, short=False), ANSWER_TOKENS["long"], lambda *_: None).last["timings"]
    bound = _bandwidth() / path.stat().st_size
    return {
        "read a second": round(timings["prompt_per_second"], 1),
        "written a second": round(timings["predicted_per_second"], 1),
        "bound by memory": round(bound, 1),
    }


def _bandwidth() -> float:
    """Bytes a second that all cores together read from memory: the best of five sums of half a gigabyte."""
    parts = np.array_split(np.ones(2**26), physical_cores())
    times = []
    with ThreadPoolExecutor(len(parts)) as pool:
        for _ in range(5):
            began = time.perf_counter()
            list(pool.map(np.sum, parts))
            times.append(time.perf_counter() - began)
    return float(sum(part.nbytes for part in parts) / min(times))


# ---------------------------------------------------------------- peers


def _transformers(articles: Sequence[Article]) -> Row:
    """The embedded language model's weights, `generate` once for each length, as a tutorial would."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = language_model_path(Settings().cache)
    with_bfloat16 = any(flag in _flags() for flag in ("avx512_bf16", "amx_bf16"))
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.bfloat16 if with_bfloat16 else torch.float32
    )
    torch.set_num_threads(physical_cores())

    def make(article: Article) -> None:
        for short in (True, False):
            messages = rewrite_messages(Reading(None, (article,)), short=short)
            prompt = tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            with torch.inference_mode():
                model.generate(**prompt, max_new_tokens=ANSWER_TOKENS["short" if short else "long"], do_sample=False)

    return _each(articles, make)


def _bart(decoder_layers: int) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        import torch
        from transformers import BartConfig, BartForConditionalGeneration

        torch.manual_seed(0)
        torch.set_num_threads(physical_cores())
        model = BartForConditionalGeneration(BartConfig(decoder_layers=decoder_layers)).eval()

        def make(article: Article) -> None:
            # Some 1.3 tokens a word of English, cut off as the pipeline did.
            tokens = torch.randint(10, 50_000, (1, min(round(1.3 * len(article.split())), _ENCODER_TOKENS)))
            for wanted in _PEER_TOKENS:
                with torch.inference_mode():
                    model.generate(
                        tokens, num_beams=4, min_new_tokens=wanted, max_new_tokens=wanted, no_repeat_ngram_size=3
                    )

        make(articles[0])
        return _each(articles, make)

    return measure


def _lexrank(articles: Sequence[Article]) -> Row:
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words(Tokenizer):
        """Splits as this project does: sumy's own way needs a download."""

        def __init__(self) -> None:
            pass

        def to_sentences(self, text: str) -> tuple[str, ...]:
            return tuple(span.of(text) for span in sentence_spans(text))

        def to_words(self, sentence: str) -> tuple[str, ...]:
            return tuple(sentence.split())

    def make(article: Article) -> None:
        document = PlaintextParser.from_string(article, Words()).document
        for sentences in (1, 3):
            LexRankSummarizer()(document, sentences)

    return _each(articles, make)


def _flags() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8") if path.exists() else ""


SYSTEMS: dict[str, Measure] = {
    "transformers": _transformers,
    "bart_large": _bart(12),
    "distilbart": _bart(6),
    "lexrank": _lexrank,
    "extract": _ours("extract"),
    "compress": _ours("compress"),
    "rewrite": _ours("rewrite"),
    "rewrite_checked_by_words": _ours("rewrite", check="words"),
    "batch": _batch,
    "service_1": _service(1),
    "service_4": _service(4),
    "service_16": _service(16),
    "service_again": _service(1, again=True),
    "tokens": _tokens,
}


if __name__ == "__main__":
    main()
