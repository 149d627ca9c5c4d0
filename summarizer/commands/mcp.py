"""`summarizer mcp`: the summarizer as tools for agents."""

import click


@click.command(short_help="Offer the summarizer to agents (Model Context Protocol).")
@click.option("--http", is_flag=True, help="Listen for HTTP at /mcp, instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on with --http.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8001, show_default=True, metavar="PORT", help="Port with --http."
)
@click.pass_context
def mcp(context: click.Context, *, http: bool, host: str, port: int) -> None:
    """Offer the tools summarize_text, summarize_file and verify_sentence to an agent.

    An agent's program starts this command by itself: enter the command `summarizer` with the argument `mcp` in its
    settings. With --http any program that reaches the address can use the tools; files of this machine are not read
    then.
    """
    # Imported here, because `--help` needs none of it.
    from summarizer import Summarizer
    from summarizer.agents import server_of

    server = server_of(context.obj or Summarizer(), reads_files=not http)
    if http:
        server.run("streamable-http", host=host, port=port, stateless_http=True)
    else:
        server.run("stdio")
