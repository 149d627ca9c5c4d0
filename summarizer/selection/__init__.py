"""Sentences of an article → the most important ones, within the limits of a summary length.

`features` describes each sentence for the ranker (`summarizer.models.ranker`), `anaphora` finds what a sentence needs
to be understood, `selector` chooses sentences, `length` has the limits.
"""
