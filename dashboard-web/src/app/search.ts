/**
 * Query strings for people: `?q=site:lyon+status:late&sort=-lastSeen`, nothing quoted, nothing nested.
 *
 * A key that occurs twice keeps its first value; an empty value is no value.
 */
export function parseSearch(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    if (value !== '' && !(key in result)) result[key] = value;
  }
  return result;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search).flatMap(([key, value]) =>
    value === undefined || value === null || value === ''
      ? []
      : [`${encodeURIComponent(key)}=${readable(encodeURIComponent(String(value)))}`],
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

const readable = (encoded: string): string =>
  encoded.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%20', '+');
