import { accepted, isAligned, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { isId } from '../domain/register.js';
import { type Enrolment, Register } from './register.port.js';

export type EnrolRefusal =
  | { readonly code: 'BAD_ID'; readonly id: string }
  | { readonly code: 'BAD_TIME_ZONE'; readonly timeZone: string }
  | { readonly code: 'BAD_INTERVAL' }
  | { readonly code: 'OFF_THE_QUARTER' }
  | { readonly code: 'BAD_KEY'; readonly deviceId: string }
  | { readonly code: 'ALREADY_TAKEN' }
  | { readonly code: 'UNKNOWN_REFERENCE' };

/** Puts zones, people, points and devices into the register, all of them or none. */
@Injectable()
export class Enrol {
  constructor(private readonly register: Register) {}

  async run(enrolment: Enrolment): Promise<Result<Enrolment, EnrolRefusal>> {
    const flaw = flawIn(enrolment);
    if (flaw) return refused(flaw);
    if (!(await this.isOnTheGridOfTime(enrolment))) return refused({ code: 'OFF_THE_QUARTER' });
    try {
      await this.register.enrol(enrolment);
      return accepted(enrolment);
    } catch (error) {
      const code = constraintOf(error);
      if (code) return refused({ code });
      throw error;
    }
  }

  /** Tenancies and meters change between two intervals of their zone, so that each interval has one of either. */
  private async isOnTheGridOfTime({ zones = [], points = [], holdings = [], installations = [] }: Enrolment) {
    const zoneOf = new Map(points.map(({ id, zoneId }) => [id, zoneId]));
    const lengthOf = new Map(zones.map(({ id, intervalMinutes }) => [id, intervalMinutes]));
    for (const { pointId, from } of [...holdings, ...installations]) {
      const zoneId = zoneOf.get(pointId) ?? (await this.register.zoneOfPoint(pointId));
      if (zoneId === undefined) continue;
      const length = lengthOf.get(zoneId) ?? (await this.register.zone(zoneId))?.intervalMinutes;
      if (length === undefined) continue;
      lengthOf.set(zoneId, length);
      if (!isAligned(from, length)) return false;
    }
    return true;
  }
}

function flawIn({
  zones = [],
  participants = [],
  points = [],
  keys = [],
  installations = [],
}: Enrolment): EnrolRefusal | undefined {
  const ids = [...zones, ...participants, ...points].map(({ id }) => id).concat(installations.map((i) => i.deviceId));
  const badId = ids.find((id) => !isId(id));
  if (badId !== undefined) return { code: 'BAD_ID', id: badId.slice(0, 80) };
  const badZone = zones.find(({ timeZone }) => !isTimeZone(timeZone));
  if (badZone) return { code: 'BAD_TIME_ZONE', timeZone: badZone.timeZone };
  if (zones.some(({ intervalMinutes }) => ![5, 15, 30, 60].includes(intervalMinutes))) return { code: 'BAD_INTERVAL' };
  const badKey = keys.find(({ publicKey, number }) => publicKey.length !== 32 || !isKeyNumber(number));
  return badKey && { code: 'BAD_KEY', deviceId: badKey.deviceId };
}

const isKeyNumber = (number: number): boolean => Number.isInteger(number) && number >= 0 && number <= 65_535;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

/** What PostgreSQL's constraints say, in our words. */
function constraintOf(error: unknown): 'ALREADY_TAKEN' | 'UNKNOWN_REFERENCE' | undefined {
  const code = (error as { code?: unknown }).code;
  if (code === '23505' || code === '23P01') return 'ALREADY_TAKEN';
  return code === '23503' ? 'UNKNOWN_REFERENCE' : undefined;
}
