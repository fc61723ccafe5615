import { spawnSync } from 'node:child_process';

// Tests that cannot fail say nothing. A few faults are planted into a copy of the auction on every run; `npm run faults:auction` plants all.
// With KWARTIER_FAULTS=all they are planted here too.
it('plants faults, and every one of them is caught', () => {
  const words = process.env['KWARTIER_FAULTS'] === 'all' ? [] : ['--short'];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/faults.mjs', ...words], {
    encoding: 'utf8',
  });
  expect({ status, told: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, told: '' });
  const [, planted, caught] = /(\d+) faults planted, (\d+) caught/.exec(stdout) ?? [];
  expect(caught).toBe(planted);
  expect(Number(planted)).toBeGreaterThanOrEqual(6);
}, 900_000);
