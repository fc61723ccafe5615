import type { Instant, MicroPerKwh } from '@kwartier/units';

/** How a participant wants to trade, in one word. */
export type Preset = 'KEEP_IT_LOCAL' | 'BEST_PRICE';

/**
 * What a participant set once; it holds until they set another. A price that is not set follows the own tariff: buying up
 * to what the supplier asks, selling down to what it pays.
 */
export interface Wish {
  readonly pointId: string;
  readonly participantId: string;
  readonly preset: Preset;
  readonly buyLimitMicroPerKwh: MicroPerKwh | undefined;
  readonly sellLimitMicroPerKwh: MicroPerKwh | undefined;
  readonly setAt: Instant;
}
