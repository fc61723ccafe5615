import { spawnSync } from 'node:child_process';

function plant(...words: string[]) {
  return spawnSync(process.execPath, ['scripts/faults.mjs', ...words], { encoding: 'utf8' });
}

// Tests that cannot fail say nothing. A few faults are planted into a copy of the auction on every run; `npm run faults:auction` plants all.
// With KWARTIER_FAULTS=all they are planted here too.
it('plants faults, and every one of them is caught', () => {
  const words = process.env['KWARTIER_FAULTS'] === 'all' ? [] : ['--short'];
  const { status, stdout, stderr } = plant(...words);
  expect({ status, told: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, told: '' });
  const [, planted, caught] = /(\d+) faults planted, (\d+) caught/.exec(stdout) ?? [];
  expect(caught).toBe(planted);
  expect(Number(planted)).toBeGreaterThanOrEqual(6);
}, 900_000);

it('says what it does to those who ask, and which faults there are to those who name none of them', () => {
  const asked = plant('--help');
  expect([asked.status, asked.stderr]).toEqual([0, '']);
  expect(asked.stdout).toMatch(/--short/);
  expect(asked.stdout).toMatch(/copy/);
  for (const word of ['tombola', '--shrot']) {
    const missed = plant(word);
    expect(missed.status).toBe(1);
    const lines = missed.stderr.split('\n');
    expect(lines[0]).toContain(`"${word}"`);
    expect(lines).toContain('  the remainder is dropped');
    expect(missed.stderr).toContain('--short');
  }
});
