# syntax=docker/dockerfile:1
# Three stages, each with only the files that it depends on, so that a change of the code installs neither the packages
# nor the models again: packages, then models, then the service.

FROM python:3.13-slim AS base
# libgomp1: the OpenMP library that llama.cpp computes with
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 \
    SUMMARIZER_CACHE=/models
WORKDIR /app

FROM base AS packages
ENV PIP_NO_CACHE_DIR=1
COPY requirements.txt ./
COPY scripts/setup scripts/bootstrap.py scripts/
RUN scripts/setup --without-models

FROM packages AS models
COPY summarizer/__init__.py summarizer/errors.py summarizer/settings.py summarizer/
COPY summarizer/models/__init__.py summarizer/models/manifest.py summarizer/models/
COPY summarizer/models/download summarizer/models/download
RUN .venv/bin/python -m summarizer.models.download

FROM base
RUN useradd --create-home --uid 10001 summarizer
COPY --from=packages /app/.venv /app/.venv
# The service caches summaries beside the models, so its user owns the folder.
COPY --from=models --chown=summarizer:summarizer /models /models
COPY pyproject.toml README.md LICENSE wsgi.py ./
COPY summarizer summarizer
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .
USER summarizer
ENV SUMMARIZER_HOST=0.0.0.0
EXPOSE 8000
# The models load in the background: /healthz answers from the first second, /readyz once they are loaded.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/app/.venv/bin/python", "-c", \
    "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('SUMMARIZER_PORT', '8000') + '/healthz', timeout=4)"]
CMD ["/app/.venv/bin/summarizer", "serve"]
