import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockHome } from './home-lock.js';
import { birthOf } from './process-facts.js';

describe('the lock of a home', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kwartier-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held by one, and free again after it', () => {
    const lock = lockHome(file);
    expect(() => lockHome(file)).toThrow(
      expect.objectContaining({ code: 'HOME_IN_USE', message: expect.stringContaining(`process ${process.pid}`) }),
    );
    lock.release();
    lockHome(file).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['of a process that is gone', '4194305 x'],
    ['of a stranger who got the id of a dead owner', `${process.pid} born at another time`],
    ['that is empty', ''],
  ])('is taken over from a lock %s', (_, left) => {
    writeFileSync(file, left);
    const lock = lockHome(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${birthOf(process.pid)}`);
    lock.release();
  });

  it('is not taken from its new owner by a late release', () => {
    const first = lockHome(file);
    writeFileSync(file, '1 another owner');
    first.release();
    expect(readFileSync(file, 'utf8')).toBe('1 another owner');
  });
});
