"""Models that run through transformers, tested on tiny ones that the suite builds."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from summarizer.errors import ModelFailed
from summarizer.models.causal_lm import CausalLanguageModel
from summarizer.models.protocols import Completion, Excerpt
from summarizer.models.seq2seq import Seq2SeqModel
from tests.tiny_models import tiny_bart, tiny_llama, tiny_t5

EXCERPT = Excerpt(
    "Bridge closed", ("The bridge was closed on Tuesday.", "The closure will last three weeks, she said.")
)
LONG_EXCERPT = Excerpt(None, tuple(f"Sentence number {number} tells of mud in a lake." for number in range(40)))


def _ignore(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module", params=[tiny_bart, tiny_t5], ids=["bart", "t5"])
def seq2seq(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seq2SeqModel:
    return Seq2SeqModel(request.param(tmp_path_factory.mktemp("seq2seq")), device="cpu")


@pytest.fixture(scope="module")
def bart(tmp_path_factory: pytest.TempPathFactory) -> Seq2SeqModel:
    return Seq2SeqModel(tiny_bart(tmp_path_factory.mktemp("bart")), device="cpu")


@pytest.fixture(scope="module")
def t5(tmp_path_factory: pytest.TempPathFactory) -> Seq2SeqModel:
    return Seq2SeqModel(tiny_t5(tmp_path_factory.mktemp("t5")), device="cpu")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> CausalLanguageModel:
    return CausalLanguageModel(tiny_llama(tmp_path_factory.mktemp("llama")), device="cpu")


def _encoder_inputs(model: Seq2SeqModel, excerpt: Excerpt) -> list[str]:
    """The texts that the encoder reads for both lengths, one per pass."""
    tokenizer, weights = model._weights()
    passes: list[str] = []

    def note(module: torch.nn.Module, args: tuple[object, ...], options: dict[str, torch.Tensor]) -> None:
        passes.append(tokenizer.decode(options["input_ids"][0], skip_special_tokens=True))

    hook = weights.get_encoder().register_forward_pre_hook(note, with_kwargs=True)
    try:
        model.draft(excerpt, short=True, long=True, progress=_ignore)
    finally:
        hook.remove()
    return passes


def test_both_lengths_come_from_one_encoder_pass(seq2seq: Seq2SeqModel) -> None:
    assert len(_encoder_inputs(seq2seq, EXCERPT)) == 1


def test_article_longer_than_the_encoder_is_read_in_parts_of_whole_sentences(bart: Seq2SeqModel) -> None:
    parts = _encoder_inputs(bart, LONG_EXCERPT)
    assert len(parts) > 1
    assert " ".join(parts) == " ".join(LONG_EXCERPT.sentences)
    assert all(part.endswith(".") for part in parts)
    assert all(bart.count_tokens(part, lambda: None) < 128 for part in parts)


def test_every_part_gives_a_completion(bart: Seq2SeqModel) -> None:
    steps: list[tuple[int, int]] = []
    draft = bart.draft(LONG_EXCERPT, short=True, long=True, progress=lambda done, total: steps.append((done, total)))
    assert draft.short is not None
    assert draft.long is not None
    assert len(draft.short) == len(draft.long) == steps[-1][1] > 1
    assert steps[-1][0] == steps[-1][1]
    assert len(steps) > 20  # reported for each token


def test_length_that_is_not_requested_is_not_drafted(seq2seq: Seq2SeqModel) -> None:
    draft = seq2seq.draft(EXCERPT, short=True, long=False, progress=_ignore)
    assert draft.short is not None
    assert draft.long is None


def test_t5_reads_its_prefix_before_every_part(t5: Seq2SeqModel) -> None:
    assert all(part.startswith("summarize: ") for part in _encoder_inputs(t5, LONG_EXCERPT))


def test_completion_that_reached_its_limit_is_not_finished(t5: Seq2SeqModel) -> None:
    draft = t5.draft(EXCERPT, short=False, long=True, progress=_ignore)
    assert draft.long is not None
    assert [completion.finished for completion in draft.long] == [False]


def test_shared_prefill_does_not_change_the_completions(chat: CausalLanguageModel) -> None:
    both = chat.draft(EXCERPT, short=True, long=True, progress=_ignore)
    short = chat.draft(EXCERPT, short=True, long=False, progress=_ignore)
    long = chat.draft(EXCERPT, short=False, long=True, progress=_ignore)
    assert (both.short, both.long) == (short.short, long.long)
    assert isinstance(both.short[0] if both.short else None, Completion)


def test_article_is_prefilled_once_for_both_lengths(chat: CausalLanguageModel) -> None:
    _, weights = chat._weights()
    read: list[int] = []

    def note(module: torch.nn.Module, args: tuple[torch.Tensor, ...]) -> None:
        read.append(args[0].shape[1])

    hook = weights.get_input_embeddings().register_forward_pre_hook(note)
    try:
        chat.draft(LONG_EXCERPT, short=True, long=True, progress=_ignore)
    finally:
        hook.remove()
    article_tokens = chat.count_tokens(" ".join(LONG_EXCERPT.sentences), lambda: None)
    assert sum(tokens > article_tokens for tokens in read) == 1
    # Only the instruction after the article is read again, about 300 tokens of the tiny tokenizer.
    assert sum(tokens for tokens in read if tokens <= article_tokens) < article_tokens


def test_folder_without_weights_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="could not be loaded"):
        Seq2SeqModel(tmp_path, device="cpu").load()


def test_exception_of_on_wait_ends_the_waiting_for_the_model(bart: Seq2SeqModel) -> None:
    class Disconnected(Exception):
        pass

    def disconnect() -> None:
        raise Disconnected

    bart.load()
    with ThreadPoolExecutor(1) as pool, bart._turn(lambda: None):
        counted = pool.submit(bart.count_tokens, "Mud.", disconnect)
        with pytest.raises(Disconnected):
            counted.result(20)
