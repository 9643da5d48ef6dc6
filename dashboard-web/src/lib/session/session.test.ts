import type { User } from 'oidc-client-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Browser, type Oidc, Session } from './session';

const user = (parts: Partial<User>): User =>
  ({ access_token: 'first', expires_in: 300, profile: {}, ...parts }) as unknown as User;

class FakeOidc implements Oidc {
  current: User | null = null;
  renewed: User | null = null;
  redirects: unknown[] = [];
  callbackState: unknown = undefined;
  failing = false;

  getUser = async () => this.current;
  removeUser = async () => {
    this.current = null;
  };
  signinSilent = async () => {
    this.current = this.renewed;
    return this.renewed;
  };
  signinRedirect = async (args?: unknown) => {
    if (this.failing) throw new Error('no network');
    this.redirects.push(args);
  };
  signinRedirectCallback = async () => {
    if (this.failing) throw new Error('login_required');
    return user({ state: this.callbackState });
  };
  signoutRedirect = async () => {
    throw new Error('no end_session_endpoint');
  };
}

class FakeBrowser implements Browser {
  path = '/devices?q=boiler';
  time = 1_000_000;
  session = new FakeStorage() as unknown as Storage;
  local = new FakeStorage() as unknown as Storage;
  here = () => this.path;
  replace = (path: string) => {
    this.path = path;
  };
  now = () => this.time;
  lock = <T>(_name: string, work: () => Promise<T>) => work();
}

class FakeStorage {
  #map = new Map<string, string>();
  getItem = (key: string) => this.#map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#map.set(key, value);
  removeItem = (key: string) => void this.#map.delete(key);
}

let oidc: FakeOidc;
let browser: FakeBrowser;
let session: Session;

beforeEach(() => {
  oidc = new FakeOidc();
  browser = new FakeBrowser();
  session = new Session(oidc, browser);
});

const flush = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('Session', () => {
  it('givenNobody_whenStarted_thenSignedOutWithoutARedirect', async () => {
    await session.start();

    expect(session.state).toEqual({ kind: 'signed-out', reason: null });
    expect(oidc.redirects).toEqual([]);
  });

  it('givenValidToken_whenAsked_thenItIsGiven', async () => {
    oidc.current = user({});
    await session.start();

    expect(session.state.kind).toBe('signed-in');
    await expect(session.token()).resolves.toBe('first');
  });

  it('givenRefreshToken_whenTheTokenEnds_thenItIsRenewedSilently', async () => {
    oidc.current = user({ expires_in: 5, refresh_token: 'r' });
    oidc.renewed = user({ access_token: 'second' });

    await expect(session.token()).resolves.toBe('second');
    expect(oidc.redirects).toEqual([]);
  });

  it('givenNoRefreshToken_whenTheTokenEnds_thenThePageGoesToTheProviderAndComesBackHere', async () => {
    oidc.current = user({ expires_in: 0 });
    void session.token();
    await flush();

    expect(oidc.redirects).toEqual([{ state: { returnTo: '/devices?q=boiler' } }]);
    expect(session.state.kind).toBe('redirecting');
  });

  it('givenManyRequests_whenTheTokenEnds_thenOnlyOneRedirectHappens', async () => {
    oidc.current = user({ expires_in: 0 });
    for (let i = 0; i < 5; i++) void session.token();
    await flush();

    expect(oidc.redirects).toHaveLength(1);
  });

  it('givenFreshSignIn_whenItsTokenIsRefused_thenItStopsInsteadOfLooping', async () => {
    oidc.current = user({ expires_in: 0 });
    void session.token();
    await flush();
    browser.time += 2000;
    session = new Session(oidc, browser); // the page that came back

    await expect(session.token(true)).rejects.toMatchObject({ status: 401 });
    expect(session.state.kind).toBe('signed-out');
    expect(oidc.redirects).toHaveLength(1);
  });

  it('givenUnsavedForm_whenTheTokenEnds_thenThePageStays', async () => {
    oidc.current = user({ expires_in: 0 });
    const release = session.hold();

    await expect(session.token()).rejects.toMatchObject({ status: 401 });
    expect(oidc.redirects).toEqual([]);
    release();
    void session.token();
    await flush();
    expect(oidc.redirects).toHaveLength(1);
  });

  it('givenCallback_whenFinished_thenTheAddressFromBeforeIsBack', async () => {
    browser.path = '/auth-callback?code=1';
    oidc.callbackState = { returnTo: '/alerts?severity=critical' };
    await session.start();

    expect(browser.path).toBe('/alerts?severity=critical');
    expect(session.state.kind).toBe('signed-in');
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/auth-callback?code=2',
    7,
    undefined,
  ])('givenReturnTo_%s_whenFinished_thenItIsNotFollowed', async (returnTo) => {
    browser.path = '/auth-callback?code=1';
    oidc.callbackState = { returnTo };
    await session.start();

    expect(browser.path).toBe('/');
  });

  it('givenFailedCallback_whenFinished_thenTheReasonIsTold', async () => {
    browser.path = '/auth-callback?error=login_required';
    oidc.failing = true;
    await session.start();

    expect(session.state).toEqual({ kind: 'signed-out', reason: 'Sign-in did not finish: login_required.' });
  });

  it('givenProviderWithoutEndSession_whenSignedOut_thenTheTokenIsGoneAllTheSame', async () => {
    oidc.current = user({});
    await session.signOut();

    expect(oidc.current).toBeNull();
    expect(session.state.kind).toBe('signed-out');
  });
});
