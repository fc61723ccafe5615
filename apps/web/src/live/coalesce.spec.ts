import { describe, expect, it } from '@jest/globals';
import { coalesce } from './coalesce.js';

/** Work and pauses that end when the test says so. */
function byHand() {
  const open: (() => void)[] = [];
  const pauses: (() => void)[] = [];
  let started = 0;
  const call = coalesce(
    () => {
      started += 1;
      return new Promise<void>((resolve) => open.push(resolve));
    },
    (work) => pauses.push(work),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    call,
    started: () => started,
    workEnds: () => (open.shift()!(), turn()),
    pauseEnds: () => pauses.shift()!(),
  };
}

describe('coalescing', () => {
  it('runs at once, and once more for all the calls that came meanwhile', async () => {
    const hand = byHand();
    hand.call();
    hand.call();
    hand.call();
    expect(hand.started()).toBe(1);
    await hand.workEnds();
    expect(hand.started()).toBe(1);
    hand.pauseEnds();
    expect(hand.started()).toBe(2);
    await hand.workEnds();
    hand.pauseEnds();
    expect(hand.started()).toBe(2);
  });

  it('does not lose a call that comes in the pause', async () => {
    const hand = byHand();
    hand.call();
    await hand.workEnds();
    hand.call();
    expect(hand.started()).toBe(1);
    hand.pauseEnds();
    expect(hand.started()).toBe(2);
  });

  it('goes on after work that failed', async () => {
    let started = 0;
    const call = coalesce(
      async () => {
        started += 1;
        throw new Error('away');
      },
      (work) => work(),
    );
    call();
    await new Promise((resolve) => setImmediate(resolve));
    call();
    expect(started).toBe(2);
  });
});
