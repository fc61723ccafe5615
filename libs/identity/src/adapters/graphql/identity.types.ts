import { connectionType, DateTime, Refusal, WattHours } from '@kwartier/platform';
import type { Instant, IntervalMinutes } from '@kwartier/units';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ParticipantKind, PointKind } from '../../domain/register.js';
import type { Role } from '../../domain/viewer.js';

export const ParticipantKindEnum = {
  BAKERY: 'BAKERY',
  BUSINESS: 'BUSINESS',
  GRID_OPERATOR: 'GRID_OPERATOR',
  HOME: 'HOME',
  PLANT: 'PLANT',
  SCHOOL: 'SCHOOL',
} as const satisfies { [Name in ParticipantKind]: Name };
registerEnumType(ParticipantKindEnum, { name: 'ParticipantKind' });

export const PointKindEnum = {
  CONNECTION: 'CONNECTION',
  TRANSFORMER: 'TRANSFORMER',
  VIRTUAL: 'VIRTUAL',
} as const satisfies { [Name in PointKind]: Name };
registerEnumType(PointKindEnum, { name: 'PointKind' });

export const RoleEnum = {
  ADMIN: 'ADMIN',
  AUDITOR: 'AUDITOR',
  COMMUNITY_MANAGER: 'COMMUNITY_MANAGER',
  DEVICE: 'DEVICE',
  GRID_OPERATOR: 'GRID_OPERATOR',
  HOUSEHOLD: 'HOUSEHOLD',
  METER_OPERATOR: 'METER_OPERATOR',
  SUPPLIER: 'SUPPLIER',
} as const satisfies { [Name in Role]: Name };
registerEnumType(RoleEnum, { name: 'Role' });

@ObjectType({ description: 'Who is asking.' })
export class ViewerType {
  @Field(() => RoleEnum) role: Role;
  @Field(() => ID, { nullable: true }) participantId: string | undefined;
}

@ObjectType('Zone', { description: 'The metering points behind one feeder tree; one auction an interval.' })
export class ZoneType {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) timeZone: string;
  @Field(() => String) currency: string;
  @Field(() => Int) intervalMinutes: IntervalMinutes;
  @Field(() => Int, { description: 'Sums over fewer homes than this are not shown.' }) leastHomes: number;
}

@ObjectType('Participant', { description: 'A home, a business or the owner of a plant.' })
export class ParticipantType {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => ParticipantKindEnum) kind: ParticipantKind;
}

export const ParticipantConnection = connectionType(ParticipantType, 'Participant');

@ObjectType('Device', { description: 'What measures a point and signs.' })
export class DeviceType {
  @Field(() => ID) id: string;
  @Field(() => DateTime) from: Instant;
  @Field(() => DateTime, { nullable: true }) to: Instant | undefined;
}

@ObjectType('Point', { description: 'A metering point: the legal identity of a connection.' })
export class PointType {
  @Field(() => ID) id: string;
  @Field(() => ID) zoneId: string;
  @Field(() => PointKindEnum) kind: PointKind;
  @Field(() => DateTime) from: Instant;
  @Field(() => String, { description: 'What to call it: who lives there now, or else its id.' }) name: string;
  @Field(() => String, { nullable: true, description: 'Who lives there now.' }) participantName: string | undefined;
  participantId: string | undefined;
}

export const PointConnection = connectionType(PointType, 'Point');

@ObjectType({ implements: () => [Refusal] })
export class RegisterRefused extends Refusal {}

@ObjectType()
export class RegisterChanged {
  @Field(() => ID) pointId: string;
  @Field(() => ID, { nullable: true }) participantId: string | undefined;
  @Field(() => ID, { nullable: true }) deviceId: string | undefined;
}

export const RegisterResult = createUnionType({
  name: 'RegisterResult',
  types: () => [RegisterChanged, RegisterRefused] as const,
  resolveType: (answer: RegisterChanged | RegisterRefused) => ('code' in answer ? RegisterRefused : RegisterChanged),
});

@InputType()
export class ParticipantInput {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => ParticipantKindEnum) kind: ParticipantKind;
}

@InputType()
export class InstallationInput {
  @Field(() => ID) deviceId: string;
  @Field(() => String, { description: 'Ed25519 public key, 64 hex digits.' }) publicKey: string;
  @Field(() => DateTime) from: Instant;
  @Field(() => WattHours) startImportWh: bigint;
  @Field(() => WattHours) startExportWh: bigint;
}

@InputType()
export class DeviceKeyInput {
  @Field(() => ID) deviceId: string;
  @Field(() => Int, { description: 'Not used before by this device; 0 to 65535.' }) number: number;
  @Field(() => String, { description: 'Ed25519 public key, 64 hex digits.' }) publicKey: string;
  @Field(() => DateTime) from: Instant;
}

@InputType()
export class EnrolPointInput {
  @Field(() => ID) pointId: string;
  @Field(() => ID) zoneId: string;
  @Field(() => PointKindEnum) kind: PointKind;
  @Field(() => DateTime) from: Instant;
  @Field(() => ParticipantInput) participant: ParticipantInput;
  @Field(() => InstallationInput, { nullable: true }) installation?: InstallationInput;
}

@InputType()
export class EnrolZoneInput {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String, { description: 'Such as "Europe/Berlin".' }) timeZone: string;
  @Field(() => String, { description: 'What one credit is worth: an ISO code such as "EUR".' }) currency: string;
  @Field(() => Int, { description: '5, 15, 30 or 60.' }) intervalMinutes: number;
  @Field(() => Int) leastHomes: number;
}

@InputType()
export class TokenInput {
  @Field(() => RoleEnum) role: Role;
  @Field(() => ID, { nullable: true, description: 'For HOUSEHOLD and GRID_OPERATOR: in whose name.' })
  participantId?: string;
  @Field(() => ID, { nullable: true, description: 'For roles that see a zone.' }) zoneId?: string;
}

@ObjectType()
export class TokenIssued {
  @Field(() => String, { description: 'Shown this once; only its hash is kept.' }) token: string;
}

export const IssueTokenResult = createUnionType({
  name: 'IssueTokenResult',
  types: () => [TokenIssued, RegisterRefused] as const,
  resolveType: (answer: TokenIssued | RegisterRefused) => ('code' in answer ? RegisterRefused : TokenIssued),
});
