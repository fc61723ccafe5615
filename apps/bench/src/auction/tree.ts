import { clearNodal, verifyNodal } from '@kwartier/auction';
import highsModule from 'highs';
import { interleave } from './interleave.js';
import { agree, tell } from './tell.js';
import { type Feeder, linearProgram, randomFeeder } from './trees.js';

// The package's types are those of its CommonJS build; what is imported is the function itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

// Nodal clearing of a feeder tree, the check of it, and HiGHS on the same tree as a linear program.
const orders = Number(process.argv[2]);
const nodes = Number(process.argv[3]);
const withSolver = process.argv[4] === 'highs';

const feeder = randomFeeder(orders, nodes, 7);
const clearing = cleared(feeder);
agree(verifyNodal(feeder.book, feeder.network, { tieStart: 0 }, clearing), undefined);
const contestants = {
  solve: () => cleared(feeder),
  verify: () => verifyNodal(feeder.book, feeder.network, { tieStart: 0 }, clearing),
};
if (withSolver) {
  const highs = await loadHighs();
  const program = linearProgram(feeder);
  const solved = (): number => highs.solve(program).ObjectiveValue;
  const off = Math.abs(solved() - Number(clearing.welfare));
  agree(off <= 1e-6 * Number(clearing.welfare), true);
  tell('tree', orders, interleave({ ...contestants, highs: solved }, 5));
} else tell('tree', orders, interleave(contestants, 5));

function cleared({ book, network }: Feeder) {
  const answer = clearNodal(book, network, { tieStart: 0 });
  if (!answer.ok) throw new Error(answer.refusal.why);
  return answer.value;
}
