# The libraries and the project are installed in a first stage; the second holds only the result.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/surplan
WORKDIR /src
COPY requirements.lock ./
RUN /opt/surplan/bin/python -m pip install --no-deps --require-hashes --only-binary=:all: -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY app app
COPY geodata geodata
COPY migrations migrations
COPY solver solver
# hatchling comes from the lock: nothing more is asked of an index
RUN /opt/surplan/bin/python -m pip install --no-deps --no-build-isolation --no-index .

FROM python:3.13-slim-bookworm
ENV PATH=/opt/surplan/bin:$PATH \
    NUMBA_CACHE_DIR=/var/lib/surplan/numba \
    PYTHONUTF8=1 \
    SURPLAN_HOME=/var/lib/surplan \
    SURPLAN_LOG=info/json
RUN useradd --system --uid 10001 --home-dir /var/lib/surplan --create-home surplan
COPY --from=build /opt/surplan /opt/surplan
USER 10001
WORKDIR /var/lib/surplan
VOLUME /var/lib/surplan
EXPOSE 8000
# Of `surplan serve` at its own port; compose.yaml turns it off for what serves nothing.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "app.service.operations.alive"]
ENTRYPOINT ["surplan"]
CMD ["--help"]
