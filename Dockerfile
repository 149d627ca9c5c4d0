# syntax=docker/dockerfile:1
# Three stages, each with only the files it depends on, so that a change of code makes neither the packages nor the
# models again: packages, then models, then the service itself.

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
COPY scripts/fetch_models.py scripts/
COPY summarizer/embedded.py summarizer/
RUN scripts/setup

FROM base
RUN useradd --create-home --uid 10001 summarizer
COPY --from=packages /app/.venv /app/.venv
# The service keeps summaries beside the models: its user may write there.
COPY --from=models --chown=summarizer:summarizer /models /models
COPY wsgi.py gunicorn.conf.py ./
COPY scripts scripts
COPY summarizer summarizer
USER summarizer
ENV SUMMARIZER_HOST=0.0.0.0
EXPOSE 8000
# The models load in the background; /healthz answers from the first second, /readyz when they are there.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/app/.venv/bin/python", "-c", \
    "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('SUMMARIZER_PORT', '8000') + '/healthz', timeout=4)"]
CMD ["/app/.venv/bin/gunicorn", "wsgi:app"]
