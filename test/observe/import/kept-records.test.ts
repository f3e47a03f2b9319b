import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../../../src/model/import.ts';
import { createCounter } from '../../../src/observe/import/counter.ts';
import type { ImportContext } from '../../../src/observe/import/format.ts';
import { readStoredRecord, shodan } from '../../../src/observe/import/json/shodan.ts';
import { readMatches } from '../../../src/observe/shodan/records.ts';
import type { Observation } from '../../../src/model/observation.ts';
import { FIXTURES, NOW, lines, madeOf } from './import-of.ts';

const context: ImportContext = {
  file: 'export.json',
  vantage: 'unknown',
  collectedAt: NOW.toISOString(),
  observedAt: NOW.toISOString(),
  accepts: ({ value }) => value % 3n !== 2n,
  columns: undefined,
  encoding: 'auto',
};

function take(text: string) {
  const kept: StoredRecord[] = [];
  const observations: Observation[] = [];
  const counter = createCounter({
    observation: (one) => observations.push(one),
    asset: () => undefined,
    record: (one) => kept.push(one),
  });
  const reader = shodan.open(context, counter.output);
  reader.push(Buffer.from(text));
  reader.end(false);
  return { kept, observations, tally: counter.tally('shodan', false) };
}

const banner = (change: object = {}): object => ({
  ip_str: '198.18.1.2',
  port: 22,
  transport: 'tcp',
  timestamp: '2026-01-01T00:00:00.123456',
  data: 'SSH-2.0-OpenSSH_8.9\r\n',
  _shodan: { module: 'ssh' },
  ...change,
});

describe('banners of Shodan', () => {
  it('are kept as they are, with place and date, and read when a run takes them in', () => {
    const text = `{"port":22,  "ip_str":"198.18.1.2","timestamp":"2026-01-01T00:00:00.123456","serial":12345678901234567890,"data":"SSH-2.0-OpenSSH_8.9\\r\\n"}`;
    const { kept, observations, tally } = take(`${text}\n`);
    expect(kept).toEqual([
      {
        source: 'shodan',
        address: '198.18.1.2',
        port: 22,
        transport: 'unknown',
        observedAt: '2026-01-01T00:00:00.123Z',
        text,
      },
    ]);
    expect(observations).toEqual([]);
    expect(tally).toMatchObject({
      records: 1,
      observations: 1,
      addresses: 1,
      oldest: '2026-01-01T00:00:00.123Z',
      newest: '2026-01-01T00:00:00.123Z',
    });
    const [record] = kept;
    if (record === undefined) throw new Error('nothing kept');
    const made = madeOf(record, 'export.json');
    expect(made).toMatchObject({
      vantage: 'shodan',
      file: 'export.json',
      facts: { ssh: { software: 'OpenSSH_8.9' } },
    });
    expect(Buffer.from(made.evidence[0]?.received ?? '', 'base64').toString()).toBe(text);
    expect(made.id).toBe(
      `shodan/198.18.1.2/22/unknown/banner/20260101T000000123Z-${made.evidence[0]?.sha256.slice(0, 8)}`,
    );
  });

  it('count once when they stand there twice, also within a host; two of one moment are two', () => {
    const one = JSON.stringify(banner());
    const other = JSON.stringify(banner({ http: { host: 'b.example' } }));
    const host = `{"ip_str":"198.18.1.2","ports":[22],"last_update":"2026-01-01T00:00:00","data":[${one}]}`;
    for (const file of [`${one}\n${other}\n${one}\n${host}\n`, `${host}\n${one}\n${other}\n`]) {
      const { kept, observations, tally } = take(file);
      const ids = [...kept.map((record) => madeOf(record, 'f')), ...observations].map(({ id }) => id);
      expect(new Set(ids).size).toBe(2);
      expect(ids).toHaveLength(2);
      expect(tally.observations).toBe(2);
    }
  });

  it('with a picture of a screen are not kept: the picture is personal data', () => {
    const picture = { data: '/9j/PICTURE', mime: 'image/jpeg' };
    const { kept, observations, tally } = take(
      lines(banner({ screenshot: picture }), banner({ opts: { screenshot: picture } })),
    );
    expect(kept).toEqual([]);
    expect(tally.observations).toBe(2);
    for (const { evidence } of observations) {
      const received = Buffer.from(evidence[0]?.received ?? '', 'base64').toString();
      expect(received).toContain('(removed)');
      expect(received).not.toContain('PICTURE');
    }
  });

  it('that are longer than a line of the store are read at once', () => {
    const { kept, observations } = take(lines(banner({ data: 'x'.repeat(300_000) }), banner({ port: 23 })));
    expect([kept.map(({ port }) => port), observations.map(({ port }) => port)]).toEqual([[23], [22]]);
  });

  it('that were changed in the store, in text or place, give nothing', () => {
    const [record] = take(lines(banner())).kept;
    if (record === undefined) throw new Error('nothing kept');
    const read = (change: Partial<StoredRecord>) => readStoredRecord({ ...record, ...change }, context);
    expect(read({})).toBeDefined();
    const changes: Partial<StoredRecord>[] = [
      { text: record.text.slice(1) },
      { text: 'null' },
      { text: '{}' },
      { address: '198.18.1.4' },
      { port: 23 },
      { transport: 'udp' },
      { observedAt: '2026-01-02T00:00:00.000Z' },
    ];
    for (const change of changes) expect(read(change)).toBeUndefined();
  });
});

describe('what is decided when a banner is kept', () => {
  /** The verdict of the reader that makes the observation. */
  function expected(value: unknown): 'record' | 'outOfScope' | 'broken' {
    const { observations, outOfScope } = readMatches([{ value }], { ...context, vantage: 'shodan' });
    if (observations.length > 0) return 'record';
    return outOfScope > 0 ? 'outOfScope' : 'broken';
  }

  function decided(text: string): string {
    const { kept, tally } = take(`${text}\n`);
    // Fails when something kept cannot be read.
    for (const record of kept) madeOf(record, 'f');
    expect(tally.records + tally.outOfScope + tally.broken + tally.ignored).toBe(1);
    if (tally.records === 1) return 'record';
    return tally.outOfScope === 1 ? 'outOfScope' : 'broken';
  }

  const EXPORT = readFileSync(join(FIXTURES, 'export_goahead_4lines.json'), 'utf8')
    .split('\n')
    .filter(Boolean);

  it('is what the full reader says of banners with fields taken away, exchanged or made strange', () => {
    const values = fc.constantFrom<unknown>(
      null,
      '',
      '198.18.1.2',
      '198.18.1.4',
      '2001:db8::2',
      '2001:db8::3',
      3_323_068_674,
      -1,
      80,
      70_000,
      'tcp',
      'udp',
      '2026-01-01T00:00:00',
      '2027-01-01T00:00:00',
      [],
      {},
    );
    const keys = [
      'ip_str',
      'ipv6',
      'ip',
      'port',
      'transport',
      'timestamp',
      'http',
      'ssl',
      'opts',
      'vulns',
      '__proto__',
    ];
    const changes = fc.array(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 4 });
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...EXPORT, JSON.stringify(banner())), changes, (line, pairs) => {
        const more = pairs.map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`).join('');
        const text = `${line.slice(0, -1)}${more}}`;
        const value = JSON.parse(text) as Record<string, unknown>;
        const verdict = decided(text);
        seen.add(verdict);
        // An address outside decides alone: what else is wrong with a record of others is nobody's concern here.
        const full = expected(value);
        if (verdict === 'outOfScope' && full === 'broken')
          expect(expected({ ...banner(), ip_str: value['ip_str'] })).toBe('outOfScope');
        else expect(verdict).toBe(full);
      }),
      { numRuns: 1500 },
    );
    expect([...seen].toSorted()).toEqual(['broken', 'outOfScope', 'record']);
  });

  it('never counts a record that cannot be read later, wherever a bit of an export is turned', () => {
    const bytes = Buffer.from(`${EXPORT.join('\n')}\n`);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        for (const record of take(changed.toString('latin1')).kept) madeOf(record, 'f');
      }),
      { numRuns: 600 },
    );
  });
});
