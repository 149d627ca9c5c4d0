"""How good the parts are: one module per table of docs/quality.md and docs/cleaning.md."""
