/**
 * Hosts that deceive, in a namespace of their own; servers/90-deceivers.sh maps all ports of some of them to port 1.
 * What sekisho must call them stands in truth.yaml. Every behaviour is bounded in bytes and seconds (test/servers/listening.ts).
 */
import { randomBytes, randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { gzipSync } from 'node:zlib';
import { listen, pause, readSome, untilEnd, type Conversation } from '../../servers/listening.ts';
import {
  startCloseAtOnce,
  startDrip,
  startEndless,
  startReset,
  startSilent,
  startTarpit,
} from '../../servers/misbehaving.ts';

const NET = '10.88.0';

function serve(last: number, port: number, conversation: Conversation): Promise<unknown> {
  return listen({ host: `${NET}.${last}`, port }, conversation);
}

const place = (last: number, port = 1): { host: string; port: number } => ({ host: `${NET}.${last}`, port });

function page(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

/** Answers the first request with `answer` and closes. */
const answering =
  (answer: string | Buffer): Conversation =>
  async (socket) => {
    await readSome(socket);
    socket.write(answer);
  };

/** Sends what `part` makes until the peer goes, at most `times` times. */
const flooding =
  (head: string, part: string, times: number): Conversation =>
  async (socket) => {
    await readSome(socket);
    socket.resume();
    socket.write(head);
    for (let sent = 0; sent < times && !socket.destroyed; sent += 1) {
      if (!socket.write(part))
        await Promise.race([new Promise((done) => socket.once('drain', done)), pause(1000)]);
    }
  };

/** Words of many products on one page: a honeypot's display. */
const BAIT =
  '<html><head><title>Welcome</title></head><body>FortiGate SSL-VPN RDP VNC OWA phpMyAdmin wp-login.php /remote/login GlobalProtect</body></html>';

/** Another service's first words on every connection, as portspoof does. */
const GREETINGS = [
  'SSH-2.0-OpenSSH_8.4p1\r\n',
  'RFB 003.008\n',
  '220 mail ESMTP Postfix\r\n',
  '220 (vsFTPd 3.0.3)\r\n',
  '+OK POP3 ready\r\n',
  '* OK IMAP4rev1 ready\r\n',
  'J\0\0\0\n5.7.40\0',
  '\xff\xfd\x18\xff\xfd login: ',
];
const liar: Conversation = async (socket) => {
  socket.write(Buffer.from(GREETINGS[randomInt(GREETINGS.length)] ?? '', 'latin1'));
  await Promise.race([untilEnd(socket), pause(5000)]);
};

const echo: Conversation = async (socket) => {
  for (let rounds = 0; rounds < 1000; rounds += 1) socket.write(await readSome(socket));
};

/** The display of four makers' gateways at one address. */
const FRONTS: readonly (readonly [number, string, string])[] = [
  [
    443,
    '<html><head><title>FortiGate</title></head><body><script>top.location="/remote/login";</script></body></html>',
    '',
  ],
  [
    80,
    '<html><title>GlobalProtect Portal</title><body><form action="/global-protect/login.esp"></form></body></html>',
    '',
  ],
  [
    8080,
    '<html><title>Citrix Gateway</title><body>/vpn/index.html /logon/LogonPoint/</body></html>',
    'Set-Cookie: NSC_AAAC=xyz; Path=/\r\n',
  ],
  [
    10443,
    '<html><title>SSL VPN Service</title><body>+CSCOE+ /+CSCOE+/logon.html</body></html>',
    'Set-Cookie: webvpn=; path=/\r\n',
  ],
];

async function hostileAnswers(last: number): Promise<void> {
  await serve(last, 80, async (socket) => {
    await readSome(socket);
    socket.write(
      `HTTP/1.1 302 Found\r\nLocation: /x${randomInt(2 ** 30)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
  });
  // Points outside the scope: must not be followed.
  await serve(
    last,
    81,
    answering(
      'HTTP/1.1 301 Moved\r\nLocation: http://192.0.2.77/outside\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    ),
  );
  await serve(last, 82, flooding('HTTP/1.1 200 OK\r\n', `X-A: ${'a'.repeat(8000)}\r\n`, 2000));
  await serve(
    last,
    83,
    flooding(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      `1000\r\n${'x'.repeat(4096)}\r\n`,
      4000,
    ),
  );
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\nContent-Length: ${bomb.length}\r\n\r\n`;
  await serve(last, 84, answering(Buffer.concat([Buffer.from(head), bomb])));
  const title = "\u001b[2J\u001b]0;owned\u0007=cmd|' /C calc'!A0 <script>alert(1)</script>";
  await serve(last, 85, answering(page(`<title>${title}</title>`, 'Server: \u001b[31mred\u001b[0m\r\n')));
  // 255 security types are announced, four bytes of a reason without end follow.
  await serve(last, 5900, async (socket) => {
    socket.write('RFB 003.008\n');
    await readSome(socket);
    socket.write(Buffer.concat([Buffer.from([0, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(100_000, 'A')]));
    await pause(5000);
  });
  // A TPKT of 65535 bytes of which twenty come.
  await serve(last, 3389, async (socket) => {
    await readSome(socket);
    socket.write(Buffer.concat([Buffer.from('0300ffff0ed0', 'hex'), Buffer.alloc(18)]));
    await pause(30_000);
  });
  await serve(last, 443, async (socket) => {
    await readSome(socket);
    socket.write(Buffer.from('160303007a02000076', 'hex'));
    await pause(30_000);
  });
  await serve(last, 8443, answering(Buffer.concat([Buffer.from('1603034000', 'hex'), randomBytes(16_384)])));
}

/** Sends every datagram back, or answers it with noise. */
function datagrams(last: number, answer: (request: Buffer) => Buffer): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (request, from) =>
    socket.send(answer(request), from.port, from.address, () => undefined),
  );
  socket.on('error', () => undefined);
  return new Promise((done) => {
    socket.bind(1, `${NET}.${last}`, done);
  });
}

async function main(): Promise<void> {
  await startSilent(place(200));
  await startEndless(place(201));
  await startCloseAtOnce(place(202));
  await startReset(place(203));
  await serve(204, 1, answering(page(BAIT, 'Server: Apache\r\n')));
  const slow: [number, string][] = [
    [22, 'SSH-2.0-OpenSSH_9.2p1 drip\r\n'.repeat(20)],
    [80, `HTTP/1.1 200 OK\r\nServer: drip\r\nContent-Length: 400\r\n\r\n${'0'.repeat(400)}`],
    [443, `\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03${'\0'.repeat(120)}`],
    [3389, `\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x09\x08\x00\x02\x00\x00\x00`],
    [5900, `RFB 003.008\n\x01\x01${'\0'.repeat(40)}`],
  ];
  for (const [port, text] of slow) await startDrip(place(205, port), text, 1000);
  await startTarpit(place(205, 2222));
  for (const [port, body, headers] of FRONTS) await serve(206, port, answering(page(body, headers)));
  await serve(207, 1, liar);
  await hostileAnswers(209);
  // An application-level gateway of a router in front of three hosts.
  for (const last of [210, 211, 212]) for (const port of [2000, 5060]) await startSilent(place(last, port));
  for (const last of [213, 214]) {
    for (const port of [80, 8080])
      await serve(last, port, answering(page('<title>lossy line</title>', 'Server: lossy\r\n')));
  }
  await datagrams(215, (request) => request);
  await datagrams(216, () => randomBytes(64));
  await serve(218, 1, echo);
  process.stdout.write('deceivers: up\n');
}

await main();
