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

const OR = /^or$/i;
const TOKEN = /^([a-z]+):(?:([^\s",*]+)|"((?:\\.|[^"\\])+)")$/i;

export function parseFilter(text: string): Filter {
  const filter: Filter = { tokens: [], others: [] };
  for (const raw of partsOf(text)) {
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
  const rest = partsOf(text).filter((raw) => !isTokenOf(raw, key));
  return [...rest, ...(present ? [] : [`${key}:${quote(value)}`])].join(' ');
}

/** The text without one token. */
export function removeToken(text: string, raw: string): string {
  return partsOf(text)
    .filter((part) => part !== raw)
    .join(' ');
}

export function tokenValue(text: string, key: string): string | null {
  return parseFilter(text).tokens.find((token) => token.key === key)?.value ?? null;
}

/** What must all hold: words, tokens and parentheses; alternatives that stand without parentheses are put into some. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const end = endOfPart(text, at);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts.some((part) => OR.test(part)) ? [`(${text.trim()})`] : parts;
}

/** Where a part ends: at the next space outside of quotes and parentheses. */
function endOfPart(text: string, start: number): number {
  let depth = 0;
  let opens = true;
  let at = start;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (depth === 0) break;
      opens = true;
    } else if (char === '"') {
      while (++at < text.length && text.charAt(at) !== '"') if (text.charAt(at) === '\\') at++;
      opens = false;
    } else if (char === '(' && opens) {
      depth++;
    } else if (char === ')' && depth > 0) {
      depth--;
      opens = false;
    } else if (char !== '-') {
      opens = false;
    }
  }
  return Math.min(at, text.length);
}

const isTokenOf = (raw: string, key: string): boolean => raw.toLowerCase().startsWith(`${key}:`);
const quote = (value: string): string =>
  /[\s",*\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
