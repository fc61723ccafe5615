/** Who asks. Every answer is cut to what they may see; what they may not see looks as if it did not exist (P10). */
export type Viewer =
  | { readonly role: 'HOUSEHOLD'; readonly participantId: string }
  | { readonly role: 'GRID_OPERATOR'; readonly participantId: string; readonly zoneId: string }
  | { readonly role: 'COMMUNITY_MANAGER' | 'METER_OPERATOR'; readonly zoneId: string }
  | { readonly role: 'AUDITOR'; readonly zoneId: string; readonly demo?: boolean }
  | { readonly role: 'SUPPLIER'; readonly supplierId: string }
  | { readonly role: 'DEVICE'; readonly deviceId: string }
  | { readonly role: 'ADMIN' };

export type Role = Viewer['role'];

/** What of a point is asked for: its curve and money, its raw readings, or only that it stands in the register. */
export type Facet = 'CURVE' | 'READINGS' | 'STANDING';

/** Whether the role sees this facet of every point in its zone, rather than only of points that it holds. */
export function seesWholeZone(viewer: Viewer, facet: Facet, zoneId: string): boolean {
  switch (viewer.role) {
    case 'ADMIN':
      return true;
    case 'AUDITOR':
      return viewer.zoneId === zoneId;
    case 'METER_OPERATOR':
      return viewer.zoneId === zoneId && facet !== 'CURVE';
    case 'COMMUNITY_MANAGER':
      return viewer.zoneId === zoneId && facet === 'STANDING';
    case 'HOUSEHOLD':
    case 'GRID_OPERATOR':
    case 'SUPPLIER':
    case 'DEVICE':
      return false;
  }
}

/** The participant in whose name the viewer acts and owns. */
export const participantOf = (viewer: Viewer): string | undefined =>
  viewer.role === 'HOUSEHOLD' || viewer.role === 'GRID_OPERATOR' ? viewer.participantId : undefined;
