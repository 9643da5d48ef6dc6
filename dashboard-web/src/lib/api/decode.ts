/**
 * Small decoders: bytes from the network become domain types once, at this door.
 *
 * They are strict about what a page cannot do without (ids, states) and tolerant about the rest: a missing field is
 * `null` or empty, an unknown field is dropped, an unknown word of a closed set falls back to a named value.
 */
export type Decoder<T> = (value: unknown, path: string) => T;

export class DecodeError extends Error {
  constructor(path: string, wanted: string, got: unknown) {
    const seen = got === null ? 'null' : Array.isArray(got) ? 'an array' : typeof got;
    super(`${path || 'answer'}: expected ${wanted}, got ${seen}`);
    this.name = 'DecodeError';
  }
}

export const str: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new DecodeError(path, 'text', value);
  return value;
};

export const num: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(path, 'a number', value);
  return value;
};

export const bool: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'true or false', value);
  return value;
};

/** `null` where the field is missing or null. */
export const optional =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (value, path) =>
    value === null || value === undefined ? null : inner(value, path);

/** `fallback` where the field is missing or null. */
export const withDefault =
  <T>(inner: Decoder<T>, fallback: T): Decoder<T> =>
  (value, path) =>
    value === null || value === undefined ? fallback : inner(value, path);

/** A missing list is an empty list. */
export const list =
  <T>(inner: Decoder<T>): Decoder<T[]> =>
  (value, path) => {
    if (value === null || value === undefined) return [];
    if (!Array.isArray(value)) throw new DecodeError(path, 'a list', value);
    return value.map((item, index) => inner(item, `${path}[${index}]`));
  };

/**
 * One of a closed set of words; `fallback` for a word this version does not know. The set is an object, so that a word
 * which the description gains does not compile until it is known here.
 */
export const word =
  <T extends string>(words: Record<T, true>, fallback: T): Decoder<T> =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(words, value) ? (value as T) : fallback;

export const textMap: Decoder<Record<string, string>> = (value, path) => {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new DecodeError(path, 'an object', value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
};

export const numberMap: Decoder<Record<string, number>> = (value, path) => {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new DecodeError(path, 'an object', value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, num(item, `${path}.${key}`)]));
};

type Shape<T> = { [K in keyof T]-?: Decoder<T[K]> };

export const object =
  <T extends object>(shape: Shape<T>): Decoder<T> =>
  (value, path) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new DecodeError(path, 'an object', value);
    }
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(shape) as (keyof T & string)[]) {
      result[key] = shape[key](source[key], path ? `${path}.${key}` : key);
    }
    return result as T;
  };
