// Pictures of every page for people to look at: `npm run screenshots`, then see test-results/screenshots.
import { mkdirSync } from 'node:fs';
import { complaintsOf, launch, signedIn } from './browser/browser.ts';
import { startMockServer } from './mock/server.ts';

const only = process.argv[2];
const out = 'test-results/screenshots';
mkdirSync(out, { recursive: true });
const mock = await startMockServer();
const browser = await launch();
const pages: {
  name: string;
  path: string;
  scenario?: 'busy' | 'calm' | 'empty' | 'broken';
  wait?: number;
  after?: string;
  /** What is pressed before the picture is taken. */
  press?: string;
}[] = [
  { name: 'overview', path: '/', wait: 2500 },
  { name: 'overview-empty', path: '/', scenario: 'empty' },
  { name: 'overview-broken', path: '/', scenario: 'broken', wait: 4000 },
  { name: 'devices', path: '/devices' },
  { name: 'devices-search', path: '/devices?q=boiler+temp>30+-fw:2.3&sort=name', press: 'How to search' },
  { name: 'devices-wrong', path: '/devices?q=site:lyon+colour:red+-fw:2.3' },
  { name: 'device', path: '/devices/boiler-001', wait: 3500 },
  { name: 'device-24h', path: '/devices/boiler-001?range=24h&table=humidity', wait: 2500 },
  { name: 'alerts', path: '/alerts' },
  { name: 'alert', path: '/alerts?alert=a-boiler-001-critical' },
  { name: 'rules', path: '/rules' },
  { name: 'rule', path: '/rules/0b6ed9a0-0000-4000-8000-000000000001' },
  { name: 'system', path: '/system' },
  { name: 'system-replay-all', path: '/system', press: 'Replay all…' },
  { name: 'system-calm', path: '/system', scenario: 'calm' },
  { name: 'system-empty', path: '/system', scenario: 'empty' },
  { name: 'not-found', path: '/nowhere' },
];
for (const theme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    for (const { name, path, scenario = 'busy', wait = 1200, press } of pages) {
      if (only && only !== name) continue;
      mock.scenario = scenario;
      const context = await signedIn(browser, mock.url, theme, width);
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(mock.url + path);
      await page.waitForTimeout(wait);
      if (press) {
        await page.getByText(press).click();
        await page.waitForTimeout(300);
      }
      await page.screenshot({
        path: `${out}/${name}-${theme}-${width}.png`,
        fullPage: !name.startsWith('devices'),
      });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wide > 0) console.log(`${name} ${theme} ${width}: ${wide} px too wide`);
      for (const complaint of complaints) console.log(`${name} ${theme} ${width}: ${complaint}`);
      await context.close();
    }
  }
}
await browser.close();
await mock.close();
