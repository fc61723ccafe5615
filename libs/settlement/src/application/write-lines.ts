import { Register } from '@kwartier/identity';
import { homeAccount } from '@kwartier/ledger';
import type { Tx } from '@kwartier/platform';
import { Tariffs } from '@kwartier/tariffs';
import { invariant, wh } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { type Delivery, entryKey } from '../domain/deliver.js';
import { lineMoney } from '../domain/statement-line.js';
import { pricesOf, type SettlementFacts } from './settlement-facts.js';
import { type Line, SettlementStore } from './settlement-store.port.js';

/** Writes what an interval means to each home in energy and money; a later run writes only the lines that it changes. */
@Injectable()
export class WriteLines {
  constructor(
    private readonly register: Register,
    private readonly tariffs: Tariffs,
    private readonly store: SettlementStore,
  ) {}

  async run(tx: Tx, facts: SettlementFacts, delivery: Delivery, run: number): Promise<void> {
    const { zoneId, startsAt } = facts.interval;
    const zone = await this.register.zone(zoneId);
    const own = await this.tariffs.ownPrices([...facts.values.keys()], startsAt, zone!.timeZone);
    const memberOf = new Map(
      facts.cleared.entries.map((entry) => [homeAccount(entry.participantId, entry.pointId), entry.member]),
    );
    const localOf = new Map(delivery.local.map((entry) => [entryKey(entry), entry.localWh]));
    const { buyerFeeMicroPerKwh, sellerFeeMicroPerKwh } = pricesOf(facts);
    const lines = [...facts.values].flatMap(([pointId, { importWh, exportWh, quality }]): Line[] => {
      const participantId = facts.holders.get(pointId);
      const prices = own.get(pointId);
      if (participantId === undefined || !prices) return [];
      const member = memberOf.get(homeAccount(participantId, pointId));
      const local = (side: 'BUY' | 'SELL') =>
        (member === undefined ? undefined : localOf.get(entryKey({ member, side }))) ?? wh(0n);
      const { retailMicroPerKwh, feedInMicroPerKwh, tariffName } = prices;
      const energy = { importWh, exportWh, boughtWh: local('BUY'), soldWh: local('SELL') };
      const priceMicroPerKwh = facts.price;
      const money = lineMoney({
        ...energy,
        priceMicroPerKwh,
        buyerFeeMicroPerKwh,
        sellerFeeMicroPerKwh,
        retailMicroPerKwh,
        feedInMicroPerKwh,
      });
      invariant(money.savedNano >= 0n, `nobody is worse off than with their own tariff (${pointId})`);
      return [
        {
          pointId,
          participantId,
          startsAt,
          run,
          quality,
          tariffName,
          priceMicroPerKwh,
          retailMicroPerKwh,
          feedInMicroPerKwh,
          ...energy,
          ...money,
        },
      ];
    });
    const before = new Map((await this.store.latestLines(tx, zoneId, startsAt)).map((line) => [line.pointId, line]));
    await this.store.keepLines(
      tx,
      zoneId,
      lines.filter((line) => !saysTheSame(before.get(line.pointId), line)),
    );
  }
}

const saysTheSame = (before: Line | undefined, line: Line): boolean =>
  before !== undefined &&
  before.participantId === line.participantId &&
  before.importWh === line.importWh &&
  before.exportWh === line.exportWh &&
  before.boughtWh === line.boughtWh &&
  before.soldWh === line.soldWh &&
  before.quality === line.quality &&
  before.savedNano === line.savedNano;
