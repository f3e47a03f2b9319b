import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerMinor,
  encodeRfbVersion,
  isPasswordless,
  parseRfbVersion,
  parseSecurity,
  parseSubTypes,
  parseVersionRefusal,
  securityTypeName,
  subTypeName,
} from '../../../../../src/observe/probe/tcp/vnc/packets.ts';
import { probeVnc } from '../../../../../src/observe/probe/tcp/vnc/probe.ts';
import { contextFor, serve, type Loopback } from '../context.ts';
import { recorded } from '../recorded.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
let server: Loopback | undefined;
afterEach(() => server?.close());

/** Sends the next part of `parts` whenever the client has said something; the first one at once. */
function talk(parts: readonly Buffer[]): Promise<Loopback> {
  return serve((socket) => {
    let next = 1;
    socket.write(parts[0] ?? '');
    socket.on('data', () => {
      const part = parts[next];
      next += 1;
      if (part !== undefined) socket.write(part);
    });
  });
}

async function probe(parts: readonly Buffer[]) {
  server = await talk(parts);
  const context = contextFor(server.port, { answerTimeoutMs: 400 });
  const result = await probeVnc(context, await context.dial());
  expect(context.dials()).toBeLessThanOrEqual(2);
  expect(context.held()).toBe(0);
  return result;
}

describe('RFB packets', () => {
  it('answers with the highest version that the server has too', () => {
    const answer = (text: string): string => {
      const version = parseRfbVersion(ascii(`RFB ${text}\n`));
      if (version === undefined || version === 'more') throw new Error(text);
      return Buffer.from(encodeRfbVersion(answerMinor(version))).toString('latin1', 4, 11);
    };
    expect(['003.003', '003.005', '003.006', '003.007', '003.008'].map(answer)).toEqual([
      '003.003',
      '003.003',
      '003.003',
      '003.007',
      '003.008',
    ]);
    expect(['003.889', '004.001', '005.000'].map(answer)).toEqual(['003.008', '003.008', '003.008']);
  });

  it('knows the beginning of a version line from other text', () => {
    expect(parseRfbVersion(ascii('RFB 00'))).toBe('more');
    expect(parseRfbVersion(ascii('RFC 00'))).toBeUndefined();
    expect(parseRfbVersion(ascii('RFB 3.8 ....'))).toBeUndefined();
  });

  it('reads types, and a refusal with a bounded reason', () => {
    expect(parseSecurity(Uint8Array.of(2, 19, 2), 8)).toEqual({ types: [19, 2] });
    expect(parseSecurity(Uint8Array.of(2, 19), 8)).toBe('more');
    expect(parseSecurity(Uint8Array.of(0, 0, 0, 2), 3)).toEqual({ types: [2] });
    expect(parseSecurity(ascii('\0\0\0\0\x04busy'), 8)).toEqual({ types: [], refusal: 'busy' });
    expect(parseSecurity(ascii('\0\0\0\0\0\0\0\x04busy'), 3)).toEqual({ types: [], refusal: 'busy' });
    const liar = Buffer.concat([Buffer.from('00ffffffff', 'hex'), Buffer.alloc(2000, 'A')]);
    expect(parseSecurity(liar, 8)).toMatchObject({ refusal: 'A'.repeat(1024) });
  });

  it('reads how a version that does not exist is turned away (measured answers)', () => {
    const tiger = ascii('\0\0\0\0\x31Client needs protocol version 2.0, server has 3.8');
    expect(parseVersionRefusal(tiger, true)).toBe(
      'reason: Client needs protocol version 2.0, server has 3.8',
    );
    expect(parseVersionRefusal(Buffer.alloc(4), true)).toBe('00000000');
    expect(parseVersionRefusal(new Uint8Array(), true)).toBe('closed');
    expect(parseVersionRefusal(new Uint8Array(), false)).toBeUndefined();
    expect(parseVersionRefusal(Buffer.from('00ffffffff41', 'hex'), true)).toBe('00ffffffff41');
    const long = Buffer.concat([Buffer.from('0000010000', 'hex'), Buffer.alloc(65_536, 'A')]);
    expect(parseVersionRefusal(long, false)?.length).toBeLessThan(1100);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(3 as const, 7 as const, 8 as const),
        (bytes, minor) => {
          parseRfbVersion(bytes);
          parseSecurity(bytes, minor);
          parseSubTypes(bytes);
        },
      ),
    );
  });

  it('has names by IANA, and a number for the rest', () => {
    expect([1, 2, 19, 30, 8, 200, 77].map(securityTypeName)).toEqual([
      'None',
      'VNC Authentication',
      'VeNCrypt',
      'Apple Remote Desktop',
      'RealVNC 8',
      'RealVNC 200',
      'type 77',
    ]);
    expect([257, 261, 2].map(subTypeName)).toEqual(['TLSNone', 'X509Vnc', 'VNC Authentication']);
  });

  it('calls a screen open only when that is certain', () => {
    expect(isPasswordless([2, 1], undefined)).toBe(true);
    expect(isPasswordless([19], [261, 257])).toBe(true);
    expect(isPasswordless([19], [260])).toBe(true);
    expect(isPasswordless([19], [261, 258])).toBe(false);
    expect(isPasswordless([2, 16], undefined)).toBe(false);
    expect(isPasswordless([19, 2], undefined)).toBeUndefined();
    expect(isPasswordless([18], undefined)).toBeUndefined();
  });
});

describe('VNC conversation', () => {
  it.each([
    ['tigervnc 1.12, None', { noPassword: true, securityTypes: [{ id: 1, name: 'None' }] }],
    ['tigervnc 1.12, VncAuth', { noPassword: false, securityTypes: [{ id: 2, name: 'VNC Authentication' }] }],
    ['x11vnc 0.9.16, password', { noPassword: false }],
  ])('%s', async (name, expected) => {
    const bytes = recorded(name, 'vnc handshake');
    const result = await probe([bytes.subarray(0, 12), bytes.subarray(12)]);
    expect(result.facts.vnc).toMatchObject({ rfbVersion: '003.008', ...expected });
    // The version and nothing after it: choosing type 1 would open the screen.
    expect(server?.received[0]?.toString('latin1')).toBe('RFB 003.008\n');
  });

  it('reads the sub-types of VeNCrypt and chooses none', async () => {
    const bytes = recorded('tigervnc 1.12, TLSNone None VncAuth', 'vnc handshake');
    // Version, count and three types, VeNCrypt version, then agreement, count and sub-types.
    const result = await probe([
      bytes.subarray(0, 12),
      bytes.subarray(12, 16),
      bytes.subarray(16, 18),
      bytes.subarray(18),
    ]);
    expect(result.facts.vnc).toMatchObject({
      securityTypes: [{ id: 19 }, { id: 1 }, { id: 2 }],
      veNCryptVersion: '0.2',
      veNCryptSubTypes: [{ id: 257, name: 'TLSNone' }, { id: 1 }, { id: 2 }],
      noPassword: true,
    });
    expect(server?.received[0]).toEqual(ascii('RFB 003.008\n\x13\0\x02'));
  });

  it('writes down why a server refuses', async () => {
    const bytes = recorded('tigervnc 1.12, after five connections', 'vnc handshake');
    const result = await probe([bytes.subarray(0, 12), bytes.subarray(12)]);
    expect(result.facts.vnc).toEqual({
      rfbVersion: '003.003',
      securityTypes: [],
      refusal: 'Too many security failures',
    });
  });

  it('takes the one type that a 3.3 server dictates, and stops', async () => {
    const result = await probe([ascii('RFB 003.003\n'), Buffer.from([0, 0, 0, 1])]);
    expect(result.facts.vnc).toMatchObject({ noPassword: true, securityTypes: [{ id: 1 }] });
    expect(server?.received[0]?.toString('latin1')).toBe('RFB 003.003\n');
  });

  it('leaves open whether a password is asked when the list does not come', async () => {
    const result = await probe([ascii('RFB 003.008\n'), Buffer.from([3, 1])]);
    expect(result.facts.vnc).toEqual({ rfbVersion: '003.008', securityTypes: [] });
    expect(result.note).toContain('no complete list');
  });

  it('is no VNC without a version line', async () => {
    expect(await probe([ascii('RFB nonsense\n')])).toMatchObject({ status: 'protocol-error', facts: {} });
  });
});
