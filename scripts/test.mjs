import { build } from './build.mjs';
import { runJest } from './jest.mjs';
import { main } from './main.mjs';
import { prepare } from './prepare.mjs';

// Each takes the words after `npm test --` and answers with { passed, failed, skipped }.
const runners = [runJest];

await main(async () => {
  await prepare();
  await build();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const runTests of runners) {
    const { passed, failed, skipped } = await runTests(process.argv.slice(2));
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  // A run that tests nothing has shown nothing.
  if (total.passed + total.failed + total.skipped === 0) total.failed = 1;
  process.exitCode = total.failed > 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
});
