import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, widthOf } from '../support/browser.js';
import { newHome, Product, removeHome, until } from '../support/product.js';

const widths = [
  ['a desktop', { width: 1280, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const;

describe('the page in a real browser', () => {
  const homes: string[] = [];
  const products: Product[] = [];
  let browser: Browser;
  const start = async (words: string[], env = {}): Promise<Product> => {
    homes.push(await newHome());
    products.push(new Product({ home: homes.at(-1)!, words, env }));
    return products.at(-1)!;
  };
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const product of products) await product.killEverything();
    for (const home of homes) await removeHome(home);
  });

  describe('of the demo street', () => {
    let product: Product;
    beforeAll(async () => {
      product = await start(['--speed', '600'], { KWARTIER_DEMO_DAYS: '7', KWARTIER_DEMO_HOURS: '8' });
      await product.says(/now at 600×/);
    });

    it.each(widths)('on %s lives by itself, without a complaint', async (name, viewport) => {
      const { page, complaints } = await openPage(browser, await product.url(), viewport);
      await page.evaluate('window.stays = true');
      const figures = {
        'the hour of the price': '.now-price h3',
        'the price now or next': '.now-price .figure, .now-facts dd:first-of-type',
        'the money of a home': '.bill',
        'the load of the transformer': '.transformer .figure strong',
      };
      for (const [what, selector] of Object.entries(figures)) {
        const read = async () => (await page.locator(selector).allInnerTexts()).join(' ');
        const before = await until(`${what} is shown`, async () => /\d/.exec(await read()) && read());
        await until(`${what} changes from ${before}`, async () => (await read()) !== before);
      }
      expect(await page.evaluate('window.stays')).toBe(true);
      await picture(page, name);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('keeps its mark, and its buttons set the clock of the market', async () => {
      const { page } = await openPage(browser, await product.url(), widths[0][1]);
      for (const speed of [60, 1, 600]) {
        await page.getByRole('button', { name: `${speed}×`, exact: true }).click();
        await page.getByText(`Demo · ${speed}×`).waitFor();
        await page.getByRole('button', { name: `${speed}×`, exact: true, pressed: true }).waitFor();
        expect((await product.ask('demo', '{ clock { speed } }')).clock.speed).toBe(speed);
      }
      await page.context().close();
    });

    it('lets one look at every home, and at nothing that is none', async () => {
      const { page } = await openPage(browser, await product.url(), widths[0][1]);
      const picker = page.getByLabel('Seen as');
      await picker.waitFor();
      const options = await picker.locator('option').all();
      const ids = await Promise.all(options.map(async (option) => option.getAttribute('value')));
      const { points } = await product.ask(
        'demo',
        '{ points(zoneId: "sonnenweg", first: 100) { edges { node { id kind } } } }',
      );
      const connections = points.edges.map(({ node }: any) => node).filter(({ kind }: any) => kind === 'CONNECTION');
      expect(ids).toEqual(connections.map(({ id }: any) => id));
      expect(ids.length).toBeLessThan(points.edges.length);

      const bill = async () => page.locator('.bill').innerText();
      const first = await bill();
      await picker.selectOption(ids.at(-1)!);
      await until('the other home has its own bill', async () => (await bill().catch(() => first)) !== first);
      await page.context().close();
    });

    // From here on it stands nearly still, because whoever looks at everything needs a moment.
    it.each([...widths, ['a small phone', { width: 320, height: 600 }]] as const)(
      'on %s keeps within the screen and hides nothing from anyone',
      async (_, viewport) => {
        await product.ask('demo', 'mutation { setDemoSpeed(speed: 1) { speed } }');
        const { page } = await openPage(browser, await product.url(), viewport);
        await page.locator('.transformer .figure strong').waitFor();
        await page.locator('.home .twin summary').click();
        expect(await barriers(page)).toEqual([]);
        expect(await widthOf(page)).toBeLessThanOrEqual(viewport.width);
        await page.context().close();
      },
    );

    it('shows the dark of a dark system with as much contrast', async () => {
      const { page } = await openPage(browser, await product.url(), widths[0][1]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('.transformer .figure strong').waitFor();
      await picture(page, 'dark');
      expect(await barriers(page)).toEqual([]);
      await page.context().close();
    });
  });

  describe('of an empty house in real time', () => {
    it.each(widths)('on %s asks for a token, and says what comes next', async (name, viewport) => {
      const product = products[1] ?? (await start(['--real']));
      await product.says(/Stop/);
      const token = readFileSync(join(product.home, 'admin-token'), 'utf8').trim();
      const { page, complaints } = await openPage(browser, await product.url(), viewport);
      const enter = async (words: string) => {
        await page.getByLabel('Paste your access token').fill(words);
        await page.getByRole('button', { name: 'Open' }).click();
      };
      await enter('not-a-token');
      await page.getByRole('heading', { name: 'This token does not open the market' }).waitFor();
      await page.getByRole('button', { name: 'Use another token' }).click();
      await enter(token);
      await page.getByRole('heading', { name: 'No community yet' }).waitFor();
      expect(await page.locator('.demo-mark').count()).toBe(0);
      expect(await barriers(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(viewport.width);
      await picture(page, `empty, ${name}`);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });
});

/** What keeps somebody from using the page, as far as a program can tell. */
async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['KWARTIER_SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
