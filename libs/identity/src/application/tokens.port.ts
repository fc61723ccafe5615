import type { Viewer } from '../domain/viewer.js';

export abstract class Tokens {
  /** Issues a random token; only its hash is kept, so it is shown once. */
  abstract issue(viewer: Viewer): Promise<string>;

  abstract find(token: string): Promise<Viewer | undefined>;

  /** Makes a chosen token valid, such as the administrator's from the environment. */
  abstract admit(token: string, viewer: Viewer): Promise<void>;

  abstract revoke(token: string): Promise<boolean>;
}
