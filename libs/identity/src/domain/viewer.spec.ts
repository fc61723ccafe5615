import { type Instant, instant } from '@kwartier/units';
import { overlap } from './validity.js';
import { type Facet, participantOf, seesWholeZone, type Viewer } from './viewer.js';

const viewers: readonly Viewer[] = [
  { role: 'HOUSEHOLD', participantId: 'anna' },
  { role: 'GRID_OPERATOR', participantId: 'netz', zoneId: 'z' },
  { role: 'COMMUNITY_MANAGER', zoneId: 'z' },
  { role: 'METER_OPERATOR', zoneId: 'z' },
  { role: 'AUDITOR', zoneId: 'z' },
  { role: 'SUPPLIER', supplierId: 's' },
  { role: 'DEVICE', deviceId: 'd' },
  { role: 'ADMIN' },
];
const facets: readonly Facet[] = ['CURVE', 'READINGS', 'STANDING'];

describe('seesWholeZone', () => {
  it('shows each role what it needs and no more', () => {
    const table = viewers.map((viewer) => [viewer.role, ...facets.map((facet) => seesWholeZone(viewer, facet, 'z'))]);
    expect(table).toEqual([
      ['HOUSEHOLD', false, false, false],
      ['GRID_OPERATOR', false, false, false],
      ['COMMUNITY_MANAGER', false, false, true],
      ['METER_OPERATOR', false, true, true],
      ['AUDITOR', true, true, true],
      ['SUPPLIER', false, false, false],
      ['DEVICE', false, false, false],
      ['ADMIN', true, true, true],
    ]);
  });

  it('shows nobody but the administrator another zone', () => {
    const elsewhere = viewers.filter((viewer) => facets.some((facet) => seesWholeZone(viewer, facet, 'other')));
    expect(elsewhere.map(({ role }) => role)).toEqual(['ADMIN']);
  });

  it('knows in whose name a viewer acts', () => {
    expect(viewers.map(participantOf).filter((id) => id !== undefined)).toEqual(['anna', 'netz']);
  });
});

describe('overlap', () => {
  const from = instant(100);
  const to = instant(200);
  it.each<[string, number, number | undefined, [number, number] | undefined]>([
    ['all of it', 0, undefined, [100, 200]],
    ['its first part', 50, 150, [100, 150]],
    ['its last part', 150, undefined, [150, 200]],
    ['nothing before', 0, 100, undefined],
    ['nothing after', 200, undefined, undefined],
  ])('%s', (_, start, end, expected) => {
    const part = overlap({ from: instant(start), to: end as Instant | undefined }, from, to);
    expect(part && [part.from, part.to]).toEqual(expected);
  });
});
