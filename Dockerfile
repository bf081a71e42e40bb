# The operator's image; the command line and the probes run from it too.
#
# `docker build .` is enough where the build reaches a package index. `make image`
# also works without Docker: it sets PYTHON_IMAGE to a base of its own and mounts
# the wheels at /wheels with PIP_NO_INDEX=1, PIP_FIND_LINKS=/wheels.
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
ARG PIP_NO_INDEX
ARG PIP_FIND_LINKS
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# Two environments: pip and the build backend stay in the first, the second is what runs.
RUN python3 -m venv /build && python3 -m venv --without-pip /opt/labgrader
COPY requirements/build.txt requirements/runtime.txt /build/
RUN /build/bin/pip install --quiet --only-binary :all: --require-hashes --requirement /build/build.txt
# Bytecode that is never compared with its source: the fastest start that Python has.
RUN /build/bin/pip --python /opt/labgrader/bin/python install --quiet --no-compile \
      --only-binary :all: --require-hashes --requirement /build/runtime.txt \
 && /opt/labgrader/bin/python -m compileall -qq -j 0 --invalidation-mode unchecked-hash /opt/labgrader

FROM packages AS product
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY operator operator
RUN /build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
 && /build/bin/pip --python /opt/labgrader/bin/python install --quiet --no-compile \
      --no-deps --no-index --no-warn-script-location --root /product /dist/*.whl \
 && /opt/labgrader/bin/python -m compileall -qq --invalidation-mode unchecked-hash /product

FROM ${PYTHON_IMAGE}
COPY --from=packages /opt/labgrader /opt/labgrader
COPY --from=product /product /
# kopf asks for its user's name, and whatever number it runs under has none in /etc/passwd.
ENV PATH=/opt/labgrader/bin:/usr/local/bin:/usr/bin:/bin USER=labgrader HOME=/tmp \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /tmp
LABEL org.opencontainers.image.title=labgrader org.opencontainers.image.licenses=Apache-2.0
ENTRYPOINT ["labgrader"]
