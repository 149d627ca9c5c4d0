"""Names of models → models that are ready to use; text → vectors, summaries and support.

`resolve` finds the model that a setting names, `manifest` lists the default ones and `download` fetches them.
"""
