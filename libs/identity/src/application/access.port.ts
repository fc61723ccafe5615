import type { Instant } from '@kwartier/units';
import type { Facet, Viewer } from '../domain/viewer.js';

export interface Window {
  /** The participant through whose holding the viewer sees it; undefined for those who see the whole zone. */
  readonly participantId: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
}

/** Cuts every question to what the viewer may see. A tenant sees the time of their own tenancy and nothing before it. */
export abstract class Access {
  /** The stretches of `[from, to)` in which the viewer may see this facet of the point; none looks like no such point. */
  abstract windows(
    viewer: Viewer,
    pointId: string,
    facet: Facet,
    from: Instant,
    to: Instant,
  ): Promise<readonly Window[]>;

  /** Whether the point exists at all for the viewer, at whatever time. */
  abstract knows(viewer: Viewer, pointId: string, facet: Facet): Promise<boolean>;

  /** Whether the viewer belongs to the zone, so that its prices and its sums are theirs to see. */
  abstract zone(viewer: Viewer, zoneId: string): Promise<boolean>;

  /** The participant for whom the viewer may act at the point at that instant: place its orders, set its wishes. */
  abstract actsFor(viewer: Viewer, pointId: string, at: Instant): Promise<string | undefined>;
}
