FROM node:22-slim AS build
WORKDIR /kwartier
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /kwartier
COPY --from=build /kwartier/package.json ./
COPY --from=build /kwartier/node_modules ./node_modules
COPY --from=build /kwartier/dist ./dist
USER node
EXPOSE 8080 1883
# One image for all four processes; the command says which.
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/apps/api/src/main.js"]
