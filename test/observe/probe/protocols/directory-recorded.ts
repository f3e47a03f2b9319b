import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';

type Turn = readonly [sent: string, received: string];

/**
 * Conversations with servers of Debian 12 in a network namespace, 2026-11-21: what each question sent and got, in base64.
 * Samba 2:4.17.12+dfsg-0+deb12u4 (smbd, and a domain controller made by samba-tool domain provision), slapd 2.5.13+dfsg-5,
 * 389-ds-base 2.3.1+dfsg1-1+deb12u1, krb5-kdc 1.20.1-2+deb12u5, heimdal-kdc 7.8.git20221117.28daf24+dfsg-2.
 */
const RECORDED = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'directory-recorded.json'), 'utf8'),
) as Record<string, readonly Turn[]>;

export const DC = 'samba 4.17.12-Debian domain controller';

export function turnsOf(name: string): readonly (readonly [sent: Buffer, received: Buffer])[] {
  const turns = RECORDED[name];
  if (turns === undefined) throw new Error(`no recording of ${name}`);
  return turns.map(([sent, received]) => [Buffer.from(sent, 'base64'), Buffer.from(received, 'base64')]);
}

export function answerOf(name: string, turn = 0): Buffer {
  const received = turnsOf(name)[turn]?.[1];
  if (received === undefined) throw new Error(`no answer ${turn} of ${name}`);
  return received;
}

/** Everything recorded that answers something, for mutations. */
export function answersOf(...names: readonly string[]): readonly Uint8Array[] {
  return names
    .flatMap((name) => turnsOf(name).map(([, received]) => received))
    .filter(({ length }) => length > 0);
}

/** Answers a request as it was answered then, on whatever connection it comes; hangs up on any other. */
export function asRecorded(name: string): (socket: Socket) => void {
  const turns = turnsOf(name);
  return (socket) => {
    socket.on('data', (request) => {
      const turn = turns.find(([sent]) => sent.equals(request));
      if (turn === undefined || turn[1].length === 0) socket.end();
      else socket.write(turn[1]);
    });
  };
}
