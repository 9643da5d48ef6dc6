import type { User, UserManager } from 'oidc-client-ts';
import { ApiProblem } from '@/lib/api/problem';

export type SessionState =
  | { kind: 'starting' }
  | { kind: 'signed-in' }
  | { kind: 'redirecting' }
  /** `reason` is for people: why the session ended or could not begin. */
  | { kind: 'signed-out'; reason: string | null };

/** Renew this long before the end, so that a request under way does not outlive its token. */
const RENEW_BEFORE_SECONDS = 20;
/** A second forced sign-in within this time means that a new token does not help: stop instead of looping. */
const LOOP_GUARD_MS = 15_000;
const REMEMBERED = 'heliograph.signedIn';
const LAST_REDIRECT = 'heliograph.lastRedirect';

/** The part of oidc-client-ts that is used; a test gives a fake. */
export type Oidc = Pick<
  UserManager,
  'getUser' | 'signinRedirect' | 'signinRedirectCallback' | 'signinSilent' | 'signoutRedirect' | 'removeUser'
>;

export interface Browser {
  here(): string;
  replace(path: string): void;
  now(): number;
  session: Storage;
  local: Storage;
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export const realBrowser = (): Browser => ({
  here: () => location.pathname + location.search + location.hash,
  replace: (path) => history.replaceState(null, '', path),
  now: Date.now,
  session: sessionStorage,
  local: localStorage,
  lock: (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work()),
});

/**
 * Who is signed in, by code + PKCE.
 *
 * With a refresh token a renewal is silent, under a lock so that two tabs do not use the same refresh token twice.
 * Without one the page goes to the provider and comes back to the same address: the provider's own session answers
 * at once. A form with unsaved input holds that redirect back until it is saved or left.
 */
export class Session {
  #state: SessionState = { kind: 'starting' };
  #holds = 0;
  #renewal: Promise<string> | null = null;
  readonly #oidc: Oidc;
  readonly #browser: Browser;
  readonly #listeners = new Set<() => void>();

  constructor(oidc: Oidc, browser: Browser = realBrowser()) {
    this.#oidc = oidc;
    this.#browser = browser;
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): SessionState => this.#state;

  /** Called once at page load, on the callback address as well as on any other. */
  async start(): Promise<void> {
    if (this.#browser.here().startsWith('/auth-callback')) return this.#finishSignIn();
    const user = await this.#oidc.getUser();
    if (user && !expires(user, 0)) return this.#set({ kind: 'signed-in' });
    if (user?.refresh_token || this.#browser.local.getItem(REMEMBERED)) {
      await this.#renew().catch(() => undefined); // the state tells what came of it
      return;
    }
    this.#set({ kind: 'signed-out', reason: null });
  }

  /** The bearer token for one attempt. Never resolves when the page is about to leave for the provider. */
  token = async (refused = false): Promise<string> => {
    const user = await this.#oidc.getUser();
    if (user && !refused && !expires(user, RENEW_BEFORE_SECONDS)) return user.access_token;
    this.#renewal ??= this.#renew(refused ? user?.access_token : undefined).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  };

  /** Goes to the provider's sign-in page. */
  async signIn(): Promise<void> {
    this.#set({ kind: 'redirecting' });
    this.#browser.session.setItem(LAST_REDIRECT, String(this.#browser.now()));
    try {
      await this.#oidc.signinRedirect({ state: { returnTo: this.#browser.here() } });
    } catch (error) {
      this.#set({
        kind: 'signed-out',
        reason: `The identity provider cannot be reached (${messageOf(error)}).`,
      });
    }
  }

  async signOut(): Promise<void> {
    this.#browser.local.removeItem(REMEMBERED);
    this.#set({ kind: 'redirecting' });
    try {
      await this.#oidc.signoutRedirect();
    } catch {
      // A provider without an end-session address: the local session still ends.
      await this.#oidc.removeUser();
      this.#set({ kind: 'signed-out', reason: 'You are signed out of this dashboard.' });
    }
  }

  /** Keeps the page from leaving for a renewal; returns the release. */
  hold(): () => void {
    this.#holds++;
    let released = false;
    return () => {
      if (!released) this.#holds--;
      released = true;
    };
  }

  async #finishSignIn(): Promise<void> {
    try {
      const user = await this.#oidc.signinRedirectCallback();
      const { returnTo } = (user.state ?? {}) as { returnTo?: unknown };
      this.#browser.local.setItem(REMEMBERED, '1');
      this.#browser.replace(safePath(returnTo));
      this.#set({ kind: 'signed-in' });
    } catch (error) {
      this.#browser.local.removeItem(REMEMBERED);
      this.#browser.replace('/');
      this.#set({ kind: 'signed-out', reason: `Sign-in did not finish: ${messageOf(error)}.` });
    }
  }

  async #renew(refusedToken?: string): Promise<string> {
    const user = await this.#oidc.getUser();
    if (user?.refresh_token) {
      const fresh = await this.#browser
        .lock('heliograph.renew', () => this.#refresh(refusedToken))
        .catch(() => null);
      if (fresh) {
        this.#set({ kind: 'signed-in' });
        return fresh.access_token;
      }
    }
    return this.#reSignIn();
  }

  /** Another tab may have renewed while this one waited for the lock. */
  async #refresh(refusedToken?: string): Promise<User | null> {
    const current = await this.#oidc.getUser();
    if (current && current.access_token !== refusedToken && !expires(current, RENEW_BEFORE_SECONDS))
      return current;
    return this.#oidc.signinSilent();
  }

  async #reSignIn(): Promise<string> {
    const last = Number(this.#browser.session.getItem(LAST_REDIRECT) ?? 0);
    const looping = this.#browser.now() - last < LOOP_GUARD_MS;
    if (looping || this.#holds > 0) {
      const reason = looping
        ? 'The server refused a sign-in that is only seconds old. Its clock or its configuration may be wrong.'
        : 'Your sign-in has ended. Save elsewhere what you were typing, then sign in again.';
      if (looping) this.#set({ kind: 'signed-out', reason });
      throw new ApiProblem({ status: 401, title: 'Signed out', detail: reason });
    }
    await this.signIn();
    if (this.#state.kind === 'signed-out') throw new ApiProblem({ status: 401, title: 'Signed out' });
    return new Promise(() => undefined);
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function expires(user: User, withinSeconds: number): boolean {
  return user.expires_in !== undefined && user.expires_in <= withinSeconds;
}

/** Only a path of this site: a state that names another origin must not become an open redirect. */
function safePath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || value.startsWith('/auth-callback'))
    return '/';
  return value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
