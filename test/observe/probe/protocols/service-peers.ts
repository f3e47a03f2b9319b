/** Answers of products that no Debian package has, made by their published form, and a peer that speaks ONC RPC. */
import type { Socket } from 'node:net';
import { hex } from './mutated.ts';
import * as captures from './service-captures.ts';

const pascal = (...texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((one) => Buffer.concat([Uint8Array.of(one.length), Buffer.from(one, 'latin1')])));

/** DSIGetStatus as Apple's reference draws it, with Netatalk's words (nmap's list of its answers). */
export const AFP = afpStatus('Netatalk3.1.13', ['No User Authent', 'DHX2', 'Cleartxt Passwrd']);

export function afpStatus(machineType: string, methods: readonly string[]): Buffer {
  const versions = ['AFP2.2', 'AFPX03', 'AFP3.4'];
  const name = pascal('FILES');
  const utf8 = Buffer.from('ファイル', 'utf8');
  const machineAt = 10 + name.length + (name.length % 2) + 8;
  const parts = [
    pascal(machineType),
    Buffer.concat([Uint8Array.of(versions.length), pascal(...versions)]),
    Buffer.concat([Uint8Array.of(methods.length), pascal(...methods)]),
    Buffer.concat([Uint8Array.of(0, utf8.length), utf8]),
  ];
  const offsets = parts.map((_part, index) =>
    parts.slice(0, index).reduce((sum, { length }) => sum + length, machineAt),
  );
  const word = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
  const [machine = 0, version = 0, method = 0, utf8At = 0] = offsets;
  const block = Buffer.concat([
    ...[machine, version, method, 0, 0x8f79].map(word),
    name,
    Buffer.alloc(name.length % 2),
    ...[0, 0, 0, utf8At].map(word),
    ...parts,
  ]);
  const head = Buffer.from('01030051000000000000000000000000', 'hex');
  head.writeUInt32BE(block.length, 8);
  return Buffer.concat([head, block]);
}

/** nmap's pattern for the greeting of TeamViewer. */
export const TEAMVIEWER = hex('17240a2000', '01020304', '08138000000000000100000011800000', '00'.repeat(12));
/** nmap's pattern for Radmin 3 with its own users: 37 bytes, of which five are not zero. */
export const RADMIN = hex('0100000025', '08000212', '080200080a', '00'.repeat(32));
/** nmap's pattern for DameWare. */
export const DAMEWARE = hex(
  '30110000',
  '8fc2f5285c8f0e00000000',
  '40',
  '000000000000000000',
  '000000',
  '01',
  '00000000000000',
  '28',
  '000000',
);
/** nmap's pattern for LANDesk's remote control, busy. */
export const LANDESK = Buffer.concat([
  hex('544e4d5016000000544e4d458000feff0102'),
  Buffer.from('192.0.2.7:1'),
]);
/** netkit-rsh's rexecd (nmap's pattern). */
export const REXEC = Buffer.from('\u0001Where are you?\n', 'latin1');
/** TestNatResponse with port 50000, in a frame. */
export const RUSTDESK = hex('1c', 'aa0104', '08d08603');
/** Checkmk agent 2.3 on Linux (documentation of its output). */
export const CHECKMK = Buffer.from(
  '<<<check_mk>>>\nVersion: 2.3.0p9\nAgentOS: linux\nHostname: files\nAgentDirectory: /etc/check_mk\n<<<df>>>\n/dev/sda1 ext4 1 1 1 1% /\n',
);

type Program = 'rpcbind' | 'nfs' | 'mountd';
const PROGRAMS: Readonly<Record<number, Program>> = { 100000: 'rpcbind', 100003: 'nfs', 100005: 'mountd' };

/** The captured reply to a call, under the call's own xid. */
export function rpcReply(programs: readonly Program[], call: Uint8Array): Uint8Array {
  const view = Buffer.from(call);
  const program = PROGRAMS[view.readUInt32BE(12)];
  const version = view.readUInt32BE(16);
  const record = Uint8Array.from(
    replyOf(program !== undefined && programs.includes(program) ? program : undefined, version),
  );
  record.set(view.subarray(0, 4), 4);
  return record;
}

function replyOf(program: Program | undefined, version: number): Uint8Array {
  if (program === 'rpcbind') return captures.RPCBIND_DUMP;
  if (program === 'mountd') return captures.MOUNTD_EXPORTS;
  if (program === undefined) return captures.RPC_UNAVAILABLE;
  return version === 2 ? captures.NFS_MISMATCH : captures.NFS_NULL;
}

/** A server with these programs on one port. */
export function rpcPeer(
  programs: readonly Program[],
  manner: 'at once' | 'dripping',
): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', (data) => {
      const reply = rpcReply(programs, data.subarray(4));
      if (manner === 'at once') socket.write(reply);
      else void drip(socket, reply);
    });
  };
}

/** One byte at a time. */
export async function drip(socket: Socket, answer: Uint8Array): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of answer) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
