import type { Happening, Question } from '../live/question.js';
import type { DateTime } from './scalars.js';

export interface Clock {
  readonly now: DateTime;
  readonly speed: number;
  readonly mode: 'DEMO' | 'REAL';
}

export const clockQuestion: Question<{ readonly clock: Clock }> = { text: 'query Clock { clock { now speed mode } }' };

export const setDemoSpeed: Question<{ readonly setDemoSpeed: Clock }, { readonly speed: number }> = {
  text: 'mutation SetDemoSpeed($speed: Int!) { setDemoSpeed(speed: $speed) { now speed mode } }',
};

export const clockChanged: Happening = { text: 'subscription ClockChanged { clockChanged { now } }', variables: {} };
