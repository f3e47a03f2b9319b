import { afterEach, describe, expect, it } from 'vitest';
import type { HttpFacts } from '../../../../src/model/facts.ts';
import { anyConnectQuestion } from '../../../../src/observe/probe/protocols/anyconnect/question.ts';
import { softEtherQuestion } from '../../../../src/observe/probe/protocols/softether/question.ts';
import { sstpQuestion } from '../../../../src/observe/probe/protocols/sstp/question.ts';
import type { TcpLine, TcpQuestion } from '../../../../src/observe/probe/question.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { expectBounded, OTHER_SERVERS } from './mutated.ts';
import { HOSTILE_PEERS, tcpServer } from './tcp-server.ts';
import { OCSERV_CERTIFICATE, OCSERV_FORM, SOFTETHER_GREETING } from './vpn-captures.ts';

/** MS-SSTP §4.1, with the header of http.sys as nerva and what-vpn publish it. */
const SSTP = Buffer.from(
  'HTTP/1.1 200\r\nContent-Length: 18446744073709551615\r\nServer: Microsoft-HTTPAPI/2.0\r\nDate: Thu, 09 Nov 2006 00:51:09 GMT\r\n\r\n'.replace(
    '200\r',
    '200 OK\r',
  ),
  'latin1',
);
/** ASA: composed from memory of its form; no recording of a real one was to be had. */
const ASA = answerOf(
  '<?xml version="1.0" encoding="UTF-8"?>\n<config-auth client="vpn" type="auth-request" aggregate-auth-version="2">\n<opaque is-for="sg"><tunnel-group>VPN</tunnel-group></opaque><version who="sg">9.16(4)</version><client-cert-request></client-cert-request><auth id="main"><form><input type="text" name="username" label="Username:"></input><input type="password" name="password"></input></form></auth></config-auth>',
);

function answerOf(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

interface Asked {
  readonly line: TcpLine;
  readonly requests: string[];
}

/** A line inside TLS that plays `answer`, in two pieces. */
function lineWith(answer: Uint8Array, isTls = true): Asked {
  const requests: string[] = [];
  const line: TcpLine = {
    address: '192.0.2.1',
    port: 443,
    hostNames: ['vpn.example.jp'],
    isTls,
    isOver: false,
    again: () => undefined,
    startTls: () => Promise.resolve(false),
    exchange: (request, parse) => {
      requests.push(Buffer.from(request ?? []).toString('latin1'));
      const first = parse(answer.subarray(0, 30));
      const reading = first === 'more' ? parse(answer) : first;
      return Promise.resolve(reading === 'more' ? undefined : reading);
    },
  };
  return { line, requests };
}

const web = (part: Partial<HttpFacts['answers'][number]>, scheme: 'http' | 'https' = 'https'): HttpFacts => ({
  scheme,
  host: 'vpn.example.jp',
  answers: [
    {
      method: 'GET',
      path: '/',
      status: 200,
      headers: [],
      body: '',
      bodyBytes: 0,
      bodySha256: '',
      truncated: false,
      ...part,
    },
  ],
  notFollowed: [],
});

describe('AnyConnect-compatible gateways', () => {
  it('ocserv with passwords: groups and the field of the form', async () => {
    const { line, requests } = lineWith(OCSERV_FORM);
    expect(await anyConnectQuestion.ask(line)).toEqual({
      name: 'anyconnect',
      access: 'password',
      version: '0.1(1)',
      fields: [
        ['authentication', 'password'],
        ['group', 'staff'],
        ['group', 'guests'],
        ['input', 'username'],
      ],
      concerns: [],
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/^POST \/ HTTP\/1\.1\r\nHost: vpn\.example\.jp\r\n/);
    expect(requests[0]).toContain('type="init"');
    const [head = '', body = ''] = requests[0]?.split('\r\n\r\n') ?? [];
    expect(head).toContain(`Content-Length: ${body.length}`);
    // No name and no password go out.
    expect(requests[0]).not.toMatch(/username|password|auth-reply/i);
  });

  it('ocserv with certificates', async () => {
    expect(await anyConnectQuestion.ask(lineWith(OCSERV_CERTIFICATE).line)).toEqual({
      name: 'anyconnect',
      access: 'strong',
      fields: [
        ['authentication', 'client-certificate'],
        ['refusal', 'No certificate'],
      ],
      concerns: [],
    });
  });

  it('ASA: its release, and that a certificate is asked for as well', () => {
    expect(anyConnectQuestion.read(ASA)).toMatchObject({ access: 'strong', version: '9.16(4)' });
  });

  it('takes no page that only shows such a document, and no other refusal', () => {
    const quoted = answerOf(`<html><pre>${ASA.toString('latin1').split('\r\n\r\n')[1]}</pre></html>`);
    expect(anyConnectQuestion.read(quoted)).toBeUndefined();
    const basic = 'HTTP/1.1 401 No certificate\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n';
    expect(anyConnectQuestion.read(Buffer.from(basic))).toBeUndefined();
    const plain = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n';
    expect(anyConnectQuestion.read(Buffer.from(plain))).toBeUndefined();
  });

  it('keeps lists and texts short', () => {
    const options = Array.from({ length: 90 }, (_, at) => `<option value="g${at}">`).join('');
    const facts = anyConnectQuestion.read(
      answerOf(
        `<config-auth client="vpn" type="auth-request"><banner>${'b'.repeat(900)}\u0007</banner>${options}</config-auth>`,
      ),
    );
    expect(facts?.fields.length).toBeLessThanOrEqual(32);
    expect(facts?.fields.every(([, value]) => value.length <= 256)).toBe(true);
  });

  it('is asked beside web servers that look like one, inside TLS only', () => {
    const likely = (facts: HttpFacts) => anyConnectQuestion.besideWeb?.(facts);
    expect(likely(web({ headers: [['X-Transcend-Version', '1']] }))).toBe(true);
    expect(likely(web({ headers: [['Set-Cookie', 'webvpn=; path=/']] }))).toBe(true);
    expect(likely(web({ location: '/+CSCOE+/logon.html' }))).toBe(true);
    expect(likely(web({ headers: [['Set-Cookie', 'webvpn=; path=/']] }, 'http'))).toBe(false);
    expect(likely(web({ headers: [['Server', 'nginx']] }))).toBe(false);
  });
});

describe('SoftEther', () => {
  it('names its release and build, and is asked nothing further', async () => {
    const { line, requests } = lineWith(SOFTETHER_GREETING);
    expect(await softEtherQuestion.ask(line)).toEqual({
      name: 'softether',
      access: 'unknown',
      product: 'SoftEther VPN Server Developer Edition (64 bit) (Open Source)',
      version: '5.01.9674',
      fields: [['build', '9674']],
      concerns: [],
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/^POST \/vpnsvc\/connect\.cgi HTTP\/1\.1\r\n/);
    expect(requests[0]).toMatch(/\r\n\r\nVPNCONNECT$/);
  });

  it('is told by its Keep-Alive header', () => {
    const likely = (facts: HttpFacts) => softEtherQuestion.besideWeb?.(facts);
    expect(likely(web({ status: 403, headers: [['Keep-Alive', 'timeout=15; max=19']] }))).toBe(true);
    expect(likely(web({ status: 403, headers: [['Keep-Alive', 'timeout=5, max=100']] }))).toBe(false);
    expect(likely(web({ title: 'SoftEther VPN Server' }))).toBe(true);
  });

  it('takes no other binary answer', () => {
    const [head = ''] = SOFTETHER_GREETING.toString('latin1').split('\r\n\r\n');
    const zeroes = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.alloc(567)]);
    expect(softEtherQuestion.read(zeroes)).toBeUndefined();
    expect(softEtherQuestion.read(SOFTETHER_GREETING.subarray(0, -1))).toBeUndefined();
  });
});

describe('SSTP', () => {
  it('is an endless answer, and names the server behind it', async () => {
    const { line, requests } = lineWith(SSTP);
    expect(await sstpQuestion.ask(line)).toEqual({
      name: 'sstp',
      access: 'unknown',
      product: 'Microsoft-HTTPAPI/2.0',
      fields: [['server', 'Microsoft-HTTPAPI/2.0']],
      concerns: [],
    });
    expect(requests[0]).toMatch(
      /^SSTP_DUPLEX_POST \/sra_\{BA195980-CD49-458b-9E23-C84EE0ADCD75\}\/ HTTP\/1\.1\r\n/,
    );
    expect(requests[0]).toMatch(/\r\nContent-Length: 18446744073709551615\r\n(?:.+\r\n)*\r\n$/);
  });

  it('is no ordinary answer, and never asked in clear text', async () => {
    const ordinary = Buffer.from(SSTP.toString('latin1').replace('18446744073709551615', '12'));
    expect(sstpQuestion.read(ordinary)).toBeUndefined();
    const { line, requests } = lineWith(SSTP, false);
    expect(await sstpQuestion.ask(line)).toBeUndefined();
    expect(requests).toEqual([]);
  });

  it('is asked beside http.sys', () => {
    expect(sstpQuestion.besideWeb?.(web({ headers: [['Server', 'Microsoft-HTTPAPI/2.0']] }))).toBe(true);
    expect(sstpQuestion.besideWeb?.(web({ headers: [['Server', 'Apache']] }))).toBe(false);
  });
});

const CAPTURES: readonly (readonly [TcpQuestion, readonly Uint8Array[]])[] = [
  [anyConnectQuestion, [OCSERV_FORM, OCSERV_CERTIFICATE, ASA]],
  [softEtherQuestion, [SOFTETHER_GREETING]],
  [sstpQuestion, [SSTP]],
];

describe.each(CAPTURES)('$protocol', (question, captures) => {
  let close = (): void => undefined;
  afterEach(() => close());

  it('is bounded, never throws, and takes nothing else for itself', () => {
    expectBounded(question, captures);
    for (const other of OTHER_SERVERS) expect(question.read(other)).toBeUndefined();
    for (const [, others] of CAPTURES)
      for (const other of others) expect(question.read(other) !== undefined).toBe(others === captures);
  });

  it('says nothing outside TLS', async () => {
    const server = await tcpServer((socket) => void socket.on('data', () => socket.write(captures[0] ?? '')));
    close = server.close;
    expect(await askTcp(question, server.port, { answerTimeoutMs: 100 })).toBeUndefined();
  });

  it.each(HOSTILE_PEERS)('ends on %s', async (_, play) => {
    const server = await tcpServer(play);
    close = server.close;
    const { facts, held } = await askTcpWithTls(question, server.port, { isTls: true, answerTimeoutMs: 150 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
