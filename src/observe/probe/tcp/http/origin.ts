import { canonicalAddress } from '../../../../lib/address.ts';

export type Scheme = 'http' | 'https';

/** A web server as it is addressed: `host` is a name in lower case or a canonical address without brackets. */
export interface Origin {
  readonly scheme: Scheme;
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT: Readonly<Record<Scheme, number>> = { http: 80, https: 443 };

/** Value of the Host header, RFC 9110 §7.2: the port only when it is not the default of the scheme. */
export function hostHeader({ scheme, host, port }: Origin): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === DEFAULT_PORT[scheme] ? name : `${name}:${port}`;
}

/** "https://192.0.2.1:8443" */
export function originText(origin: Origin): string {
  return `${origin.scheme}://${hostHeader(origin)}`;
}

export function sameOrigin(a: Origin, b: Origin): boolean {
  return a.scheme === b.scheme && a.host === b.host && a.port === b.port;
}

export interface Target {
  readonly origin: Origin;
  /** Path and query, percent-encoded. */
  readonly path: string;
}

const MAX_PATH = 2048;

/**
 * Where a `Location` or a link leads.
 *
 * @returns the target, or the reason as a sentence why it is nowhere that we could ask.
 */
export function resolveTarget(
  location: string,
  origin: Origin,
  path: string,
): Target | { readonly reason: string } {
  if (location.length > MAX_PATH) return { reason: 'the address is too long' };
  let url: URL;
  try {
    url = new URL(location.trim(), `${originText(origin)}${path}`);
  } catch {
    return { reason: 'the address cannot be read' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { reason: `${url.protocol.slice(0, 20)} is neither http nor https` };
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const host = canonicalAddress(url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''));
  const port = url.port === '' ? DEFAULT_PORT[scheme] : Number(url.port);
  const target = `${url.pathname}${url.search}`;
  if (host === '' || port === 0) return { reason: 'the address cannot be read' };
  if (target.length > MAX_PATH) return { reason: 'the address is too long' };
  return { origin: { scheme, host, port }, path: target };
}
