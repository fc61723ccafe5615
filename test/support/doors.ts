import type { MeterAnswer } from './meter.js';
import { type TestStreet, zoneId } from './street.js';

/** One way in for readings. */
export interface Door {
  readonly name: 'MQTT' | 'HTTP' | 'GraphQL';
  send(payload: string | Buffer): Promise<MeterAnswer>;
}

/** The three doors through which a home's meter can speak; all take the same payload and say the same. */
export const doorsOf = (street: TestStreet, home: string): readonly Door[] => [
  { name: 'MQTT', send: async (payload) => street.meter(home).publish(payload) },
  { name: 'HTTP', send: async (payload) => (await postReadings(street, payload, zoneId, home)).answer },
  { name: 'GraphQL', send: async (payload) => submitReadings(street, payload, zoneId, home) },
];

export async function postReadings(
  { house }: TestStreet,
  body: string | Buffer,
  zone: string,
  point: string,
): Promise<{ readonly status: number; readonly answer: MeterAnswer }> {
  const url = `${house.httpUrl}/v1/zones/${zone}/points/${point}/readings`;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: response.status, answer: (await response.json()) as MeterAnswer };
}

export async function submitReadings(
  street: TestStreet,
  payload: string | Buffer,
  zone: string,
  point: string,
): Promise<MeterAnswer> {
  const { submitReadings: answer } = await street.house.get(
    street.token(street.plan.homes[0]!.name),
    `mutation ($zone: ID!, $point: ID!, $payload: String!) {
      submitReadings(zoneId: $zone, pointId: $point, payload: $payload) {
        ... on ReadingsRefused { code message }
        ... on ReadingsTaken { readings { endsAt outcome code } }
      }
    }`,
    { zone, point, payload: String(payload) },
  );
  return { code: 'TAKEN', ...answer };
}
