import { Random } from './random.js';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('says the same under the same name, and something else under another', () => {
    const first = draw(Random.for(7, 'home', 12), 50);
    expect(draw(Random.for(7, 'home', 12), 50)).toEqual(first);
    expect(draw(Random.for(7, 'home', 13), 50)).not.toEqual(first);
    expect(draw(Random.for(8, 'home', 12), 50)).not.toEqual(first);
  });

  it('is spread evenly, also over the first draws of neighbouring names', () => {
    const firsts = Array.from({ length: 20_000 }, (_, i) => Random.for(1, 'point', i).next());
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const value of firsts) tenths[Math.floor(value * 10)]! += 1;
    expect(Math.min(...tenths)).toBeGreaterThan(1_800);
    expect(Math.max(...tenths)).toBeLessThan(2_200);
  });

  it('keeps what its draws promise', () => {
    const random = Random.for('promises');
    const many = <T>(one: () => T) => Array.from({ length: 5_000 }, one);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

    expect(new Set(many(() => random.whole(2, 4)))).toEqual(new Set([2, 3, 4]));
    expect(mean(many(() => random.times(1.3)))).toBeCloseTo(1.3, 1);
    expect(mean(many(() => random.lasting(5))) / 5).toBeCloseTo(1, 1);
    expect(mean(many(() => random.normal(10, 1)))).toBeCloseTo(10, 1);
    expect(random.shuffled([1, 2, 3, 4, 5]).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });
});
