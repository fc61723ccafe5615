import { describe, expect, it } from '@jest/globals';
import { type SettledQuarter, statusSentence } from './status-sentence.js';

const quiet: SettledQuarter = {
  startsAt: '2026-06-21T11:00:00Z',
  importWh: '0',
  exportWh: '0',
  boughtWh: '0',
  soldWh: '0',
  priceMicroPerKwh: '194000',
  retailMicroPerKwh: '331000',
  feedInMicroPerKwh: '82000',
  savedNano: '0',
};
const say = (line?: SettledQuarter) => statusSentence(line, 15, 'Europe/Amsterdam');

describe('one sentence for one quarter', () => {
  const stories: [string, SettledQuarter | undefined, string][] = [
    ['before the first settlement', undefined, 'Nothing is settled for this home yet.'],
    [
      'sold',
      { ...quiet, exportWh: '650', soldWh: '400', savedNano: String(400 * 111_000) },
      '13:00–13:15: you sold 0.4 kWh to your neighbours at 19.4 ct, 11.1 ct more than your supplier pays.',
    ],
    [
      'bought',
      { ...quiet, importWh: '650', boughtWh: '650', savedNano: String(650 * 132_000) },
      '13:00–13:15: you bought 0.65 kWh from your neighbours at 19.4 ct, 13.2 ct less than your supplier charges.',
    ],
    [
      'bought and sold: the greater part is told',
      { ...quiet, importWh: '90', boughtWh: '90', exportWh: '300', soldWh: '300', savedNano: String(390 * 112_000) },
      '13:00–13:15: you sold 0.3 kWh to your neighbours at 19.4 ct, 11.2 ct more than your supplier pays.',
    ],
    [
      'sold without a gain: nothing is claimed',
      { ...quiet, exportWh: '400', soldWh: '400', feedInMicroPerKwh: '194000' },
      '13:00–13:15: you sold 0.4 kWh to your neighbours at 19.4 ct.',
    ],
    [
      'only the supplier delivered',
      { ...quiet, importWh: '210', priceMicroPerKwh: null },
      '13:00–13:15: your supplier delivered 0.21 kWh at 33.1 ct.',
    ],
    ['only the supplier took', { ...quiet, exportWh: '210' }, '13:00–13:15: your supplier took 0.21 kWh at 8.2 ct.'],
    ['nothing', quiet, '13:00–13:15: nothing passed your meter.'],
  ];

  it.each(stories)('%s', (_, line, sentence) => {
    expect(say(line)).toBe(sentence);
    expect(sentence.split(' ').length).toBeLessThanOrEqual(20);
  });
});
