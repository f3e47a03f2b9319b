import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalogue, readKept, writeKept, type KeptKev } from '../../src/knowledge/kev-list.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { bytesOf, catalogue, row, ROWS } from './kev.ts';

function listOf(bytes: Uint8Array) {
  const read = readCatalogue(bytes);
  if (!read.ok) throw new Error(read.reason);
  return read.list;
}

function reasonOf(bytes: Uint8Array): string {
  const read = readCatalogue(bytes);
  return read.ok ? 'taken' : read.reason;
}

const whole = bytesOf(catalogue());

describe('reading the catalogue', () => {
  it('keeps what is used, sorted, with the digest of what it was read from', () => {
    const list = listOf(bytesOf(catalogue(ROWS.toReversed())));
    expect(list).toMatchObject({ catalogVersion: '2026.11.10', released: '2026-11-10T17:04:19Z' });
    expect(list.sha256).toBe(sha256Hex(bytesOf(catalogue(ROWS.toReversed()))));
    expect(list.entries.map(({ cve }) => cve)).toEqual(ROWS.map(({ cveID }) => cveID));
    expect(list.entries[2]).toEqual({
      cve: 'CVE-2026-33333',
      added: '2026-10-10',
      ransomware: false,
      vendor: 'Fortress',
      product: 'FortOS',
    });
    expect(list.entries[0]?.ransomware).toBe(true);
  });

  it('reads it packed, and the same list it is', () => {
    expect(listOf(gzipSync(whole))).toEqual(listOf(whole));
  });

  it('takes fields that it does not know, a byte order mark, and a moment with an offset', () => {
    const rows = [row('CVE-2026-12345', { forensicTriage: 'Yes' })];
    const text = JSON.stringify(catalogue(rows, { dateReleased: '2026-11-10T12:04:19-05:00', extra: {} }));
    expect(listOf(Buffer.from(`\ufeff${text}`)).released).toBe('2026-11-10T17:04:19Z');
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a web page', '<!DOCTYPE html><title>Access Denied</title>', 'is a web page, not the list'],
    ['half a list', whole.toString().slice(0, whole.length / 2), 'ends in the middle of the JSON'],
    ['the CSV form', 'cveID,vendorProject\nCVE-2026-1,x', 'is the CSV form'],
    ['words', 'not found', 'is not JSON'],
    ['a list of nothing', [], "is not CISA's catalogue"],
    ['no entries', catalogue([]), 'vulnerabilities: must not be empty'],
    ['a count too high', catalogue(ROWS, { count: 5 }), 'says that it has 5 entries and has 4'],
    ['a count that is text', catalogue(ROWS, { count: '4' }), 'count: expected a number, found "4"'],
    ['no version', catalogue(ROWS, { catalogVersion: undefined }), 'catalogVersion: missing'],
    [
      'another version',
      catalogue(ROWS, { catalogVersion: 'latest' }),
      'expected the version of the catalogue',
    ],
    ['a release that is a date', catalogue(ROWS, { dateReleased: '2026-11-10' }), 'dateReleased: '],
    ['a CVE id of another form', catalogue([row('CVE-26-1')]), 'vulnerabilities[0].cveID: '],
    [
      'a day that is not in the calendar',
      catalogue([row('CVE-2026-12345', { dateAdded: '2026-02-30' })]),
      'dateAdded',
    ],
    [
      'another word',
      catalogue([row('CVE-2026-12345', { knownRansomwareCampaignUse: 'Maybe' })]),
      'knownRansomwareCampaignUse',
    ],
    [
      'no word on ransomware',
      catalogue([row('CVE-2026-12345', { knownRansomwareCampaignUse: undefined })]),
      'knownRansomwareCampaignUse',
    ],
    ['no vendor', catalogue([row('CVE-2026-12345', { vendorProject: ' ' })]), 'vendorProject'],
    ['a CVE twice', catalogue([row('CVE-2026-12345'), row('CVE-2026-12345')]), 'has CVE-2026-12345 twice'],
    [
      'an entry from after the release',
      catalogue([row('CVE-2026-12345', { dateAdded: '2026-11-12' })]),
      'after its own release',
    ],
  ])('refuses %s', (_what, content, reason) => {
    expect(reasonOf(bytesOf(content))).toContain(reason);
  });

  it('refuses bytes that are no text, gzip cut short or damaged, and a bomb', () => {
    expect(reasonOf(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))).toContain('is not UTF-8');
    const packed = gzipSync(whole);
    expect(reasonOf(packed.subarray(0, packed.length / 2))).toContain('ends in the middle of its gzip data');
    expect(reasonOf(Buffer.concat([packed.subarray(0, 30), Buffer.alloc(40, 0xaa)]))).toContain('gzip');
    expect(reasonOf(gzipSync(Buffer.alloc(33 * 1024 * 1024, 0x20)))).toContain('more than 32 MiB');
  });

  it('names the first faults and counts the rest', () => {
    const rows = Array.from({ length: 500 }, (_, n) => row(`CVE-${n}`));
    const reason = reasonOf(bytesOf(catalogue(rows)));
    expect(reason).toContain('vulnerabilities[2].cveID');
    expect(reason).toContain('and 497 more');
    expect(reason.length).toBeLessThan(600);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(typeof readCatalogue(bytes).ok).toBe('boolean');
        expect(typeof readCatalogue(Buffer.from([0x1f, 0x8b, ...bytes])).ok).toBe('boolean');
        expect(readKept(bytes).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        expect(typeof readCatalogue(changed).ok).toBe('boolean');
        expect(readCatalogue(whole.subarray(0, at)).ok).toBe(false);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => !readCatalogue(bytesOf(JSON.stringify(value))).ok));
  });
});

describe('the kept form', () => {
  const kept: KeptKev = { list: listOf(whole), origin: 'https://example/', savedAt: '2026-11-20T00:00:00Z' };

  it('is read as it was written', () => {
    expect(readKept(Buffer.from(writeKept(kept)))).toEqual({ ok: true, kept });
    expect(writeKept(kept)).toBe(writeKept(structuredClone(kept)));
  });

  it('is refused when a part of it is missing or another', () => {
    const text = writeKept(kept);
    for (const broken of [
      text.slice(0, -10),
      text.replace('"schema":1', '"schema":2'),
      text.replace('"2026-10-10"', '"2026-13-10"'),
      text.replace(',1,', ',2,'),
      JSON.stringify(catalogue()),
    ])
      expect(readKept(Buffer.from(broken)).ok, broken.slice(0, 60)).toBe(false);
  });
});
