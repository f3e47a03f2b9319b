import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/lib/byte-reader.ts';
import { BER, parseObjectIdentifier, readElement, readElements } from '../../../src/observe/probe/ber.ts';
import { encodeNtlmNegotiate, encodeSpnegoNegotiate, ntlmFields } from '../../../src/observe/probe/ntlm.ts';

describe('NTLM without a name', () => {
  it('is offered alone inside of SPNEGO', () => {
    const outer = readElement(new ByteReader(encodeSpnegoNegotiate()));
    const [mechanism, token] = readElements(outer?.body ?? new Uint8Array()) ?? [];
    expect(outer?.tag).toBe(0x60);
    expect(parseObjectIdentifier(mechanism?.body ?? new Uint8Array())).toBe('1.3.6.1.5.5.2');
    const [sequence] = readElements(token?.body ?? new Uint8Array()) ?? [];
    expect(sequence?.tag).toBe(BER.sequence);
    const negotiate = Buffer.from(encodeNtlmNegotiate());
    expect(
      Buffer.from(sequence?.body ?? [])
        .subarray(-40)
        .equals(negotiate),
    ).toBe(true);
    // DomainName and Workstation are of no length.
    expect(negotiate.subarray(16, 32).equals(Buffer.alloc(16))).toBe(true);
  });

  it('leaves out what is empty, and shows what would steer a terminal', () => {
    expect(ntlmFields({ computerName: 'A\u001b[31m', dnsDomainName: '', osBuild: '10.0.20348' })).toEqual([
      ['computer-name', 'A␛[31m'],
      ['os-build', '10.0.20348'],
    ]);
  });
});
