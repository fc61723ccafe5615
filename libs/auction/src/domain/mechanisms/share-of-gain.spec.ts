import { shareOfGain, type ShareOfGain } from '../../../testing/mechanisms-share-of-gain.js';
import { mechanismNamed, mechanisms } from './mechanisms.js';

const all = [1000, 1000, 1000, 1000, 1000];
const sizes: [perSide: number, markets: number][] = [
  [2, 1500],
  [5, 600],
  [10, 300],
  [25, 120],
  [100, 30],
];

/**
 * What truthfulness costs: thousandths of the largest gain that are made at all, and that the traders keep, with 2, 5, 10, 25 and 100 of them per side. More than all
 * is kept where somebody has to add to it.
 */
const table: Record<string, [made: number[], kept: number[]]> = {
  vcg: [all, [1485, 1192, 1098, 1038, 1007]],
  'trade-reduction': [
    [256, 782, 943, 989, 999],
    [174, 514, 740, 875, 972],
  ],
  mcafee: [
    [762, 940, 986, 996, 999],
    [680, 851, 929, 959, 992],
  ],
  sbba: [
    [596, 884, 946, 979, 994],
    [596, 884, 946, 979, 994],
  ],
  huang: [
    [256, 782, 943, 989, 999],
    [174, 514, 740, 875, 972],
  ],
  'muda-lottery': [
    [261, 540, 701, 792, 891],
    [261, 540, 701, 792, 891],
  ],
  'muda-vickrey': [
    [261, 595, 809, 908, 975],
    [261, 478, 604, 670, 809],
  ],
};

it.each(Object.entries(table))('%s', (name, shares) => {
  const measured = sizes.map(([perSide, markets]): ShareOfGain => {
    return shareOfGain(mechanismNamed(name)!, perSide, markets);
  });
  expect([measured.map(({ made }) => made), measured.map(({ kept }) => kept)]).toEqual(shares);
});

it('the others make all of the gain and keep it', () => {
  const others = mechanisms.filter(({ name }) => !(name in table));
  expect(others.map(({ keeps }) => keeps.efficiency)).toEqual(others.map(() => 'ALL'));
  expect(others.map((one) => shareOfGain(one, 5, 50))).toEqual(others.map(() => ({ made: 1000, kept: 1000 })));
});
