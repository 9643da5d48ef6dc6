/**
 * The filter box: words and `key:value` tokens, separated by spaces; quotes keep spaces together.
 *
 * The text itself is the state (it stands in the address and goes to the API as it is); this reads it for the chips
 * and rewrites it when a chip is pressed.
 */
export interface Token {
  key: string;
  value: string;
  /** The token as it stands in the text. */
  raw: string;
}

export interface Filter {
  tokens: Token[];
  words: string[];
  /** Keys that the API does not know: shown to the person instead of silently matching nothing. */
  unknownKeys: string[];
}

export const KNOWN_KEYS = ['status', 'site', 'type'] as const;

const PART = /(?:[^\s"]|"[^"]*(?:"|$))+/g;
const TOKEN = /^([a-z]+):(.+)$/i;

export function parseFilter(text: string): Filter {
  const filter: Filter = { tokens: [], words: [], unknownKeys: [] };
  for (const [raw] of text.matchAll(PART)) {
    const match = TOKEN.exec(raw);
    const key = match?.[1]?.toLowerCase();
    const value = match?.[2] === undefined ? undefined : unquote(match[2]);
    if (key === undefined || value === undefined || value === '') {
      filter.words.push(unquote(raw));
    } else if (KNOWN_KEYS.some((known) => known === key)) {
      filter.tokens.push({ key, value, raw });
    } else {
      filter.unknownKeys.push(key);
    }
  }
  return filter;
}

/** The text with `key:value` as the only token of its key, or without it if it was there. */
export function toggleToken(text: string, key: string, value: string): string {
  const present = parseFilter(text).tokens.some((token) => token.key === key && token.value === value);
  const rest = [...text.matchAll(PART)].map(([raw]) => raw).filter((raw) => !isTokenOf(raw, key));
  return [...rest, ...(present ? [] : [`${key}:${quote(value)}`])].join(' ');
}

/** The text without one token. */
export function removeToken(text: string, raw: string): string {
  return [...text.matchAll(PART)]
    .map(([part]) => part)
    .filter((part) => part !== raw)
    .join(' ');
}

export function tokenValue(text: string, key: string): string | null {
  return parseFilter(text).tokens.find((token) => token.key === key)?.value ?? null;
}

const isTokenOf = (raw: string, key: string): boolean => TOKEN.exec(raw)?.[1]?.toLowerCase() === key;
const quote = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);
const unquote = (value: string): string => value.replaceAll('"', '');
