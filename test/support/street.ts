import type { Instant } from '@kwartier/units';
import { adminToken, TestHouse } from './house.js';
import { TestMeter } from './meter.js';

export interface HomePlan {
  readonly name: string;
  readonly retail?: number;
  readonly feedIn?: number;
  readonly fuseW?: number;
}

export interface StreetPlan {
  readonly mode: 'FORWARD' | 'METERED';
  /** Where the clock stands at the beginning; homes are installed then, with registers at 0. */
  readonly from: string;
  readonly homes: readonly HomePlan[];
  readonly priceRule?: 'EQUILIBRIUM' | 'SHARED_MARGIN';
  readonly buyerFee?: number;
  readonly sellerFee?: number;
  readonly allowanceNano?: string;
  readonly leastHomes?: number;
}

export const zoneId = 'birkenweg';

/** A small street in the story's own words, enrolled through GraphQL by its administrator. Participants are called as their homes. */
export class TestStreet {
  private readonly meters = new Map<string, TestMeter>();
  private readonly tokens = new Map<string, string>();

  private constructor(
    readonly house: TestHouse,
    readonly plan: StreetPlan,
  ) {}

  static async open(plan: StreetPlan, databaseUrl?: string): Promise<TestStreet> {
    const house = await TestHouse.open(plan.from, databaseUrl);
    try {
      const street = new TestStreet(house, plan);
      await street.enrol();
      return street;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const meter of this.meters.values()) await meter.stop();
    await this.house.close();
  }

  async itIs(time: string | Instant): Promise<void> {
    await this.house.itIs(time);
  }

  meter(home: string): TestMeter {
    return this.meters.get(home)!;
  }

  /** The token of the household that is called so. */
  token(home: string): string {
    return this.tokens.get(home)!;
  }

  async tokenFor(role: string, participantId?: string): Promise<string> {
    const { issueToken } = await this.house.get(
      adminToken,
      `mutation ($token: TokenInput!) {
        issueToken(token: $token) { ... on TokenIssued { token } ... on RegisterRefused { code } }
      }`,
      { token: { role, participantId, zoneId: role === 'HOUSEHOLD' ? undefined : zoneId } },
    );
    return issueToken.token as string;
  }

  /** `BUY 500 @ 250000 as a1` by a home for an interval: its order id, or the refusal's code. */
  async order(home: string, startsAt: string, words: string, replaces?: string, who = home): Promise<string> {
    const { side, energyWh, limit, clientId } =
      /(?<side>\w+)\s+(?<energyWh>\S+) @\s+(?<limit>\S+) as (?<clientId>\S+)/.exec(words)!.groups!;
    const order = { clientId, pointId: home, startsAt, side, energyWh, limitMicroPerKwh: limit, replaces };
    const { data, errors } = await this.house.ask(
      this.token(who),
      `mutation ($order: PlaceOrderInput!) {
        placeOrder(order: $order) { ... on PlacedOrder { orderId } ... on OrderRefused { code message } }
      }`,
      { order },
    );
    return errors ? errors[0]!.extensions.code : (data.placeOrder.orderId ?? data.placeOrder.code);
  }

  /** Orders that must stand, one for each of these intervals. */
  async orderAll(who: string, pointId: string, intervals: readonly string[], words: string): Promise<void> {
    for (const startsAt of intervals) {
      const answer = await this.order(pointId, startsAt, `${words} as ${who}-${startsAt}`, undefined, who);
      if (!answer.includes('-')) throw new Error(`${answer} for ${who} ${startsAt} ${words}`);
    }
  }

  /** Takes an order back: its id, or the refusal's code. */
  async cancel(home: string, clientId: string): Promise<string> {
    const { cancelOrder } = await this.house.get(
      this.token(home),
      'mutation ($clientId: ID!) { cancelOrder(clientId: $clientId) { ... on PlacedOrder { orderId } ... on OrderRefused { code } } }',
      { clientId },
    );
    return cancelOrder.orderId ?? cancelOrder.code;
  }

  async admin(mutation: string, variables: object): Promise<any> {
    const data = await this.house.get(adminToken, mutation, variables);
    const [answer] = Object.values(data as Record<string, { code?: string }>);
    if (answer?.code) throw new Error(`${answer.code} in ${JSON.stringify(variables)}`);
    return data;
  }

  async enrolHome({ name, retail = 320_000, feedIn = 80_000, fuseW = 24_000 }: HomePlan, from: string): Promise<void> {
    const meter = new TestMeter(zoneId, name, `meter-${name}`, `key of ${name}`);
    this.meters.set(name, meter);
    await this.admin(
      `mutation ($point: EnrolPointInput!) { enrolPoint(point: $point) { ... on RegisterRefused { code } } }`,
      {
        point: {
          pointId: name,
          zoneId,
          kind: 'CONNECTION',
          from,
          participant: { id: name, name: `Home of ${name}`, kind: 'HOME' },
          installation: {
            deviceId: meter.deviceId,
            publicKey: meter.publicKeyHex,
            from,
            startImportWh: '0',
            startExportWh: '0',
          },
        },
      },
    );
    await this.house.get(
      adminToken,
      `mutation ($zoneId: ID!, $feeders: [FeederInput!]!, $connections: [ConnectionInput!]!) {
        buildNetwork(zoneId: $zoneId, feeders: $feeders, connections: $connections) { id }
      }`,
      {
        zoneId,
        feeders: [{ id: 'feeder-1', name: 'Feeder 1', limitImportW: 100_000, limitExportW: 100_000 }],
        connections: [{ pointId: name, feederId: 'feeder-1', limitW: fuseW }],
      },
    );
    const tariffId = `tariff-${retail}-${feedIn}`;
    if (!this.tariffs.has(tariffId)) {
      this.tariffs.add(tariffId);
      await this.admin(
        `mutation ($tariff: TariffInput!) { publishTariff(tariff: $tariff) { ... on TariffRefused { code } } }`,
        {
          tariff: {
            supplierId: 'stadtwerke',
            supplierName: 'Stadtwerke',
            tariffId,
            name: `Flat ${retail}`,
            version: 1,
            from: this.plan.from,
            rates: [
              {
                fromMinute: 0,
                toMinute: 1440,
                weekdays: 'ALL',
                retailMicroPerKwh: String(retail),
                feedInMicroPerKwh: String(feedIn),
              },
            ],
          },
        },
      );
    }
    await this.house.get(
      adminToken,
      'mutation ($p: ID!, $t: ID!, $f: DateTime!) { supplyPoint(pointId: $p, tariffId: $t, from: $f) }',
      { p: name, t: tariffId, f: from },
    );
    this.tokens.set(name, await this.tokenFor('HOUSEHOLD', name));
    await meter.connect(this.house.mqttUrl);
  }

  /** The lines of a statement, as whoever holds the token sees them; at most a hundred. */
  async lines(token: string, pointId: string, from: string, to: string): Promise<any[]> {
    const { statementLines } = await this.house.get(
      token,
      `query ($pointId: ID!, $from: DateTime!, $to: DateTime!) {
        statementLines(pointId: $pointId, from: $from, to: $to, first: 100) {
          edges { node { startsAt run importWh exportWh boughtWh soldWh priceMicroPerKwh localPaidNano localEarnedNano feesNano
            supplierPaidNano supplierEarnedNano ownTariffNano savedNano retailMicroPerKwh quality } }
        }
      }`,
      { pointId, from, to },
    );
    return statementLines.edges.map(({ node }: { node: object }) => node);
  }

  /** Whoever held the point leaves, and somebody else comes at the same quarter. */
  async moveTenant(pointId: string, participantId: string, at: string): Promise<void> {
    await this.admin(
      'mutation ($pointId: ID!, $at: DateTime!) { moveOut(pointId: $pointId, at: $at) { ... on RegisterRefused { code } } }',
      { pointId, at },
    );
    await this.admin(
      `mutation ($pointId: ID!, $participant: ParticipantInput!, $at: DateTime!) {
        moveIn(pointId: $pointId, participant: $participant, at: $at) { ... on RegisterRefused { code } }
      }`,
      { pointId, at, participant: { id: participantId, name: `Home of ${participantId}`, kind: 'HOME' } },
    );
    this.tokens.set(participantId, await this.tokenFor('HOUSEHOLD', participantId));
  }

  /** Another meter takes over at a point, from the given registers on; from now on it is the home's. */
  async exchangeMeter(meter: TestMeter, from: string, startImportWh = '0', startExportWh = '0'): Promise<void> {
    await this.admin(
      `mutation ($pointId: ID!, $installation: InstallationInput!) {
        exchangeDevice(pointId: $pointId, installation: $installation) { ... on RegisterRefused { code } }
      }`,
      {
        pointId: meter.pointId,
        installation: {
          deviceId: meter.deviceId,
          publicKey: meter.publicKeyHex,
          from,
          startImportWh,
          startExportWh,
        },
      },
    );
    await this.meters.get(meter.pointId)?.stop();
    this.meters.set(meter.pointId, meter);
    await meter.connect(this.house.mqttUrl);
  }

  private readonly tariffs = new Set<string>();

  private async enrol(): Promise<void> {
    const { from, homes } = this.plan;
    await this.admin(
      `mutation ($zone: EnrolZoneInput!) { enrolZone(zone: $zone) { ... on RegisterRefused { code } } }`,
      {
        zone: {
          id: zoneId,
          name: 'Birkenweg',
          timeZone: 'Europe/Berlin',
          currency: 'EUR',
          intervalMinutes: 15,
          leastHomes: this.plan.leastHomes ?? 5,
        },
      },
    );
    for (const home of homes) await this.enrolHome(home, from);
    await this.openMarket();
    await this.house.settleDown();
  }

  /** Opens the market as planned, or from now on otherwise. */
  async openMarket(changes: Partial<StreetPlan> = {}): Promise<void> {
    const plan = { ...this.plan, ...changes };
    await this.admin(
      `mutation ($market: MarketInput!) { openMarket(market: $market) { ... on MarketRefused { code } } }`,
      {
        market: {
          zoneId,
          mode: plan.mode,
          priceRule: plan.priceRule ?? 'SHARED_MARGIN',
          buyerFeeMicroPerKwh: String(plan.buyerFee ?? 5_000),
          sellerFeeMicroPerKwh: String(plan.sellerFee ?? 1_000),
          allowanceNano: plan.allowanceNano ?? '100000000000',
        },
      },
    );
  }
}
