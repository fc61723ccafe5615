import { GridModule } from '@kwartier/grid/module';
import { IdentityModule } from '@kwartier/identity/module';
import { Module } from '@nestjs/common';
import { ReadingsController } from './adapters/http/readings.controller.js';
import { DeviceBroker } from './adapters/mqtt/device-broker.js';
import { DeviceLogin } from './adapters/mqtt/device-login.js';
import { ReadingsOverMqtt } from './adapters/mqtt/readings-over-mqtt.js';
import { NodeSignatures } from './adapters/crypto/signatures.node.js';
import { ReadingsResolver } from './adapters/graphql/readings.resolver.js';
import { PostgresReadingStore } from './adapters/postgres/reading-store.postgres.js';
import { PostgresValues } from './adapters/postgres/values.postgres.js';
import { AcceptReadings } from './application/accept-readings.js';
import { EstimateMissing } from './application/estimate-missing.js';
import { PrepareMonths } from './application/prepare-months.js';
import { ReadingStore } from './application/reading-store.port.js';
import { ReadingsIntake } from './application/readings-intake.js';
import { ReviseValues } from './application/revise-values.js';
import { Signatures } from './application/signatures.port.js';
import { Estimation, Values } from './application/values.port.js';

export { DeviceBroker } from './adapters/mqtt/device-broker.js';
export { loginBytes } from './adapters/mqtt/device-login.js';
export { ReadingsOverMqtt } from './adapters/mqtt/readings-over-mqtt.js';
export { Metering1700000500000 } from './adapters/postgres/migrations/1700000500000-metering.js';
export {
  answersTopic,
  type IntakeAnswer,
  parseTopic,
  ReadingsIntake,
  readingsTopic,
} from './application/readings-intake.js';
export { ReadingStore } from './application/reading-store.port.js';
export { Signatures } from './application/signatures.port.js';

@Module({
  imports: [IdentityModule, GridModule],
  providers: [
    AcceptReadings,
    PrepareMonths,
    ReadingsIntake,
    ReadingsResolver,
    ReviseValues,
    { provide: Estimation, useClass: EstimateMissing },
    { provide: ReadingStore, useClass: PostgresReadingStore },
    { provide: Signatures, useClass: NodeSignatures },
    { provide: Values, useClass: PostgresValues },
  ],
  exports: [Estimation, ReadingStore, ReadingsIntake, Signatures, Values],
})
export class MeteringModule {}

/** The doors of devices, only in the process that meters come to. */
@Module({
  imports: [IdentityModule, MeteringModule],
  controllers: [ReadingsController],
  providers: [DeviceBroker, DeviceLogin, ReadingsOverMqtt],
  exports: [DeviceBroker, ReadingsOverMqtt],
})
export class MeterDoorsModule {}
