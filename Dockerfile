FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    NIGEMICHI_STATE=/var/lib/nigemichi/state \
    NUMBA_CACHE_DIR=/var/lib/nigemichi/numba

# pg_dump and pg_restore, for nigemichi backup; the font of printed slips.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client fonts-morisawa-bizud-gothic \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --home-dir /nonexistent nigemichi \
    && install -d -o nigemichi -g nigemichi "$NIGEMICHI_STATE" "$NUMBA_CACHE_DIR"

WORKDIR /app
COPY requirements/run.txt requirements/
RUN pip install --require-hashes -r requirements/run.txt
COPY . .
RUN pip install --no-index --no-deps --no-build-isolation -e .

USER nigemichi
RUN nigemichi warm
EXPOSE 8080
CMD ["nigemichi", "serve", "--host", "0.0.0.0", "--port", "8080"]
