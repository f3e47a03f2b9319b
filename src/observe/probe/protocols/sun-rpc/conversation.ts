import { randomBytes } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import { mountdFacts, nfsFacts, rpcbindFacts, sunRpcFacts } from './facts.ts';
import {
  MOUNT,
  NFS,
  RPCBIND,
  encodeCall,
  parseDump,
  parseExports,
  type RpcCall,
  type RpcReply,
} from './packets.ts';

/** Sends one encoded call and gives the reply to it. */
export type CallOnce = (call: Uint8Array, xid: number) => Promise<RpcReply | undefined>;

type Program = 'rpcbind' | 'nfs' | 'mountd';
type Answer = ProtocolFacts | 'other-program' | undefined;

/**
 * Asks for the likeliest program first; a server that has another one says so, and is asked for the rest on the same
 * line.
 */
export async function askPrograms(
  first: Program,
  once: CallOnce,
  isDatagram: boolean,
): Promise<ProtocolFacts | undefined> {
  const others = (['rpcbind', 'nfs', 'mountd'] as const).filter((program) => program !== first);
  const call = (parts: Omit<RpcCall, 'xid'>): Promise<RpcReply | undefined> => {
    const xid = randomBytes(4).readUInt32BE();
    return once(encodeCall({ xid, ...parts }), xid);
  };
  for (const program of [first, ...others]) {
    const answer = await askProgram(program, call, isDatagram);
    if (answer !== 'other-program') return answer;
  }
  return sunRpcFacts();
}

type Call = (parts: Omit<RpcCall, 'xid'>) => Promise<RpcReply | undefined>;

function askProgram(program: Program, call: Call, isDatagram: boolean): Promise<Answer> {
  if (program === 'nfs') return askNfs(call);
  return program === 'mountd' ? askMountd(call) : askRpcbind(call, isDatagram);
}

async function askRpcbind(call: Call, isDatagram: boolean): Promise<Answer> {
  const reply = await call({ program: RPCBIND, version: 2, procedure: 4 });
  if (reply === undefined) return undefined;
  if (reply.status === 'program-unavailable') return 'other-program';
  const programs = reply.status === 'success' ? parseDump(reply.results) : undefined;
  if (programs !== undefined && reply.status === 'success')
    return rpcbindFacts(programs, isDatagram ? 24 + reply.results.length : undefined);
  return reply.status === 'success' ? undefined : { ...rpcbindFacts([]), access: 'unknown', concerns: [] };
}

async function askMountd(call: Call): Promise<Answer> {
  const reply = await call({ program: MOUNT, version: 3, procedure: 5 });
  if (reply === undefined) return undefined;
  if (reply.status === 'program-unavailable') return 'other-program';
  if (reply.status === 'success') {
    const entries = parseExports(reply.results);
    return entries === undefined ? undefined : mountdFacts(entries);
  }
  if (reply.status !== 'version-mismatch') return mountdFacts(undefined);
  const older = await call({ program: MOUNT, version: 1, procedure: 5 });
  return mountdFacts(older?.status === 'success' ? parseExports(older.results) : undefined);
}

/** NULL of each version: procedure 0 does nothing (RFC 1813 §3.3.0). */
async function askNfs(call: Call): Promise<Answer> {
  const versions: number[] = [];
  for (const version of [3, 4, 2]) {
    const reply = await call({ program: NFS, version, procedure: 0 });
    if (reply === undefined) break;
    if (reply.status === 'program-unavailable')
      return versions.length === 0 ? 'other-program' : nfsFacts(versions);
    if (reply.status === 'success') {
      if (reply.results.length > 0) return undefined;
      versions.push(version);
    } else if (reply.status === 'version-mismatch') {
      return nfsFacts(withRange(versions, reply.low, reply.high));
    }
  }
  return versions.length === 0 ? undefined : nfsFacts(versions.sort((a, b) => a - b));
}

/** A mismatch names the lowest and the highest version: nothing more need be asked. */
function withRange(versions: readonly number[], low: number, high: number): readonly number[] {
  const within = [2, 3, 4].filter((version) => version >= low && version <= high);
  return [...new Set([...versions, ...within])].sort((a, b) => a - b);
}
