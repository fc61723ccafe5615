import { Injectable } from '@nestjs/common';
import type { Viewer } from '../domain/viewer.js';
import { Tokens } from './tokens.port.js';

/** What a demo shows without an account; in any other mode there is none. */
export interface DemoPass {
  readonly zoneId: string;
  readonly operatorId: string;
}

/** Finds out who asks. Tokens are random and stored as hashes; the demo's are words that only a demo understands. */
@Injectable()
export class Sessions {
  private demo: DemoPass | undefined;

  constructor(private readonly tokens: Tokens) {}

  openDemo(pass: DemoPass): void {
    this.demo = pass;
  }

  async viewerFor(token: string | undefined): Promise<Viewer | undefined> {
    if (token === undefined || token.length > 256) return undefined;
    if (token === 'demo' || token.startsWith('demo:')) return this.demo && demoViewer(token, this.demo);
    return this.tokens.find(token);
  }
}

function demoViewer(token: string, { zoneId, operatorId }: DemoPass): Viewer | undefined {
  switch (token) {
    case 'demo':
      return { role: 'AUDITOR', zoneId, demo: true };
    case 'demo:grid-operator':
      return { role: 'GRID_OPERATOR', zoneId, participantId: operatorId };
    case 'demo:community-manager':
      return { role: 'COMMUNITY_MANAGER', zoneId };
    default:
      return { role: 'HOUSEHOLD', participantId: token.slice('demo:'.length) };
  }
}
