import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';

const folder = join(import.meta.dirname, '../../apps/web/src/api');

/** Everything that a file of the page exports, with subscriptions made for some zone or point. */
async function textsIn(file: string): Promise<[name: string, text: string][]> {
  const exported = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>;
  return Object.entries(exported).map(([name, value]) => {
    const asked = (typeof value === 'function' ? value('any') : value) as { readonly text: string };
    return [`${file}: ${name}`, asked.text];
  });
}

it('the house understands every question of its page', async () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, 'schema.graphql'), 'utf8'));
  const texts = (await Promise.all(readdirSync(folder).map(textsIn))).flat();
  expect(texts.length).toBeGreaterThanOrEqual(12);
  const problems = texts.flatMap(([name, text]) =>
    validate(schema, parse(text)).map(({ message }) => `${name}: ${message}`),
  );
  expect(problems).toEqual([]);
});
