import { afterEach, describe, expect, it } from 'vitest';
import type { HttpFacts } from '../../../../src/model/facts.ts';
import { parseAnswer } from '../../../../src/observe/probe/protocols/windows-web/packets.ts';
import { rdGatewayQuestion } from '../../../../src/observe/probe/protocols/windows-web/rd-gateway.ts';
import { wsmanQuestion } from '../../../../src/observe/probe/protocols/windows-web/wsman.ts';
import type { Reading, TcpLine } from '../../../../src/observe/probe/question.ts';
import { DC, answerOf } from './directory-recorded.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { OTHER_SERVERS, expectBounded } from './mutated.ts';
import { HOSTILE_PEERS, tcpServer } from './tcp-server.ts';

let server: Awaited<ReturnType<typeof tcpServer>> | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** The challenge of a real server (Samba's, out of its MSRPC bind answer), as HTTP carries it. */
const bindAnswer = answerOf(`${DC}, msrpc`, 2);
const CHALLENGE = bindAnswer.subarray(bindAnswer.indexOf('NTLMSSP')).toString('base64');

function answer(status: string, headers: readonly string[], body = ''): Buffer {
  const lines = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'utf8');
}

/** As Microsoft documents the answer to Test-WSMan without a log-in (MS-WSMV 3.1.4.1, about_WSMan). */
const IDENTITY = answer(
  '200 ',
  ['Content-Type: application/soap+xml;charset=UTF-8', 'Server: Microsoft-HTTPAPI/2.0'],
  '<s:Envelope xml:lang="ja-JP" xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>' +
    '<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">' +
    '<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>' +
    '<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>' +
    '<wsmid:ProductVersion>OS: 0.0.0 SP: 0.0 Stack: 3.0</wsmid:ProductVersion>' +
    '</wsmid:IdentifyResponse></s:Body></s:Envelope>',
);
const REFUSAL = answer('401 ', [
  'Server: Microsoft-HTTPAPI/2.0',
  `WWW-Authenticate: Negotiate ${CHALLENGE}`,
  'WWW-Authenticate: Basic realm="WSMAN"',
]);

describe('WS-Management', () => {
  it('takes identity and names, and no log-in', async () => {
    const seen: string[] = [];
    server = await tcpServer((socket) =>
      socket.on('data', (request) => {
        seen.push(request.toString('latin1'));
        socket.write(request.includes('Authorization:') ? REFUSAL : IDENTITY);
      }),
    );
    const { facts, held } = await askTcpWithTls(wsmanQuestion, server.port);
    expect(held).toBe(0);
    expect(facts).toEqual({
      name: 'wsman',
      access: 'password',
      product: 'Microsoft Corporation',
      version: 'OS: 0.0.0 SP: 0.0 Stack: 3.0',
      fields: [
        ['protocol-version', 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd'],
        ['server', 'Microsoft-HTTPAPI/2.0'],
        ['auth-scheme', 'Negotiate'],
        ['auth-scheme', 'Basic realm="WSMAN"'],
        ['computer-name', 'DC01'],
        ['domain-name', 'CORP'],
        ['dns-computer-name', 'dc01.corp.example'],
        ['dns-domain-name', 'corp.example'],
        ['os-build', '6.1.0'],
        ['system-time', expect.stringMatching(/^2026-11-21T/)],
      ],
      concerns: ['cleartext-password-offered'],
    });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatch(/^POST \/wsman HTTP\/1\.1\r\n(?=[\s\S]*\r\nWSMANIDENTIFY: unauthenticated\r\n)/);
    const token = Buffer.from(/Authorization: Negotiate (\S+)/.exec(seen[1] ?? '')?.[1] ?? '', 'base64');
    // NEGOTIATE_MESSAGE, with neither domain nor workstation.
    expect([token.readUInt32LE(8), token.readUInt32LE(16), token.readUInt32LE(24)]).toEqual([1, 0, 0]);
  });

  it('is none where any page answers, or another web server wants a log-in', async () => {
    for (const other of [
      answer('200 OK', ['Server: nginx'], '<html>IdentifyResponse</html>'),
      answer('401 ', ['Server: Microsoft-HTTPAPI/2.0', 'WWW-Authenticate: Negotiate']),
      answer('404 Not Found', ['Server: Microsoft-HTTPAPI/2.0']),
    ]) {
      const one = await tcpServer((socket) => socket.on('data', () => socket.write(other)));
      expect(await askTcp(wsmanQuestion, one.port)).toBeUndefined();
      one.close();
    }
  });

  it('waits for the whole page and reads no other server', () => {
    for (let length = 0; length < IDENTITY.length; length += 1) {
      expect(parseAnswer(IDENTITY.subarray(0, length))).toBe('more');
    }
    expect(wsmanQuestion.read(IDENTITY)?.product).toBe('Microsoft Corporation');
    for (const other of OTHER_SERVERS) expect(wsmanQuestion.read(other)).toBeUndefined();
    expectBounded(wsmanQuestion, [IDENTITY, REFUSAL]);
  });

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(wsmanQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});

/** A line inside TLS that is answered by `respond`. */
function tlsLine(respond: (request: string) => Buffer | undefined, isTls = true): TcpLine {
  return {
    address: '2001:db8::7',
    port: 443,
    hostNames: [],
    isTls,
    exchange: async <T>(request: Uint8Array | undefined, parse: (received: Uint8Array) => Reading<T>) => {
      const received = respond(Buffer.from(request ?? []).toString('latin1'));
      const reading = received === undefined ? undefined : parse(received);
      return reading === 'more' ? undefined : reading;
    },
    isOver: false,
    again: () => undefined,
    startTls: async () => false,
  };
}

describe('Remote Desktop Gateway', () => {
  const refusal = answer('401 Unauthorized', [
    'Server: Microsoft-HTTPAPI/2.0',
    `WWW-Authenticate: NTLM ${CHALLENGE}`,
  ]);
  const missing = answer('404 Not Found', ['Server: Microsoft-HTTPAPI/2.0']);

  it('is one when only its own path is refused for want of a log-in', async () => {
    const facts = await rdGatewayQuestion.ask(
      tlsLine((request) =>
        request.startsWith('RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: [2001:db8::7]:443\r\n')
          ? refusal
          : missing,
      ),
    );
    expect(facts).toMatchObject({ name: 'rd-gateway', access: 'password', concerns: [] });
    expect(facts?.fields).toEqual(
      expect.arrayContaining([
        ['auth-scheme', 'NTLM'],
        ['dns-computer-name', 'dc01.corp.example'],
      ]),
    );
  });

  it('is none when every path is refused, IIS itself refuses, or nothing answers', async () => {
    const byIis = answer('401 Unauthorized', ['Server: Microsoft-IIS/10.0', 'WWW-Authenticate: NTLM']);
    for (const respond of [() => refusal, () => byIis, () => missing, () => undefined]) {
      expect(await rdGatewayQuestion.ask(tlsLine(respond))).toBeUndefined();
    }
    const silentControl = (request: string): Buffer | undefined =>
      request.includes('/remoteDesktopGateway/') ? refusal : undefined;
    expect(await rdGatewayQuestion.ask(tlsLine(silentControl))).toBeUndefined();
    expect(await rdGatewayQuestion.ask(tlsLine(() => refusal, false))).toBeUndefined();
  });
});

describe('beside a web server', () => {
  const web = (scheme: 'http' | 'https', path: string, status: number, product: string): HttpFacts => ({
    scheme,
    host: '192.0.2.1',
    answers: [
      {
        method: 'GET',
        path,
        status,
        headers: [['Server', product]],
        body: '',
        bodyBytes: 0,
        bodySha256: '',
        truncated: false,
      },
    ],
    notFollowed: [],
  });

  it('asks only where Windows answers', () => {
    expect(rdGatewayQuestion.besideWeb?.(web('https', '/', 200, 'Microsoft-IIS/10.0'))).toBe(true);
    expect(rdGatewayQuestion.besideWeb?.(web('http', '/', 200, 'Microsoft-IIS/10.0'))).toBe(false);
    expect(rdGatewayQuestion.besideWeb?.(web('https', '/', 200, 'nginx'))).toBe(false);
    expect(wsmanQuestion.besideWeb?.(web('http', '/wsman', 405, 'Microsoft-HTTPAPI/2.0'))).toBe(true);
    expect(wsmanQuestion.besideWeb?.(web('http', '/', 404, 'Microsoft-HTTPAPI/2.0'))).toBe(false);
  });
});
