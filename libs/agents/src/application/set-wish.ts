import { MarketClock } from '@kwartier/platform';
import { accepted, type MicroPerKwh, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import type { Preset, Wish } from '../domain/wish.js';
import { Wishes } from './wishes.port.js';

export type WishRefusal = { readonly code: 'PRICE_OUT_OF_RANGE'; readonly most: MicroPerKwh };

/** Ten credits a kWh: far above any tariff, far below what a number can hold. */
const mostMicro = 10_000_000n as MicroPerKwh;

/** Takes a participant's wish; it holds from the next round of orders on. */
@Injectable()
export class SetWish {
  constructor(
    private readonly wishes: Wishes,
    private readonly clock: MarketClock,
  ) {}

  async run(
    pointId: string,
    participantId: string,
    preset: Preset,
    buyLimitMicroPerKwh: MicroPerKwh | undefined,
    sellLimitMicroPerKwh: MicroPerKwh | undefined,
  ): Promise<Result<Wish, WishRefusal>> {
    const limits = [buyLimitMicroPerKwh, sellLimitMicroPerKwh].filter((limit) => limit !== undefined);
    if (limits.some((limit) => limit > mostMicro || limit + mostMicro < 0n))
      return refused({ code: 'PRICE_OUT_OF_RANGE', most: mostMicro });
    const setAt = await this.clock.now();
    const wish = { pointId, participantId, preset, buyLimitMicroPerKwh, sellLimitMicroPerKwh, setAt };
    await this.wishes.set(wish);
    return accepted(wish);
  }
}
