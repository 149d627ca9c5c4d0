"""Speed and memory, compared with other summarizers, and stability under load: docs/performance.md."""
