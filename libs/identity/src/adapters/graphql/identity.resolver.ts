import {
  type ConnectionOf,
  DateTime,
  isIdKey,
  MarketClock,
  notFound,
  PageArgs,
  toConnection,
  toPageRequest,
} from '@kwartier/platform';
import { fromHex, type Instant, type IntervalMinutes, type Result, wh } from '@kwartier/units';
import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Access } from '../../application/access.port.js';
import { Enrol } from '../../application/enrol.js';
import { ExchangeDevice } from '../../application/exchange-device.js';
import { MoveTenant } from '../../application/move-tenant.js';
import { Register } from '../../application/register.port.js';
import { Tokens } from '../../application/tokens.port.js';
import { participantOf, seesWholeZone, type Viewer } from '../../domain/viewer.js';
import type { IdentityLoaders } from './identity.loaders.js';
import {
  DeviceKeyInput,
  DeviceType,
  EnrolPointInput,
  EnrolZoneInput,
  InstallationInput,
  IssueTokenResult,
  ParticipantInput,
  ParticipantConnection,
  ParticipantType,
  PointConnection,
  PointType,
  RegisterChanged,
  RegisterRefused,
  RegisterResult,
  TokenInput,
  TokenIssued,
  ViewerType,
  ZoneType,
} from './identity.types.js';

@Resolver(() => PointType)
export class IdentityResolver {
  constructor(
    private readonly register: Register,
    private readonly access: Access,
    private readonly enrol: Enrol,
    private readonly tenants: MoveTenant,
    private readonly exchange: ExchangeDevice,
    private readonly clock: MarketClock,
    private readonly tokens: Tokens,
  ) {}

  @Query(() => ViewerType)
  viewer(@Context('viewer') viewer: Viewer): ViewerType {
    return { role: viewer.role, participantId: participantOf(viewer) };
  }

  @Query(() => [ZoneType], { description: 'The zones that you belong to.' })
  async zones(@Context('viewer') viewer: Viewer): Promise<ZoneType[]> {
    const zones = await this.register.zones();
    const mine = await Promise.all(zones.map(({ id }) => this.access.zone(viewer, id)));
    return zones.filter((_, i) => mine[i]);
  }

  @Query(() => PointConnection, { description: 'Points of a zone: your own, or all where your role sees them.' })
  async points(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<PointType>> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    const all = seesWholeZone(viewer, 'STANDING', zoneId);
    const owner = all ? undefined : (participantOf(viewer) ?? '');
    const rows = await this.register.listPoints(zoneId, owner, await this.clock.now(), toPageRequest(page, isIdKey));
    return toConnection(
      rows,
      ({ id }) => [id],
      (row) => ({ ...row, name: row.participantName ?? row.id }),
    );
  }

  @Query(() => ParticipantConnection, {
    description: 'Who takes part in a zone now: yourself, or all where your role sees them.',
  })
  async participants(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<ParticipantType>> {
    if (!(await this.access.zone(viewer, zoneId))) throw notFound();
    const only = seesWholeZone(viewer, 'STANDING', zoneId) ? undefined : (participantOf(viewer) ?? '');
    const rows = await this.register.listParticipants(
      zoneId,
      only,
      await this.clock.now(),
      toPageRequest(page, isIdKey),
    );
    return toConnection(
      rows,
      ({ id }) => [id],
      (row) => row,
    );
  }

  @ResolveField(() => ParticipantType, { nullable: true, description: 'Who holds the point now.' })
  async participant(
    @Parent() point: PointType,
    @Context('loaders') loaders: IdentityLoaders,
  ): Promise<ParticipantType | undefined> {
    return point.participantId === undefined ? undefined : loaders.participants.load(point.participantId);
  }

  @ResolveField(() => [DeviceType], { description: 'What measures and measured it, in your own time there.' })
  async devices(
    @Parent() point: PointType,
    @Context('loaders') loaders: IdentityLoaders,
    @Context('viewer') viewer: Viewer,
  ): Promise<DeviceType[]> {
    const installed = await loaders.devices.load(point.id);
    if (seesWholeZone(viewer, 'STANDING', point.zoneId)) return installed.map(toDevice);
    return installed.filter(({ to }) => to === undefined).map(toDevice);
  }

  @Mutation(() => RegisterResult, { description: 'Opens a zone (administrators).' })
  async enrolZone(
    @Args('zone') zone: EnrolZoneInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    return answer(
      await this.enrol.run({ zones: [{ ...zone, intervalMinutes: zone.intervalMinutes as IntervalMinutes }] }),
      { pointId: zone.id },
    );
  }

  @Mutation(() => RegisterResult, { description: 'A point joins with the participant who holds it (administrators).' })
  async enrolPoint(
    @Args('point') input: EnrolPointInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    const { pointId, participant, installation, from } = input;
    return answer(
      await this.enrol.run({
        participants: [participant],
        points: [{ id: pointId, zoneId: input.zoneId, kind: input.kind, from }],
        holdings: [{ pointId, participantId: participant.id, from }],
        ...(installation && installed(pointId, installation)),
      }),
      { pointId, participantId: participant.id, deviceId: installation?.deviceId },
    );
  }

  @Mutation(() => IssueTokenResult, { description: 'Lets somebody in (administrators).' })
  async issueToken(
    @Args('token') input: TokenInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<TokenIssued | RegisterRefused> {
    onlyAdmin(viewer);
    const wanted = viewerFrom(input);
    const known = wanted && (await this.knowsAll(wanted));
    if (!known) return { code: 'UNKNOWN_REFERENCE', message: sentences['UNKNOWN_REFERENCE']! };
    return { token: await this.tokens.issue(wanted) };
  }

  @Mutation(() => Boolean, { description: 'A token opens nothing any more; false: it did not (administrators).' })
  async revokeToken(@Args('token') token: string, @Context('viewer') viewer: Viewer): Promise<boolean> {
    onlyAdmin(viewer);
    return this.tokens.revoke(token);
  }

  @Mutation(() => RegisterResult, { description: 'The tenant leaves at a quarter of an hour (administrators).' })
  async moveOut(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('at', { type: () => DateTime }) at: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    const moved = await this.tenants.out(pointId, at);
    return answer(moved, { pointId, participantId: moved.ok ? moved.value.participantId : undefined });
  }

  @Mutation(() => RegisterResult, { description: 'A tenant comes at a quarter of an hour (administrators).' })
  async moveIn(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('participant') participant: ParticipantInput,
    @Args('at', { type: () => DateTime }) at: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    return answer(await this.tenants.in(pointId, participant, at), { pointId, participantId: participant.id });
  }

  @Mutation(() => RegisterResult, { description: 'A new meter takes over from the old one (administrators).' })
  async exchangeDevice(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('installation') input: InstallationInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    const { installations, keys } = installed(pointId, input);
    return answer(await this.exchange.run(installations[0], keys[0]), { pointId, deviceId: input.deviceId });
  }

  @Mutation(() => RegisterResult, { description: 'One more key for the meter at a point (administrators).' })
  async addKey(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('key') { deviceId, number, publicKey, from }: DeviceKeyInput,
    @Context('viewer') viewer: Viewer,
  ): Promise<typeof RegisterResult> {
    onlyAdmin(viewer);
    const key = { deviceId, number, publicKey: fromHex(publicKey.toLowerCase()) ?? new Uint8Array(), from };
    return answer(await this.exchange.addKey(pointId, key), { pointId, deviceId });
  }

  @Mutation(() => Boolean, {
    description: 'A key signs for nothing from an instant on; false: it was not in force (administrators).',
  })
  async revokeKey(
    @Args('deviceId', { type: () => ID }) deviceId: string,
    @Args('number', { type: () => Int }) number: number,
    @Args('at', { type: () => DateTime }) at: Instant,
    @Context('viewer') viewer: Viewer,
  ): Promise<boolean> {
    onlyAdmin(viewer);
    return this.exchange.revokeKey(deviceId, number, at);
  }

  private async knowsAll(wanted: Viewer): Promise<boolean> {
    if ('zoneId' in wanted && !(await this.register.zone(wanted.zoneId))) return false;
    const participantId = participantOf(wanted);
    return participantId === undefined || (await this.register.participants([participantId])).length === 1;
  }
}

/** The viewer that a token will stand for, or undefined where its role lacks what it needs. */
function viewerFrom({ role, participantId, zoneId }: TokenInput): Viewer | undefined {
  switch (role) {
    case 'ADMIN':
      return { role };
    case 'HOUSEHOLD':
      return participantId ? { role, participantId } : undefined;
    case 'GRID_OPERATOR':
      return participantId && zoneId ? { role, participantId, zoneId } : undefined;
    case 'AUDITOR':
    case 'COMMUNITY_MANAGER':
    case 'METER_OPERATOR':
      return zoneId ? { role, zoneId } : undefined;
    case 'SUPPLIER':
    case 'DEVICE':
      return undefined;
  }
}

const toDevice = ({
  deviceId,
  from,
  to,
}: {
  deviceId: string;
  from: Instant;
  to: Instant | undefined;
}): DeviceType => ({
  id: deviceId,
  from,
  to,
});

const installed = (pointId: string, input: InstallationInput) => ({
  installations: [
    {
      pointId,
      deviceId: input.deviceId,
      from: input.from,
      startImportWh: wh(input.startImportWh),
      startExportWh: wh(input.startExportWh),
    },
  ] as const,
  keys: [
    {
      deviceId: input.deviceId,
      number: 1,
      publicKey: fromHex(input.publicKey.toLowerCase()) ?? new Uint8Array(),
      from: input.from,
    },
  ] as const,
});

/** Who is no administrator learns nothing, not even that there is something to administer. */
function onlyAdmin(viewer: Viewer): void {
  if (viewer.role !== 'ADMIN') throw notFound();
}

const answer = (
  result: Result<unknown, { readonly code: string }>,
  changed: Partial<RegisterChanged> & { pointId: string },
): RegisterChanged | RegisterRefused =>
  result.ok
    ? { participantId: undefined, deviceId: undefined, ...changed }
    : { code: result.refusal.code, message: sentences[result.refusal.code] ?? 'This cannot be done.' };

const sentences: Readonly<Record<string, string>> = {
  BACK_DATED: 'A move is entered before it happens; the past is settled for whoever lived there.',
  ALREADY_TAKEN: 'This is in the register already, or overlaps in time with something that is.',
  BAD_INTERVAL: 'An interval has 5, 15, 30 or 60 minutes.',
  BAD_ID: 'An id has 1 to 64 of A-Z, a-z, 0-9, _ and -.',
  BAD_KEY: 'The public key is 32 bytes, written as 64 hex digits, and its number from 0 to 65535.',
  BAD_TIME_ZONE: 'The time zone is not known; write one such as Europe/Berlin.',
  NOBODY_LIVES_THERE: 'Nobody holds this point at that time.',
  NOTHING_INSTALLED: 'No device is installed at this point at that time.',
  OFF_THE_QUARTER: "Tenancies and meters change between two of the zone's intervals.",
  UNKNOWN_REFERENCE: 'It refers to a zone, point or participant that is not in the register.',
};
