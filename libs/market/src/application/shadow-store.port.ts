import type { Instant } from '@kwartier/units';
import type { ZoneInterval } from './market.port.js';

/** What the lines would have made of a book. */
export interface Shadow {
  /** Network v1, Places v1 and Nodal result v1 (docs/formats.md): with the book's bytes, all it takes to recheck it. */
  readonly networkBytes: Uint8Array;
  readonly placesBytes: Uint8Array;
  readonly resultBytes: Uint8Array;
  readonly volumeWh: number;
  /** Lines that keep the prices at their ends apart: more would flow if they carried more. */
  readonly bindingLines: number;
}

/** Nodal clearings beside the real ones. They are computed afterwards, so that nothing waits for them. */
export abstract class ShadowStore {
  /** Cleared intervals without a shadow, oldest first. */
  abstract due(most: number): Promise<readonly ZoneInterval[]>;

  abstract keep(zoneId: string, startsAt: Instant, shadow: Shadow): Promise<void>;

  /** Notes why there is none, so that it is not tried again and again. */
  abstract giveUp(zoneId: string, startsAt: Instant, flaw: string): Promise<void>;
}
