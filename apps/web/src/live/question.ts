/** A GraphQL query with the shape of its answer. */
export interface Question<Data, Variables extends object = object> {
  readonly text: string;
  /** The field that comes in pages; asking follows them to the last. */
  readonly pages?: keyof Data & string;
  /** Never set: it carries the type of the variables. */
  readonly takes?: Variables;
}

/** Something that is told by subscription: it says that, and the question is asked again for what. */
export interface Happening {
  readonly text: string;
  readonly variables: object;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export const nodesOf = <Node>(connection: Connection<Node> | undefined): Node[] =>
  connection?.edges.map((edge) => edge.node) ?? [];
