import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/lib/byte-reader.ts';
import {
  BER,
  elementLength,
  encodeElement,
  encodeInteger,
  encodeObjectIdentifier,
  encodeOctets,
  parseInteger,
  parseObjectIdentifier,
  parseUnsigned,
  readElement,
  readElements,
  readWholeElements,
} from '../../../src/observe/probe/ber.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const bytes = fc.uint8Array({ maxLength: 300 });

describe('BER elements', () => {
  it('reads every definite length form', () => {
    for (const text of ['0403616263', '048103616263', '04820003616263', '0484000000036162630000']) {
      expect(readElement(new ByteReader(hex(text)))).toEqual({ tag: 4, body: hex('616263') });
    }
  });

  it('refuses what is cut, indefinite, too long or has a long tag', () => {
    for (const text of [
      '',
      '04',
      '0403',
      '04036162',
      '3080',
      '0485000000000361',
      '1f810100',
      '0484ffffffff',
    ]) {
      expect(readElement(new ByteReader(hex(text))), text).toBeUndefined();
    }
  });

  it('gives children only when the last one is whole', () => {
    expect(readElements(hex('020101040161'))).toHaveLength(2);
    expect(readElements(hex('0201010401'))).toBeUndefined();
    expect(readWholeElements(hex('0201010401'))).toEqual([{ tag: 2, body: hex('01') }]);
    expect(readElements(new Uint8Array())).toEqual([]);
    expect(readElements(new Uint8Array(2000))).toHaveLength(256);
  });

  it('tells how long an element is before it is there', () => {
    expect(elementLength(hex('30'), 0x30, 100)).toBe('more');
    expect(elementLength(hex('3082'), 0x30, 100)).toBe('more');
    expect(elementLength(hex(''), 0x30, 100)).toBe('more');
    expect(elementLength(hex('30820010'), 0x30, 100)).toBe(20);
    expect(elementLength(hex('3084ffffffff'), 0x30, 100)).toBeUndefined();
    expect(elementLength(hex('30820100'), 0x30, 100)).toBeUndefined();
    expect(elementLength(hex('3080'), 0x30, 100)).toBeUndefined();
    expect(elementLength(hex('31'), 0x30, 100)).toBeUndefined();
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), (body) => {
        const encoded = encodeOctets(body);
        expect(elementLength(encoded, BER.octetString, 100_000)).toBe(encoded.length);
        const element = readElement(new ByteReader(encoded));
        expect(Buffer.compare(element?.body ?? hex('00'), body)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('never throws and never reads past the end', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const all = readWholeElements(input);
        expect(all.reduce((sum, { body }) => sum + body.length + 2, 0)).toBeLessThanOrEqual(input.length);
        elementLength(input, input[0] ?? 0, 1000);
        readElements(input);
        parseObjectIdentifier(input);
        parseInteger(input);
      }),
    );
  });
});

describe('BER values', () => {
  it('reads two’s complement', () => {
    expect(parseInteger(hex('00'))).toBe(0);
    expect(parseInteger(hex('ff'))).toBe(-1);
    expect(parseInteger(hex('80'))).toBe(-128);
    expect(parseInteger(hex('0080'))).toBe(128);
    expect(parseInteger(hex('80000000'))).toBe(-2_147_483_648);
    expect(parseUnsigned(hex('80000000'))).toBe(2_147_483_648);
    expect(parseInteger(hex(''))).toBeUndefined();
    expect(parseInteger(hex('00000000000001'))).toBeUndefined();
  });

  it('writes the shortest integer', () => {
    expect(Buffer.from(encodeInteger(0)).toString('hex')).toBe('020100');
    expect(Buffer.from(encodeInteger(128)).toString('hex')).toBe('02020080');
    expect(Buffer.from(encodeInteger(65_535, 0x41)).toString('hex')).toBe('410300ffff');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 - 1 }), (value) => {
        expect(parseInteger(encodeInteger(value).subarray(2))).toBe(value);
      }),
    );
  });

  it('reads and writes object identifiers', () => {
    const sysDescr = '1.3.6.1.2.1.1.1.0';
    expect(Buffer.from(encodeObjectIdentifier(sysDescr)).toString('hex')).toBe('06082b06010201010100');
    for (const dotted of [
      sysDescr,
      '2.5.4.3',
      '2.999.3',
      '1.2.840.113549.1.1.11',
      '0.9.2342',
      '2.5.0.4294967295',
    ]) {
      expect(parseObjectIdentifier(encodeObjectIdentifier(dotted).subarray(2))).toBe(dotted);
    }
    for (const text of ['', '80', '2b86', '2bffffffffffffffff7f', '01'.repeat(65)]) {
      expect(parseObjectIdentifier(hex(text)), text).toBeUndefined();
    }
  });

  it('joins parts', () => {
    expect(Buffer.from(encodeElement(0x30, hex('020101'), hex('0500'))).toString('hex')).toBe(
      '30050201010500',
    );
  });
});
