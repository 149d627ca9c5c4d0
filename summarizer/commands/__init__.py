"""The `summarizer` command: one module per subcommand, `options` for what they share."""
