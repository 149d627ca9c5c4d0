"""`summarizer purge`: the cached summaries, deleted."""

import click


@click.command(short_help="Delete the cached summaries.")
def purge() -> None:
    """Delete all summaries and articles that the service has cached. It may be running."""
    from summarizer.settings import Settings
    from summarizer.web.stores import DiskStore, open_store

    settings = Settings.from_env()
    # Also what was stored on disk before the cache was turned off or moved to Redis.
    folder = settings.cache / "summaries"
    deleted = DiskStore(folder, max(settings.summary_cache, 1), settings.summary_days).purge() if folder.exists() else 0
    if settings.redis_url:
        store = open_store(settings.model_copy(update={"summary_cache": 1}))
        deleted += store.purge() if store else 0
    click.echo(f"{deleted} cached {'summary' if deleted == 1 else 'summaries'} deleted.")
