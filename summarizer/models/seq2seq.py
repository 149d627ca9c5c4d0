"""Any encoder-decoder of Hugging Face that is trained to summarize (BART, PEGASUS, T5 …).

Beam search with the model's own generation defaults. An article that is longer than the encoder allows is read in
parts, cut between sentences; each part is encoded once and decoded for each length.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from summarizer.models.protocols import Completion, Draft, Excerpt, Progress
from summarizer.models.transformers_base import TransformersModel

# The length that encoders without a limit in their configuration (T5's relative positions) were trained on.
_ENCODER_TOKENS = 512
# Token limits: a short summary has about 45 words, which are 60 tokens of English; the long one keeps the model's own
# limit, up to what 150 words need.
_SHORT_TOKENS, _LONG_TOKENS = 64, 220
_MIN_SHORT_TOKENS = 10
_POSITION_KEYS = ("max_position_embeddings", "n_positions", "max_encoder_position_embeddings")


class Seq2SeqModel(TransformersModel):
    """An encoder-decoder from a folder or the hub's cache; calls from several threads take turns."""

    _auto_class = "AutoModelForSeq2SeqLM"
    token_budget = 8_192

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths of every part, from one encoder pass each."""
        import torch

        with self._turn(partial(progress, 0, 1)), torch.inference_mode():
            shorts, longs = [], []
            parts = self._parts(excerpt.sentences)
            for done, part in enumerate(parts):
                encoded = self._encode(part)
                criteria = self._stopping_criteria(partial(progress, done, len(parts)))
                if short:
                    shorts.append(self._decode(encoded, criteria, is_short=True))
                if long:
                    longs.append(self._decode(encoded, criteria, is_short=False))
            progress(len(parts), len(parts))
        return Draft(tuple(shorts) if short else None, tuple(longs) if long else None)

    def _task(self) -> dict[str, Any]:
        """The configuration's parameters for summarization: T5's prefix, generation defaults of older models."""
        _, model = self._weights()
        parameters = getattr(model.config, "task_specific_params", None) or {}
        return dict(parameters.get("summarization", {}))

    def _prefix(self) -> str:
        _, model = self._weights()
        is_t5 = "t5" in model.config.model_type
        return str(self._task().get("prefix", "summarize: " if is_t5 else ""))

    def _encoder_tokens(self) -> int:
        """The longest input: the smallest sensible limit of tokenizer and configuration."""
        tokenizer, model = self._weights()
        config = model.config
        stated = [tokenizer.model_max_length, *(getattr(config, key, None) for key in _POSITION_KEYS)]
        limits = [limit for limit in stated if isinstance(limit, int) and 0 < limit < 1_000_000]
        return min(limits, default=_ENCODER_TOKENS)

    def _parts(self, sentences: Iterable[str]) -> list[str]:
        """The sentences in order, packed into as few texts as the encoder allows."""
        tokenizer, _ = self._weights()
        room = self._encoder_tokens() - len(tokenizer(self._prefix())["input_ids"])
        parts: list[list[str]] = [[]]
        used = 0
        for sentence in sentences:
            # One more for the space that joins sentences.
            cost = len(tokenizer(sentence, add_special_tokens=False, verbose=False)["input_ids"]) + 1
            if parts[-1] and used + cost > room:
                parts.append([])
                used = 0
            parts[-1].append(sentence)
            used += cost
        return [self._prefix() + " ".join(part) for part in parts]

    def _encode(self, text: str) -> dict[str, Any]:
        tokenizer, model = self._weights()
        inputs = tokenizer(text, truncation=True, max_length=self._encoder_tokens(), return_tensors="pt")
        inputs = inputs.to(model.device)
        states = model.get_encoder()(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
        return {"encoder_outputs": states, "attention_mask": inputs["attention_mask"]}

    def _decode(self, encoded: dict[str, Any], criteria: Any, *, is_short: bool) -> Completion:
        tokenizer, model = self._weights()
        options = {key: value for key, value in self._task().items() if key != "prefix"}
        own = options.get("max_length") or model.generation_config.max_length or _LONG_TOKENS
        limit = min(own, _SHORT_TOKENS if is_short else _LONG_TOKENS)
        if is_short:
            options["min_length"] = min(_MIN_SHORT_TOKENS, limit - 1)
        options["max_length"] = limit
        output = model.generate(**encoded, stopping_criteria=criteria, **options)[0]
        finished = bool((output[1:] == model.generation_config.eos_token_id).any()) and len(output) < limit
        return Completion(tokenizer.decode(output, skip_special_tokens=True).strip(), finished)
