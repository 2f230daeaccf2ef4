# Homeward as an image: `docker build -t homeward .`; docker-compose.yml runs two of them on a KurrentDB cluster.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN node scripts/run.mjs setup

FROM node:24.21.0-bookworm-slim AS production
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOMEWARD_HOST=0.0.0.0 HOMEWARD_PORT=4680 HOMEWARD_DATA_DIR=/data
# A named volume takes over who owns the folder that it is mounted on.
RUN mkdir /data && chown node:node /data && chmod 700 /data
WORKDIR /app
COPY --from=production /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
COPY deploy/healthcheck.mjs ./deploy/healthcheck.mjs
USER node
VOLUME /data
EXPOSE 4680
HEALTHCHECK --interval=10s --timeout=5s --start-period=30m --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
# The flags are config.serverFlags of package.json.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=12", "dist/apps/server/src/main.js"]
