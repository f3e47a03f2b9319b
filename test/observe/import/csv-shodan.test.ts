import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS, shodanCsv } from '../../../src/observe/import/csv/shodan-convert.ts';
import { readBytes } from './read-bytes.ts';

const sample = readFileSync(resolve(import.meta.dirname, '../../fixtures/import/shodan-convert.csv'));
const header = `${COLUMNS.join(',')}\n`;
const row = (over: Readonly<Record<string, string>>): string =>
  COLUMNS.map((name) => `"${(over[name] ?? '').replaceAll('"', '""')}"`).join(',');
const good = {
  ip_str: '203.0.113.10',
  port: '443',
  timestamp: '2026-01-01T19:18:36.521207',
  transport: 'tcp',
};

describe('a table of shodan convert', () => {
  it('gives every banner of a real one, with its own date, text, product and hints', () => {
    const read = readBytes(shodanCsv, sample, { chunk: 37 });
    expect(read.faults).toEqual([]);
    expect(read.observations.map(({ port }) => port)).toEqual([22, 80, 3306, 8080, 8123, 8443, 9000, 9001]);
    const [ssh, , mysql, , , tls] = read.observations;
    expect(ssh).toMatchObject({
      source: 'shodan',
      vantage: 'shodan',
      file: 'given.csv',
      observedAt: '2026-01-01T19:18:36.521Z',
      collectedAt: '2026-11-20T00:00:00.000Z',
      address: '198.18.1.21',
      transport: 'tcp',
      protocol: 'ssh',
      facts: { ssh: { banner: 'SSH-2.0-OpenSSH_7.6p1 Ubuntu-4ubuntu0.7' } },
    });
    expect(mysql?.facts.passive).toMatchObject({ product: 'MySQL', version: '8.0.33', tags: ['database'] });
    expect(mysql?.facts.passive?.vulns).toContainEqual({ cve: 'CVE-2024-21069', verified: false });
    expect(tls?.facts.tls).toMatchObject({
      cipher: 'TLS_AES_256_GCM_SHA384',
      certificates: [{ sha256: expect.stringMatching(/^7d22d05dcc39d1a8/) }],
    });
  });

  it('is known by its columns, and a ledger is not', () => {
    expect(shodanCsv.recognises(sample.toString('latin1'))).toBe(true);
    expect(shodanCsv.recognises('ip,port\n203.0.113.1,443\n')).toBe(false);
  });

  it('leaves out and counts what is outside the scope, and names rows that cannot be read', () => {
    const text = [
      header,
      `${row(good)}\n`,
      `${row({ ...good, ip_str: '198.51.100.1' })}\n`,
      `${row({ ...good, port: 'x' })}\n`,
      `${row({ ...good, timestamp: '' })}\n`,
      'a,b\n',
      header,
      `${row({ ...good, ip_str: '', ipv6: '2001:db8::1' })}\n`,
      `${row({ ...good, ip_str: '', ip: '3405803786' })}\n`,
    ].join('');
    const read = readBytes(shodanCsv, text, { scope: ['203.0.113.0/24', '2001:db8::/32'] });
    expect(read.observations.map(({ address }) => address)).toEqual([
      '203.0.113.10',
      '2001:db8::1',
      '203.0.113.10',
    ]);
    expect(read.counts).toEqual({ records: 3, outOfScope: 1, ignored: 0 });
    expect(read.faults.map(({ line }) => line)).toEqual([4, 5, 6]);
  });

  it('keeps a page of many lines with quotes in one row', () => {
    const html = '<html>\r\n<a href="x">"a", "b"</a>\n\n<title>Log in</title>';
    const data = 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n';
    const read = readBytes(shodanCsv, `${header}${row({ ...good, data, html })}\n${row(good)}`);
    expect(read.observations[0]?.facts.http?.answers[0]).toMatchObject({
      status: 200,
      title: 'Log in',
      body: html,
    });
    expect(read.counts.records).toBe(2);
  });

  it('never throws, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', ',', '\n', 'x', header, row(good), '\r', '=1'), { maxLength: 80 }),
        (parts) => {
          const read = readBytes(shodanCsv, header + parts.join(''));
          expect(read.observations.length).toBe(read.counts.records);
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readBytes(shodanCsv, Buffer.concat([Buffer.from(header), bytes]));
      }),
    );
  });
});
