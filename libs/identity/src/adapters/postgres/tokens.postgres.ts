import { createHash, randomBytes } from 'node:crypto';
import { Database } from '@kwartier/platform';
import { Injectable } from '@nestjs/common';
import { Tokens } from '../../application/tokens.port.js';
import type { Viewer } from '../../domain/viewer.js';

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

@Injectable()
export class PostgresTokens extends Tokens {
  constructor(private readonly database: Database) {
    super();
  }

  async issue(viewer: Viewer): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.admit(token, viewer);
    return token;
  }

  async admit(token: string, viewer: Viewer): Promise<void> {
    await this.database.execute(
      'INSERT INTO identity.access_token (token_sha256, viewer) VALUES ($1, $2) ON CONFLICT (token_sha256) DO NOTHING',
      [hashOf(token), JSON.stringify(viewer)],
    );
  }

  async find(token: string): Promise<Viewer | undefined> {
    const [row] = await this.database.query<{ viewer: Viewer }>(
      'SELECT viewer FROM identity.access_token WHERE token_sha256 = $1 AND revoked_at IS NULL',
      [hashOf(token)],
    );
    return row?.viewer;
  }

  async revoke(token: string): Promise<boolean> {
    return (
      (await this.database.execute(
        'UPDATE identity.access_token SET revoked_at = clock_timestamp() WHERE token_sha256 = $1 AND revoked_at IS NULL',
        [hashOf(token)],
      )) === 1
    );
  }
}
