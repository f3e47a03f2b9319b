/** One server for each place where a stranger's text gets into the program; each speaks one payload. */
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import { listen, pause, readSome, untilEnd, type Listening, type Place } from '../servers/listening.ts';
import { ntlmChallenge, tsRequest } from '../servers/ntlm.ts';
import { hostileCertificate } from './certificate.ts';
import { oneLine, type Payload } from './payloads.ts';

type Start = (place: Place, payload: Payload) => Promise<Listening>;

/** Port → server. The number decides what is asked first, hence the usual ones. */
export const TEXT_SERVERS: Readonly<Record<number, Start>> = {
  21: greets((text) => ['220 (ftp ', text, ')\r\n'], {
    FEAT: (text) => ['211-Features:\r\n ', text, '\r\n211 End\r\n'],
  }),
  22: greets((text) => [text, '\r\nSSH-2.0-OpenSSH_9.2p1 ', text, '\r\n'], {}),
  23: greets((text) => [Buffer.from([255, 251, 1, 255, 253, 24]), text, '\r\nlogin: '], {}),
  25: greets((text) => ['220 mail ESMTP Postfix ', text, '\r\n'], {
    EHLO: (text) => ['250-', text, '\r\n250 STARTTLS\r\n'],
  }),
  80: startPage,
  110: greets((text) => ['+OK Dovecot ', text, '\r\n'], {
    CAPA: (text) => ['+OK\r\n', text, '\r\nSTLS\r\n.\r\n'],
  }),
  143: greets((text) => ['* OK [CAPABILITY IMAP4] ', text, '\r\n'], {
    A1: (text) => ['* CAPABILITY ', text, '\r\na1 OK\r\n'],
  }),
  443: startSecurePage,
  3306: (place, payload) => greetsWith(place, mysqlGreeting(oneLine(payload)), {}),
  3389: startWindows,
  5900: startRefusing,
  7777: (place, payload) => greetsWith(place, payload.bytes, {}),
};

type Piece = string | Buffer;
type Say = (text: Buffer) => readonly Piece[];

function join(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

function greets(greeting: Say, answers: Readonly<Record<string, Say>>): Start {
  return (place, payload) => {
    // A line of a protocol is short; only one server sends all of the long payload in it.
    const text = oneLine(payload, place.port === 25 ? 2_000_000 : 200);
    const said = Object.fromEntries(
      Object.entries(answers).map(([command, say]) => [command, join(say(text))]),
    );
    return greetsWith(place, join(greeting(text)), said);
  };
}

function greetsWith(
  place: Place,
  greeting: Buffer,
  answers: Readonly<Record<string, Buffer>>,
): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.write(greeting);
    for (;;) {
      const command = (await readSome(socket)).toString('latin1').trim().split(' ')[0]?.toUpperCase() ?? '';
      const answer = answers[command];
      if (answer === undefined) return;
      socket.write(answer);
    }
  });
}

/** Raw bytes on purpose: node:http would refuse to send such headers. */
function page(payload: Payload): Buffer {
  const text = oneLine(payload, 3000);
  const body = join([
    '<html><head><title>',
    payload.bytes,
    '</title></head><body>',
    payload.bytes,
    '</body></html>',
  ]);
  const head = [
    'HTTP/1.1 200 ',
    text,
    '\r\nServer: ',
    text,
    '\r\nLocation: ',
    text,
    '\r\nSet-Cookie: ',
    text,
    '=',
    text,
    '\r\n__proto__: ',
    text,
    '\r\nWWW-Authenticate: Basic realm="',
    text,
    `"\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n`,
  ];
  return join([...head, body]);
}

async function servePages(stream: Duplex, payload: Payload): Promise<void> {
  const redirect = join([
    'HTTP/1.1 302 Found\r\nLocation: javascript:',
    oneLine(payload),
    '\r\nContent-Length: 0\r\n\r\n',
  ]);
  for (;;) {
    const request = (await readSome(stream)).toString('latin1');
    if (!request.startsWith('GET ')) return;
    stream.write(request.startsWith('GET /sekisho-control') ? redirect : page(payload));
  }
}

function startPage(place: Place, payload: Payload): Promise<Listening> {
  return listen(place, (socket) => servePages(socket, payload));
}

function secured(socket: Duplex, payload: Payload): TLSSocket {
  const secureContext = createSecureContext(hostileCertificate(payload.bytes.subarray(0, 400)));
  const inside = new TLSSocket(socket, { isServer: true, secureContext });
  inside.on('error', () => socket.destroy());
  return inside;
}

function startSecurePage(place: Place, payload: Payload): Promise<Listening> {
  return listen(place, (socket) => servePages(secured(socket, payload), payload));
}

/** X.224 connection confirm that selects CredSSP (MS-RDPBCGR 2.2.1.2.1). */
export const CONFIRM_HYBRID = Buffer.from('030000130ed00000123400021f080002000000', 'hex');

/** RDP with CredSSP: certificate and every name of the NTLM challenge (MS-NLMP 2.2.2.1). */
function startWindows(place: Place, payload: Payload): Promise<Listening> {
  // Lone surrogates are allowed in what Windows calls Unicode.
  const name = `${payload.bytes.toString('utf8').slice(0, 120)}\ud800`;
  return listen(place, async (socket) => {
    await readSome(socket);
    socket.write(CONFIRM_HYBRID);
    const inside = secured(socket, payload);
    await readSome(inside);
    inside.write(
      tsRequest(
        ntlmChallenge(
          { computer: name, domain: name, dnsDomain: name, version: [10, 0, 20348] },
          new Date(0),
        ),
      ),
    );
    await untilEnd(inside);
  });
}

/** RFC 6143 §7.1.2: no security types, and a reason. */
function startRefusing(place: Place, payload: Payload): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.write('RFB 003.008\n');
    await readSome(socket);
    const length = Buffer.alloc(5);
    length.writeUInt32BE(payload.bytes.length, 1);
    socket.write(Buffer.concat([length, payload.bytes]));
    await pause(200);
  });
}

/** HandshakeV10: the version is text up to a NUL. */
function mysqlGreeting(version: Buffer): Buffer {
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36-'),
    Buffer.from(version.filter((byte) => byte !== 0)).subarray(0, 100),
    Buffer.from([
      0,
      1,
      0,
      0,
      0,
      ...Buffer.from('abcdefgh'),
      0,
      0xff,
      0xf7,
      0x21,
      2,
      0,
      0xff,
      0x81,
      21,
      ...Buffer.alloc(10),
    ]),
    Buffer.from('abcdefghijkl\0mysql_native_password\0'),
  ]);
  return Buffer.concat([Buffer.from([body.length & 0xff, body.length >> 8, 0, 0]), body]);
}
