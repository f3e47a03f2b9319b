/** Protocol versions by their number on the wire; the names are those that Node, OpenSSL and Shodan use. */
export const SSL2 = 0x0002;
export const SSL3 = 0x0300;
export const TLS10 = 0x0301;
export const TLS11 = 0x0302;
export const TLS12 = 0x0303;
export const TLS13 = 0x0304;

/** Ascending: those that share one form of hello. SSLv2 has its own, see `ssl2.ts`. */
export const VERSIONS: readonly number[] = [SSL3, TLS10, TLS11, TLS12, TLS13];

const NAMES: ReadonlyMap<number, string> = new Map([
  [SSL2, 'SSLv2'],
  [SSL3, 'SSLv3'],
  [TLS10, 'TLSv1'],
  [TLS11, 'TLSv1.1'],
  [TLS12, 'TLSv1.2'],
  [TLS13, 'TLSv1.3'],
]);

/** "SSLv2", "SSLv3", "TLSv1" (that is TLS 1.0), "TLSv1.1", "TLSv1.2", "TLSv1.3"; "0x1234" for anything else. */
export function versionName(version: number): string {
  return NAMES.get(version) ?? `0x${version.toString(16).padStart(4, '0')}`;
}
