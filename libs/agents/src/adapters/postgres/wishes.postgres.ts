import { Database } from '@kwartier/platform';
import type { MicroPerKwh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { wishKey, Wishes } from '../../application/wishes.port.js';
import type { Wish } from '../../domain/wish.js';

type Row = Omit<Wish, 'buyLimitMicroPerKwh' | 'sellLimitMicroPerKwh'> & {
  readonly buy: MicroPerKwh | null;
  readonly sell: MicroPerKwh | null;
};

@Injectable()
export class PostgresWishes extends Wishes {
  constructor(private readonly database: Database) {
    super();
  }

  async set(wish: Wish): Promise<void> {
    await this.database.execute(
      `INSERT INTO agents.wish (point_id, participant_id, preset, buy_limit_micro, sell_limit_micro, set_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        wish.pointId,
        wish.participantId,
        wish.preset,
        wish.buyLimitMicroPerKwh,
        wish.sellLimitMicroPerKwh,
        new Date(wish.setAt),
      ],
    );
  }

  async latest(
    holdings: readonly { readonly pointId: string; readonly participantId: string }[],
  ): Promise<ReadonlyMap<string, Wish>> {
    const rows = await this.database.query<Row>(
      `SELECT DISTINCT ON (w.point_id, w.participant_id) w.point_id AS "pointId", w.participant_id AS "participantId", preset,
         buy_limit_micro AS buy, sell_limit_micro AS sell, set_at AS "setAt"
       FROM agents.wish w JOIN unnest($1::text[], $2::text[]) AS h (point_id, participant_id)
         ON h.point_id = w.point_id AND h.participant_id = w.participant_id
       ORDER BY w.point_id, w.participant_id, w.id DESC`,
      [holdings.map(({ pointId }) => pointId), holdings.map(({ participantId }) => participantId)],
    );
    return new Map(
      rows.map(({ buy, sell, ...wish }) => [
        wishKey(wish),
        { ...wish, buyLimitMicroPerKwh: buy ?? undefined, sellLimitMicroPerKwh: sell ?? undefined },
      ]),
    );
  }
}
