"""Any causal language model of Hugging Face with a chat template, greedily decoded."""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

from summarizer.models.prompts import TOKEN_BUDGET, Message, answer_tokens, draft_messages, wanted_lengths
from summarizer.models.protocols import Completion, Draft, Excerpt, Progress
from summarizer.models.transformers_base import TransformersModel

# A chat model's own defaults for sampling are meant for conversation, not for summaries.
_GREEDY: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}


class CausalLanguageModel(TransformersModel):
    """A causal model from a folder or the hub's cache."""

    _auto_class = "AutoModelForCausalLM"
    token_budget = TOKEN_BUDGET

    def draft(self, excerpt: Excerpt, *, short: bool, long: bool, progress: Progress) -> Draft:
        """Both lengths; the common beginning of their prompts is prefilled once."""
        import torch

        wanted = wanted_lengths(short=short, long=long)
        with self._turn(partial(progress, 0, len(wanted))), torch.inference_mode():
            prompts = {length: self._tokens(draft_messages(excerpt, short=length == "short")) for length in wanted}
            cache = self._prefill_common(list(prompts.values()))
            completions: dict[str, tuple[Completion, ...]] = {}
            for done, length in enumerate(wanted):
                criteria = self._stopping_criteria(partial(progress, done, len(wanted)))
                prefix = copy.deepcopy(cache)
                completions[length] = (
                    self._complete(prompts[length], prefix, answer_tokens(length, excerpt), criteria),
                )
            progress(len(wanted), len(wanted))
        return Draft(completions.get("short"), completions.get("long"))

    def _tokens(self, messages: list[Message]) -> Any:
        """The prompt's tokens, shape (1, tokens)."""
        tokenizer, model = self._weights()
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"].to(model.device)

    def _prefill_common(self, prompts: Sequence[Any]) -> Any:
        """The cache after the tokens with which all prompts, each of shape (1, tokens), begin."""
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

    def _complete(self, prompt: Any, cache: Any, limit: int, criteria: Any) -> Completion:
        _, model = self._weights()
        output = model.generate(
            prompt,
            attention_mask=prompt.new_ones(prompt.shape),
            cache=cache,
            max_new_tokens=limit,
            stopping_criteria=criteria,
            **_GREEDY,
        )
        return self._completion(output[0, prompt.shape[1] :], limit)

    def _completion(self, tokens: Any, limit: int) -> Completion:
        tokenizer, model = self._weights()
        stops = model.generation_config.eos_token_id
        ends = set(stops if isinstance(stops, list) else [stops])
        finished = len(tokens) < limit or int(tokens[-1]) in ends | {tokenizer.pad_token_id}
        return Completion(tokenizer.decode(tokens, skip_special_tokens=True).strip(), finished)
