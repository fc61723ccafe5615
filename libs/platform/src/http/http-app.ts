import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { WantedPort } from '../config/config.js';
import { listenOn } from '../embedded/free-port.js';
import { limitFloods } from './flood-limit.js';
import { JsonLogger, type LogLevel } from '../logging/json-logger.js';

const mostBodyBytes = 256 * 1024;

export interface HttpAppOptions {
  readonly logLevel: LogLevel;
  /** The built page, where this process serves it. */
  readonly webFolder?: string;
}

interface Headers {
  setHeader(name: string, value: string): void;
}

/** A Nest application with our limits and headers; it does not listen yet. */
export async function createHttpApp(
  module: Type<unknown> | { module: Type<unknown> },
  { logLevel, webFolder }: HttpAppOptions,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module as Type<unknown>, {
    logger: new JsonLogger(logLevel),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use((_request: Headers, response: Headers, next: () => void) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  });
  // What is signed is taken as bytes; only the rest is read as JSON. Nothing is inflated.
  const isSigned = (request: { readonly url?: string }) => request.url?.startsWith('/v1/') === true;
  app.useBodyParser('raw', { limit: mostBodyBytes, inflate: false, type: isSigned as never });
  app.useBodyParser('json', { limit: mostBodyBytes, inflate: false });
  if (webFolder && existsSync(webFolder)) app.useStaticAssets(webFolder, { index: ['index.html'], maxAge: 0 });
  limitFloods(app.getHttpServer() as unknown as Server);
  await app.init();
  return app;
}

/** Listens; returns the port. */
export const listen = async (app: NestExpressApplication, host: string, wanted: WantedPort): Promise<number> =>
  listenOn(app.getHttpServer() as unknown as Server, { host, ...wanted, variable: 'PORT' });

const strict =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const headers: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['content-security-policy', strict],
];
