import DataLoader from 'dataloader';
import type { InstalledDevice, Register } from '../../application/register.port.js';
import type { Participant } from '../../domain/register.js';

/** One question per request and kind, however many rows ask it. */
export interface IdentityLoaders {
  readonly participants: DataLoader<string, Participant | undefined>;
  readonly devices: DataLoader<string, readonly InstalledDevice[]>;
}

export const identityLoaders = (register: Register): IdentityLoaders => ({
  participants: new DataLoader(async (ids) => {
    const found = new Map((await register.participants([...ids])).map((one) => [one.id, one]));
    return ids.map((id) => found.get(id));
  }),
  devices: new DataLoader(async (pointIds) => {
    const all = await register.devicesAt([...pointIds]);
    return pointIds.map((id) => all.filter(({ pointId }) => pointId === id));
  }),
});
