import type { Client } from 'graphql-ws';

interface Problem {
  readonly extensions?: { readonly code?: string };
}

/** The code of the first error of an operation over WebSocket, or FINE; rejects when the connection is closed. */
export async function codeOver(client: Client, query: string, variables?: object): Promise<string> {
  const [problem] = await errorsOver(client, query, variables);
  return problem ? (problem.extensions?.code ?? 'NO_CODE') : 'FINE';
}

export const errorsOver = async (client: Client, query: string, variables?: object): Promise<readonly Problem[]> =>
  new Promise((resolve, reject) => {
    client.subscribe(
      { query, variables: { ...variables } },
      {
        next: ({ errors }) => resolve(errors ?? []),
        error: (problem) => (Array.isArray(problem) ? resolve(problem as Problem[]) : reject(problem as Error)),
        complete: () => resolve([]),
      },
    );
  });
