# A small image: the program in a virtual environment, run by a user without rights.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/newsletter \
    && /opt/newsletter/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && /opt/newsletter/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
COPY --from=build /opt/newsletter /opt/newsletter
RUN useradd --create-home --uid 10001 newsletter && mkdir /news && chown newsletter /news
USER newsletter
WORKDIR /news
ENV PATH=/opt/newsletter/bin:$PATH
EXPOSE 8080
# The folder /news holds config.yaml (made by `newsletter init .`), documents and data.
ENTRYPOINT ["newsletter"]
CMD ["serve"]
