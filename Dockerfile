# syntax=docker/dockerfile:1

# Manifests alone, so that the layer with the dependencies is rebuilt when they change and not at every edit.
FROM node:20-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY libs libs
RUN find libs -type f ! -name package.json -delete

FROM node:20-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci
COPY . .
# The compiler copies no Markdown: the prompts go beside the compiled rooms. Sources stay behind.
RUN npm run build \
 && for prompts in src/*/prompts; do cp -r "$prompts" "dist/${prompts%/prompts}/"; done \
 && rm -rf libs/*/src libs/*/dist/*.tsbuildinfo \
 && npm prune --omit=dev --omit=optional

# Without its optional dependencies the image has no embedded Postgres: DATABASE_URL is needed.
FROM node:20-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/libs libs
COPY --from=build /app/dist dist
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
