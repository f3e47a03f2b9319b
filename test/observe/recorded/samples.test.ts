import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sample } from '../../../src/model/product.ts';
import { Facts } from '../../../src/model/facts.ts';
import { factsOfBanner } from '../../../src/observe/recorded/banner.ts';
import { factsOfSamples } from '../../../src/observe/recorded/samples.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const one = (sample: Record<string, unknown>): Facts =>
  factsOfSamples([Sample.parse(sample)])[0]?.facts ?? {};

describe('factsOfBanner', () => {
  it.each([
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2', { ssh: { software: 'OpenSSH_9.2p1' } }],
    ['hello\r\nSSH-2.0-x\r\n', { ssh: { banner: 'SSH-2.0-x' } }],
    ['RFB 003.008\n\x02\x02\x13', { vnc: { rfbVersion: '003.008', securityTypes: [{ id: 2 }, { id: 19 }] } }],
    ['RFB 003.008\n\x01\x01', { vnc: { noPassword: true } }],
    ['RFB 003.889\n', { vnc: { rfbVersion: '003.889', securityTypes: [] } }],
    [
      '\xff\xfd\x18\xff\xfb\x01login: ',
      { telnet: { options: [{ command: 'DO' }, { command: 'WILL' }], text: 'login: ' } },
    ],
    ['220 ftp.example.jp FTP server ready\r\n', { greeting: { protocol: 'ftp' } }],
    ['220 mail.example.jp ESMTP Postfix\r\n', { greeting: { protocol: 'smtp' } }],
    ['+OK ready\r\n', { greeting: { protocol: 'pop3' } }],
    ['* OK ready\r\n', { greeting: { protocol: 'imap' } }],
    ['J\0\0\0\x0a8.0.36\0', { greeting: { protocol: 'mysql', version: '8.0.36' } }],
    [
      '-NOAUTH Authentication required.\r\n',
      { greeting: { protocol: 'unknown', text: '-NOAUTH Authentication required.\r\n' } },
    ],
    ['\x00\x1e\x80\xff', { greeting: { protocol: 'unknown', text: '\x00\x1e\x80\xff' } }],
    [
      'HTTP/1.0 401 Unauthorized\r\nServer: x\r\n\r\n<title>Up</title>',
      { http: { answers: [{ status: 401, headers: [['Server', 'x']] }] } },
    ],
  ])('reads %j', (text, expected) => {
    expect(factsOfBanner(latin1(text), undefined)).toMatchObject(expected);
  });

  it('reads what an RDP server selects, and why it refuses', () => {
    const selected = factsOfBanner(Buffer.from('030000130ed000001234000200080002000000', 'hex'), 4444);
    expect(selected.rdp).toMatchObject({ negotiations: [{ selected: 'hybrid' }], accepts: { nla: true } });
    const refused = factsOfBanner(Buffer.from('030000130ed000001234000300080005000000', 'hex'), 3389);
    expect(refused.rdp).toMatchObject({ nlaRequired: true });
  });

  it('takes the port only for a greeting that may be two protocols', () => {
    const text = latin1('220 host.example.jp ready\r\n');
    expect(factsOfBanner(text, 25).greeting?.protocol).toBe('smtp');
    expect(factsOfBanner(text, 21).greeting?.protocol).toBe('ftp');
    expect(factsOfBanner(latin1('220 x FTP ready\r\n'), 25).greeting?.protocol).toBe('ftp');
    expect(factsOfBanner(latin1('login: '), 23).greeting?.protocol).toBe('telnet');
  });

  it('says nothing of nothing', () => {
    expect(factsOfBanner(new Uint8Array(), 80)).toEqual({});
  });

  it('gives facts of the model for any bytes, whole, cut and changed', () => {
    const real = [
      '030000130ed000001234000200080002000000',
      '524642203030332e3030380a0202130a',
      '4a0000000a382e302e33360008000000',
      Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=shift_jis\r\n\r\n<html>').toString(
        'hex',
      ),
      'fffd18fffa18010fff',
    ].map((hex) => Buffer.from(hex, 'hex'));
    const changed = fc
      .tuple(fc.constantFrom(...real), fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 255 }))
      .map(([bytes, cut, at, value]) => {
        const copy = Uint8Array.from(bytes.subarray(0, cut));
        if (at < copy.length) copy[at] = value;
        return copy;
      });
    const port = fc.option(fc.nat({ max: 65535 }), { nil: undefined });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed), port, (bytes, at) => {
        expect(Facts.safeParse(factsOfBanner(bytes, at)).success).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('needs little time for a large banner', () => {
    const started = performance.now();
    for (const text of ['220-', '\xff\xfd', '\xff\xfa', 'SSH-', 'HTTP/1.1 ', '\n']) {
      factsOfBanner(latin1(text.repeat(500_000)), undefined);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('factsOfSamples', () => {
  it('reads a Shodan record as the Shodan source does', () => {
    const record = {
      data: 'HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n',
      product: 'nginx',
      version: 1.18,
      http: { status: 200, title: 'Top', html: '<title>Top</title>', favicon: { hash: -5 } },
      ssl: { cert: { subject: { O: 'Fortinet', CN: 'FGT60F' }, issuer: {} } },
    };
    expect(one({ kind: 'shodan', record })).toMatchObject({
      http: { favicon: { mmh3: -5 }, answers: [{ title: 'Top', headers: [['Server', 'nginx']] }] },
      tls: { certificates: [{ subject: 'O=Fortinet, CN=FGT60F' }] },
      passive: { product: 'nginx', version: '1.18' },
    });
  });

  it('gives the bytes of an answer over UDP, also from the escapes of a Shodan record', () => {
    expect(one({ kind: 'udp', banner: 'AP+A' }).datagram?.text).toBe('\x00\xff\x80');
    const record = { transport: 'udp', port: 500, data: '\\x00\\xff!' };
    expect(one({ kind: 'shodan', record }).datagram?.text).toBe('\x00\xff!');
  });

  it('keeps the first bytes of a gzip file, and the charset of a page', () => {
    const gzip = Buffer.from('1f8b080818ab1d5b0003', 'hex').toString('base64');
    const page = Buffer.from([0x83, 0x8d, 0x83, 0x4f]).toString('base64');
    const answers = factsOfSamples([
      Sample.parse({ kind: 'http', bodyBase64: gzip }),
      Sample.parse({
        kind: 'http',
        bodyBase64: page,
        headers: [['Content-Type', 'text/html; charset=Shift_JIS']],
      }),
    ]).map(({ facts }) => facts.http?.answers[0]);
    expect(answers[0]?.firstBytes).toBe('1f8b080818ab1d5b0003');
    expect(answers[1]?.body).toBe('ログ');
  });

  it('takes the path out of a whole URL', () => {
    const path = 'https://192.0.2.1:8443/remote/login?lang=en';
    expect(one({ kind: 'http', request: { path } }).http?.answers[0]?.path).toBe('/remote/login?lang=en');
  });

  it('makes the answer to the random path the measure of the others', () => {
    const [first, ...others] = factsOfSamples([
      Sample.parse({ kind: 'http', request: { path: '/sekisho-control-1' }, status: 200, body: 'x' }),
      Sample.parse({ id: 'a', kind: 'http', request: { path: '/remote/login' }, status: 200, body: 'x' }),
    ]);
    expect(others).toEqual([]);
    expect(first?.id).toBe('a');
    expect(first?.facts.http?.catchAll).toBe(true);
    expect(first?.facts.http?.answers.map(({ control }) => control)).toEqual([undefined, true]);
  });
});
