export interface Cookie {
  readonly name: string;
  /** Emptied or expired: the server takes the cookie away instead of giving one. */
  readonly emptied: boolean;
}

/** When the answer carries no date of its own: nobody sets a cookie that ended before this on purpose. */
const LONG_PAST = Date.UTC(2015, 0, 1);
const EMPTY_VALUES = new Set(['', 'expired', 'deleted', 'delete', 'null', 'none']);

/**
 * Name of the cookie and whether the line only deletes it (RFC 6265 §5.2: Expires in the past, Max-Age of zero or less).
 *
 * @param now the answer's own Date in milliseconds; NaN when it has none.
 */
export function readCookie(line: string, now: number): Cookie {
  const [pair = '', ...attributes] = line.slice(0, 4096).split(';');
  const equals = pair.indexOf('=');
  const name = (equals < 0 ? pair : pair.slice(0, equals)).trim();
  const value = equals < 0 ? '' : pair.slice(equals + 1).trim();
  const bare = value.replaceAll('"', '').toLowerCase();
  return { name, emptied: EMPTY_VALUES.has(bare) || attributes.some((one) => ends(one, now)) };
}

function ends(attribute: string, now: number): boolean {
  const equals = attribute.indexOf('=');
  if (equals < 0) return false;
  const key = attribute.slice(0, equals).trim().toLowerCase();
  const value = attribute.slice(equals + 1).trim();
  if (key === 'max-age') return Number(value) <= 0;
  if (key !== 'expires') return false;
  const at = Date.parse(value.replace(/^[A-Za-z]+,?\s*/, '').replaceAll('-', ' '));
  return at <= (Number.isNaN(now) ? LONG_PAST : now);
}
