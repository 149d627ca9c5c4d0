"""Any Hugging Face encoder-decoder made for summaries (BART, PEGASUS, T5 …): an article in, both lengths out.

Beam search with the model's own generation defaults; every part of the article is encoded once and decoded for each
length. An article longer than the encoder is read whole, part by part, cut between sentences.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from summarizer.models.base import Draft, Passage, Progress, Reading
from summarizer.models.pretrained import PretrainedModel

# Encoders whose configuration names no limit (T5's relative positions) were trained on this many tokens.
_ENCODER_TOKENS = 512
# A short summary has 45 words at most, some 60 tokens of English; the long one keeps the model's own limits, up to
# what 150 words need.
_SHORT_TOKENS, _LONG_TOKENS = 64, 220
_SHORT_LEAST = 10


class Seq2SeqModel(PretrainedModel):
    """An encoder-decoder from a folder or from the hub's cache; calls from several threads take turns."""

    _auto_class = "AutoModelForSeq2SeqLM"
    token_budget = 8_192

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths of every part, each from one encoder pass."""
        import torch

        with self._turn(partial(progress, 0, 1)), torch.inference_mode():
            shorts, longs = [], []
            parts = self._parts(reading.sentences)
            for done, part in enumerate(parts):
                encoded = self._encode(part)
                told = self._told(partial(progress, done, len(parts)))
                if short:
                    shorts.append(self._decode(encoded, told, is_short=True))
                if long:
                    longs.append(self._decode(encoded, told, is_short=False))
            progress(len(parts), len(parts))
        return Draft(tuple(shorts) if short else None, tuple(longs) if long else None)

    def _task(self) -> dict[str, Any]:
        """What the model's configuration says about summarizing: T5's prefix, generation defaults of older models."""
        _, model = self._weights()
        parameters = getattr(model.config, "task_specific_params", None) or {}
        return dict(parameters.get("summarization", {}))

    def _prefix(self) -> str:
        _, model = self._weights()
        is_t5 = "t5" in model.config.model_type
        return str(self._task().get("prefix", "summarize: " if is_t5 else ""))

    def _encoder_tokens(self) -> int:
        """The longest input: the least of what tokenizer and configuration say, where they say something sensible."""
        tokenizer, model = self._weights()
        config = model.config
        named = [tokenizer.model_max_length, *(getattr(config, key, None) for key in _POSITION_KEYS)]
        limits = [limit for limit in named if isinstance(limit, int) and 0 < limit < 1_000_000]
        return min(limits, default=_ENCODER_TOKENS)

    def _parts(self, sentences: Iterable[str]) -> list[str]:
        """The sentences packed, in order, into as few texts as the encoder allows."""
        tokenizer, _ = self._weights()
        room = self._encoder_tokens() - len(tokenizer(self._prefix())["input_ids"])
        parts: list[list[str]] = [[]]
        used = 0
        for sentence in sentences:
            # One more for the space that joins; a sentence's tokens change by at most that in a longer text.
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

    def _decode(self, encoded: dict[str, Any], told: Any, *, is_short: bool) -> Passage:
        tokenizer, model = self._weights()
        options = {key: value for key, value in self._task().items() if key != "prefix"}
        own = options.get("max_length") or model.generation_config.max_length or _LONG_TOKENS
        limit = min(own, _SHORT_TOKENS if is_short else _LONG_TOKENS)
        if is_short:
            options["min_length"] = min(_SHORT_LEAST, limit - 1)
        options["max_length"] = limit
        output = model.generate(**encoded, stopping_criteria=told, **options)[0]
        finished = bool((output[1:] == model.generation_config.eos_token_id).any()) and len(output) < limit
        return Passage(tokenizer.decode(output, skip_special_tokens=True).strip(), finished)


_POSITION_KEYS = ("max_position_embeddings", "n_positions", "max_encoder_position_embeddings")
