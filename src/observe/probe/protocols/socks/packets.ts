import type { Reading } from '../../question.ts';

/** Method negotiation (RFC 1928 §3) that offers the given methods. */
export function encodeMethods(...methods: readonly number[]): Uint8Array {
  return Buffer.from([5, methods.length, ...methods]);
}

export const NO_AUTHENTICATION = 0x00;
const NONE_ACCEPTABLE = 0xff;

/** IANA registry "SOCKS Methods"; 0x80 and 0x82 are gost's TLS. */
const METHOD_NAMES: Readonly<Record<number, string>> = {
  0x00: 'none',
  0x01: 'gssapi',
  0x02: 'password',
  0x03: 'challenge-handshake',
  0x05: 'challenge-response',
  0x06: 'ssl',
  0x80: 'gost-tls',
  0x82: 'gost-tls-password',
};

/**
 * The method that the server selected: its number, or `none-acceptable`. The answer is exactly two octets, so what has more is something else.
 */
export function parseSelection(received: Uint8Array): Reading<number | 'none-acceptable'> {
  const [version, method] = received;
  if (version !== undefined && version !== 5) return undefined;
  if (version === undefined || method === undefined) return 'more';
  if (received.length > 2) return undefined;
  if (method === NONE_ACCEPTABLE) return 'none-acceptable';
  return METHOD_NAMES[method] === undefined ? undefined : method;
}

export function methodName(method: number): string {
  return METHOD_NAMES[method] ?? String(method);
}
