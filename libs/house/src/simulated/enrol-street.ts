import { SetWish } from '@kwartier/agents/module';
import { Network } from '@kwartier/grid';
import { type Enrolment, Register } from '@kwartier/identity';
import { Enrol } from '@kwartier/identity/module';
import { type MarketMode, type Rules, usualTimes } from '@kwartier/market';
import { OpenMarket } from '@kwartier/market/module';
import type { SimulatedStreet, StreetPlan } from '@kwartier/simulations';
import { Tariffs } from '@kwartier/tariffs';
import { PublishTariff } from '@kwartier/tariffs/module';
import { type IntervalMinutes, invariant, microPerKwh, minutes, nano, type Result } from '@kwartier/units';
import type { INestApplicationContext } from '@nestjs/common';
import { publicKeyOf } from './device-keys.js';

export const demoRules: Rules = {
  grid: { start: microPerKwh(0n), tick: microPerKwh(100n), count: 8_192 },
  priceRule: 'SHARED_MARGIN',
  buyerFeeMicroPerKwh: microPerKwh(5_000n),
  sellerFeeMicroPerKwh: microPerKwh(1_000n),
  tieRule: 'BY_INTERVAL',
  intervalMinutes: 15,
  undeliveredSharePpm: 0,
};

/** Nothing is invoiced in a demo, so its allowance lasts for months of buying. */
const allowanceNano = nano(1_000_000_000_000n);
const operatorId = 'netzbetreiber';

/** Enters the street in every register, by the use-cases that any community comes in by. Doing it again does nothing. */
export async function enrolStreet(
  app: INestApplicationContext,
  street: SimulatedStreet,
  mode: Exclude<MarketMode, 'SHARING'>,
  intervalMinutes: IntervalMinutes = 15,
): Promise<{ readonly operatorId: string }> {
  const { plan, from } = street;
  const register = app.get(Register, { strict: false });
  if (await register.zone(plan.zone.id)) return { operatorId };
  const at = (use: unknown) => app.get(use as never, { strict: false }) as never;
  const enrol: Enrol = at(Enrol);
  const network: Network = at(Network);
  const publish: PublishTariff = at(PublishTariff);
  const tariffs: Tariffs = at(Tariffs);
  const openMarket: OpenMarket = at(OpenMarket);
  const setWish: SetWish = at(SetWish);

  expectOk(await enrol.run(enrolmentOf(street, intervalMinutes)));
  await network.build(
    plan.feeders.map((feeder) => ({ ...feeder, zoneId: plan.zone.id })),
    [{ zoneId: plan.zone.id, pointId: plan.transformer.pointId, ratedW: plan.transformer.ratedW }],
  );
  await network.connect(plan.homes.map(({ pointId, feederId, fuseW }) => ({ pointId, feederId, limitW: fuseW })));
  for (const { id, name, tariff } of plan.suppliers)
    expectOk(
      await publish.run(
        { id, name },
        { id: tariff.id, supplierId: id, name: tariff.name },
        { tariffId: tariff.id, version: 1, from, rates: tariff.rates },
      ),
    );
  await tariffs.supply(
    plan.homes.map(({ pointId, supplierId }) => ({ pointId, tariffId: tariffOf(plan, supplierId), from })),
  );
  for (const home of plan.homes)
    if (home.buyLimitMicroPerKwh !== undefined || home.sellLimitMicroPerKwh !== undefined)
      expectOk(
        await setWish.run(
          home.pointId,
          home.participantId,
          'KEEP_IT_LOCAL',
          home.buyLimitMicroPerKwh,
          home.sellLimitMicroPerKwh,
        ),
      );
  // Last, because from now on the loop finds something to do here.
  const times = { ...usualTimes, graceMs: minutes(20) };
  const rules = { ...demoRules, intervalMinutes };
  expectOk(await openMarket.run({ zoneId: plan.zone.id, mode, rules, times, allowanceNano }));
  return { operatorId };
}

function enrolmentOf(street: SimulatedStreet, intervalMinutes: IntervalMinutes): Enrolment {
  const { plan, seed, from } = street;
  const { zone, transformer, homes } = plan;
  const measured = [transformer, ...homes];
  return {
    zones: [{ id: zone.id, name: zone.name, timeZone: zone.timeZone, currency: 'EUR', intervalMinutes, leastHomes: 5 }],
    participants: [
      { id: operatorId, name: 'Netzbetreiber', kind: 'GRID_OPERATOR' },
      ...homes.map(({ participantId, name, kind }) => ({ id: participantId, name, kind })),
    ],
    points: [
      { id: transformer.pointId, zoneId: zone.id, kind: 'TRANSFORMER', from },
      ...homes.map(({ pointId }) => ({ id: pointId, zoneId: zone.id, kind: 'CONNECTION' as const, from })),
    ],
    holdings: [
      { pointId: transformer.pointId, participantId: operatorId, from },
      ...homes.map(({ pointId, participantId }) => ({ pointId, participantId, from })),
    ],
    installations: measured.map(({ pointId, deviceId }) => {
      const { importWh, exportWh } = street.startRegisters(pointId);
      return { pointId, deviceId, from, startImportWh: importWh, startExportWh: exportWh };
    }),
    keys: measured.map(({ deviceId }) => ({ deviceId, number: 1, publicKey: publicKeyOf(seed, deviceId), from })),
  };
}

const tariffOf = (plan: StreetPlan, supplierId: string): string =>
  plan.suppliers.find(({ id }) => id === supplierId)!.tariff.id;

function expectOk(result: Result<unknown, { readonly code: string }>): void {
  invariant(result.ok, `the street is well formed (${result.ok ? '' : JSON.stringify(result.refusal)})`);
}
