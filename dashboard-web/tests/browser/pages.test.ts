import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MockServer, startMockServer } from '../mock/server.ts';
import { complaintsOf, launch, signedIn, type Theme } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let mock: MockServer;
let browser: Browser;
let context: BrowserContext | null = null;

beforeAll(async () => {
  mock = await startMockServer();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await mock.close();
});
beforeEach(() => {
  mock.scenario = 'busy';
  mock.streamDown = false;
});
afterEach(async () => {
  await context?.close();
  context = null;
});

async function open(
  path: string,
  theme: Theme = 'dark',
  width = 1440,
): Promise<{ page: Page; complaints: string[] }> {
  context = await signedIn(browser, mock.url, theme, width);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(mock.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, complaints };
}

/** Injected through the debugger, which the policy does not bind: the page itself still runs under it. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (
      window as unknown as { axe: { run: (options: unknown) => Promise<{ violations: AxeViolation[] }> } }
    ).axe;
    interface AxeViolation {
      id: string;
      nodes: { target: string[]; failureSummary: string }[];
    }
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(
      (each) =>
        `${each.id}: ${each.nodes
          .map((node) => node.target.join(' '))
          .slice(0, 3)
          .join(' | ')}`,
    );
  });
}

const PAGES: [name: string, path: string, ready: string][] = [
  ['overview', '/', 'Needs attention'],
  ['devices', '/devices', 'air-quality-001'],
  ['device', '/devices/boiler-001', 'every sample'],
  ['alerts', '/alerts', 'Open alerts'],
  ['alert', '/alerts?alert=a-boiler-001-critical', 'What happened'],
  ['rules', '/rules', 'Overheat'],
  ['rule', '/rules/0b6ed9a0-0000-4000-8000-000000000001', 'Who acts'],
  ['system', '/system', 'Quarantine'],
  ['not found', '/nowhere', 'There is no page'],
];

describe.each([
  ['dark', 1440],
  ['light', 1440],
  ['dark', 390],
  ['light', 390],
] as const)('%s, %i px', (theme, width) => {
  it.each(PAGES)(
    'givenPage_%s_whenOpened_thenItIsAccessibleFitsAndObeysThePolicy',
    async (_name, path, ready) => {
      const { page, complaints } = await open(path, theme, width);
      await page.getByText(ready).first().waitFor();

      const tooWide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(await violationsOf(page)).toEqual([]);
      expect(tooWide).toBe(0);
      expect(complaints).toEqual([]);
    },
  );
});

describe('journeys', () => {
  it('givenKeyboardOnly_whenDeviceIsLookedFor_thenItIsFoundAndOpened', async () => {
    const { page } = await open('/devices');
    await page.getByText('air-quality-001').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('boiler-003');
    await page.waitForURL(/q=boiler-003/);
    const link = page.getByRole('link', { name: 'boiler-003' });
    await link.waitFor();
    await link.focus();
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/devices\/boiler-003/);
    await page.getByRole('heading', { level: 1, name: /boiler-003/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });

  it('givenThousandsOfPixels_whenScrolled_thenTheNextPageIsFetched', async () => {
    const { page } = await open('/devices');
    await page.getByText('air-quality-001').waitFor();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));

    await expect.poll(() => mock.requests.some((request) => request.includes('cursor=100'))).toBe(true);
    expect(await page.getByRole('row').count()).toBeLessThan(80);
  });

  it('givenOpenAlert_whenAcknowledged_thenItSaysSoAndTheLinkCarriesIt', async () => {
    const { page } = await open('/alerts?ack=no&group=none');
    await page.getByRole('listitem').getByRole('button').first().click();
    await page.getByLabel('Comment (optional)').fill('On my way');
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await page.getByText('On my way').waitFor();

    expect(page.url()).toMatch(/alert=a-/);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toMatch(/alert=a-/);
  });

  it('givenChart_whenDragged_thenTheWindowIsFixedAndInTheAddress', async () => {
    const { page } = await open('/devices/boiler-001');
    const chart = page.getByRole('group', { name: /temperature of boiler-001/ });
    await chart.locator('canvas').waitFor();
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no box');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 80, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    await page.getByRole('button', { name: 'Back to live' }).click();

    await expect.poll(() => page.url()).not.toMatch(/from=/);
  });

  it('givenArrowKeys_whenTheChartHasFocus_thenTheReadOutFollows', async () => {
    const { page } = await open('/devices/boiler-001');
    const chart = page.getByRole('group', { name: /temperature of boiler-001/ });
    await chart.locator('canvas').waitFor();
    await chart.focus();
    await page.keyboard.press('Home');

    await page.getByText('At', { exact: true }).first().waitFor();
  });

  it('givenQuarantine_whenAllIsReplayed_thenThePreviewAndTheProgressAreAccessibleAndItComesToItsEnd', async () => {
    const { page } = await open('/system');
    await page.getByRole('button', { name: 'Replay all…' }).click();
    const section = page.getByRole('region', { name: 'Replay of all that match' });
    await section.getByText('1,234 messages would be taken again.').waitFor();
    expect(await violationsOf(page)).toEqual([]);

    await section.getByRole('button', { name: 'Replay 1,234 messages' }).click();
    await section.getByText('Done.').waitFor();

    expect(await section.getByRole('status').textContent()).toContain('1,234 messages taken again');
    expect(await violationsOf(page)).toEqual([]);
    expect(mock.requests.filter((request) => request.includes('replayMatching')).length).toBe(3);
  });

  it('givenLostStream_whenLongerThanAHiccup_thenEveryPanelSaysUpToWhenItIsTrue', async () => {
    const { page } = await open('/');
    await page.getByRole('button', { name: /Live/ }).waitFor();
    mock.streamDown = true;
    await page.getByRole('button', { name: /Offline: data to \d\d:\d\d:\d\d/ }).waitFor({ timeout: 20_000 });
    expect(await page.getByText(/^Data to \d\d:\d\d:\d\d$/).count()).toBeGreaterThan(1);

    await page.getByRole('button', { name: /Offline/ }).click();
    const tryNow = page.getByRole('button', { name: 'Try now' });
    await tryNow.waitFor();
    // Only now: a retry by itself before the click would take the button away.
    mock.streamDown = false;
    await tryNow.click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Live/ }).waitFor({ timeout: 20_000 });
    expect(await page.getByText(/^Data to/).count()).toBe(0);
  });

  it('givenThemeChosen_whenLoadedAgain_thenItStays', async () => {
    const { page } = await open('/', 'dark');
    await page.getByRole('button', { name: /Account/ }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await page.reload();

    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
  });

  it('givenNobodySignedIn_whenOpened_thenItSaysSoAndIsAccessible', async () => {
    context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(mock.url);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();

    expect(await violationsOf(page)).toEqual([]);
  });
});
