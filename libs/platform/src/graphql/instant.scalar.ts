import { formatInstant, type Instant, parseInstant } from '@kwartier/units';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const read = (value: unknown): Instant => {
  const at = parseInstant(value);
  if (at === undefined)
    throw new GraphQLError('DateTime is written in UTC, such as "2026-06-21T12:00:00Z"', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  return at;
};

export const DateTime = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description: 'An instant in UTC, such as "2026-06-21T12:00:00Z".',
  serialize: (value) => formatInstant(value as Instant),
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
});
