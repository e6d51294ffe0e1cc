# The server with everything that browsers load from it. docker-compose.yml runs it beside ClickHouse and PostgreSQL;
# alone it keeps its data in /data on embedded engines.
FROM node:24-slim AS base
# An image that was pulled long ago may be too old, and nothing else would say so. The launcher, which checks it, is not here.
RUN node -e "const [major, minor] = process.versions.node.split('.').map(Number); if (major < 24 || (major === 24 && minor < 9)) throw new Error('Node 24.9 or newer is needed: docker pull node:24-slim')"

FROM base AS build
WORKDIR /peerpress
COPY package.json package-lock.json .npmrc turbo.json tsconfig.json ./
COPY packages ./packages
COPY plugins ./plugins
COPY test/package.json ./test/package.json
RUN npm ci \
  && TURBO_TELEMETRY_DISABLED=1 npx turbo run build

FROM base
ENV NODE_ENV=production
WORKDIR /peerpress
COPY package.json package-lock.json .npmrc ./
COPY --from=build /peerpress/packages ./packages
COPY plugins/wordpress/package.json ./plugins/wordpress/package.json
COPY test/package.json ./test/package.json
RUN npm ci --omit=dev \
  && npm cache clean --force \
  && mkdir /data \
  && chown node:node /data \
  && printf '#!/bin/sh\nexec node --min-semi-space-size=16 /peerpress/packages/cli/src/main.ts "$@"\n' > /usr/local/bin/peerpress \
  && chmod +x /usr/local/bin/peerpress
USER node
ENV PEERPRESS_HOST=0.0.0.0 PEERPRESS_PORT=4600 PEERPRESS_DATA=/data PEERPRESS_CHROMIUM_PATH=none
VOLUME /data
EXPOSE 4600
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4600/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--min-semi-space-size=16", "packages/cli/src/main.ts", "start", "--no-build"]
