import { clearFiles } from './clear-files.js';

const help = `kwartier clear FILE…   clears each case (test/golden/auction/INDEX.md) with the mechanism it names; "-" reads standard input

One JSON object per case and line on standard output, words for people on standard error.
Exit code 0: all cleared and, where a case holds an "expect", equal to it. 1: one differs. 2: one could not be read.`;

const [command, ...words] = process.argv.slice(2);
if (words.includes('--help') || command === '--help') console.log(help);
else if (command === 'clear' && words.length > 0) process.exitCode = await clearFiles(words);
else {
  console.error(help);
  process.exitCode = 2;
}
