/** Servers that a scanner must survive. Each is bounded: bytes and seconds per connection. */
import { randomBytes } from 'node:crypto';
import { listen, pause, readSome, untilEnd, type Listening, type Place } from './listening.ts';

/** Accepts and never says a word. */
export function startSilent(place: Place): Promise<Listening> {
  return listen(place, (socket) => untilEnd(socket));
}

/** Sends `text` one byte every `everyMs`. */
export function startDrip(place: Place, text: string, everyMs: number): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.resume();
    for (const byte of Buffer.from(text, 'latin1')) {
      if (socket.destroyed) return;
      socket.write(Buffer.from([byte]));
      await pause(everyMs);
    }
  });
}

/** An SSH tarpit as endlessh does it: lines before the identification, which RFC 4253 §4.2 allows, for ever. */
export function startTarpit(place: Place, everyMs = 1000): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.resume();
    for (let line = 0; line < 600 && !socket.destroyed; line += 1) {
      socket.write(`${randomBytes(8).toString('hex')}\r\n`);
      await pause(everyMs);
    }
  });
}

/** Sends random bytes as fast as they are taken, at most `maxBytes` on one connection. */
export function startEndless(place: Place, maxBytes = 32 * 1024 * 1024): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.resume();
    const block = randomBytes(16_384);
    for (let sent = 0; sent < maxBytes && !socket.destroyed; sent += block.length) {
      if (!socket.write(block)) {
        await new Promise<void>((done) => {
          socket.once('drain', done);
          socket.once('close', done);
        });
      }
    }
  });
}

/** Accepts and resets at once. */
export function startReset(place: Place): Promise<Listening> {
  return listen(place, async (socket) => {
    socket.resetAndDestroy();
  });
}

/** Accepts and closes at once, as tcpwrapped services do. */
export function startCloseAtOnce(place: Place): Promise<Listening> {
  return listen(place, async () => undefined);
}

/** Answers whatever comes with `length` random bytes and closes. */
export function startGarbage(place: Place, length = 4096): Promise<Listening> {
  return listen(place, async (socket) => {
    await readSome(socket);
    socket.write(randomBytes(length));
  });
}
