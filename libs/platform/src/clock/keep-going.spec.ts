import { keepGoing } from './keep-going.js';

describe('keepGoing', () => {
  it('does everything and says how much', async () => {
    const done: number[] = [];
    expect(await keepGoing([1, 2, 3], async (item) => done.push(item))).toBe(3);
    expect(done).toEqual([1, 2, 3]);
  });

  it('goes on where one fails, and lets the failure out at the end', async () => {
    const done: number[] = [];
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('zone 1 is in trouble');
      done.push(item);
    };
    await expect(keepGoing([1, 2, 3], work)).rejects.toThrow('zone 1 is in trouble');
    expect(done).toEqual([2, 3]);
  });

  it('names how many failed', async () => {
    await expect(keepGoing([1, 2], async () => Promise.reject(new Error('no')))).rejects.toThrow('2 of 2 failed');
  });
});
