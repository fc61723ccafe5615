import { Controller, Get, Header, Res } from '@nestjs/common';
import { MarketClock } from '../clock/market-clock.js';
import { Readiness } from './health.js';
import { Metrics } from './metrics.js';

interface Response {
  status(code: number): Response;
  json(body: object): void;
}

export const version = '0.1.0';

/** What operators and the page ask before anything else. */
@Controller()
export class HouseController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    private readonly clock: MarketClock,
  ) {}

  @Get('health')
  health(): object {
    return { status: 'up', version };
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const checks = await this.readiness.check();
    const ok = checks.every((check) => check.ok);
    response.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not ready', checks });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async metricsText(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  @Get('config.json')
  @Header('cache-control', 'no-store')
  async config(): Promise<object> {
    return { mode: (await this.clock.state()).mode, version };
  }
}
