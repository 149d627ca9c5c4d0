"""Sentences of an article → the most important ones, within the limits of a summary length.

`salience` weighs words, `anaphora` finds what a sentence needs to be understood, `selector` chooses sentences, `length`
has the limits.
"""
