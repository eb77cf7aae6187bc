# Dateline in one image: models and the bundled stories inside, no network needed to run it.
# docs/deployment.md tells how to build and run it.

FROM python:3.11.14-slim-bookworm AS build
# An index that has torch built for CPUs keeps the image small.
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Extras of Dateline, separated by commas, such as postgres,milvus.
ARG EXTRAS=""
WORKDIR /build
RUN python -m venv /opt/dateline
COPY constraints.txt ./
RUN /opt/dateline/bin/pip install --constraint constraints.txt pip
COPY pyproject.toml README.md LICENSE ./
COPY corpus corpus
COPY embeddings embeddings
COPY qa qa
COPY web web
RUN /opt/dateline/bin/pip install --constraint constraints.txt \
        --build-constraint constraints.txt ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="Dateline" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home --home-dir /data dateline \
    && install --directory --owner dateline --group dateline /data
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH \
    DATELINE_DATA=/data \
    DATELINE_WEB__HOST=0.0.0.0 \
    DATELINE_WEB__PORT=8000 \
    HF_HUB_OFFLINE=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os; from urllib.request import urlopen; urlopen(f'http://127.0.0.1:{os.environ[\"DATELINE_WEB__PORT\"]}/healthz', timeout=4)"]
CMD ["sh", "-c", "dateline add --bundled --if-empty && exec dateline serve"]
