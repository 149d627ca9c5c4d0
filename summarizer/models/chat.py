"""Any Hugging Face causal language model with a chat template: an article in, both lengths out; greedy.

Knows nothing of Flask, settings or checking. Calls from several threads take turns.
"""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

from summarizer.models.base import Draft, Passage, Progress, Reading
from summarizer.models.pretrained import PretrainedModel
from summarizer.models.prompts import ANSWER_TOKENS, TOKEN_BUDGET, Message, rewrite_messages


class ChatModel(PretrainedModel):
    """A causal model from a folder or from the hub's cache."""

    _auto_class = "AutoModelForCausalLM"
    _padding_side = "left"
    token_budget = TOKEN_BUDGET

    def rewrite(self, reading: Reading, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths after one reading of what their prompts have in common."""
        import torch

        asked = [length for length, wanted in (("long", long), ("short", short)) if wanted]
        with self._turn(partial(progress, 0, len(asked))), torch.inference_mode():
            prompts = {
                length: self._tokens([rewrite_messages(reading, short=length == "short")])["input_ids"]
                for length in asked
            }
            cache = self._read_common(list(prompts.values()))
            passages: dict[str, tuple[Passage, ...]] = {}
            for done, length in enumerate(asked):
                told = self._told(partial(progress, done, len(asked)))
                passages[length] = (self._continue(prompts[length], copy.deepcopy(cache), ANSWER_TOKENS[length], told),)
            progress(len(asked), len(asked))
        return Draft(passages.get("short"), passages.get("long"))

    def _tokens(self, prompts: Sequence[list[Message]]) -> Any:
        tokenizer, model = self._weights()
        texts = [
            tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) for messages in prompts
        ]
        return tokenizer(texts, padding=True, add_special_tokens=False, return_tensors="pt").to(model.device)

    def _read_common(self, prompts: Sequence[Any]) -> Any:
        """The model's cache after the tokens with which all prompts, each of shape (1, tokens), begin."""
        from transformers import DynamicCache

        _, model = self._weights()
        rows = [prompt[0].tolist() for prompt in prompts]
        common = 0
        while all(common < len(row) - 1 and row[common] == rows[0][common] for row in rows):
            common += 1
        cache = DynamicCache(config=model.config)
        if common:
            model(prompts[0][:, :common], cache=cache, use_cache=True, logits_to_keep=1)
        return cache

    def _continue(self, prompt: Any, cache: Any, limit: int, told: Any) -> Passage:
        _, model = self._weights()
        output = model.generate(
            prompt,
            attention_mask=prompt.new_ones(prompt.shape),
            cache=cache,
            max_new_tokens=limit,
            stopping_criteria=told,
            **_GREEDY,
        )
        return self._passage(output[0, prompt.shape[1] :], limit)

    def _passage(self, tokens: Any, limit: int) -> Passage:
        tokenizer, model = self._weights()
        stops = model.generation_config.eos_token_id
        ends = set(stops if isinstance(stops, list) else [stops])
        finished = len(tokens) < limit or int(tokens[-1]) in ends | {tokenizer.pad_token_id}
        return Passage(tokenizer.decode(tokens, skip_special_tokens=True).strip(), finished)


# What a chat model's own defaults say about sampling is for conversation, not for summaries.
_GREEDY: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
