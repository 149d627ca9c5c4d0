"""Measure the speed and memory of this project and of other summarizers: the tables of docs/performance.md.

    python -m scripts.benchmark.compare                        every system on six articles
    python -m scripts.benchmark.compare --limit 2 --systems extractive bart_large lexrank
    python -m scripts.benchmark.compare --json figures.json

Each system runs in its own process and makes both lengths of each article. Reported are peak memory and the median
seconds per article and to the first sentence. The others need `pip install -r requirements-benchmark.txt`:

- `transformers`: the weights of the default language model, `generate` once per length.
- `bart_large`, `distilbart`: the architectures of bart-large-cnn and distilbart-cnn-12-6 with four beams and random
  weights, on which time does not depend.
- `lexrank`: LexRank of sumy.
"""

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

import numpy as np
from tqdm import tqdm

from scripts.benchmark.service import running_service
from scripts.evaluation.data import CHECKOUT, DATA, read_rows
from scripts.evaluation.tables import Row, markdown_table
from summarizer import Settings, Summarizer
from summarizer.job import Listener
from summarizer.models.devices import physical_cores
from summarizer.models.llama_cpp import LlamaCppModel
from summarizer.models.manifest import language_model_path
from summarizer.models.prompts import answer_tokens, draft_messages
from summarizer.models.protocols import Excerpt
from summarizer.selection.length import Length
from summarizer.settings import Method
from summarizer.summary import SummarySentence
from summarizer.text.sentences import sentence_spans

# Tokens that BART writes for each length: the middle of the limits of the former `summarization` pipeline, 20 to 60 for
# a short summary and 56 to 142 for a long one. Random weights do not end a summary, so the number is forced.
_BART_TOKENS = (40, 99)
_MAX_BART_INPUT_TOKENS = 1_024
_TOKENS_PER_WORD = 1.3  # English
# More articles than the sixteen clients send at once.
_MIN_REQUESTS = 24

Article = str
Measure = Callable[[Sequence[Article]], dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the systems and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "realsumm.jsonl", help="JSONL with `article`")
    parser.add_argument("--limit", type=int, default=6, help="the first N articles (default: 6)")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--json", type=Path, help="also write the figures as JSON")
    parser.add_argument("--measure", choices=SYSTEMS, help=argparse.SUPPRESS)  # used by `_measure_in_subprocess`
    options = parser.parse_args(arguments)
    articles = [str(row["article"]) for row in read_rows(options.data, {"article"}, options.limit)]
    if options.measure:
        figures = SYSTEMS[options.measure](articles)
        if not options.measure.startswith("service"):  # the service runs in another process
            figures["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(figures))
        return
    by_system = {system: _measure_in_subprocess(system, options) for system in tqdm(options.systems, desc="systems")}
    print(f"{_processor()}, {physical_cores()} cores, {len(articles)} articles\n")
    print(markdown_table([{"system": system} | figures for system, figures in by_system.items()]))
    ratios = ratios_of(by_system)
    if ratios:
        print(f"\n{markdown_table([{'ratio': name, 'value': value} for name, value in ratios.items()])}")
    if options.json:
        report = {"processor": _processor(), "articles": len(articles), "figures": by_system, "ratios": ratios}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def ratios_of(figures: dict[str, Row]) -> dict[str, float]:
    """The ratios whose two systems were both measured."""
    ratios = {
        "extractive_vs_transformers": ("extractive", "transformers", "seconds"),
        "extractive_vs_bart_large": ("extractive", "bart_large", "seconds"),
        "extractive_vs_distilbart": ("extractive", "distilbart", "seconds"),
        "extractive_vs_lexrank": ("extractive", "lexrank", "seconds"),
        "extractive_memory_vs_transformers": ("extractive", "transformers", "peak MB"),
        "abstractive_vs_transformers": ("abstractive", "transformers", "seconds"),
        "abstractive_vs_bart_large": ("abstractive", "bart_large", "seconds"),
        "first_sentence_vs_bart_large": ("abstractive", "bart_large", "first sentence after"),
        "batching_4": ("service_4", "service_1", "articles per minute"),
        "service_vs_offline_16": ("service_16", "batch", "articles per minute"),
        "cached_vs_first": ("service_again", "service_1", "seconds"),
    }
    return {
        name: round(figures[system][figure] / figures[other][figure], 3)
        for name, (system, other, figure) in ratios.items()
        if figures.get(system, {}).get(figure) and figures.get(other, {}).get(figure)
    }


def _measure_in_subprocess(system: str, options: argparse.Namespace) -> Row:
    arguments = ["--data", str(options.data), "--limit", str(options.limit)]
    environment = os.environ | {"SUMMARIZER_SUMMARY_CACHE": "0", "TOKENIZERS_PARALLELISM": "false"}
    completed = subprocess.run(
        [sys.executable, "-m", "scripts.benchmark.compare", "--measure", system, *arguments],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        check=False,
    )
    if completed.returncode:
        return {"note": f"failed with exit code {completed.returncode}"}
    return dict(json.loads(completed.stdout.splitlines()[-1]))


def _processor() -> str:
    lines = _cpu_info().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def _cpu_info() -> str:
    """Linux's description of the processors; empty on other systems."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _time_each(articles: Sequence[Article], summarize: Callable[[Article], float | None]) -> Row:
    """Median seconds per article, and the average number of cores that this process used.

    :param summarize: returns the seconds to the first sentence, or None if all sentences come at the same time.
    """
    seconds, first = [], []
    computed = time.process_time()
    for article in articles:
        began = time.perf_counter()
        to_first = summarize(article)
        seconds.append(time.perf_counter() - began)
        first.append(seconds[-1] if to_first is None else to_first)
    busy = (time.process_time() - computed) / sum(seconds)
    return {
        "seconds": round(median(seconds), 3),
        "first sentence after": round(median(first), 3),
        "cores busy": round(busy, 2),
    }


# ---------------------------------------------------------------- this project


class _FirstSentence(Listener):
    """Measures the seconds to the first sentence that a model wrote and that is verified."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.seconds: float | None = None

    def on_preview(self, make_preview: Callable[[], Any]) -> None:
        make_preview()

    def on_sentence(self, length: Length, index: int, sentence: SummarySentence) -> None:
        self.seconds = self.seconds or time.perf_counter() - self.began


def _summarizer(method: Method, **settings: Any) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        summarizer = Summarizer(Settings(method=method, **settings))
        summarizer.load()
        summarizer.summarize(articles[0], method="extractive")

        def summarize(article: Article) -> float | None:
            timer = _FirstSentence()
            summarizer.summarize(article, method=method, listener=timer)
            return timer.seconds

        return _time_each(articles, summarize)

    return measure


def _batch(articles: Sequence[Article]) -> Row:
    """Without a service: as many articles at the same time as the batch command, and the same ones as the service."""
    summarizer = Summarizer()
    summarizer.load()
    many = _distinct_copies(articles)
    summarizer.summarize(articles[0])
    began = time.perf_counter()
    with ThreadPoolExecutor(summarizer.settings.concurrency) as pool:
        list(pool.map(summarizer.summarize, many))
    return _rate(len(many), time.perf_counter() - began)


def _service(clients: int, *, again: bool = False) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        many = _distinct_copies(articles)
        with running_service(has_cache=again) as service:
            service.seconds(articles[0] + " And so on.")
            if again:
                for article in articles:
                    service.seconds(article)
                return _time_each(articles, service.seconds)
            began = time.perf_counter()
            with ThreadPoolExecutor(clients) as pool:
                seconds = list(pool.map(service.seconds, many))
            return {"seconds": round(median(seconds), 3)} | _rate(len(many), time.perf_counter() - began)

    return measure


def _distinct_copies(articles: Sequence[Article]) -> list[Article]:
    """More than `_MIN_REQUESTS` articles: distinct copies of these."""
    copies = range(1 + _MIN_REQUESTS // len(articles))
    return [f"{article} Copy number {copy}." for copy in copies for article in articles]


def _rate(count: int, seconds: float) -> Row:
    return {"articles per minute": round(60 * count / seconds, 1)}


def _tokens(articles: Sequence[Article]) -> Row:
    """Tokens that the language model reads and writes per second, and the limit for writing by memory bandwidth."""
    path = language_model_path(Settings().cache)
    model = LlamaCppModel(path)
    excerpt = Excerpt(None, tuple(span.of(articles[0]) for span in sentence_spans(articles[0])))
    answer = model.complete(draft_messages(excerpt, short=False), answer_tokens("long", excerpt), lambda *_: None)
    timings = answer.last["timings"]
    limit = _bandwidth() / path.stat().st_size  # each token needs all weights
    return {
        "tokens read per second": round(timings["prompt_per_second"], 1),
        "tokens written per second": round(timings["predicted_per_second"], 1),
        "limit by memory bandwidth": round(limit, 1),
    }


def _bandwidth() -> float:
    """Bytes per second that all cores together read from memory: the best of five sums of 512 MiB."""
    parts = np.array_split(np.ones(2**26), physical_cores())
    times = []
    with ThreadPoolExecutor(len(parts)) as pool:
        for _ in range(5):
            began = time.perf_counter()
            list(pool.map(np.sum, parts))
            times.append(time.perf_counter() - began)
    return float(sum(part.nbytes for part in parts) / min(times))


# ---------------------------------------------------------------- other summarizers


def _transformers(articles: Sequence[Article]) -> Row:
    """The weights of the default language model, `generate` once per length, as in tutorials."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = language_model_path(Settings().cache)
    has_bfloat16 = any(flag in _cpu_info() for flag in ("avx512_bf16", "amx_bf16"))
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.bfloat16 if has_bfloat16 else torch.float32
    )
    torch.set_num_threads(physical_cores())

    def summarize(article: Article) -> None:
        excerpt = Excerpt(None, (article,))
        for short in (True, False):
            prompt = tokenizer.apply_chat_template(
                draft_messages(excerpt, short=short), add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            limit = answer_tokens("short" if short else "long", excerpt)
            with torch.inference_mode():
                model.generate(**prompt, max_new_tokens=limit, do_sample=False)

    return _time_each(articles, summarize)


def _bart(decoder_layers: int) -> Measure:
    def measure(articles: Sequence[Article]) -> Row:
        import torch
        from transformers import BartConfig, BartForConditionalGeneration

        torch.manual_seed(0)
        torch.set_num_threads(physical_cores())
        model = BartForConditionalGeneration(BartConfig(decoder_layers=decoder_layers)).eval()

        def summarize(article: Article) -> None:
            length = min(round(_TOKENS_PER_WORD * len(article.split())), _MAX_BART_INPUT_TOKENS)
            tokens = torch.randint(10, 50_000, (1, length))
            for count in _BART_TOKENS:
                with torch.inference_mode():
                    model.generate(
                        tokens, num_beams=4, min_new_tokens=count, max_new_tokens=count, no_repeat_ngram_size=3
                    )

        summarize(articles[0])
        return _time_each(articles, summarize)

    return measure


def _lexrank(articles: Sequence[Article]) -> Row:
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class ProjectTokenizer(Tokenizer):  # type: ignore[misc]
        """Splits sentences as this project does; sumy's own splitter needs a download."""

        def __init__(self) -> None:
            pass

        def to_sentences(self, text: str) -> tuple[str, ...]:
            return tuple(span.of(text) for span in sentence_spans(text))

        def to_words(self, sentence: str) -> tuple[str, ...]:
            return tuple(sentence.split())

    def summarize(article: Article) -> None:
        document = PlaintextParser.from_string(article, ProjectTokenizer()).document
        for sentences in (1, 3):
            LexRankSummarizer()(document, sentences)

    return _time_each(articles, summarize)


SYSTEMS: dict[str, Measure] = {
    "transformers": _transformers,
    "bart_large": _bart(12),
    "distilbart": _bart(6),
    "lexrank": _lexrank,
    "extractive": _summarizer("extractive"),
    "abstractive": _summarizer("abstractive"),
    "batch": _batch,
    "service_1": _service(1),
    "service_4": _service(4),
    "service_16": _service(16),
    "service_again": _service(1, again=True),
    "tokens": _tokens,
}


if __name__ == "__main__":
    main()
