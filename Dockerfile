# FeedHub as an image: no compiler, no tests, no root, nothing secret.
#   docker build -t feedhub .
#   docker run --rm -p 8000:8000 -v feedhub:/data feedhub
# Name an image by its digest to build the same bytes again: --build-arg PYTHON=python@sha256:…

ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
# What changes least comes first. Every file that is taken from the index must have its hash in the lock.
COPY requirements.lock ./
RUN pip wheel --quiet --require-hashes --wheel-dir /wheels -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY alembic alembic
COPY kit kit
COPY docs/examples docs/examples
COPY src src
# From here on only those wheels are used: no index is asked.
RUN pip install --quiet --no-index --find-links /wheels hatchling \
 && pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m venv /opt/feedhub \
 && /opt/feedhub/bin/pip install --quiet --no-index --find-links /wheels feedhub \
 && /opt/feedhub/bin/feedhub --version

FROM ${PYTHON}
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin feedhub
COPY --from=build /opt/feedhub /opt/feedhub
ENV PATH=/opt/feedhub/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FEEDHUB_DATABASE_URL=sqlite:////data/feedhub.sqlite \
    FEEDHUB_LOG_FORMAT=json
USER feedhub
WORKDIR /data
VOLUME /data
EXPOSE 8000
# SIGTERM lets running visits end first.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["feedhub", "serve", "--host", "0.0.0.0", "--port", "8000"]
