import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ReadingsIntake } from '../../application/readings-intake.js';

interface Response {
  status(code: number): Response;
  json(body: object): void;
}

/** The door of MQTT for devices that speak HTTP: the same bytes, the same answers. */
@Controller('v1')
export class ReadingsController {
  constructor(private readonly intake: ReadingsIntake) {}

  @Post('zones/:zoneId/points/:pointId/readings')
  @HttpCode(200)
  async take(
    @Param('zoneId') zoneId: string,
    @Param('pointId') pointId: string,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const payload = body instanceof Uint8Array ? body : new Uint8Array();
    const answer = await this.intake.take(zoneId, pointId, payload);
    response.status(answer.code === 'TAKEN' ? 200 : 422).json(answer);
  }
}
