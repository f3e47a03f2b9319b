import type { SuiteGroup } from '../../../../model/facts.ts';

/**
 * Cipher suite numbers and names of the IANA registry "TLS Cipher Suites": those that a server of the last thirty years
 * may choose from what we offer. The prefix "TLS_" is left out in the table; FEFE and FEFF are Netscape's own numbers,
 * 0062 to 0066 those of draft-ietf-tls-56-bit-ciphersuites, which Windows 2000 and OpenSSL 0.9 have.
 */
const TABLE = `
0001 RSA_WITH_NULL_MD5
0002 RSA_WITH_NULL_SHA
0003 RSA_EXPORT_WITH_RC4_40_MD5
0004 RSA_WITH_RC4_128_MD5
0005 RSA_WITH_RC4_128_SHA
0006 RSA_EXPORT_WITH_RC2_CBC_40_MD5
0007 RSA_WITH_IDEA_CBC_SHA
0008 RSA_EXPORT_WITH_DES40_CBC_SHA
0009 RSA_WITH_DES_CBC_SHA
000a RSA_WITH_3DES_EDE_CBC_SHA
0011 DHE_DSS_EXPORT_WITH_DES40_CBC_SHA
0012 DHE_DSS_WITH_DES_CBC_SHA
0013 DHE_DSS_WITH_3DES_EDE_CBC_SHA
0014 DHE_RSA_EXPORT_WITH_DES40_CBC_SHA
0015 DHE_RSA_WITH_DES_CBC_SHA
0016 DHE_RSA_WITH_3DES_EDE_CBC_SHA
0017 DH_anon_EXPORT_WITH_RC4_40_MD5
0018 DH_anon_WITH_RC4_128_MD5
0019 DH_anon_EXPORT_WITH_DES40_CBC_SHA
001a DH_anon_WITH_DES_CBC_SHA
001b DH_anon_WITH_3DES_EDE_CBC_SHA
002f RSA_WITH_AES_128_CBC_SHA
0032 DHE_DSS_WITH_AES_128_CBC_SHA
0033 DHE_RSA_WITH_AES_128_CBC_SHA
0034 DH_anon_WITH_AES_128_CBC_SHA
0035 RSA_WITH_AES_256_CBC_SHA
0038 DHE_DSS_WITH_AES_256_CBC_SHA
0039 DHE_RSA_WITH_AES_256_CBC_SHA
003a DH_anon_WITH_AES_256_CBC_SHA
003b RSA_WITH_NULL_SHA256
003c RSA_WITH_AES_128_CBC_SHA256
003d RSA_WITH_AES_256_CBC_SHA256
0040 DHE_DSS_WITH_AES_128_CBC_SHA256
0041 RSA_WITH_CAMELLIA_128_CBC_SHA
0045 DHE_RSA_WITH_CAMELLIA_128_CBC_SHA
0062 RSA_EXPORT1024_WITH_DES_CBC_SHA
0063 DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA
0064 RSA_EXPORT1024_WITH_RC4_56_SHA
0065 DHE_DSS_EXPORT1024_WITH_RC4_56_SHA
0066 DHE_DSS_WITH_RC4_128_SHA
0067 DHE_RSA_WITH_AES_128_CBC_SHA256
006a DHE_DSS_WITH_AES_256_CBC_SHA256
006b DHE_RSA_WITH_AES_256_CBC_SHA256
006c DH_anon_WITH_AES_128_CBC_SHA256
006d DH_anon_WITH_AES_256_CBC_SHA256
0084 RSA_WITH_CAMELLIA_256_CBC_SHA
0088 DHE_RSA_WITH_CAMELLIA_256_CBC_SHA
0096 RSA_WITH_SEED_CBC_SHA
0099 DHE_DSS_WITH_SEED_CBC_SHA
009a DHE_RSA_WITH_SEED_CBC_SHA
009b DH_anon_WITH_SEED_CBC_SHA
009c RSA_WITH_AES_128_GCM_SHA256
009d RSA_WITH_AES_256_GCM_SHA384
009e DHE_RSA_WITH_AES_128_GCM_SHA256
009f DHE_RSA_WITH_AES_256_GCM_SHA384
00a2 DHE_DSS_WITH_AES_128_GCM_SHA256
00a3 DHE_DSS_WITH_AES_256_GCM_SHA384
00a6 DH_anon_WITH_AES_128_GCM_SHA256
00a7 DH_anon_WITH_AES_256_GCM_SHA384
00ba RSA_WITH_CAMELLIA_128_CBC_SHA256
00be DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256
00c0 RSA_WITH_CAMELLIA_256_CBC_SHA256
00c4 DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256
1301 AES_128_GCM_SHA256
1302 AES_256_GCM_SHA384
1303 CHACHA20_POLY1305_SHA256
1304 AES_128_CCM_SHA256
1305 AES_128_CCM_8_SHA256
c001 ECDH_ECDSA_WITH_NULL_SHA
c002 ECDH_ECDSA_WITH_RC4_128_SHA
c003 ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA
c004 ECDH_ECDSA_WITH_AES_128_CBC_SHA
c005 ECDH_ECDSA_WITH_AES_256_CBC_SHA
c006 ECDHE_ECDSA_WITH_NULL_SHA
c007 ECDHE_ECDSA_WITH_RC4_128_SHA
c008 ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA
c009 ECDHE_ECDSA_WITH_AES_128_CBC_SHA
c00a ECDHE_ECDSA_WITH_AES_256_CBC_SHA
c00b ECDH_RSA_WITH_NULL_SHA
c00c ECDH_RSA_WITH_RC4_128_SHA
c00d ECDH_RSA_WITH_3DES_EDE_CBC_SHA
c00e ECDH_RSA_WITH_AES_128_CBC_SHA
c00f ECDH_RSA_WITH_AES_256_CBC_SHA
c010 ECDHE_RSA_WITH_NULL_SHA
c011 ECDHE_RSA_WITH_RC4_128_SHA
c012 ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
c013 ECDHE_RSA_WITH_AES_128_CBC_SHA
c014 ECDHE_RSA_WITH_AES_256_CBC_SHA
c015 ECDH_anon_WITH_NULL_SHA
c016 ECDH_anon_WITH_RC4_128_SHA
c017 ECDH_anon_WITH_3DES_EDE_CBC_SHA
c018 ECDH_anon_WITH_AES_128_CBC_SHA
c019 ECDH_anon_WITH_AES_256_CBC_SHA
c023 ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
c024 ECDHE_ECDSA_WITH_AES_256_CBC_SHA384
c025 ECDH_ECDSA_WITH_AES_128_CBC_SHA256
c026 ECDH_ECDSA_WITH_AES_256_CBC_SHA384
c027 ECDHE_RSA_WITH_AES_128_CBC_SHA256
c028 ECDHE_RSA_WITH_AES_256_CBC_SHA384
c029 ECDH_RSA_WITH_AES_128_CBC_SHA256
c02a ECDH_RSA_WITH_AES_256_CBC_SHA384
c02b ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
c02c ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
c02d ECDH_ECDSA_WITH_AES_128_GCM_SHA256
c02e ECDH_ECDSA_WITH_AES_256_GCM_SHA384
c02f ECDHE_RSA_WITH_AES_128_GCM_SHA256
c030 ECDHE_RSA_WITH_AES_256_GCM_SHA384
c031 ECDH_RSA_WITH_AES_128_GCM_SHA256
c032 ECDH_RSA_WITH_AES_256_GCM_SHA384
c072 ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256
c073 ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384
c076 ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256
c077 ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384
c07a RSA_WITH_CAMELLIA_128_GCM_SHA256
c07b RSA_WITH_CAMELLIA_256_GCM_SHA384
c07c DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
c07d DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384
c086 ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256
c087 ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384
c08a ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
c08b ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384
c09c RSA_WITH_AES_128_CCM
c09d RSA_WITH_AES_256_CCM
c09e DHE_RSA_WITH_AES_128_CCM
c09f DHE_RSA_WITH_AES_256_CCM
c0a0 RSA_WITH_AES_128_CCM_8
c0a1 RSA_WITH_AES_256_CCM_8
c0a2 DHE_RSA_WITH_AES_128_CCM_8
c0a3 DHE_RSA_WITH_AES_256_CCM_8
c0ac ECDHE_ECDSA_WITH_AES_128_CCM
c0ad ECDHE_ECDSA_WITH_AES_256_CCM
c0ae ECDHE_ECDSA_WITH_AES_128_CCM_8
c0af ECDHE_ECDSA_WITH_AES_256_CCM_8
cca8 ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
cca9 ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
ccaa DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
fefe SSL_RSA_FIPS_WITH_DES_CBC_SHA
feff SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA
`;

const NAMES: ReadonlyMap<number, string> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const name = line.slice(5);
      return [Number.parseInt(line.slice(0, 4), 16), name.startsWith('SSL_') ? name : `TLS_${name}`];
    }),
);

/** IANA name of a cipher suite, or "0x1234" when the table does not have it. */
export function cipherName(number: number): string {
  return NAMES.get(number) ?? `0x${number.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV, RFC 5746 §3.3: understood by SSLv3 servers too, which have no extensions. */
const RENEGOTIATION_INFO = 0x00ff;

/**
 * Kinds of suites that ought to be refused (RFC 9325 §4.2.1: null, anonymous, export; RFC 7465: rc4; RFC 5469: des), the
 * worst first. 3des: blocks of 64 bits, IDEA too (CVE-2016-2183). static-rsa is no weakness of that kind: no forward
 * secrecy, for information.
 */
const GROUP_PATTERNS: readonly (readonly [SuiteGroup, RegExp])[] = [
  ['null', /_NULL_/],
  ['anonymous', /_anon_/],
  ['export', /EXPORT/],
  ['rc4', /RC4/],
  ['des', /_DES_/],
  ['3des', /3DES|IDEA/],
  ['static-rsa', /^TLS_RSA_WITH_/],
];

/** The worst group that the suite belongs to; undefined for one that is in none. */
export function suiteGroup(number: number): SuiteGroup | undefined {
  const name = NAMES.get(number);
  return name === undefined ? undefined : GROUP_PATTERNS.find(([, pattern]) => pattern.test(name))?.[0];
}

/** An offer of every suite of the table that belongs to one of `groups`, the worst first. */
export function suitesOf(groups: readonly SuiteGroup[]): number[] {
  const suites = groups.flatMap((group) => [...NAMES.keys()].filter((one) => suiteGroup(one) === group));
  return [...suites, RENEGOTIATION_INFO];
}

/** Offered by TLS 1.3 alone, RFC 8446 §B.4. */
export const TLS13_CIPHERS: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/**
 * Offers for SSLv3 to TLS 1.2, the better ones first, so that a server that follows the client's order shows what it
 * would use with a browser. Fewer than 128: more than that makes some old servers hang up.
 */
export const TLS12_CIPHERS: readonly number[] = [...offered(() => true), RENEGOTIATION_INFO];

/** Without the suites that TLS 1.2 brought in (AEAD, SHA-256 and SHA-384 as MAC): RFC 5246 §A.5 forbids them earlier. */
export const TLS10_CIPHERS: readonly number[] = [
  ...offered((name) => !/GCM|CCM|POLY1305|SHA256|SHA384/.test(name)),
  RENEGOTIATION_INFO,
];

/** For servers that hang up on long hellos: what every appliance since 1996 had one of. */
export const OLDEST_CIPHERS: readonly number[] = [
  0x002f,
  0x0035,
  0x0033,
  0x0039,
  0x000a,
  0x0016,
  0x0005,
  0x0004,
  0x0009,
  0x0003,
  RENEGOTIATION_INFO,
];

function offered(fits: (name: string) => boolean): number[] {
  return [...NAMES]
    .filter(
      ([number, name]) =>
        !TLS13_CIPHERS.includes(number) && !/CAMELLIA_\d+_GCM|CCM_8/.test(name) && fits(name),
    )
    .map(([number, name]) => ({ number, rank: weakness(name) }))
    .toSorted((a, b) => a.rank - b.rank || a.number - b.number)
    .map(({ number }) => number);
}

/**
 * As browsers order them. Elliptic curves before the older Diffie-Hellman: a server without parameters for that (Dovecot
 * without `ssl_dh`) hangs up on a client that puts it first.
 */
function weakness(name: string): number {
  if (/_NULL_/.test(name)) return 12;
  if (/_anon_/.test(name)) return 11;
  if (/EXPORT/.test(name)) return 10;
  if (/_DES_|RC2|IDEA|SEED/.test(name)) return 9;
  if (/RC4/.test(name)) return 8;
  if (/3DES/.test(name)) return 7;
  const isAead = /GCM|CCM|POLY1305/.test(name);
  if (name.startsWith('TLS_ECDHE')) return isAead ? 0 : 1;
  if (name.startsWith('TLS_DHE')) return isAead ? 2 : 3;
  return isAead ? 4 : 5;
}
