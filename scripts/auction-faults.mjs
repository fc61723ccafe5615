const source = 'libs/auction/src';
const reference = `${source}/domain/reference`;
const referenceSpecs = [`${reference}/reference-clear.spec.ts`, `${reference}/golden.spec.ts`];

const uniform = `${source}/domain/uniform`;
const kernels = `${source}/domain/kernels`;
const nodal = `${source}/domain/nodal`;
const mechanisms = `${source}/domain/mechanisms`;
const book = `${source}/domain/book`;
const pairing = `${source}/domain/pairing`;
const combinatorial = `${source}/domain/combinatorial`;
const uniformSpecs = [`${uniform}/clear-uniform.spec.ts`];
const nodalSpecs = [`${nodal}/clear-nodal.spec.ts`];
const mechanismSpecs = [
  `${mechanisms}/mechanisms.spec.ts`,
  `${mechanisms}/mechanisms.golden.spec.ts`,
  `${mechanisms}/mechanisms.properties.spec.ts`,
];
const codecSpecs = [`${book}/book-bytes.spec.ts`, `${book}/result-bytes.spec.ts`, `${book}/varints.spec.ts`];
const pairingSpecs = [`${pairing}/pair-trades.spec.ts`];
const combinatorialSpecs = [
  `${combinatorial}/clear-session.spec.ts`,
  `${combinatorial}/clear-session.properties.spec.ts`,
  `${combinatorial}/search.properties.spec.ts`,
];

/**
 * Faults that somebody could make, each as the exact text that it replaces and the specs that must notice.
 * `short` marks the few that every `npm test` plants.
 */
export const faults = [
  {
    name: 'the remainder is dropped',
    file: `${reference}/pro-rata.ts`,
    text: 'for (const i of favoured.slice(0, leftOver)) sharesWh[i]! += 1n;',
    planted: '',
    specs: [`${reference}/pro-rata.spec.ts`],
    short: true,
  },
  {
    name: 'shares in floating point',
    file: `${reference}/pro-rata.ts`,
    text: '(amountWh * entry) / totalWh)',
    planted: 'BigInt(Math.floor((Number(amountWh) * Number(entry)) / Number(totalWh))))',
    specs: [`${reference}/pro-rata.spec.ts`, ...referenceSpecs],
  },
  {
    name: 'ties always from the first',
    file: `${reference}/pro-rata.ts`,
    text: 'placeFrom(tieStart, entriesWh.length)',
    planted: 'placeFrom(0, entriesWh.length)',
    specs: referenceSpecs,
  },
  {
    name: 'ties left as the sort finds them',
    file: `${reference}/pro-rata.ts`,
    text: '|| first(a) - first(b)',
    planted: '|| first(b) - first(a)',
    specs: [`${reference}/pro-rata.spec.ts`],
  },
  {
    name: '> for >= at the lower end',
    file: `${reference}/equilibrium.ts`,
    text: 'upToWh >= allBidsWh',
    planted: 'upToWh > allBidsWh',
    specs: referenceSpecs,
    short: true,
  },
  {
    name: '>= for > at the upper end',
    file: `${reference}/equilibrium.ts`,
    text: 'upToWh > allBidsWh',
    planted: 'upToWh >= allBidsWh',
    specs: referenceSpecs,
  },
  {
    name: '> for >= at the margin',
    file: `${reference}/equilibrium.ts`,
    text: 'upToWh >= volumeWh',
    planted: 'upToWh > volumeWh',
    specs: referenceSpecs,
  },
  {
    name: 'a price between the ticks',
    file: `${source}/domain/book/clearing.ts`,
    text: 'low + Math.floor((high - low) / 2)',
    planted: '(low + high) / 2',
    specs: referenceSpecs,
    short: true,
  },
  {
    name: 'the middle rounded up',
    file: `${source}/domain/book/clearing.ts`,
    text: 'Math.floor((high - low) / 2)',
    planted: 'Math.ceil((high - low) / 2)',
    specs: referenceSpecs,
  },
  {
    name: 'worse before better',
    file: `${reference}/reference-clear.ts`,
    text: 'order.tick > thanTick : order.tick < thanTick',
    planted: 'order.tick >= thanTick : order.tick < thanTick',
    specs: referenceSpecs,
  },
  {
    name: 'kernel: the remainder is dropped',
    file: `${kernels}/js-kernel.ts`,
    text: 'if (remainders[j]! > threshold) fillsWh[entries[j]!]!++;',
    planted: ';',
    specs: uniformSpecs,
  },
  {
    name: 'kernel: >= for > among the remainders',
    file: `${kernels}/js-kernel.ts`,
    text: 'remainders[j]! > threshold',
    planted: 'remainders[j]! >= threshold',
    specs: uniformSpecs,
  },
  {
    name: 'kernel: shares in floating point',
    file: `${kernels}/exact-share.ts`,
    text: '(errorOf(energyWh, amountWh, product) - errorOf(whole, totalWh, taken))',
    planted: '0',
    specs: [`${uniform}/exact-margins.spec.ts`],
  },
  {
    name: 'kernel: the margin one tick too high',
    file: `${kernels}/js-kernel.ts`,
    text: 'function fill(count: number, border: number, also: number): void {',
    planted: 'function fill(count: number, border: number, also: number): void {\n    border += 2;',
    specs: uniformSpecs,
  },
  {
    name: 'kernel: the next limit up is passed over',
    file: `${kernels}/js-kernel.ts`,
    text: 'x > tick * 2 + 1 &&',
    planted: 'x > tick * 2 + 3 &&',
    specs: uniformSpecs,
  },
  {
    name: 'uniform: ties always from the first',
    file: `${uniform}/clear-uniform.ts`,
    text: 'tieStart % entryCount',
    planted: '0',
    specs: uniformSpecs,
  },
  {
    name: 'uniform: a sample is believed',
    file: `${uniform}/crossing.ts`,
    text: "if (low > 0 && offeredBelowWh >= wantedWh) return 'BELOW';",
    planted: '',
    specs: [`${uniform}/misled-sample.spec.ts`],
  },
  {
    name: 'nodal: a fee is earned, not paid',
    file: `${nodal}/nodal-prices.ts`,
    text: 'const ifExporting = above - feeTicks[step]!;',
    planted: 'const ifExporting = above + feeTicks[step]!;',
    specs: nodalSpecs,
    short: true,
  },
  {
    name: 'nodal: the welfare forgets whose the fees are',
    file: `${nodal}/nodal-fills.ts`,
    text: 'welfare.addProduct(-network.feeTicks[v]!, Math.abs(sent));',
    planted: 'welfare.addProduct(network.feeTicks[v]!, Math.abs(sent));',
    specs: nodalSpecs,
  },
  {
    name: 'nodal: the limits of a line change places',
    file: `${nodal}/feeder-walk.ts`,
    text: 'importWh[step] = limitWh(network.importWh[v]!);\n    exportWh[step] = limitWh(network.exportWh[v]!);',
    planted: 'importWh[step] = limitWh(network.exportWh[v]!);\n    exportWh[step] = limitWh(network.importWh[v]!);',
    specs: nodalSpecs,
    short: true,
  },
  {
    name: 'nodal: the odd Wh of a margin stay',
    file: `${nodal}/share-out.ts`,
    text: 'if (remainders[i]! > threshold) {',
    planted: 'if (remainders[i]! >= threshold) {',
    specs: nodalSpecs,
  },
  {
    name: 'nodal: ties always from the first',
    file: `${nodal}/share-out.ts`,
    text: 'let i = tieStart % count;',
    planted: 'let i = 0;',
    specs: nodalSpecs,
  },
  {
    name: 'mechanisms: McAfee asks one side only',
    file: `${mechanisms}/mcafee.ts`,
    text: ' && middleHalfTicks >= 2 * ask(deals - 1)',
    planted: '',
    specs: mechanismSpecs,
  },
  {
    name: 'mechanisms: no deal is given up',
    file: `${mechanisms}/trade-reduction.ts`,
    text: 'const last = deals - 1;',
    planted: 'const last = deals;',
    specs: mechanismSpecs,
  },
  {
    name: 'mechanisms: the gain goes to the wrong side',
    file: `${mechanisms}/shared-gain.ts`,
    text: 'shareOut(sellersGain, sells, 1n);',
    planted: 'shareOut(sellersGain, buys, -1n);',
    specs: mechanismSpecs,
  },
  {
    name: 'mechanisms: a lottery that depends on the rank',
    file: `${mechanisms}/sbba.ts`,
    text: 'lot(memberAt(place)) > lot(memberAt(out))',
    planted: 'false',
    specs: mechanismSpecs,
  },
  {
    name: 'codec: an energy of 0 is taken',
    file: `${book}/book-bytes.ts`,
    text: 'if (wh === 0 || wh >',
    planted: 'if (wh >',
    specs: codecSpecs,
    short: true,
  },
  {
    name: 'codec: one limit beside the grid is taken',
    file: `${book}/book-bytes.ts`,
    text: 'limit >= 2 * tickCount',
    planted: 'limit > 2 * tickCount',
    specs: codecSpecs,
  },
  {
    name: 'codec: a number has two spellings',
    file: `${book}/varints.ts`,
    text: 'if (last > at && bytes[last] === 0) return -1;',
    planted: '',
    specs: codecSpecs,
  },
  {
    name: 'codec: a price is off by one',
    file: `${book}/result-bytes.ts`,
    text: 'priceTick: price === 0 ? undefined : price - 1',
    planted: 'priceTick: price === 0 ? undefined : price',
    specs: codecSpecs,
  },
  {
    name: 'pairing: somebody supplies themselves',
    file: `${pairing}/meet-on-tree.ts`,
    text: 'if (owner[buy] === owner[sell]) {',
    planted: 'if (owner[buy] === owner[sell] && v > 0) {',
    specs: pairingSpecs,
    short: true,
  },
  {
    name: 'pairing: somebody is left alone with themselves',
    file: `${pairing}/meet-on-tree.ts`,
    text: 'if (excess <= 0) return 0;',
    planted: 'if (excess <= 1) return 0;',
    specs: pairingSpecs,
  },
  {
    name: 'pairing: far before near',
    file: `${pairing}/meet-on-tree.ts`,
    text: 'for (let v = parent.length - 1; v >= 0; v--) {\n    const half = meetAtNode(meeting, queues, v, largest);\n    if (half !== undefined) return half;',
    planted:
      'for (let v = parent.length - 1; v >= 0; v--) {\n    const half = v > 0 ? undefined : meetAtNode(meeting, queues, v, largest);\n    if (half !== undefined) return half;',
    specs: pairingSpecs,
  },
  {
    name: 'blocks: who loses counts as paradoxical',
    file: `${combinatorial}/paradox.ts`,
    text: 'return gain > 0;\n}\n\n/** Buying',
    planted: 'return true;\n}\n\n/** Buying',
    specs: combinatorialSpecs,
  },
  {
    name: 'blocks: of a group all count for the bound',
    file: `${combinatorial}/bound.ts`,
    text: 'Math.max(ofGroup.get(group) ?? 0, best[i]!)',
    planted: '(ofGroup.get(group) ?? 0) - best[i]!',
    specs: combinatorialSpecs,
  },
  {
    name: 'blocks: the lesser welfare wins',
    file: `${combinatorial}/acceptance.ts`,
    text: 'return a.welfare > b.welfare;',
    planted: 'return a.welfare < b.welfare;',
    specs: combinatorialSpecs,
  },
  {
    name: 'live: a cancelled order keeps its energy',
    file: `${uniform}/live-book.ts`,
    text: 'this.depth.add(this.limit[slot]!, -this.wh[slot]!);\n    this.limit[slot] = noLimit;',
    planted: 'this.limit[slot] = noLimit;',
    specs: [`${uniform}/live-book.spec.ts`],
  },
  {
    name: 'live: a stale handle is taken',
    file: `${uniform}/live-book.ts`,
    text: '=== generation ? slot : undefined',
    planted: '>= 0 ? slot : undefined',
    specs: [`${uniform}/live-book.spec.ts`],
  },
  {
    name: 'live: > for >= where demand meets supply',
    file: `${uniform}/depth.ts`,
    text: 'if (offeredWithWh >= wantedAboveWh) break;',
    planted: 'if (offeredWithWh > wantedAboveWh) break;',
    specs: [`${uniform}/live-book.spec.ts`],
  },
];
