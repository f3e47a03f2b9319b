/** Peers that break, stretch or flood what a client expects. Each ends with its connection. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Behaviour } from './crowd.ts';
import { CONFIRM_HYBRID } from './text-servers.ts';

export const silent: Behaviour = (socket) => void socket.resume();

export const reset: Behaviour = (socket) => socket.resetAndDestroy();

export const closeAtOnce: Behaviour = (socket) => void socket.resume().end();

/** One byte a second, for ever. */
export const tarpit: Behaviour = (socket) => {
  socket.resume();
  every(socket, 1000, () => 'x');
};

/** Text as fast as it is taken, until the peer has had enough. */
export function endless(block: string | Buffer, greeting = ''): Behaviour {
  return (socket) => {
    socket.resume();
    socket.write(greeting);
    const pour = (): void => {
      while (!socket.destroyed && socket.writable && socket.write(block));
    };
    socket.on('drain', pour);
    pour();
  };
}

/** Small pieces, one packet each: every one of them makes the reader look again. */
export function crumbs(piece: string, greeting = ''): Behaviour {
  return (socket) => {
    socket.resume();
    socket.setNoDelay(true);
    socket.write(greeting);
    every(socket, 1, () => piece.repeat(20));
  };
}

/** Whatever is said is answered with the same bytes each time. */
export function answers(bytes: string | Buffer, end = false): Behaviour {
  return (socket) => {
    socket.on('data', () => (end ? socket.end(bytes) : socket.write(bytes)));
  };
}

export function greets(bytes: string | Buffer): Behaviour {
  return (socket) => {
    socket.resume();
    socket.write(bytes);
  };
}

export const garbage: Behaviour = (socket) => {
  socket.on('data', () => socket.end(randomBytes(4096)));
};

/** A TLS record header that promises more than comes. */
export const halfHandshake: Behaviour = answers(
  Buffer.concat([Buffer.from('160303012002000100', 'hex'), randomBytes(40)]),
);

export const tlsGarbage: Behaviour = answers(
  Buffer.concat([
    Buffer.from('1603030400', 'hex'),
    randomBytes(1024),
    Buffer.from('1703034000', 'hex'),
    randomBytes(8192),
  ]),
);

export const endlessHeaders: Behaviour = (socket) => {
  socket.once('data', () =>
    endless('X-Filler: 0123456789012345678901234567890123456789\r\n', 'HTTP/1.1 200 OK\r\n')(socket),
  );
};

/** 300 MB of zeros in some 300 KB, twice packed. */
export function gzipBomb(): Behaviour {
  const once = gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 9 });
  const body = gzipSync(once);
  return http(`200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip, gzip`, body);
}

/** One answer for every request, with a length. */
export function http(statusAndHeaders: string, body: string | Buffer = ''): Behaviour {
  const head = `HTTP/1.1 ${statusAndHeaders}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return answers(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]));
}

/** Every page leads to the next one. */
export const redirectLoop: Behaviour = (socket) => {
  let n = 0;
  socket.on('data', () => {
    n += 1;
    socket.write(`HTTP/1.1 302 Found\r\nLocation: /${n}\r\nContent-Length: 0\r\n\r\n`);
  });
};

/** The same with pages of 128 KB that JSON makes six times as long: together more than a line of the journal may have. */
export const bloated: Behaviour = (socket) => {
  let n = 0;
  const body = Buffer.alloc(128 * 1024, 1);
  socket.on('data', () => {
    n += 1;
    socket.write(
      `HTTP/1.1 302 Found\r\nLocation: /${n}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
  });
};

export const wrongChunks: Behaviour = answers(
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n<title>short</title>\r\n-5\r\nxx\r\n0\r\n\r\n',
);

export const continueFlood: Behaviour = (socket) => {
  socket.once('data', () => endless('HTTP/1.1 100 Continue\r\n\r\n'.repeat(500))(socket));
};

export function slowHttp(ms: number): Behaviour {
  return (socket: Socket) => {
    socket.on('data', () =>
      setTimeout(() => {
        if (!socket.destroyed) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      }, ms),
    );
  };
}

/** Confirms whatever comes, with lengths that are nonsense (TPKT of 65,535 bytes, X.224 length 255). */
export const rdpNonsense: Behaviour = answers(Buffer.from('0300ffffffd00000123400021fffff02000000', 'hex'));

export const rdpThenGarbage: Behaviour = (socket) => {
  socket.once('data', () => {
    socket.write(CONFIRM_HYBRID);
    socket.on('data', () => socket.write(randomBytes(300)));
  });
};

export const rfb255Types: Behaviour = (socket) => {
  socket.write('RFB 003.008\n');
  socket.once('data', () => socket.write(Buffer.from([255, ...Array.from({ length: 255 }, (_, n) => n)])));
  socket.resume();
};

/** KEXINIT (RFC 4253 §7.1) of 35,000 bytes whose first list is one name. */
export function sshHugeName(): Behaviour {
  const name = 'a'.repeat(34_900);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  const payload = Buffer.concat([
    Buffer.from([20]),
    randomBytes(16),
    length,
    Buffer.from(name),
    Buffer.alloc(9 * 4 + 5),
  ]);
  const fill = 16 - ((payload.length + 5) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + fill + 1);
  head[4] = fill;
  return greets(Buffer.concat([Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'), head, payload, Buffer.alloc(fill)]));
}

function every(socket: Socket, ms: number, next: () => string): void {
  const timer = setInterval(() => {
    if (socket.destroyed || !socket.writable) clearInterval(timer);
    else if (socket.writableLength < 100_000) socket.write(next());
  }, ms);
  socket.on('close', () => clearInterval(timer));
}
