"""`summarizer purge`: the cached summaries, deleted."""

import click


@click.command(short_help="Delete the cached summaries.")
def purge() -> None:
    """Delete all summaries and articles that the service has cached. It may be running."""
    from summarizer.settings import Settings
    from summarizer.web.cache import SummaryCache

    settings = Settings.from_env()
    deleted = SummaryCache(settings.cache / "summaries", max(settings.summary_cache, 1)).purge()
    click.echo(f"{deleted} cached {'summary' if deleted == 1 else 'summaries'} deleted.")
