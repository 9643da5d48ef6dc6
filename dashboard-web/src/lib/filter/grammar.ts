/**
 * The search box as chips: which `key:value` tokens a text has, and the text with one more or one less.
 *
 * The text itself is the state (it stands in the address and goes to the API as it is). The API reads it and says where it
 * makes no sense; here nothing is judged.
 */
export interface Token {
  key: string;
  value: string;
  /** The token as it stands in the text. */
  raw: string;
}

export interface Filter {
  /** `key:value`, each with one value and nothing excluded. */
  tokens: Token[];
  /** Everything else, as it stands in the text. */
  others: string[];
}

const PART = /(?:[^\s"]|"(?:\\.|[^"\\])*(?:"|$))+/g;
const TOKEN = /^([a-z]+):(?:([^\s",*]+)|"((?:\\.|[^"\\])+)")$/i;

export function parseFilter(text: string): Filter {
  const filter: Filter = { tokens: [], others: [] };
  for (const [raw] of text.matchAll(PART)) {
    const [, key, plain, quoted] = TOKEN.exec(raw) ?? [];
    const value = plain ?? quoted?.replace(/\\(["\\])/g, '$1');
    if (key === undefined || value === undefined) filter.others.push(raw);
    else filter.tokens.push({ key: key.toLowerCase(), value, raw });
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

const isTokenOf = (raw: string, key: string): boolean => raw.toLowerCase().startsWith(`${key}:`);
const quote = (value: string): string =>
  /[\s",*\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
