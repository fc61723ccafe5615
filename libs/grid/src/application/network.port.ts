import type { Connection, Feeder, Transformer } from '../domain/connection.js';

/** The feeder trees: what hangs where, and what it carries. */
export abstract class Network {
  abstract build(feeders: readonly Feeder[], transformers: readonly Transformer[]): Promise<void>;

  /** Hanging a point elsewhere, or on another fuse, replaces where it hung. */
  abstract connect(connections: readonly Connection[]): Promise<void>;

  abstract feeders(zoneId: string): Promise<readonly Feeder[]>;

  abstract transformer(zoneId: string): Promise<Transformer | undefined>;

  abstract connections(pointIds: readonly string[]): Promise<readonly Connection[]>;

  abstract connectionsOf(zoneId: string): Promise<readonly Connection[]>;
}
