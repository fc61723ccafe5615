import { homeAccount, Ledger } from '@kwartier/ledger';
import { Database } from '@kwartier/platform';
import { accepted, type Instant, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { isClientId } from '../domain/order.js';
import { clientKey, intervalKey, OrderBook } from './order-book.port.js';

export type CancelRefusal =
  { readonly code: 'NO_SUCH_ORDER' } | { readonly code: 'GATE_CLOSED'; readonly gateClosesAt: Instant };

/** Takes an order back before its gate. Cancelling again says the same. */
@Injectable()
export class CancelOrder {
  constructor(
    private readonly database: Database,
    private readonly book: OrderBook,
    private readonly ledger: Ledger,
  ) {}

  async run(participantId: string, clientId: string): Promise<Result<{ readonly orderId: string }, CancelRefusal>> {
    if (!isClientId(clientId)) return refused({ code: 'NO_SUCH_ORDER' });
    return this.database.transaction(async (tx) => {
      const known = (await this.book.known(tx, [{ participantId, clientId }])).get(
        clientKey({ participantId, clientId }),
      );
      if (!known) return refused({ code: 'NO_SUCH_ORDER' });
      if (known.state !== 'STANDING') return accepted({ orderId: known.orderId });
      const gate = (await this.book.holdGates(tx, [known.order])).get(intervalKey(known.order))!;
      if (gate.interval.state !== 'OPEN' || gate.now >= gate.interval.gateClosesAt)
        return refused({ code: 'GATE_CLOSED', gateClosesAt: gate.interval.gateClosesAt });
      // The account before the order, as whoever replaces it does.
      await this.ledger.lock(tx, [homeAccount(participantId, known.order.pointId)]);
      const ended = await this.book.end(tx, [known.order], 'CANCELLED');
      await this.ledger.release(
        tx,
        ended.map(({ orderId }) => orderId),
      );
      return accepted({ orderId: known.orderId });
    });
  }
}
