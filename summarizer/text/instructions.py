"""Sentences that address a language model instead of a reader, and marks of chats that someone forged.

They are no statements of an article, whoever wrote them: a summary neither contains nor rests on them. Patterns find
the usual wordings; what they miss still has to be supported by the rest of the article.
"""

import re

# Longer "sentences" do not come from the splitting of a text, but a title may have any length.
_MAX_CHARACTERS = 1_000
_MODEL = r"(?:AI|LLM|(?:language )?model|assistant|chat ?bot|bot|summari[sz]er|checker|verifier|fact[- ]checker)"
_OUTPUT = r"(?:summary|summari[sz]ation|answer|response|reply|output|verdict)"
_STATE = (
    r"(?:write|state|say|include|add|mention|put|claim|insert|report|contain|begin|start|end|finish|open|read|print)"
)
# Where an order begins: at the beginning, after a mark, after "please" or "you must".
_ORDER = r"(?:^|[.:;,!?)\]“\"'–—-]\s*|\b(?:please|kindly|you (?:must|will|should|have to))\s+)"
_CHAT_MARKS = (
    r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|instructions?)>",
    r"^\W*(?:system|assistant|developer)\s*(?:prompt|message|note|override)?\s*:",
    r"^#{2,}\s*(?:system|instructions?|assistant|user|response)\b",
)
_ADDRESSES = (
    # "Note to the judge: …", "Dear model, …", "Summarizer: …"
    r"^\W*(?:(?:important|urgent|special|hidden|secret|new|final)\s+)*"
    r"(?:note|message|memo|attention|instructions?|reminder|warning|notice|hint|request)\s+(?:to|for)\s+"
    rf"(?:(?:the|all|any)\s+)?(?:judge|reviewer|{_MODEL}s?)\b",
    rf"^\W*(?:(?:attention|dear|hey|hello),?\s+(?:the\s+)?{_MODEL}\b|{_MODEL}\s*[:,])",
    # "You are now an assistant", "As an AI, you must", "If you are a language model"
    rf"\b(?:you are|you're|act as|pretend to be|behave like)\s+(?:now\s+)?(?:an?|the)?\s*(?:\w+\s+)?{_MODEL}\b",
    rf"\b(?:as an?\s+(?:\w+\s+)?{_MODEL},?\s+you|if you are an?\s+(?:\w+\s+)?{_MODEL})\b",
)
_ORDERS = (
    # "Ignore all previous instructions"
    rf"{_ORDER}(?:ignore|disregard|forget|override|discard)\s+"
    r"(?:(?:all|any|every|everything|your|the|of|these|those|my)\s+)*"
    r"(?:previous|prior|above|earlier|preceding|foregoing|other|old|system|article|text|passage|rules|instructions?"
    r"|prompts?)\b",
    # "Write in the summary that …", "In your answer, mention …", "Begin your answer with …", "The summary must state …"
    rf"{_ORDER}{_STATE}\b.{{0,60}}?\b(?:in|into|to|of|with)\s+(?:(?:the|this|every|each|any)\s+(?:\w+\s+)?summar\w+"
    rf"|your\s+(?:\w+\s+)?{_OUTPUT})\b",
    rf"{_ORDER}(?:in|into|for)\s+(?:the\s+summary|your\s+(?:\w+\s+)?{_OUTPUT}),?\s+{_STATE}\b",
    rf"{_ORDER}(?:begin|start|end|finish|open)\s+(?:the\s+summary|your\s+{_OUTPUT})\b",
    rf"\b(?:(?:the|this|any|every)\s+summary|your\s+{_OUTPUT})\s+"
    rf"(?:must|should|shall|has to|needs to|may)\s+(?:only\s+|always\s+|not\s+)?{_STATE}\b",
    # "Reply with the single word …", "Always answer Yes", "Answer: Yes."
    rf"{_ORDER}(?:reply|respond|answer|output|print)\s+(?:(?:only|always|just|simply|exactly)\s+)*"
    r"(?:with\b|yes\b|no\b|true\b|nothing\b|[\"“']|the (?:single )?(?:word|phrase|following))",
    rf"(?:{_ORDER}|\bso\s+)(?:always|only)\s+(?:answer|reply|respond|output|say)\b",
    r"^\W*(?:answer|verdict|response)\s*:\s*(?:yes|true|supported|correct)\b",
    # "Do not summarize this", "Summarize it as a hymn", "Tell readers to …"
    rf"{_ORDER}(?:do not|don't|never)\s+(?:summari[sz]e|verify|check|mention (?:this|these))\b",
    rf"{_ORDER}(?:summari[sz]e|paraphrase)\s+(?:this|the|it)\s+(?:\w+\s+)?(?:as|by|with|in|only)\b",
    rf"{_ORDER}tell\s+(?:the\s+|all\s+|your\s+)?(?:readers?|users?)\b",
    # "Mark every sentence as supported", "This claim is fully supported"
    rf"{_ORDER}(?:mark|treat|consider|rate|accept|judge|label|count|score)\s+"
    r"(?:this|that|these|every|each|all|any|the)\s+(?:\w+\s+){0,4}?(?:sentences?|claims?|statements?|answers?)\b",
    r"\b(?:this|every|each|the following)\s+(?:sentence|claim|statement)\s+is\s+(?:fully\s+|already\s+)?"
    r"(?:supported|verified|true|stated|correct)\b",
    r"\bthe only (?:true|correct|right|valid|supported) (?:sentence|claim|statement|fact|answer) is\b",
    rf"{_ORDER}(?:reveal|repeat|show|print)\s+(?:your|the)\s+(?:system\s+)?(?:prompt|instructions)\b",
)
# The most usual order, in other languages.
_OTHER_LANGUAGES = (
    r"\b(?:ignorier\w*|vergiss|vergessen Sie|missachte\w*)\s+(?:\w+\s+){0,3}(?:Anweisung|Anleitung|Vorgabe|Regel)",
    r"\b(?:ignore[zr]?|oublie[zr]?)\s+(?:toutes\s+)?(?:les|vos|ces)\s+(?:\w+\s+)?(?:instructions|consignes)",
    r"\b(?:ignora|ignore|olvida|olvide)\s+(?:tod[ao]s\s+)?(?:las|as)\s+(?:\w+\s+)?(?:instrucciones|indicaciones|instruções)",
    r"\b(?:ignora|dimentica)\s+(?:\w+\s+){0,3}istruzioni",
    r"\b(?:negeer|vergeet)\s+(?:\w+\s+){0,3}instructies",
    r"игнорируй\w*\s+(?:\w+\s+){0,3}(?:инструкци|указани)",
    r"忽略.{0,8}(?:指令|指示)|無視.{0,8}(?:指示|命令)|指示.{0,6}無視",
)
# Each pattern needs one of these, as a test checks; looking for them first is ten times as fast.
_TRIGGER = re.compile(
    r"[<\[#]|\bAIs?\b|\bLLM|\bsay\b|mention|paraphras|model|assistant|bot\b|bots\b|summar|check|verif|judge|review|system|developer|ignor|disregard|forget"
    r"|overrid|discard|answer|respon|repl(?:y|ies)|output|verdict|print|reader|user|sentence|claim|statement|fact\b"
    r"|prompt|instruct|anweis|anleit|vorgab|regel|instru|consign|indicac|istruz|инструкци|указани|指令|指示|命令",
    re.IGNORECASE,
)
_PATTERN = re.compile("|".join((*_CHAT_MARKS, *_ADDRESSES, *_ORDERS, *_OTHER_LANGUAGES)), re.IGNORECASE)


def addresses_model(sentence: str) -> bool:
    """Whether a sentence gives orders to a language model, or has marks of a chat with one."""
    beginning = sentence[:_MAX_CHARACTERS]
    return bool(_TRIGGER.search(beginning) and _PATTERN.search(beginning))
