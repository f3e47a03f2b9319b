/** Names and build that a Windows host tells anyone who asks for an NTLM challenge. */
export interface WindowsNames {
  readonly computer: string;
  readonly domain: string;
  readonly dnsDomain: string;
  /** Major, minor, build. */
  readonly version: readonly [number, number, number];
}

/** CHALLENGE_MESSAGE, MS-NLMP 2.2.1.2, with the target information of MS-NLMP 2.2.2.1. */
export function ntlmChallenge(names: WindowsNames, now: Date): Buffer {
  const target = utf16(names.domain);
  const info = Buffer.concat([
    pair(2, utf16(names.domain)),
    pair(1, utf16(names.computer)),
    pair(4, utf16(names.dnsDomain)),
    pair(3, utf16(`${names.computer.toLowerCase()}.${names.dnsDomain}`)),
    pair(5, utf16(names.dnsDomain)),
    pair(7, fileTime(now)),
    pair(0, Buffer.alloc(0)),
  ]);
  const header = Buffer.alloc(56);
  header.write('NTLMSSP\0', 0, 'latin1');
  header.writeUInt32LE(2, 8);
  field(header, 12, target.length, 56);
  // Unicode, NTLM, target information, version, 128 and 56 bit: what Windows answers to a full request.
  header.writeUInt32LE(0xe2_89_82_35, 20);
  Buffer.from('1122334455667788', 'hex').copy(header, 24);
  field(header, 40, info.length, 56 + target.length);
  header[48] = names.version[0];
  header[49] = names.version[1];
  header.writeUInt16LE(names.version[2], 50);
  header[55] = 15;
  return Buffer.concat([header, target, info]);
}

/** TSRequest with one token, MS-CSSP 2.2.1. */
export function tsRequest(token: Buffer): Buffer {
  const tokens = der(0xa1, der(0x30, der(0x30, der(0xa0, der(0x04, token)))));
  return der(0x30, Buffer.concat([der(0xa0, Buffer.from([2, 1, 6])), tokens]));
}

function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  let head = [tag, length];
  if (length > 0xff) head = [tag, 0x82, length >> 8, length & 0xff];
  else if (length > 0x7f) head = [tag, 0x81, length];
  return Buffer.concat([Buffer.from(head), value]);
}

function field(header: Buffer, at: number, length: number, offset: number): void {
  header.writeUInt16LE(length, at);
  header.writeUInt16LE(length, at + 2);
  header.writeUInt32LE(offset, at + 4);
}

function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** 100-nanosecond steps since 1601. */
function fileTime(date: Date): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n);
  return bytes;
}
