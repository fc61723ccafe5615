import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Page, PageRequest } from '@kwartier/units';
import { GraphQLError } from 'graphql';

export const mostPerPage = 100;

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage: boolean;
  @Field(() => String, { nullable: true }) endCursor: string | undefined;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { description: 'How many, from 1 to 100.' }) first: number;
  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' }) after?: string;
}

export interface ConnectionOf<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: PageInfo;
}

/** The two types of a Relay connection over `node`. */
export function connectionType<T>(node: Type<T>, name: string): Type<ConnectionOf<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String) cursor: string;
    @Field(() => node) node: T;
  }
  @ObjectType(`${name}Connection`)
  class Connection {
    @Field(() => [Edge]) edges: Edge[];
    @Field(() => PageInfo) pageInfo: PageInfo;
  }
  return Connection;
}

/** Keys of a keyset: short texts and whole numbers. */
export type CursorKey = readonly (string | number)[];

export const toConnection = <Row, Node>(
  page: Page<Row>,
  keyOf: (row: Row) => CursorKey,
  nodeOf: (row: Row) => Node,
): ConnectionOf<Node> => {
  const edges = page.items.map((row) => ({ cursor: encodeCursor(keyOf(row)), node: nodeOf(row) }));
  return { edges, pageInfo: { hasNextPage: page.more, endCursor: edges.at(-1)?.cursor } };
};

export function toPageRequest<Key extends CursorKey>(
  { first, after }: PageArgs,
  isKey: (key: CursorKey) => key is Key,
): PageRequest<Key> {
  if (first < 1 || first > mostPerPage) throw badInput(`first is from 1 to ${mostPerPage}`);
  if (after === undefined || after === null) return { first };
  const key = decodeCursor(after);
  if (!key || !isKey(key)) throw badInput('after is the endCursor of an earlier page of this list');
  return { first, after: key };
}

/** Cursors are opaque to clients; inside they are the sort key of the last row. */
const encodeCursor = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeCursor(cursor: string): CursorKey | undefined {
  if (cursor.length > 512) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isKey = Array.isArray(key) && key.every((part) => typeof part === 'string' || Number.isSafeInteger(part));
    return isKey ? (key as CursorKey) : undefined;
  } catch {
    return undefined;
  }
}

// Whoever makes up a cursor must not be able to ask the database what it cannot understand.
const lastInstant = 8_640_000_000_000_000;
const isInstant = (part: unknown): part is number => typeof part === 'number' && part >= 0 && part <= lastInstant;
const isId = (part: unknown): part is string => typeof part === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(part);
const isUuid = (part: unknown): part is string =>
  typeof part === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part);

export const isInstantKey = (key: CursorKey): key is [number] => key.length === 1 && isInstant(key[0]);
export const isIdKey = (key: CursorKey): key is [string] => key.length === 1 && isId(key[0]);
export const isInstantUuidKey = (key: CursorKey): key is [number, string] =>
  key.length === 2 && isInstant(key[0]) && isUuid(key[1]);

export const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Foreign and absent look alike (P10). */
export const notFound = (): GraphQLError =>
  new GraphQLError('There is no such thing', { extensions: { code: 'NOT_FOUND' } });
