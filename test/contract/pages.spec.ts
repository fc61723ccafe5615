import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);
const textOf = (page: string): string => readFileSync(page, 'utf8').replace(/```[^]*?```/g, '');

/** As the common hosts make them: lower case, no punctuation, dashes for spaces. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the pages', () => {
  it.each(pages)('%s leads to what exists', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path, anchor]) => {
      const target = path ? join(dirname(page), path) : page;
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('have a page for each room, and a number for each decision', () => {
    const rooms = execFileSync('git', ['ls-files', 'libs/*/src/index.ts'], { encoding: 'utf8' }).trim().split('\n');
    expect(rooms.filter((door) => !existsSync(join(dirname(dirname(door)), 'README.md')))).toEqual([]);
    const numbers = pages.flatMap((page) => /^docs\/decisions\/(\d{4})-/.exec(page)?.[1] ?? []);
    expect(numbers.map(Number)).toEqual(numbers.map((_, i) => i + 1));
  });

  it.each(['README.md', 'docs/own-community.md'])('%s asks what the schema answers', (page) => {
    const schema = buildSchema(readFileSync('test/contract/schema.graphql', 'utf8'));
    const text = readFileSync(page, 'utf8');
    const blocks = [...text.matchAll(/```graphql\n([^]*?)```/g)].map(([, question]) => question!);
    const curls = [...text.matchAll(/-d '(\{"query".*\})'/g)].map(
      ([, body]) => (JSON.parse(body!) as { query: string }).query,
    );
    const questions = [...blocks, ...curls];
    expect(questions.length).toBeGreaterThan(1);
    expect(questions.flatMap((question) => validate(schema, parse(question)).map(({ message }) => message))).toEqual(
      [],
    );
  });
});
