import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity, type ComplexityEstimatorArgs } from 'graphql-query-complexity';

export const mostTokens = 2_000;
const mostDepth = 10;
/** Tools that explain the schema ask for types of types; where there is introspection, that much deeper is fine. */
const introspectionDepth = 6;
const mostFields = 400;
const mostCost = 8_000;

/** Why an operation is refused before it runs, or undefined. Fragments are counted where they are spread. */
export function operationFlaw(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  const size = sizeOf(document);
  if (size.depth > mostDepth) return tooMuch('TOO_DEEP', `An operation is at most ${mostDepth} levels deep`);
  if (size.fields > mostFields) return tooMuch('TOO_WIDE', `An operation asks for at most ${mostFields} fields`);
  try {
    const cost = costOf(schema, document, operationName, variables);
    return cost > mostCost
      ? tooMuch('TOO_COSTLY', `An operation costs at most ${mostCost}; ask for fewer rows`)
      : undefined;
  } catch (error) {
    // Only variables that are not what the operation says they are cannot be reckoned with.
    if (error instanceof GraphQLError) return tooMuch('BAD_USER_INPUT', error.message);
    throw error;
  }
}

const tooMuch = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

const isIntrospection = (field: string): boolean => field === '__schema' || field === '__type';

interface Size {
  readonly depth: number;
  readonly fields: number;
}

function sizeOf(document: DocumentNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const known = new Map<string, Size>();

  const measure = (selections: SelectionSetNode | undefined, open: ReadonlySet<string>): Size => {
    let depth = 0;
    let fields = 0;
    for (const selection of selections?.selections ?? []) {
      let inner: Size;
      if (selection.kind === Kind.FIELD) {
        const below = measure(selection.selectionSet, open);
        const forgiven = isIntrospection(selection.name.value) ? introspectionDepth : 0;
        inner = { depth: Math.max(1, below.depth + 1 - forgiven), fields: below.fields + 1 };
      } else if (selection.kind === Kind.INLINE_FRAGMENT) inner = measure(selection.selectionSet, open);
      else inner = measureFragment(selection.name.value, open);
      depth = Math.max(depth, inner.depth);
      fields += inner.fields;
    }
    return { depth, fields };
  };
  // Each fragment is measured once, however often it is spread; cycles are an error that validation names.
  const measureFragment = (name: string, open: ReadonlySet<string>): Size => {
    const before = known.get(name);
    if (before || open.has(name)) return before ?? { depth: 0, fields: 0 };
    const size = measure(fragments.get(name)?.selectionSet, new Set([...open, name]));
    known.set(name, size);
    return size;
  };

  let whole: Size = { depth: 0, fields: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet, new Set());
    whole = { depth: Math.max(whole.depth, size.depth), fields: whole.fields + size.fields };
  }
  return whole;
}

/** A field costs one, a list as many times its rows as are asked for. */
function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  return getComplexity({
    schema,
    query: document,
    operationName,
    variables: { ...variables },
    estimators: [fieldExtensionsEstimator(), rowsTimesFields],
  });
}

function rowsTimesFields({ args, childComplexity }: ComplexityEstimatorArgs): number {
  const first: unknown = args['first'];
  const rows = typeof first === 'number' && first > 0 ? first : 1;
  return 1 + rows * childComplexity;
}
