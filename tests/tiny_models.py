"""Tiny models that the suite builds and saves: real configuration, real tokenizer, random weights.

They go through the same code as the models that people use; what they write is noise, so tests on them look at form.
"""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

_TRAINING_TEXT = [
    "The harbour bridge was closed on Tuesday after engineers found a crack in a steel anchor.",
    "Summarize the article above in one short sentence. The closure will last three weeks, she said.",
    "summarize: A column of mud from the floor of a cold lake may hold the record of a drought.",
]
_SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
_CHAT_TEMPLATE = (
    "{% for message in messages %}<s>{{ message['role'] }}: {{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant: {% endif %}"
)


def tiny_bart(folder: Path) -> Path:
    """A BART whose encoder reads 128 tokens."""
    config = BartConfig(
        vocab_size=400,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=128,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=2,
    )
    model = _seeded(lambda: BartForConditionalGeneration(config))
    model.generation_config.update(num_beams=4, min_length=8, max_length=48, no_repeat_ngram_size=3)
    return _save(model, _tokenizer(ends=True), folder)


def tiny_t5(folder: Path) -> Path:
    """A T5 with the prefix and the generation defaults that its configuration names."""
    config = T5Config(
        vocab_size=400,
        d_model=32,
        d_kv=16,
        d_ff=32,
        num_layers=1,
        num_heads=2,
        pad_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=0,
        task_specific_params={
            "summarization": {"prefix": "summarize: ", "num_beams": 2, "min_length": 5, "max_length": 40}
        },
    )
    return _save(_seeded(lambda: T5ForConditionalGeneration(config)), _tokenizer(ends=True), folder)


def tiny_llama(folder: Path) -> Path:
    """A Llama with a chat template."""
    config = LlamaConfig(
        vocab_size=400,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=8192,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    tokenizer = _tokenizer(ends=False)
    tokenizer.chat_template = _CHAT_TEMPLATE
    return _save(_seeded(lambda: LlamaForCausalLM(config)), tokenizer, folder)


def _tokenizer(*, ends: bool) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer trained on a few sentences; with `ends`, inputs end in </s> as encoders expect."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=_SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(_TRAINING_TEXT, trainer)
    if ends:
        tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 2)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )


def _seeded(build: "type[PreTrainedModel] | object") -> PreTrainedModel:
    torch.manual_seed(0)
    return build()  # type: ignore[operator]


def _save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
