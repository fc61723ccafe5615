import { mostWh } from '../domain/book/book.js';
import type { CaseEdge, CaseNetwork } from './auction-case.js';
import type { FieldReader } from './field-reader.js';

const mostNodes = 100_000;
const most = Number(mostWh);

/** The feeder tree of a nodal case: every edge hangs the node `a` on the node `b`. */
export function readNetwork(reader: FieldReader, value: unknown): CaseNetwork {
  const network = reader.object(value, 'network');
  reader.only(network, ['nodes', 'edges'], 'network.', 'a network');
  const seen = new Set<string>();
  const nodes = reader.list(network['nodes'], 'network.nodes', mostNodes).map((node, i) => {
    const at = `network.nodes[${i}]`;
    const name = reader.text(node, at);
    if (seen.has(name)) reader.refuse('DUPLICATE', at, `expected a name of its own, "${name}" has been used before`);
    seen.add(name);
    return name;
  });
  const nodeNamed = (name: unknown, at: string): string => {
    const known = reader.text(name, at);
    if (!seen.has(known)) reader.refuse('UNKNOWN_NODE', at, `expected one of network.nodes, found "${known}"`);
    return known;
  };
  const hung = new Set<string>();
  const edges = reader.list(network['edges'], 'network.edges', mostNodes).map((entry, i): CaseEdge => {
    const at = `network.edges[${i}]`;
    const edge = reader.object(entry, at);
    reader.only(edge, ['a', 'b', 'capacity', 'importCapacity', 'exportCapacity', 'fee'], `${at}.`, 'an edge');
    const capacity = (own: 'importCapacity' | 'exportCapacity'): number => {
      const field = edge[own] === undefined ? 'capacity' : own;
      return reader.whole(edge[field], `${at}.${field}`, 0, most);
    };
    if (['capacity', 'importCapacity', 'exportCapacity'].every((field) => edge[field] !== undefined))
      reader.refuse('CONTRADICTION', `${at}.capacity`, 'expected either this or importCapacity and exportCapacity');
    const child = nodeNamed(edge['a'], `${at}.a`);
    if (hung.has(child))
      reader.refuse('NOT_A_TREE', `${at}.a`, `expected a node that hangs on nothing yet, "${child}" does`);
    hung.add(child);
    return {
      child,
      parent: nodeNamed(edge['b'], `${at}.b`),
      importCapacity: capacity('importCapacity'),
      exportCapacity: capacity('exportCapacity'),
      fee: reader.whole(edge['fee'], `${at}.fee`, 0, most),
    };
  });
  return { nodes, edges };
}
