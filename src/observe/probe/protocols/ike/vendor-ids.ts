import { createHash } from 'node:crypto';

/** What a vendor id says. */
export interface VendorId {
  /** An extension that many stacks announce: "dead peer detection". */
  readonly extension?: string;
  readonly product?: string;
  readonly version?: string;
}

const extension = (text: string): VendorId => ({ extension: text });
const product = (text: string, version?: string): VendorId =>
  version === undefined ? { product: text } : { product: text, version };

/**
 * Vendor ids by the hex digits that they begin with. Sources: the documents named; the rest is published in ike-scan
 * (ike-vendor-ids) and nmap (nselib/data/ike-fingerprints.lua), where it was collected from devices.
 */
const BY_PREFIX: readonly (readonly [string, VendorId])[] = [
  ['4a131c81070358455c5728f20e95452f', extension('NAT traversal')], // RFC 3947
  ['4485152d18b6bbcd0be8a8469579ddcc', extension('NAT traversal draft 00')],
  ['4485152d18b6bbcc0be8a8469579ddcc', extension('NAT traversal draft 00 (Avaya)')],
  ['cd60464335df21f87cfdb2fc68b6a448', extension('NAT traversal draft 02')],
  ['90cb80913ebb696e086381b5ec427b1f', extension('NAT traversal draft 02')],
  ['7d9419a65310ca6f2c179d9215529d56', extension('NAT traversal draft 03')],
  ['4df37928e9fc4fd1b3262170d515c662', extension('NAT traversal draft')],
  ['80d0bb3def54565ee84645d4c85ce3ee', extension('NAT traversal draft 05')],
  ['4d1e0e136deafa34c4f3ea9f02ec7285', extension('NAT traversal draft 06')],
  ['439b59f8ba676c4c7737ae22eab8f582', extension('NAT traversal draft 07')],
  ['8f8d83826d246b6fc7a8a6a428c11de8', extension('NAT traversal draft 08')],
  ['afcad71368a1f1c96b8696fc7757', extension('dead peer detection')], // RFC 3706
  ['09002689dfd6b712', extension('XAUTH')], // draft-ietf-ipsec-isakmp-xauth-06
  ['12f5f28c457168a9702d9fe274cc', extension('Cisco Unity')],
  ['4048b7d56ebce88525e7de7f00d6c2d3', extension('IKE fragmentation')],
  ['26244d38eddb61b3172a36e3d0cfb819', extension('initial contact')],
  ['4865617274426561745f4e6f74696679', extension('heartbeat')],
  ['621b04bb09882ac1e15935fefa24aeee', extension('GSS-API')],
  ['da8e9378', extension('SafeNet')],
  ['882fe56d6fd20dbc2251613b2ebe5beb', product('strongSwan')], // MD5 of its name; measured on strongSwan 5.9.8
  ['7003cbc1097dbe9c2600ba6983bc8b35', product('racoon')],
  ['1f07f70eaa6514d3b0fa96542a', product('Cisco VPN 3000, PIX or ASA')],
  ['3e984048', product('Cisco IOS')],
  ['1d6e178f6c2c0be284985465450fe9d4', product('FortiGate')],
  ['8299031757a36082c6a621de', product('FortiGate')],
  ['f4ed19e0c114eb516faaac0ee37daf2807b4381f', product('Check Point VPN-1')],
  ['5b362bc820f6', product('SonicWall')],
  ['5b362bc820f7', product('SonicWall')],
  ['404bf439522ca3f6', product('SonicWall')],
  ['b858d1addd08c1e8adafea150608aa4497aa6cc8', product('ZyXEL ZyWALL')],
  ['f758f22668750f03b08df6ebe1d0', product('ZyXEL ZyWALL USG')],
  ['625027749d5ab97f5616c1602765cf480a3b7d0b', product('ZyXEL ZyWALL')],
  ['424e4553', product('Nortel Contivity')],
  ['c573b056d7faca36c2fba28374127cbf', product('Stonesoft StoneGate')],
  ['baeb239037e17787d730eed9d95d48aa', product('Stonesoft StoneGate')],
  ['526170746f7220506f77657256706e20536572766572', product('Symantec Raptor')],
  ['47bbe7c993f1fc13b4e6d0db565c68e5', product('SafeNet SoftRemote')],
  ['dbfb81eb5760b0788562067da102d755', product('Netgear')],
  ['54494d4553544550', product('TimeStep')],
  ['1e2b516905991c7d7c96fcbfb587e461', product('Windows')], // MS-IKEE 1.7, "MS NT5 ISAKMPOAKLEY"
  // Of Windows too, and announced by others that follow it.
  ['fb1de3cdf341b7ea16b7e5be0855f120', extension('Microsoft negotiation discovery')],
  ['e3a5966a76379fe707228231e5ce8652', extension('Microsoft CGA')],
  ['214ca4faffa7f32d6748e5303395ae83', extension('Microsoft authenticated IP')],
  ...[
    '299ee8289f40a8973bc78687e2e7226b532c3b76',
    '3a15e1f3cf2a63582e3ac82d1c64cbe3b6d779e7',
    '47d2b126bfcd83489760e2cf8c5d4d5a03497c15',
    '4a4340b543e02b84c88a8b96a8af9ebe77d9accc',
    '64405f46f03b7660a23be116a1975058e69e8387',
    '8c0dc6cf62a0ef1b5c6eabd1b67ba69866adf16a',
    '92d27a9ecb31d99246986d3453d0c3d57a222a61',
    '9b096d9ac3275a7d6fe8b91c583111b09efed1a0',
    'bf03746108d746c904f1f3547de24f78479fed12',
    'c2e80500f4cc5fbf5daaeed3bb59abaeee56c652',
    'c8660a62b03b1b6130bf781608d32a6a8d0fb89f',
    'f885da40b1e7a9abd17655ec5bbec0f21f0ed52e',
    '2a2bcac19b8e91b426107807e02e7249569d6fd3',
    '166f932d55eb64d8e4df4fd37e2313f0d0fd8451',
    'a35bfd05ca1ac0b3d2f24e9e82bfcbff9c9e52b5',
    '9436e8d67174ef9aed068d5ad5213f187a3f8ba6',
  ].map((prefix) => [prefix, product('Juniper NetScreen')] as const),
  ['699369228741c6d4ca094c93e242c9de19e7b7c6', product('Juniper')],
];

/** strongSwan up to 5.1.1 sent the MD5 digest of its name and release. */
const STRONGSWAN_RELEASES: ReadonlyMap<string, string> = new Map(
  (
    [
      [2, 2, 2],
      [2, 3, 2],
      [2, 4, 4],
      [2, 5, 7],
      [2, 6, 4],
      [2, 7, 3],
      [2, 8, 11],
      [4, 0, 7],
      [4, 1, 11],
      [4, 2, 17],
      [4, 3, 7],
      [4, 4, 1],
      [4, 5, 3],
      [4, 6, 4],
      [5, 0, 4],
      [5, 1, 1],
    ] as const
  ).flatMap(([major, minor, last]) =>
    Array.from({ length: last + 1 }, (_, patch) => {
      const release = `${major}.${minor}.${patch}`;
      return [createHash('md5').update(`strongSwan ${release}`).digest('hex'), release] as const;
    }),
  ),
);

/** Vendor ids that are words. Each pattern is anchored and bounded. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^OE-Libreswan-(\d[\w.-]{0,30})/, 'Libreswan'], // measured on libreswan 4.10
  [/^OpenIKED-(\d[\w.-]{0,30})/, 'OpenIKED'],
  [/^(?:CISCO-|CISCO\(|CISCOVPN-|FLEXVPN-SUPPORTED)/, 'Cisco'],
];
/** Openswan and FreeS/WAN: two or three letters and characters made of a digest of the release (0x40 to 0x7f). */
const OPENSWAN = /^O(?:E|SW)[\x40-\x7f]{9,10}$/;

/** Known meaning of a vendor id; undefined: not in any published list. */
export function lookUpVendorId(id: Uint8Array): VendorId | undefined {
  const digits = Buffer.from(id.subarray(0, 64)).toString('hex');
  const release = STRONGSWAN_RELEASES.get(digits);
  if (release !== undefined) return product('strongSwan', release);
  const known = BY_PREFIX.find(([prefix]) => digits.startsWith(prefix));
  if (known !== undefined) return known[1];
  return byText(id) ?? fireware(id);
}

function byText(id: Uint8Array): VendorId | undefined {
  const text = Buffer.from(id.subarray(0, 64)).toString('latin1');
  for (const [pattern, name] of BY_TEXT) {
    const match = pattern.exec(text);
    if (match !== null) return product(name, match[1]);
  }
  return OPENSWAN.test(text) ? product('Openswan or FreeS/WAN') : undefined;
}

/**
 * Firebox: 32 bytes of digest, then base64 of "VN=12.11.3 BN=719894", release and build of Fireware (watchTowr on
 * CVE-2025-9242, 2025-10; remembered). The words prove it, whatever stands before them.
 */
function fireware(id: Uint8Array): VendorId | undefined {
  if (id.length < 40 || id.length > 128) return undefined;
  const words = Buffer.from(Buffer.from(id.subarray(32)).toString('latin1'), 'base64').toString('latin1');
  const match = /^VN=(\d{1,4}(?:\.\d{1,3}){1,3}) BN=\d{1,8}/.exec(words);
  return match === null ? undefined : product('WatchGuard Firebox', match[1]);
}
