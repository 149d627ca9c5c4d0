"""Commands for developers. The modules run from the checkout: `python -m scripts.evaluation.summaries`."""
