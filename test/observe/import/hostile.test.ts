/** Files that somebody made to break the reader, or that a broken disk made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Observation } from '../../../src/model/observation.ts';
import { createCounter } from '../../../src/observe/import/counter.ts';
import type { ImportFormat } from '../../../src/observe/import/format.ts';
import { censys } from '../../../src/observe/import/json/censys.ts';
import { httpx } from '../../../src/observe/import/json/httpx.ts';
import { internetdb } from '../../../src/observe/import/json/internetdb.ts';
import { masscanJson } from '../../../src/observe/import/json/masscan.ts';
import { naabu } from '../../../src/observe/import/json/naabu.ts';
import { nuclei } from '../../../src/observe/import/json/nuclei.ts';
import { shodan } from '../../../src/observe/import/json/shodan.ts';
import { tlsx } from '../../../src/observe/import/json/tlsx.ts';
import { zgrab2 } from '../../../src/observe/import/json/zgrab2.ts';
import { FIXTURES, NOW, importFixture, importOf, lines, madeOf } from './import-of.ts';

const SAMPLES = [
  'export_goahead_4lines.json',
  'host_8.8.8.8_2022.json',
  'search_nginx_2021.json',
  'internetdb-nrich.ndjson',
  'masscan-banners.json',
  'masscan.ndjson',
  'naabu.jsonl',
  'httpx.jsonl',
  'nuclei-log4shell.jsonl',
  'zgrab2-with-meta.jsonl',
] as const;

const readers = [shodan, internetdb, censys, nuclei, httpx, tlsx, zgrab2, masscanJson, naabu];

function read(format: ImportFormat, bytes: Uint8Array, chunk = 97): { seen: Observation[]; counted: number } {
  const seen: Observation[] = [];
  const counter = createCounter({
    observation: (one) => seen.push(one),
    asset: () => undefined,
    record: (one) => seen.push(madeOf(one, 'f')),
  });
  const reader = format.open(
    {
      file: 'f',
      vantage: 'unknown',
      collectedAt: NOW.toISOString(),
      observedAt: NOW.toISOString(),
      accepts: ({ value }) => value % 7n !== 0n,
      columns: undefined,
      encoding: 'auto',
    },
    counter.output,
  );
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  reader.end(false);
  for (const one of seen) Observation.parse(one);
  const { records, outOfScope, ignored, broken } = counter.tally(format.type, false);
  return { seen, counted: records + outOfScope + ignored + broken };
}

describe('hostile files', () => {
  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(...readers),
        (bytes, format) => void read(format, bytes),
      ),
      { numRuns: 500 },
    );
  });

  it.each(SAMPLES)('never throw when bits of %s are turned or bytes are lost', (name) => {
    const sample = readFileSync(join(FIXTURES, name));
    const own = readers.filter((format) => format.recognises(sample.subarray(0, 65_536).toString('latin1')));
    expect(own.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(sample.length),
        (changes, end) => {
          const bytes = Uint8Array.from(sample);
          for (const [at, byte] of changes) bytes[at] = byte;
          for (const format of own) read(format, bytes.subarray(0, Math.max(end, sample.length >> 1)), 4096);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('count every record of one line exactly once, whatever the types of its fields', () => {
    const keys = [
      'ip',
      'ip_str',
      'port',
      'ports',
      'host',
      'url',
      'timestamp',
      'data',
      'services',
      'matches',
      'template-id',
      'info',
      'status_code',
      'probe_status',
      'rec_type',
      'transport',
      'vulns',
      'cpes',
      'hostnames',
      'tags',
      '__proto__',
      'constructor',
      'http',
      'ssl',
      '_shodan',
      'result',
      'domain',
      'tls',
      'a',
    ];
    const leaf = fc.constantFrom<unknown>(
      null,
      1,
      -1,
      443,
      1e300,
      '',
      '192.0.2.1',
      '2001:db8::1',
      '443',
      'https://192.0.2.1:1/',
      '2026-01-01T00:00:00Z',
      true,
      [],
      {},
      '\ud800',
      '\0',
      [443],
      [{}],
    );
    const object = (values: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
      fc
        .array(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 8 })
        .map(
          (pairs) =>
            `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
        );
    const nested = object(leaf).map((text) => JSON.parse(text) as unknown);
    const line = object(fc.oneof(leaf, nested, fc.array(nested, { maxLength: 2 })));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom(...readers), (texts, format) => {
        const { counted } = read(format, Buffer.from(texts.join('\n')));
        // A host or a search holds several records.
        const single = texts.filter((text) => !/"(?:data|services|matches|result|ports)":/.test(text));
        expect(counted).toBeGreaterThanOrEqual(single.length);
        if (single.length === texts.length) expect(counted).toBe(texts.length);
      }),
      { numRuns: 3000 },
    );
    expect(Object.hasOwn(Object.prototype, 'port')).toBe(false);
  });

  it('take __proto__ for a field like any other', async () => {
    const text =
      '{"__proto__":{"ip":"192.0.2.9","port":80},"host":"192.0.2.1","port":443,"protocol":"tcp"}\n{"__proto__":{"ip":"192.0.2.9","port":80}}\n';
    const { observations, tally } = await importOf(text);
    expect(observations.map(({ address, port }) => `${address} ${port}`)).toEqual(['192.0.2.1 443']);
    expect(tally.broken).toBe(1);
  });

  it('may be nested a hundred thousand deep', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const record = `{"ip_str":"192.0.2.1","port":80,"timestamp":"2026-11-01T00:00:00","data":"x","vulns":${deep},"_shodan":{}}`;
    const { tally } = await importOf(
      `${lines({ ip_str: '192.0.2.2', port: 80, timestamp: '2026-11-01T00:00:00', data: 'x' })}${record}\n`,
    );
    expect(tally.records + tally.broken).toBe(2);
    expect(
      (await importOf(`${lines({ ip: '192.0.2.1', port: 80 })}${'{"a":'.repeat(100_000)}`)).tally,
    ).toMatchObject({ records: 1, broken: 1, cut: true });
  });

  it('may hold lone surrogates and NUL', async () => {
    const text =
      '{"ip":"192.0.2.1","port":80,"product":"a\\ud800b\\u0000","timestamp":"2026-11-01T00:00:00Z"}\n';
    const { observations } = await importOf(text);
    expect(observations[0]?.facts.passive?.product).toBe('a\ud800b\0');
    expect(JSON.parse(JSON.stringify(observations[0]))).toEqual(observations[0]);
  });

  it('may begin with a record that is longer than what is looked at to tell the kind', async () => {
    const html = 'x'.repeat(150_000);
    const banner = {
      hash: 1,
      asn: 'AS1',
      http: { html },
      ip_str: '192.0.2.1',
      port: 80,
      timestamp: '2026-11-01T00:00:00',
      data: 'HTTP/1.1 200 OK\r\n\r\n',
      transport: 'tcp',
    };
    const early = {
      ip_str: '192.0.2.1',
      port: 80,
      timestamp: '2026-11-01T00:00:00',
      data: 'HTTP/1.1 200 OK\r\n\r\n',
      http: { html },
    };
    expect((await importOf(lines(early, banner))).tally).toMatchObject({ type: 'shodan', records: 2 });
    expect((await importOf(lines(banner, early))).tally).toMatchObject({
      type: 'shodan',
      records: 2,
    });
    const host = { city: 'x', isp: 'y', asn: 'AS1', data: [{ ...early }], ip_str: '192.0.2.1', ports: [80] };
    expect((await importOf(JSON.stringify(host, undefined, 2))).tally).toMatchObject({
      type: 'shodan',
      records: 1,
    });
  });

  it('keep evidence and texts within bounds', async () => {
    const huge = 'A'.repeat(3_000_000);
    const record = {
      url: 'https://192.0.2.1/',
      host: '192.0.2.1',
      status_code: 200,
      title: huge,
      body: huge,
      webserver: huge,
      tech: [huge],
      timestamp: '2026-11-01T00:00:00Z',
    };
    const { observations } = await importOf(lines(record));
    expect(JSON.stringify(observations).length).toBeLessThan(500_000);
    expect(observations[0]?.evidence[0]).toMatchObject({ truncated: true });
  });

  it('give the same in every reading', async () => {
    const [first, second] = await Promise.all([
      importFixture('masscan-banners.json'),
      importFixture('masscan-banners.json'),
    ]);
    expect(second?.observations).toEqual(first?.observations);
  });
});
