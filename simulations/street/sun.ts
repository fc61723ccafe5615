import { days, type Instant } from '@kwartier/units';
import { type LocalDay, longestDay } from './local-day.js';

/** Where the sun stands in each minute of a day: a unit vector to the east, to the north and up. */
export interface Sun {
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly up: Float64Array;
}

const noonOfFirstJanuary2000 = 946_728_000_000;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The Astronomical Almanac's short formula, good to a hundredth of a degree; the declination is that of midday. */
export function sunOn(day: LocalDay, latitude: number, longitude: number): Sun {
  const midday = daysSince2000(day.startsAt) + day.minutes / 2880;
  const anomaly = radians(357.528 + 0.985_600_3 * midday);
  const ecliptic = radians(280.46 + 0.985_647_4 * midday + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly));
  const obliquity = radians(23.439);
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const sinDeclination = Math.sin(obliquity) * Math.sin(ecliptic);
  const cosDeclination = Math.sqrt(1 - sinDeclination * sinDeclination);
  const [sinLatitude, cosLatitude] = [Math.sin(radians(latitude)), Math.cos(radians(latitude))];

  const sun = {
    east: new Float64Array(longestDay),
    north: new Float64Array(longestDay),
    up: new Float64Array(longestDay),
  };
  for (let minute = 0; minute < day.minutes; minute++) {
    const now = daysSince2000(day.startsAt) + minute / 1440;
    const siderealDegrees = 280.460_618 + 360.985_647_37 * now + longitude;
    const hourAngle = radians(siderealDegrees % 360) - rightAscension;
    const towardsNoon = cosDeclination * Math.cos(hourAngle);
    sun.east[minute] = -cosDeclination * Math.sin(hourAngle);
    sun.north[minute] = cosLatitude * sinDeclination - sinLatitude * towardsNoon;
    sun.up[minute] = sinLatitude * sinDeclination + cosLatitude * towardsNoon;
  }
  return sun;
}

const daysSince2000 = (at: Instant): number => (at - noonOfFirstJanuary2000) / days(1);
