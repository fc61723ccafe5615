import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const spelling = /^(0|-?[1-9]\d{0,18})$/;
const lowest = -(2n ** 63n);
const highest = 2n ** 63n - 1n;

/** A 64-bit whole number in its one spelling; undefined for anything else. */
export function parseWholeNumber(value: unknown): bigint | undefined {
  const number = typeof value === 'string' && spelling.test(value) ? BigInt(value) : undefined;
  return number === undefined || number < lowest || number > highest ? undefined : number;
}

/** A 64-bit whole number that travels as a string, because JSON numbers lose digits beyond 2^53. */
export function wholeNumberScalar(name: string, description: string): GraphQLScalarType<bigint, string> {
  const read = (value: unknown): bigint => {
    const number = parseWholeNumber(value);
    if (number === undefined)
      throw new GraphQLError(`${name} is a whole number in quotes, such as "500"`, {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    return number;
  };
  return new GraphQLScalarType<bigint, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

export const WattHours = wholeNumberScalar('WattHours', 'Energy in whole watt-hours, as a string.');
export const NanoCredits = wholeNumberScalar('NanoCredits', 'Money in nano-credits (1 credit = 10^9), as a string.');
export const MicroCreditsPerKwh = wholeNumberScalar(
  'MicroCreditsPerKwh',
  'Price in micro-credits per kWh, as a string. Times watt-hours it is nano-credits, exactly.',
);
