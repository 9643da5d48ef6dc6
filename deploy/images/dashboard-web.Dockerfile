# syntax=docker/dockerfile:1
#
# The dashboard: static files behind nginx without privileges. The context is the root of the repository:
#   docker build -f deploy/images/dashboard-web.Dockerfile -t localhost/heliograph/dashboard-web:0.1.0 .
# README.md says how to pin the base images by digest.

ARG BUILD_IMAGE=node:24.18.0-alpine
ARG RUNTIME_IMAGE=nginxinc/nginx-unprivileged:1.30.4-alpine3.24

FROM ${BUILD_IMAGE} AS build
WORKDIR /source/dashboard-web
COPY dashboard-web/package.json dashboard-web/package-lock.json ./
# The lock file decides, install scripts do not run.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY dashboard-web/ ./
RUN npm run build

FROM ${RUNTIME_IMAGE} AS dashboard-web
LABEL org.opencontainers.image.title="Heliograph dashboard-web" org.opencontainers.image.licenses="Apache-2.0"
COPY deploy/images/web/nginx.conf /etc/nginx/nginx.conf
# What an installation changes: /config.json and the origins its pages may talk to. A volume mounted here replaces both.
COPY deploy/images/web/site/ /etc/heliograph/site/
COPY --from=build /source/dashboard-web/dist/ /usr/share/heliograph/
EXPOSE 8080
USER 101:101
# Without the base image's shell entrypoint: it edits files, and the root file system is read-only.
ENTRYPOINT ["nginx", "-g", "daemon off;"]
