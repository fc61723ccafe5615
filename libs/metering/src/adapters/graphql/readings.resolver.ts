import { Access, type Viewer } from '@kwartier/identity';
import {
  connectionType,
  type ConnectionOf,
  DateTime,
  isInstantKey,
  notFound,
  PageArgs,
  toConnection,
  toPageRequest,
  WattHours,
  Refusal,
} from '@kwartier/platform';
import { instant, type Instant } from '@kwartier/units';
import {
  Args,
  Context,
  createUnionType,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from '@nestjs/graphql';
import { ReadingsIntake } from '../../application/readings-intake.js';
import { ReadingStore } from '../../application/reading-store.port.js';

export const ReadingOutcome = {
  ACCEPTED: 'ACCEPTED',
  CONFLICT: 'CONFLICT',
  DUPLICATE: 'DUPLICATE',
  QUARANTINED: 'QUARANTINED',
} as const;
registerEnumType(ReadingOutcome, { name: 'ReadingOutcome' });
export const ReadingSource = { AUTHORITY: 'AUTHORITY', DEVICE: 'DEVICE' } as const;
registerEnumType(ReadingSource, { name: 'ReadingSource' });

@ObjectType('Reading', { description: 'Register totals at the end of an interval, as they were signed.' })
export class ReadingType {
  @Field(() => DateTime) endsAt: Instant;
  @Field(() => WattHours) importWh: bigint;
  @Field(() => WattHours) exportWh: bigint;
  @Field(() => ID) deviceId: string;
  @Field(() => ReadingSource) source: keyof typeof ReadingSource;
  @Field(() => Int) version: number;
  @Field(() => Int) resolutionMinutes: number;
}
export const ReadingConnection = connectionType(ReadingType, 'Reading');

@ObjectType()
export class ReadingTaken {
  @Field(() => DateTime) endsAt: Instant;
  @Field(() => ReadingOutcome) outcome: keyof typeof ReadingOutcome;
  @Field(() => String, { nullable: true, description: 'Why it is in quarantine.' }) code: string | undefined;
}

@ObjectType({ description: 'What became of each reading. Sending again gives the same answer.' })
export class ReadingsTaken {
  @Field(() => [ReadingTaken]) readings: ReadingTaken[];
}

@ObjectType({ implements: () => [Refusal] })
export class ReadingsRefused extends Refusal {}

export const SubmitReadingsResult = createUnionType({
  name: 'SubmitReadingsResult',
  types: () => [ReadingsTaken, ReadingsRefused] as const,
  resolveType: (answer: ReadingsTaken | ReadingsRefused) => ('code' in answer ? ReadingsRefused : ReadingsTaken),
});

const sentences: Readonly<Record<string, string>> = {
  BAD_SIGNATURE: 'The signature does not fit the readings and the key.',
  MALFORMED: 'The message is not written as docs/formats.md says.',
  UNKNOWN_DEVICE: 'No such device is installed at such a point.',
  UNKNOWN_KEY: 'The device has no key of this number.',
};

@Resolver()
export class ReadingsResolver {
  constructor(
    private readonly intake: ReadingsIntake,
    private readonly store: ReadingStore,
    private readonly access: Access,
  ) {}

  @Query(() => ReadingConnection, {
    description: 'The readings of a point, oldest first, in the time that is yours to see.',
  })
  async readings(
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('from', { type: () => DateTime }) from: Instant,
    @Args('to', { type: () => DateTime }) to: Instant,
    @Args() page: PageArgs,
    @Context('viewer') viewer: Viewer,
  ): Promise<ConnectionOf<ReadingType>> {
    const windows = await this.access.windows(viewer, pointId, 'READINGS', from, to);
    if (windows.length === 0 && !(await this.access.knows(viewer, pointId, 'READINGS'))) throw notFound();
    const rows = await this.store.listReadings(pointId, windows, toPageRequest(page, isInstantKey));
    return toConnection(
      rows,
      ({ endsAt }) => [endsAt],
      (row) => row,
    );
  }

  @Mutation(() => SubmitReadingsResult, {
    description: 'The door of MQTT for those who cannot speak it: same bytes, same answers.',
  })
  async submitReadings(
    @Args('zoneId', { type: () => ID }) zoneId: string,
    @Args('pointId', { type: () => ID }) pointId: string,
    @Args('payload', { type: () => String, description: 'The JSON text that would go to the topic.' }) payload: string,
  ): Promise<ReadingsTaken | ReadingsRefused> {
    const answer = await this.intake.take(zoneId, pointId, new TextEncoder().encode(payload));
    if (answer.code !== 'TAKEN')
      return { code: answer.code, message: answer.why ?? sentences[answer.code] ?? 'Refused.' };
    return {
      readings: answer.readings!.map(({ endsAt, outcome, code }) => ({
        endsAt: instant(Date.parse(endsAt)),
        outcome: outcome as keyof typeof ReadingOutcome,
        code,
      })),
    };
  }
}
