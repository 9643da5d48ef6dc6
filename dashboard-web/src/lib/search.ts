/** Hand-written readers of search parameters: a bad value is dropped, a default is never written. */
export type RawSearch = Record<string, unknown>;

export const textOf = (search: RawSearch, key: string): string | undefined => {
  const value = search[key];
  return typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;
};

export function wordOf<T extends string>(search: RawSearch, key: string, words: readonly T[]): T | undefined {
  return words.find((word) => word === search[key]);
}

/** Leaves out what is undefined, so that a link carries only what was chosen. */
export function chosen<T extends object>(values: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
