"""Plain text → its words, numbers, sentences and language."""
