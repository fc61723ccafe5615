import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adminToken, TestHouse } from '../support/house.js';

const page = readFileSync('docs/own-community.md', 'utf8');
const script = /```js\n(\/\/ meter\.mjs[^]*?)```/.exec(readFileSync('README.md', 'utf8'))![1]!;

interface Step {
  readonly language: string;
  readonly text: string;
}
const steps = [...page.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language, text]): Step => ({
  language: language!,
  text: text!,
}));
/** The commands of the page that the meter of the README carries out. */
const meterWords = steps
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) =>
    [...text.matchAll(/^node (meter\.mjs[^#\n]*)/gm)].map(([, words]) => words!.trim().split(/ +/)),
  );

describe('docs/own-community.md', () => {
  let house: TestHouse;
  let folder: string;
  beforeAll(async () => {
    house = await TestHouse.open('2026-06-21T12:00:00Z');
    folder = mkdtempSync(join(tmpdir(), 'kwartier-meter-'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'meter.mjs'), script);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await house.close();
  });

  const meter = async (words: readonly string[]): Promise<string> => {
    const env = { ...process.env, MQTT_URL: house.mqttUrl };
    return (await promisify(execFile)(process.execPath, [...words], { cwd: folder, env })).stdout.trim();
  };

  it('leads from an empty house to the line that it promises', async () => {
    const [keys, readings] = [
      meterWords.filter(({ length }) => length === 4),
      meterWords.filter(({ length }) => length === 7),
    ];
    const publicKeys = await Promise.all(keys.map(meter));
    const withKeys = (text: string): string =>
      publicKeys.reduce((all, key, i) => all.replace(`PUBLIC-KEY-OF-METER-${i + 1}`, key), text);
    const answers: unknown[] = [];
    let anna = '';
    let last: any;
    for (const { text } of steps.filter(({ language }) => language === 'graphql')) {
      if (text.startsWith('query')) {
        await house.itIs('2026-06-21T12:15:00Z');
        for (const words of readings) answers.push(JSON.parse(await meter(words)));
        await house.settleDown();
      }
      last = await house.get(text.includes('AsAnna') ? anna : adminToken, withKeys(text));
      expect(JSON.stringify(last)).not.toContain('"code"');
      anna = last.anna?.token ?? anna;
      await house.settleDown();
    }
    const taken = expect.objectContaining({
      code: 'TAKEN',
      readings: [expect.objectContaining({ outcome: 'ACCEPTED' })],
    });
    expect(answers).toEqual([taken, taken]);
    expect(last.statementLines.edges).toEqual([
      {
        node: {
          run: 1,
          importWh: '500',
          boughtWh: '400',
          priceMicroPerKwh: '165500',
          localPaidNano: '66200000',
          feesNano: '2000000',
          supplierPaidNano: '32000000',
          savedNano: '59800000',
          quality: 'MEASURED',
        },
      },
    ]);
    expect(page).toContain('0.1655');
    expect(page).toContain('saved 0.0598 EUR');
  });
});
