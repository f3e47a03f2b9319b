/** pcAnywhere's search for hosts on 5632/udp (as nmap's users sent the answers in; not published by the maker). */

/** "NQ": whoever is a host says its name. */
export function encodeQuery(): Uint8Array {
  return Buffer.from('NQ', 'latin1');
}

export interface PcAnywhereHost {
  readonly name: string;
}

/** "NR", the computer's name filled up with underscores, "AHM_3___" (host's form) and a zero byte or none. */
export function parseHost(received: Uint8Array): PcAnywhereHost | undefined {
  if (received.length > 64) return undefined;
  const text = Buffer.from(received).toString('latin1');
  const match = /^NR([\x21-\x7e]{1,40}?)_{0,30}AHM_\d[\x20-\x7e]{0,8}\0?$/.exec(text);
  const name = match?.[1]?.replace(/_+$/, '');
  return name === undefined || name === '' ? undefined : { name };
}
