"""How the models that ship with the package are fitted."""
