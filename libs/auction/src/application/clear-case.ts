import { type Checked, taken } from '../domain/refusal.js';
import type { AuctionCase } from './auction-case.js';
import type { CaseResult } from './case-result.js';
import { clearNamedCase, clearReductionCase, clearUnitDemandCase } from './clear-mechanism-case.js';
import { clearBlockCase } from './clear-block-case.js';
import { clearNodalCase } from './clear-nodal-case.js';
import { clearProRataCase } from './clear-pro-rata-case.js';
import { clearUniformCase } from './clear-uniform-case.js';
import { differences, unexpectedFills } from './differences.js';
import type { MechanismName } from './mechanism-names.js';
import { nodalClaimFlaws } from './nodal-claim.js';
import { readCase } from './read-case.js';

export interface ClearedCase {
  readonly mechanism: MechanismName;
  readonly result: CaseResult;
  /** What differs from the case's `expect`, one line each; undefined where the case expects nothing. */
  readonly differences: readonly string[] | undefined;
}

/** Clears a case that came from outside with the mechanism it names, and compares where it says what must come out. */
export function clearCase(value: unknown): Checked<ClearedCase> {
  const read = readCase(value);
  if (!read.ok) return read;
  const auctionCase = read.value;
  const cleared = clear(auctionCase);
  if (!cleared.ok) return cleared;
  const { mechanism, expect } = auctionCase;
  const result = cleared.value;
  return taken({ mechanism, result, differences: expect && compareWith(expect, auctionCase, result) });
}

function clear(auctionCase: AuctionCase): Checked<CaseResult> {
  switch (auctionCase.mechanism) {
    case 'uniform':
      return taken(clearUniformCase(auctionCase));
    case 'nodal':
      return clearNodalCase(auctionCase);
    case 'block':
      return clearBlockCase(auctionCase);
    case 'unit-demand truthful':
      return clearUnitDemandCase(auctionCase);
    case 'multi-unit reduction':
      return clearReductionCase(auctionCase);
    case 'pro-rata':
      return taken(clearProRataCase(auctionCase));
    case 'pay-as-bid':
    case 'mid-market':
    case 'mcafee':
    case 'trade-reduction':
    case 'sbba':
    case 'muda-lottery':
    case 'muda-vickrey':
    case 'vcg':
    case 'shared-gain':
      return clearNamedCase(auctionCase);
  }
}

function compareWith(
  expect: Readonly<Record<string, unknown>>,
  auctionCase: AuctionCase,
  result: CaseResult,
): string[] {
  if (auctionCase.mechanism === 'nodal') return compareNodal(expect, auctionCase, result);
  // Of a block case only some fills are told.
  const more = auctionCase.mechanism === 'block' ? [] : unexpectedFills(expect['fills'], result['fills']);
  return [...differences(expect, result), ...more];
}

/** Nodal prices and the fills of a tie are not unique, so that only their worth is held against the expectation. */
function compareNodal(
  { prices, fills, flows, highsObjective, ...told }: Readonly<Record<string, unknown>>,
  auctionCase: AuctionCase,
  result: CaseResult,
): string[] {
  const welfare = highsObjective === undefined ? told : { ...told, highsObjective };
  return [
    ...differences(welfare, { ...result, highsObjective: result['welfare']! }),
    ...nodalClaimFlaws(auctionCase, { prices, fills, flows }, BigInt(result['welfare'] as number | string)),
  ];
}
