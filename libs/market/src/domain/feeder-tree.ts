import { type NamedNetwork, networkOf } from '@kwartier/auction';
import { type Connection, type Feeder, mostEnergyWh } from '@kwartier/grid';
import { type IntervalMinutes, invariant } from '@kwartier/units';

export interface FeederTree extends NamedNetwork {
  /** Where a point's orders stand: on its feeder, or at the transformer where nobody said. */
  nodeOf(pointId: string): number;
}

const transformer = '';

/** The lines of a zone as an auction sees them: feeders on the transformer, each carrying what it carries in one interval. */
export function feederTree(
  feeders: readonly Feeder[],
  connections: readonly Connection[],
  length: IntervalMinutes,
): FeederTree {
  const tree = networkOf([
    { node: transformer, parent: undefined, importWh: 0, exportWh: 0, feeTicks: 0 },
    ...feeders.map(({ id, limitImportW, limitExportW }) => ({
      node: id,
      parent: transformer,
      importWh: Number(mostEnergyWh(limitImportW, length)),
      exportWh: Number(mostEnergyWh(limitExportW, length)),
      feeTicks: 0,
    })),
  ]);
  invariant(tree.ok, 'feeders make a tree');
  const feederOf = new Map(connections.map(({ pointId, feederId }) => [pointId, feederId]));
  const { indexOf } = tree.value;
  return { ...tree.value, nodeOf: (pointId) => indexOf.get(feederOf.get(pointId) ?? transformer) ?? 0 };
}
