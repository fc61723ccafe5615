import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { ExpectedErrors } from './expected-errors.filter.js';
import { mostTokens, operationFlaw } from './operation-limits.js';

/** What an app tells us about its rooms. */
export interface ApiRooms {
  /** Who holds the token; undefined for nobody. */
  readonly viewerOf: (token: string | undefined) => Promise<object | undefined>;
  /** Fresh batching loaders for one request. */
  readonly loaders: () => object;
  readonly production: boolean;
}

export abstract class ApiRoomsOf {
  abstract rooms(): ApiRooms;
}

const mostSubscriptions = 24;
const mostOpenMs = 10_000;
const logger = new Logger('GraphQL');

interface Connected {
  readonly extra: { viewer?: object };
  readonly connectionParams?: { readonly token?: unknown } | undefined;
  readonly subscriptions: object;
}

interface Subscribe {
  readonly payload: {
    readonly query: string;
    readonly operationName?: string | null;
    readonly variables?: Record<string, unknown> | null;
  };
}

/** The GraphQL server, over HTTP and over WebSocket, with the same token, the same limits and the same masks on both. */
@Module({})
export class GraphqlApiModule {
  static forRoot(rooms: {
    imports: ModuleMetadata['imports'];
    provider: abstract new (...args: never[]) => ApiRoomsOf;
  }): DynamicModule {
    return {
      module: GraphqlApiModule,
      imports: [
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          imports: rooms.imports ?? [],
          inject: [rooms.provider],
          useFactory: (of: ApiRoomsOf) => driverConfig(of.rooms()),
        }),
      ],
      providers: [{ provide: APP_FILTER, useClass: ExpectedErrors }],
      exports: [GraphQLModule],
    };
  }
}

function driverConfig(rooms: ApiRooms): Omit<ApolloDriverConfig, 'driver'> {
  /** The schema that Nest builds, for operations that come over WebSocket. */
  let schema: GraphQLSchema | undefined;
  return {
    autoSchemaFile: true,
    sortSchema: true,
    transformSchema: (built) => (schema = built),
    // The explorers that could be shown here load scripts from other people's servers.
    graphiql: false,
    playground: false,
    introspection: !rooms.production,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: rooms.production,
    csrfPrevention: true,
    parseOptions: { maxTokens: mostTokens },
    formatError: masked,
    context: async ({ req }: { req: { headers: Record<string, string | undefined> } }) => {
      const viewer = await rooms.viewerOf(bearer(req.headers['authorization']));
      if (!viewer) throw unauthenticated();
      return { viewer, loaders: rooms.loaders() };
    },
    plugins: [
      {
        requestDidStart: async () => ({
          didResolveOperation: async ({ schema, document, request }) => {
            const flaw = operationFlaw(schema, document, request.operationName, request.variables ?? {});
            if (flaw) throw flaw;
          },
        }),
      },
    ],
    subscriptions: {
      'graphql-ws': {
        connectionInitWaitTimeout: mostOpenMs,
        onConnect: async (context: unknown) => {
          const { extra, connectionParams } = context as Connected;
          const token = connectionParams?.token;
          const viewer = await rooms.viewerOf(typeof token === 'string' ? token : undefined);
          if (!viewer) return false;
          extra.viewer = viewer;
          return true;
        },
        onSubscribe: (context: unknown, first: unknown, second: unknown) => {
          const { extra, subscriptions } = context as Connected;
          // The message is the second argument, or the third where its id comes before it.
          const { payload } = (typeof first === 'string' ? { payload: second } : first) as Subscribe;
          if (Object.keys(subscriptions).length > mostSubscriptions)
            return [coded('TOO_MANY', new GraphQLError('Too many operations at once on one connection'))];
          return executionOf(schema!, payload, { viewer: extra.viewer, loaders: rooms.loaders() });
        },
        onNext: (...all: unknown[]) => maskResult(all.at(-1)),
      } as never,
    },
  };
}

function executionOf(
  schema: GraphQLSchema,
  { query, operationName, variables }: Subscribe['payload'],
  contextValue: object,
): unknown {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: mostTokens });
  } catch (error) {
    return [coded('GRAPHQL_PARSE_FAILED', error as GraphQLError)];
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return errors.map((error) => coded('GRAPHQL_VALIDATION_FAILED', error));
  if (!getOperationAST(document, operationName))
    return [coded('BAD_USER_INPUT', new GraphQLError('Name one of the operations that you send'))];
  const flaw = operationFlaw(schema, document, operationName ?? undefined, variables ?? {});
  if (flaw) return [coded(String(flaw.extensions['code']), flaw)];
  return { schema, document, operationName, variableValues: variables, contextValue };
}

/** As it is told over HTTP: with its code, and without what was meant for HTTP alone. */
const coded = (code: string, { message, nodes, source, positions, path }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { nodes, source, positions, path, extensions: { code } });

const bearer = (header: string | undefined): string | undefined =>
  /^Bearer ([\x21-\x7e]{1,256})$/.exec(header ?? '')?.[1];

const unauthenticated = (): GraphQLError =>
  new GraphQLError('Send a token: Authorization: Bearer …', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });

/** What we did not expect is told to nobody but the log. */
function masked(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== 'INTERNAL_SERVER_ERROR') return formatted;
  const cause = (error as { originalError?: unknown }).originalError ?? error;
  logger.error(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
  return {
    message: 'Something went wrong here; it is not your fault',
    path: formatted.path,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

function maskResult(result: unknown): unknown {
  const { errors } = result as { errors?: readonly GraphQLError[] };
  if (!errors) return undefined;
  const shown = errors.map((error) => {
    const formatted = error.toJSON();
    const code = formatted.extensions?.['code'] ?? (error.originalError ? 'INTERNAL_SERVER_ERROR' : undefined);
    const told = { ...formatted, extensions: { ...formatted.extensions, code, http: undefined } };
    return code === 'INTERNAL_SERVER_ERROR' ? masked(told, error) : told;
  });
  return { ...(result as object), errors: shown };
}
