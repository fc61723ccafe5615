import type { Connection, Question } from '../live/question.js';

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly intervalMinutes: number;
  readonly feeders: readonly { readonly id: string; readonly name: string }[];
  readonly transformer: { readonly pointId: string; readonly ratedW: string | number } | null;
}

export interface Point {
  readonly id: string;
  readonly kind: 'CONNECTION' | 'TRANSFORMER' | 'VIRTUAL';
  readonly name: string;
  readonly participantName: string | null;
}

export const zonesQuestion: Question<{ readonly zones: readonly Zone[] }> = {
  text: `query Zones {
    zones { id name timeZone currency intervalMinutes feeders { id name } transformer { pointId ratedW } }
  }`,
};

export const pointsQuestion: Question<{ readonly points: Connection<Point> }, { readonly zoneId: string }> = {
  pages: 'points',
  text: `query Points($zoneId: ID!, $after: String) {
    points(zoneId: $zoneId, first: 100, after: $after) {
      edges { node { id kind name participantName } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
};
