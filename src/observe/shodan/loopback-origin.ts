import { AppError } from '../../lib/app-error.ts';
import { parseAddress } from '../../lib/address.ts';

/**
 * Where to send requests instead of the real service: only for tests, so only to this machine. Anything else would be a
 * switch that hands the API key to a stranger.
 *
 * @returns the origin without a path, or `fallback` when `value` is absent or empty.
 * @throws AppError when the value is no http(s) URL with a literal loopback address.
 */
export function loopbackOrigin(variable: string, value: string | undefined, fallback: string): string {
  if (value === undefined || value === '') return fallback;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url !== undefined && url.username === '' && url.password === '';
  if (plain && /^https?:$/.test(url.protocol) && isLoopback(url.hostname)) return url.origin;
  throw new AppError(
    'not-loopback',
    `${variable} must be an http or https URL with a loopback address such as http://127.0.0.1:8080: it exists for tests only`,
  );
}

function isLoopback(hostname: string): boolean {
  const address = parseAddress(hostname.replace(/^\[|\]$/g, ''));
  if (address === undefined) return false;
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}
