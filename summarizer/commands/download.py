"""`summarizer download`: the default models, into the cache."""

import click


@click.command(short_help="Download the default models.")
def download() -> int:
    """Download the default models (1.2 GB) into SUMMARIZER_CACHE, or verify that they are present.

    Interrupted downloads are resumed.
    """
    from summarizer.models.download.__main__ import main
    from summarizer.settings import Settings

    cache = Settings.from_env().cache  # before `main`, which would report an invalid setting in its own way
    exit_code = main()
    if exit_code == 0:
        click.echo(f"The models are in {cache}.")
    return exit_code
