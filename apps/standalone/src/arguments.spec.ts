import { readArguments } from './arguments.js';

describe('readArguments', () => {
  it.each([
    [[], { mode: undefined, speed: 60 }],
    [['--real'], { mode: 'REAL' }],
    [['--demo', '--speed', '600'], { mode: 'DEMO', speed: 600 }],
    [['--home', 'here'], { home: 'here' }],
    [['--help'], { ask: 'HELP' }],
  ])('%j', (words, expected) => {
    expect(readArguments(words)).toMatchObject(expected);
  });

  it.each([
    [['--speed', '7'], '--speed is 1, 60 or 600'],
    [['--home'], '--home needs a folder'],
    [['--rael'], '"--rael" is not understood; npm start -- --help shows what is'],
  ])('%j is an error', (words, error) => {
    expect(readArguments(words)).toEqual({ error });
  });
});
