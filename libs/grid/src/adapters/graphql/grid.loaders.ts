import DataLoader from 'dataloader';
import type { Network } from '../../application/network.port.js';
import type { Connection } from '../../domain/connection.js';

/** One question per request, however many points ask it. */
export interface GridLoaders {
  readonly connections: DataLoader<string, Connection | undefined>;
}

export const gridLoaders = (network: Network): GridLoaders => ({
  connections: new DataLoader(async (pointIds) => {
    const found = new Map((await network.connections([...pointIds])).map((one) => [one.pointId, one]));
    return pointIds.map((id) => found.get(id));
  }),
});
