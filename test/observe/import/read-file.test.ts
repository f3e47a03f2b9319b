import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseRange, rangeContains } from '../../../src/lib/address.ts';
import { AppError } from '../../../src/lib/app-error.ts';
import { readImport } from '../../../src/observe/import/read-file.ts';
import { FIXTURES, NOW, importFile, importFixture, importOf, lines } from './import-of.ts';

const naabu = (host: number, port = 443): Record<string, unknown> => ({
  ip: `192.0.2.${host}`,
  port,
  protocol: 'tcp',
  timestamp: '2026-11-01T00:00:00Z',
});

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
}

describe('readImport', () => {
  it('says what came of a file, and what the file was', async () => {
    const text = lines(naabu(1), naabu(2), naabu(2, 80)) + 'broken\n{"ip":\n' + lines(naabu(9));
    const mine = parseRange('192.0.2.0/29');
    const read = await importOf(text, {
      accepts: (address) => rangeContains(mine, address),
      vantage: 'office',
    });
    expect(read.tally).toEqual({
      type: 'naabu',
      records: 3,
      observations: 3,
      assets: 0,
      addresses: 2,
      outOfScope: 1,
      ignored: 0,
      broken: 2,
      faults: [
        { line: 4, why: 'no JSON object: broken' },
        { line: 5, why: 'this record does not end' },
      ],
      cut: false,
      oldest: '2026-11-01T00:00:00.000Z',
      newest: '2026-11-01T00:00:00.000Z',
    });
    const { file, bytes, sha256, vantage, source } = read;
    expect({ file, bytes, vantage, source }).toEqual({
      file: 'scan.out',
      bytes: text.length,
      vantage: 'office',
      source: 'naabu',
    });
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(read.observations[0]).toMatchObject({
      file: 'scan.out',
      vantage: 'office',
      collectedAt: NOW.toISOString(),
    });
  });

  it('hands on a record once that stands in the file twice, and keeps two that differ', async () => {
    const other = { ...naabu(1), tls: true };
    const read = await importOf(lines(naabu(1), naabu(1), other, other));
    expect(read.tally).toMatchObject({ records: 4, observations: 2, addresses: 1 });
  });

  it('gives records without a date that of the user, else that of the file', async () => {
    const { timestamp: _, ...dateless } = naabu(1);
    const said = await importOf(lines(dateless), { observedAt: '2026-10-01T00:00:00.000Z' });
    expect(said.observations[0]).toMatchObject({
      observedAt: '2026-10-01T00:00:00.000Z',
      note: 'the record carries no date of its own; it has that of the file',
    });
    expect(said.observations[0]?.undated).toBeUndefined();
    expect(said.tally).toMatchObject({ oldest: '2026-10-01T00:00:00.000Z' });
    // Written by this test, after `NOW` or before: never later than the reading.
    const read = await importOf(lines(dateless, naabu(2)));
    expect(read.observations.map(({ undated }) => undated)).toEqual([true, undefined]);
    expect(read.tally.newest).toBe(read.observations[1]?.observedAt);
    expect((await importOf(lines(dateless))).tally.newest).toBeUndefined();
    expect(Date.parse(read.observations[0]?.observedAt ?? '')).toBeLessThanOrEqual(NOW.getTime());
    const future = await importOf(lines({ ...naabu(1), timestamp: '2031-01-01T00:00:00Z' }));
    expect(future.observations[0]?.note).toContain('no date');
  });

  it('names at most twenty faults and counts all', async () => {
    const { tally } = await importOf(`${lines(naabu(1))}${'{broken}\n'.repeat(50)}`);
    expect(tally.broken).toBe(50);
    expect(tally.faults.length).toBe(20);
  });

  it('waits for the sink between chunks, and stops when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-import-'));
    const path = join(folder, 'long.jsonl');
    writeFileSync(
      path,
      Array.from({ length: 20_000 }, (_, index) => lines(naabu(index % 250, 1 + index))).join(''),
    );
    const settings = {
      path,
      as: 'auto',
      vantage: undefined,
      observedAt: undefined,
      columns: undefined,
      encoding: 'auto',
    } as const;
    const controller = new AbortController();
    let waiting = false;
    let drained = 0;
    const sink = {
      observation: () => expect(waiting).toBe(false),
      asset: () => undefined,
      record: () => undefined,
      drain: async () => {
        waiting = true;
        await new Promise((resolve) => setTimeout(resolve, 1));
        waiting = false;
        drained += 1;
        if (drained === 3) controller.abort();
      },
    };
    const options = { now: NOW, accepts: () => true, signal: controller.signal };
    const error = await refusal(readImport(settings, options, sink));
    expect(error.code).toBe('interrupted');
    expect(drained).toBe(3);
    rmSync(folder, { recursive: true });
  });
});

describe('packed files', () => {
  const plain = lines(naabu(1), naabu(2), naabu(3));

  it('reads gzip whatever it is called, also of several members', async () => {
    const halves = Buffer.concat([gzipSync(lines(naabu(1))), gzipSync(lines(naabu(2), naabu(3)))]);
    const read = await importOf(halves);
    expect(read.tally).toMatchObject({ records: 3, broken: 0, cut: false });
    expect(read.bytes).toBe(halves.length);
    expect((await importOf(plain)).tally.records).toBe(3);
  });

  it('reads any number of members, and zeros behind the last', async () => {
    const members = Array.from({ length: 200 }, (_, index) => gzipSync(lines(naabu(index))));
    for (const tail of [Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(3000)]) {
      const bytes = Buffer.concat([...members, tail]);
      const read = await importOf(bytes);
      expect(read.tally).toMatchObject({ records: 200, broken: 0, cut: false });
      expect(read.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('names text behind the last member, and hashes all that lies on the disk', async () => {
    const bytes = Buffer.concat([
      ...[1, 2, 3].map((host) => gzipSync(lines(naabu(host)))),
      Buffer.from(lines(naabu(4)).repeat(90_000)),
    ]);
    const read = await importOf(bytes);
    expect(read.tally).toMatchObject({ broken: 1, cut: true });
    expect(read.tally.records).toBeGreaterThan(1);
    expect(read.bytes).toBe(bytes.length);
    expect(read.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('gives what came before the place where gzip is cut', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => lines(naabu(index % 250, 1 + index))).join('');
    const packed = gzipSync(many);
    const { tally } = await importOf(packed.subarray(0, packed.length >> 1));
    expect(tally.cut).toBe(true);
    expect(tally.records).toBeGreaterThan(500);
    expect(tally.records).toBeLessThan(3000);
    expect(tally.broken).toBe(0);
  });

  it('names the damage in a gzip file, and gives what came before', async () => {
    const many = Array.from({ length: 300 }, (_, index) => lines(naabu(index % 250, 1 + index))).join('');
    const packed = gzipSync(many);
    packed.fill(0xff, packed.length - 200, packed.length - 100);
    const { tally } = await importOf(packed);
    expect(tally.cut).toBe(true);
    expect(tally.records).toBeGreaterThan(50);
    expect(tally.faults.at(-1)?.why).toContain('gzip data is damaged');
  });

  it('does not take a file that cannot be unpacked for an empty one', async () => {
    for (const bytes of [
      gzipSync(plain).subarray(0, 10),
      Buffer.from('1f8b0800000000000003ffffffffff', 'hex'),
    ]) {
      expect(await refusal(importOf(bytes, { as: 'masscan' }))).toMatchObject({ code: 'import-packed' });
    }
  });

  it('marks a plain file that ends in the middle of a record', async () => {
    const { tally } = await importOf(plain.slice(0, -20));
    expect(tally).toMatchObject({ records: 2, broken: 1, cut: true });
    expect((await importOf(`[${lines(naabu(1)).trim()},\n`)).tally).toMatchObject({
      records: 1,
      broken: 0,
      cut: true,
    });
  });

  it.each([
    ['bzip2', '425a6839314159'],
    ['xz', 'fd377a585a0000'],
    ['zstd', '28b52ffd040000'],
    ['zip', '504b0304140000'],
  ])('names %s', async (name, hex) => {
    const error = await refusal(importOf(Buffer.from(hex, 'hex')));
    expect(error).toMatchObject({ code: 'import-packed' });
    expect(error.message).toContain(name);
  });

  it('takes off a byte order mark, and reads UTF-16, as Windows PowerShell writes what a tool prints', async () => {
    expect((await importOf(`\ufeff${plain}`)).tally).toMatchObject({ records: 3, broken: 0 });
    expect((await importOf(gzipSync(`\ufeff${plain}`))).tally).toMatchObject({ records: 3, broken: 0 });
    const wide = Buffer.from(`\ufeff${plain}`, 'utf16le');
    for (const bytes of [wide, Buffer.from(plain, 'utf16le'), Buffer.from(wide).swap16(), gzipSync(wide)]) {
      expect((await importOf(bytes)).tally).toMatchObject({ records: 3, broken: 0 });
    }
    const ledger = 'No.\t機器名\tグローバルIP\r\n1\t本社ＶＰＮ\t192.0.2.1\r\n';
    const { assets } = await importOf(Buffer.from(`\ufeff${ledger}`, 'utf16le'));
    expect(assets).toMatchObject([{ range: '192.0.2.1', name: '本社ＶＰＮ' }]);
  });
});

describe('the kind of a file', () => {
  it.each([
    ['a web page', '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>', 'web page'],
    ['Python', "{'ip': None, 'ports': []}", 'Python'],
    ['an error answer', '{"error": "Invalid API key"}', 'Invalid API key'],
    ['binary', Buffer.from([1, 2, 0, 0, 5, 6, 7, 8]), 'binary'],
    ['prose', 'Dear colleagues,\nplease find the scan attached.\n', 'Understood are'],
  ])('names %s and what is understood', async (_name, content, words) => {
    const error = await refusal(importOf(content));
    expect(error.code).toBe('import-type');
    expect(error.message).toContain(words);
    expect(error.message).toContain('Understood are');
  });

  it('takes an empty file for an answer only when it is said whose', async () => {
    for (const content of ['', ' \n', gzipSync('')]) {
      expect(await refusal(importOf(content))).toMatchObject({ code: 'import-empty' });
      const read = await importOf(content, { as: 'masscan' });
      expect(read.tally).toMatchObject({
        type: 'masscan',
        records: 0,
        broken: 0,
        observations: 0,
        cut: false,
      });
      expect(read.source).toBe('masscan');
    }
  });

  it('refuses a file that is something else than was said', async () => {
    const error = await refusal(importOf(lines(naabu(1)), { as: 'httpx' }));
    expect(error.code).toBe('import-type');
    expect(error.message).toContain('was said to be httpx, but its content is that of naabu');
    expect(await refusal(importOf('<html><body>no</body></html>', { as: 'shodan' }))).toMatchObject({
      code: 'import-type',
    });
  });

  it('follows the user where the content tells nothing', async () => {
    const read = await importOf('{"unknown":1}\n', { as: 'tlsx' });
    expect(read.tally).toMatchObject({ type: 'tlsx', broken: 1 });
  });
});

describe('files that cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says so in a sentence', async () => {
    const missing = await refusal(importFile(join(folder, 'missing.json')));
    expect(missing.code).toBe('import-file');
    expect(missing.message).toContain('does not exist');
    expect((await refusal(importFile(folder))).message).toContain('is a folder');
    expect(await refusal(importFile(join(folder, 'a\0b')))).toMatchObject({ code: 'import-file' });
    expect(await refusal(importFile('/proc/self/mem'))).toMatchObject({ code: 'import-file' });
  });
});

describe('samples', () => {
  const counts = ['type', 'records', 'observations', 'addresses', 'ignored', 'broken'] as const;
  it.each([
    ['banner_dns_8.8.8.8_2021.json', 'shodan', 1, 1, 1, 0, 0, '2021-01-28T07:21:33.444Z'],
    ['export_goahead.json.gz', 'shodan', 1, 1, 1, 0, 0, '2026-03-15T22:57:45.950Z'],
    ['export_goahead_4lines.json', 'shodan', 4, 4, 4, 0, 0, '2026-03-15T22:56:52.904Z'],
    ['host_198.18.1.45_no_banners.json', 'shodan', 3, 3, 1, 0, 0, '2021-03-15T11:44:54.025Z'],
    ['host_8.8.8.8_2022.json', 'shodan', 3, 3, 1, 0, 0, '2022-06-17T19:51:17.201Z'],
    ['host_data_array_140.82.118.4_2020-trimmed.json', 'shodan', 3, 3, 1, 0, 0, '2020-06-08T15:54:02.612Z'],
    ['search_1.1.1.1_minify_2021-07.json', 'shodan', 3, 3, 1, 0, 0, '2021-07-27T21:38:06.908Z'],
    ['search_nginx_2021.json', 'shodan', 2, 2, 2, 0, 0, '2021-01-25T21:33:49.154Z'],
    ['search_smb_2021.json', 'shodan', 1, 1, 1, 0, 0, '2021-03-15T16:50:58.075Z'],
    ['stream_ftp_http_ike_2018.ndjson', 'shodan', 3, 3, 3, 0, 0, '2018-06-19T13:02:37.371Z'],
    ['internetdb_198.18.1.52_2024-01.json', 'internetdb', 1, 6, 1, 0, 0, '2024-01-05T00:00:00.000Z'],
    ['internetdb-nrich.ndjson', 'internetdb', 2, 12, 2, 0, 0, '2024-01-05T00:00:00.000Z'],
    ['masscan.json', 'masscan', 5, 5, 2, 0, 0, '2026-11-20T19:07:59.000Z'],
    ['masscan-1.0-trailing-comma.json', 'masscan', 1, 1, 1, 1, 0, '2019-08-21T00:00:00.000Z'],
    ['masscan-banners.json', 'masscan', 9, 9, 2, 0, 0, '2026-11-20T19:08:38.000Z'],
    ['masscan.ndjson', 'masscan', 5, 5, 2, 0, 0, '2026-11-20T19:08:32.000Z'],
    ['naabu.jsonl', 'naabu', 4, 4, 4, 0, 0, '2025-04-01T01:23:03.640Z'],
    ['naabu-with-log-lines.jsonl', 'naabu', 1, 1, 1, 3, 0, '2025-04-01T01:23:03.640Z'],
    ['httpx.jsonl', 'httpx', 3, 3, 3, 0, 0, '2026-02-26T21:26:06.997Z'],
    ['nuclei-example-com-8.jsonl', 'nuclei', 8, 8, 1, 0, 0, '2022-09-09T19:18:55.271Z'],
    ['nuclei-hostname-without-port.jsonl', 'nuclei', 0, 0, 0, 1, 0, undefined],
    ['nuclei-log4shell.jsonl', 'nuclei', 1, 1, 1, 0, 0, '2021-12-21T15:36:21.962Z'],
    ['zgrab2.jsonl', 'zgrab2', 1, 1, 1, 0, 0, '2025-11-07T00:18:00.000Z'],
    ['zgrab2-with-meta.jsonl', 'zgrab2', 1, 1, 1, 2, 0, '2025-11-07T00:18:00.000Z'],
  ] as const)('%s', async (name, ...expected) => {
    const { tally } = await importFixture(name, { observedAt: '2024-01-05T00:00:00.000Z' });
    expect([...counts.map((count) => tally[count]), tally.oldest]).toEqual(expected);
    expect(tally.cut).toBe(false);
    const none = await importFixture(name, { accepts: () => false });
    expect([none.tally.records, none.tally.observations, none.tally.broken]).toEqual([0, 0, 0]);
    expect(none.tally.outOfScope + none.tally.ignored).toBe(tally.records + tally.ignored);
  });

  it('are told by content alone', async () => {
    const content = readFileSync(join(FIXTURES, 'masscan.json'));
    expect((await importOf(content)).tally.type).toBe('masscan');
  });
});
