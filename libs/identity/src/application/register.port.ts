import type { Instant, Page, PageRequest } from '@kwartier/units';
import type {
  DeviceKey,
  Holding,
  Installation,
  Participant,
  Point,
  PointKind,
  VirtualTerm,
  Zone,
} from '../domain/register.js';
import type { Validity } from '../domain/validity.js';

export interface Enrolment {
  readonly zones?: readonly Zone[];
  readonly participants?: readonly Participant[];
  readonly points?: readonly Point[];
  readonly holdings?: readonly Holding[];
  /** Points whose device is taken away at an instant, before another is installed. */
  readonly removals?: readonly { readonly pointId: string; readonly at: Instant }[];
  readonly installations?: readonly Installation[];
  readonly keys?: readonly DeviceKey[];
  readonly virtualTerms?: readonly VirtualTerm[];
}

export type HoldingRow = Holding & Validity;

/** A device at a point, with the keys that may sign for it. */
export interface InstalledDevice extends Installation, Validity {
  readonly zoneId: string;
  readonly keys: readonly (Validity & { readonly number: number; readonly publicKey: Uint8Array })[];
}

export interface PointRow extends Point, Validity {
  readonly participantId: string | undefined;
  readonly participantName: string | undefined;
}

/** The community's register: who holds which point since when, and what measures it. */
export abstract class Register {
  abstract enrol(enrolment: Enrolment): Promise<void>;

  abstract zones(): Promise<readonly Zone[]>;

  abstract zone(zoneId: string): Promise<Zone | undefined>;

  abstract zoneOfPoint(pointId: string): Promise<string | undefined>;

  abstract participants(ids: readonly string[]): Promise<readonly Participant[]>;

  abstract holdingsOf(pointId: string): Promise<readonly HoldingRow[]>;

  abstract holdingsBy(participantId: string): Promise<readonly (HoldingRow & { readonly zoneId: string })[]>;

  /** Who holds each point at an instant; points that nobody holds are left out. */
  abstract holdersAt(zoneId: string, at: Instant): Promise<ReadonlyMap<string, string>>;

  /** Points of a zone that stand at an instant. */
  abstract pointsAt(zoneId: string, at: Instant, kinds?: readonly PointKind[]): Promise<readonly Point[]>;

  /** Every device that is or was installed at these points, with its keys. */
  abstract devicesAt(pointIds: readonly string[]): Promise<readonly InstalledDevice[]>;

  /** The points at which a device is, was or will be installed: it may still have to say what it measured there. */
  abstract placesOf(deviceId: string): Promise<readonly { readonly zoneId: string; readonly pointId: string }[]>;

  abstract keysOf(deviceId: string): Promise<InstalledDevice['keys']>;

  /** The virtual points that build on any of these points, whole formulas. */
  abstract virtualTermsOver(pointIds: readonly string[]): Promise<readonly VirtualTerm[]>;

  abstract listPoints(
    zoneId: string,
    heldBy: string | undefined,
    at: Instant,
    page: PageRequest<readonly [string]>,
  ): Promise<Page<PointRow>>;

  /** Who holds a point of the zone at an instant. */
  abstract listParticipants(
    zoneId: string,
    only: string | undefined,
    at: Instant,
    page: PageRequest<readonly [string]>,
  ): Promise<Page<Participant>>;

  /** Ends what holds at `at`; undefined when nothing does. */
  abstract moveOut(pointId: string, at: Instant): Promise<Holding | undefined>;

  abstract revokeKey(deviceId: string, number: number, at: Instant): Promise<boolean>;
}
