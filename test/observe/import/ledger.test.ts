import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Encoding from 'encoding-japanese';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/app-error.ts';
import { parseRange } from '../../../src/lib/address.ts';
import { ledger } from '../../../src/observe/import/csv/ledger.ts';
import { readBytes, type ReadSettings } from './read-bytes.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures/import');
const sample = (name: string): Buffer => readFileSync(join(fixtures, name));
const sjis = (text: string): Buffer =>
  Buffer.from(Encoding.convert(Encoding.stringToCode(text), { to: 'SJIS', from: 'UNICODE' }));
const assets = (input: string | Uint8Array, settings?: ReadSettings) =>
  readBytes(ledger, input, settings).assets;
const ranges = (input: string | Uint8Array, settings?: ReadSettings): string[] =>
  assets(input, settings).map(({ range }) => range);
const recognised = (input: string | Uint8Array): boolean =>
  ledger.recognises(Buffer.from(input).toString('latin1'));
const errorOf = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('did not throw');
};

const JAPANESE = `機器名,ＩＰアドレス,管理部署,ポート番号,備考
本社VPN,203.0.113.10,情報システム課,443,主回線
支社ルータ,２０３．０．１１３．１１,総務課,,"能代支社
（予備）"
Webサーバ,203.0.113.12,広報,"80,443/tcp",表示～
`;

describe('an asset ledger', () => {
  it('reads a Japanese spreadsheet in UTF-8 and in Shift_JIS alike', () => {
    const expected = [
      {
        range: '203.0.113.10',
        port: 443,
        name: '本社VPN',
        owner: '情報システム課',
        note: '主回線',
        file: 'given.csv',
        line: 2,
      },
      {
        range: '203.0.113.11',
        name: '支社ルータ',
        owner: '総務課',
        note: '能代支社 （予備）',
        file: 'given.csv',
        line: 3,
      },
      {
        range: '203.0.113.12',
        port: 80,
        name: 'Webサーバ',
        owner: '広報',
        note: '表示～',
        file: 'given.csv',
        line: 5,
      },
      {
        range: '203.0.113.12',
        port: 443,
        transport: 'tcp',
        name: 'Webサーバ',
        owner: '広報',
        note: '表示～',
        file: 'given.csv',
        line: 5,
      },
    ];
    expect(assets(JAPANESE)).toEqual(expected);
    expect(assets(sjis(JAPANESE.replaceAll('\n', '\r\n')))).toEqual(expected);
    expect(assets(sjis(JAPANESE), { encoding: 'shift_jis', chunk: 1 })).toEqual(expected);
    expect(recognised(JAPANESE)).toBe(true);
    expect(recognised(sjis(JAPANESE))).toBe(true);
  });

  it('reads letters that only code page 932 has: ①, ㈱, 髙, 﨑 and half-width katakana', () => {
    const bytes = Buffer.concat([
      Buffer.from('name,ip\n'),
      Buffer.from([0x87, 0x40, 0x87, 0x8a, 0xfb, 0xfc, 0xed, 0x95, 0xb6, 0xd2, 0xd7]),
      Buffer.from(',203.0.113.10\n'),
    ]);
    expect(assets(bytes)[0]?.name).toBe('①㈱髙﨑ｶﾒﾗ');
  });

  it('reads the English sample: a range, a network, IPv6, and names the row without an address', () => {
    const read = readBytes(ledger, sample('assets.csv'));
    expect(read.assets.map(({ range, owner, note, line }) => [range, owner, note, line])).toEqual([
      ['203.0.113.10', 'Network team', 'VPN, primary', 2],
      ['203.0.113.0/28', 'Network team', undefined, 3],
      ['198.51.100.5-198.51.100.9', 'ACME', 'range', 4],
      ['2001:db8:10::/64', 'Network team', 'IPv6', 6],
    ]);
    expect(read.faults).toEqual([{ line: 5, why: '"mail.example.org" is not an address' }]);
    expect(recognised(sample('assets.csv'))).toBe(true);
  });

  it('reads a plain list with comments', () => {
    expect(assets(sample('assets.txt')).map(({ range, note, line }) => [range, note, line])).toEqual([
      ['203.0.113.0/28', undefined, 2],
      ['203.0.113.200', 'DR site', 3],
      ['2001:db8:10::1', undefined, 5],
    ]);
    expect(recognised(sample('assets.txt'))).toBe(true);
  });

  it('finds the headings below a title, whatever the delimiter', () => {
    for (const delimiter of [',', ';', '\t']) {
      const text = [
        '外部公開機器一覧',
        ['更新日', '2026/4/1'].join(delimiter),
        ['No', 'グローバルIP（固定）', '担当'].join(delimiter),
        ['1', '203.0.113.10', '佐藤'].join(delimiter),
        ['2', '', '鈴木'].join(delimiter),
        ['3', 'DHCP', '高橋'].join(delimiter),
      ].join('\r\n');
      const read = readBytes(ledger, text);
      expect(read.assets).toEqual([{ range: '203.0.113.10', owner: '佐藤', file: 'given.csv', line: 4 }]);
      expect(read.faults).toEqual([]);
      expect(read.counts).toEqual({ records: 1, outOfScope: 0, ignored: 4 });
    }
  });

  it('takes several addresses, ranges and ports of one cell apart', () => {
    expect(ranges('ip\n"203.0.113.1; 203.0.113.2\n203.0.113.3　203.0.113.4"')).toEqual([
      '203.0.113.1',
      '203.0.113.2',
      '203.0.113.3',
      '203.0.113.4',
    ]);
    expect(ranges('ip\n203.0.113.1 - 203.0.113.3\n203.0.113.4〜9\n203.0.113.7～203.0.113.8')).toEqual([
      '203.0.113.1-203.0.113.3',
      '203.0.113.4-203.0.113.9',
      '203.0.113.7-203.0.113.8',
    ]);
    expect(ranges('ip\n203.0.113.17/28')).toEqual(['203.0.113.17']);
    expect(ranges(`ip\n="203.0.113.1"\n'203.0.113.2`)).toEqual(['203.0.113.1', '203.0.113.2']);
    expect(assets('ip\n203.0.113.1:8443 (VIP)\n[2001:db8::1]:443')).toMatchObject([
      { range: '203.0.113.1', port: 8443, note: '(VIP)' },
      { range: '2001:db8::1', port: 443 },
    ]);
  });

  it('keeps what is called a port and is none as words', () => {
    expect(assets('ip,ポート,備考\n203.0.113.1,Gi0/1,本社')).toEqual([
      { range: '203.0.113.1', note: '本社 / Gi0/1', file: 'given.csv', line: 2 },
    ]);
    expect(assets('ip,port,protocol\n203.0.113.1,500,UDP')).toMatchObject([{ port: 500, transport: 'udp' }]);
  });

  it('counts rows outside the scope and keeps a range that overlaps it', () => {
    const text = 'ip\n10.0.0.1\n203.0.113.1\n203.0.112.0/22\n203.0.113.14-203.0.113.40\n';
    const read = readBytes(ledger, text, { scope: ['203.0.113.0/28'] });
    expect(read.assets.map(({ range }) => range)).toEqual([
      '203.0.113.1',
      '203.0.112.0/22',
      '203.0.113.14-203.0.113.40',
    ]);
    expect(read.counts.outOfScope).toBe(1);
  });

  it('names what is no address, and a network that is larger than anybody owns', () => {
    const read = readBytes(
      ledger,
      'ip\n203.0.113.999\n203.0.0.0/8\n0.0.0.0/0\n203.0.113.9-203.0.113.1\n00:11:22:33:44:55\n',
    );
    expect(read.assets).toEqual([]);
    expect(read.faults.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    expect(read.faults[1]?.why).toContain('larger than a /16');
  });

  it('follows a mapping by heading and by number, with or without headings in the file', () => {
    const text = '名,A,B\nx,198.51.100.1,203.0.113.10\n';
    expect(assets(text, { columns: { address: 'B', name: '名' } })).toMatchObject([
      { range: '203.0.113.10', name: 'x' },
    ]);
    expect(assets(text, { columns: { address: '3', name: '1' } })).toMatchObject([
      { range: '203.0.113.10', name: 'x' },
    ]);
    expect(assets('x,198.51.100.1,203.0.113.10\n', { columns: { address: '2', owner: '１' } })).toMatchObject(
      [{ range: '198.51.100.1', owner: 'x' }],
    );
  });

  it('says which headings are there when the mapping names another, or none is known', () => {
    const wrong = errorOf(() =>
      readBytes(ledger, '名,IP\nx,203.0.113.1\n', { columns: { address: 'IP', owner: '課' } }),
    );
    expect(wrong.message).toMatch(/no column "課".*1 "名", 2 "IP"/);
    expect(wrong.code).toBe('usage');
    expect(
      errorOf(() => readBytes(ledger, '名,IP\nx,203.0.113.1\n', { columns: { address: 'アドレス' } }))
        .message,
    ).toMatch(/no column "アドレス".*1 "名", 2 "IP"/);
    expect(errorOf(() => readBytes(ledger, 'a,b\nc,d\n')).message).toMatch(
      /columns: \{ address.*1 "a", 2 "b"/,
    );
  });

  it('loses one row to a quote that is never closed, and says where', () => {
    const text = 'ip,note\n203.0.113.1,"open\n203.0.113.2,x\n203.0.113.3,"5"" disk"\n203.0.113.4,5" disk\n';
    const read = readBytes(ledger, text);
    expect(read.assets.map(({ range, note }) => [range, note])).toEqual([
      ['203.0.113.2', 'x'],
      ['203.0.113.3', '5" disk'],
      ['203.0.113.4', '5" disk'],
    ]);
    expect(read.faults).toEqual([{ line: 2, why: 'a quote (") is opened here and never closed' }]);
  });

  it('names a line whose bytes are no text, and goes on', () => {
    const bytes = Buffer.concat([
      Buffer.from('ip,note\n203.0.113.1,日本\n203.0.113.2,'),
      Buffer.from([0xff, 0xff]),
      Buffer.from('\n203.0.113.3,日本\n'),
    ]);
    const read = readBytes(ledger, bytes, { encoding: 'utf-8' });
    expect(read.assets.map(({ line }) => line)).toEqual([2, 4]);
    expect(read.faults).toEqual([{ line: 3, why: expect.stringContaining('not text in the encoding') }]);
  });

  it('changes to Shift_JIS where ASCII ends, however far down', () => {
    const many = Array.from({ length: 8000 }, (_, i) => `203.0.${i >> 8}.${i & 255},x`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`ip,note\n${many}\n`), sjis('203.0.113.1,能代\n')]);
    const read = readBytes(ledger, bytes, { chunk: 5000 });
    expect(read.assets.at(-1)?.note).toBe('能代');
    expect(read.faults).toEqual([]);
  });

  it('drops an unfinished last row when the file is cut', () => {
    expect(ranges('ip\n203.0.113.10\n203.0.113.1', { cut: true })).toEqual(['203.0.113.10']);
  });

  it('does not take lists and logs of other tools for a ledger', () => {
    const others = [
      '',
      '#masscan\nopen tcp 80 10.99.0.3 1795201692\n# end\n',
      '{"ip":"203.0.113.1"}\n',
      '<nmaprun/>',
      '# Nmap 7.94\nHost: 203.0.113.1 (a)\tStatus: Up\nHost: 203.0.113.1 (a)\tPorts: 22/open/tcp//ssh///\n',
      '203.0.113.1 - - [20/Nov/2026:00:00:00 +0900] "GET /, HTTP/1.1" 200 5, x\nerror, something else\nerror, again\n',
      '203.0.113.1 - - [20/Nov/2026:00:00:00 +0900] "GET / HTTP/1.1" 200 5\n',
      '203.0.113.1:443\n203.0.113.1:80\n',
      'PK\u0003\u0004\u0000203.0.113.1',
      'a,b\nc,d\n',
    ];
    expect(others.filter((text) => recognised(text))).toEqual([]);
  });

  it('never throws but for a missing column, and gives only ranges that can be read, for any bytes', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '203.0.113.1',
        '"',
        '""',
        ',',
        ';',
        '\n',
        '\r\n',
        '#',
        '-',
        '/28',
        '2001:db8::/64',
        '０',
        '\0',
        '能',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (parts, chunk) => {
        const bytes = Buffer.from(`ip,name,port\n${parts.join('')}`);
        const { assets: found } = readBytes(ledger, bytes, { chunk });
        for (const { range } of found) expect(() => parseRange(range)).not.toThrow();
        expect(readBytes(ledger, bytes).assets).toEqual(found);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readBytes(ledger, Buffer.concat([Buffer.from('ip,name\n'), bytes]));
        recognised(bytes);
      }),
    );
  });

  it('is not slowed by a file made of quotes', () => {
    const started = performance.now();
    readBytes(ledger, `ip,a\n${'"x""\n'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
