"""`summarizer purge`: the cached summaries, deleted."""

import click


@click.command(short_help="Delete the cached summaries.")
def purge() -> None:
    """Delete all summaries and articles that the service has cached. It may be running."""
    from summarizer.settings import Settings
    from summarizer.web.stores import open_store

    settings = Settings.from_env()
    # What was stored before the cache was turned off goes as well.
    store = open_store(settings.model_copy(update={"summary_cache": max(settings.summary_cache, 1)}))
    deleted = store.purge() if store else 0
    click.echo(f"{deleted} cached {'summary' if deleted == 1 else 'summaries'} deleted.")
