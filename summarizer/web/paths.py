"""Addresses that the log, `access` and the server treat apart from the others."""

# Answered for every host and without a key.
HEALTH_PATHS = ("/healthz", "/readyz")
# Needs a key if articles do.
METRICS_PATH = "/metrics"
STATIC_PATH = "/static/"
