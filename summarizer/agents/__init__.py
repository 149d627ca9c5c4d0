"""A call of an agent's tool → its result, by the Model Context Protocol (MCP)."""

from summarizer.agents.server import server_of

__all__ = ["server_of"]
