# cuecast as `make venv` installs it, less what only developers need, for a user who is not root.
#
#   docker build -t cuecast .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" cuecast run job.yaml
#
# For NVIDIA GPUs: docker build --build-arg CUDA=yes, then docker run --gpus all.

# The Python it is tested with.
FROM python:3.11-slim

# yes: the CUDA library that faster-whisper's engine loads where there is a GPU.
ARG CUDA=no

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE THIRD_PARTY.md ./
COPY pipeline ./pipeline
COPY cuecast ./cuecast

# What the Makefile does for `make venv`, without [dev].
RUN python -m venv --clear .venv
RUN if [ "$CUDA" = yes ]; then extras='[cuda]'; else extras=''; fi \
    && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir -c constraints.txt -e ".$extras"
ENV LD_LIBRARY_PATH=/app/.venv/lib/python3.11/site-packages/nvidia/cublas/lib

# Any user may be asked for with --user; HOME is for models, when one is downloaded.
RUN useradd --create-home --uid 1000 cuecast && chmod 0777 /home/cuecast
ENV HOME=/home/cuecast
USER cuecast

WORKDIR /work
ENTRYPOINT ["/app/.venv/bin/cuecast"]
CMD ["--help"]
