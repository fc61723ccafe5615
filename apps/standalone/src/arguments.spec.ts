import { readFileSync } from 'node:fs';
import { help, readArguments } from './arguments.js';

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

  it('are all in the help, those too that the first page names', () => {
    const [, told] = /Words after `npm start --`: (.*)/.exec(readFileSync('README.md', 'utf8'))!;
    const words = [...told!.matchAll(/--[a-z]+/g)].map(([word]) => word);
    expect(words.length).toBeGreaterThanOrEqual(6);
    for (const word of words) expect(help).toContain(`-- ${word}`);
  });

  it.each([
    [['--speed', '7'], '--speed is 1, 60 or 600'],
    [['--home'], '--home needs a folder'],
    [['--rael'], '"--rael" is not understood; npm start -- --help shows what is'],
  ])('%j is an error', (words, error) => {
    expect(readArguments(words)).toEqual({ error });
  });
});
