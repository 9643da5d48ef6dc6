import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export type Theme = 'dark' | 'light';

/** The browser of the machine; `CHROMIUM` names another one. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A context in which somebody is signed in; the token is made up, as the platform is. */
export async function signedIn(
  browser: Browser,
  url: string,
  theme: Theme,
  width: number,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height: width < 720 ? 844 : 900 },
    colorScheme: theme,
    locale: 'en-US',
    timezoneId: 'Europe/Paris',
    bypassCSP: false,
  });
  const user = {
    access_token: 'made-up',
    token_type: 'Bearer',
    scope: 'openid profile',
    profile: { sub: 'u1' },
    expires_at: Math.floor(Date.now() / 1000) + 3600,
  };
  await context.addInitScript(
    ([key, value]) => sessionStorage.setItem(key as string, value as string),
    [`oidc.user:${url}/auth:heliograph-dashboard`, JSON.stringify(user)],
  );
  return context;
}

/** Everything the page complained about: script errors, refused requests by policy, console errors. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}
