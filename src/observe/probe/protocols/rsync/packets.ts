/** The daemon of rsync; csprotocol.txt of its sources ("rsync daemon protocol") and measured on rsync 3.5.0. */
import { decodeText } from '../../tcp/text.ts';

export interface RsyncGreeting {
  /** "31.0": version of the protocol, not of the program. */
  readonly protocolVersion: string;
  /** Ways to hash a password that the daemon knows; named since protocol 32. */
  readonly digests: readonly string[];
}

export interface RsyncModule {
  readonly name: string;
  readonly comment: string;
}

export interface RsyncListing {
  readonly greeting: RsyncGreeting;
  /** At most `MAX_MODULES`. */
  readonly modules: readonly RsyncModule[];
  /** The daemon's words when it refuses: without "@ERROR:". */
  readonly refusal?: string;
  /** False while neither the closing line nor a refusal has come. */
  readonly isComplete: boolean;
}

export const MAX_MODULES = 32;
const MAX_BYTES = 16 * 1024;

/** Our version, then an empty line, which asks for the list of modules. */
export function encodeListRequest(): Uint8Array {
  return Buffer.from('@RSYNCD: 31.0\n\n', 'latin1');
}

/** "@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4", the first line that a daemon says. */
export function parseGreeting(received: Uint8Array): RsyncGreeting | 'more' | undefined {
  const text = Buffer.from(received.subarray(0, 256)).toString('latin1');
  const end = text.indexOf('\n');
  if (end < 0) return text.length < 256 && isBeginning(text) ? 'more' : undefined;
  const line = text.slice(0, end).replace(/\r$/, '');
  const match = /^@RSYNCD: (\d{2}(?:\.\d{1,3})?)((?: [\w-]{1,20}){0,16})$/.exec(line);
  if (match === null) return undefined;
  const [, protocolVersion = '', digests = ''] = match;
  return { protocolVersion, digests: digests.split(' ').filter(Boolean) };
}

function isBeginning(text: string): boolean {
  const start = '@RSYNCD: ';
  return text.length < start.length ? start.startsWith(text) : text.startsWith(start);
}

/**
 * Everything that a daemon says until it closes: greeting, message of the day, one line a module, "@RSYNCD: EXIT".
 * A module's name is padded to 15 columns and ends with a tab, which tells it from the message of the day.
 */
export function parseListing(received: Uint8Array): RsyncListing | 'more' | undefined {
  const greeting = parseGreeting(received);
  if (greeting === undefined || greeting === 'more') return greeting;
  const lines = decodeText(received.subarray(0, MAX_BYTES), MAX_BYTES).split(/\r?\n/);
  const modules: RsyncModule[] = [];
  // What follows the last line feed is no whole line yet.
  for (const line of lines.slice(1, -1)) {
    if (line === '@RSYNCD: EXIT') return { greeting, modules, isComplete: true };
    const refusal = /^@ERROR:? ?(.{0,256})/.exec(line)?.[1];
    if (refusal !== undefined) return { greeting, modules, refusal, isComplete: true };
    const module = parseModule(line);
    if (module !== undefined && modules.length < MAX_MODULES) modules.push(module);
  }
  return { greeting, modules, isComplete: received.length >= MAX_BYTES };
}

function parseModule(line: string): RsyncModule | undefined {
  const tab = line.indexOf('\t');
  if (tab < 15) return undefined;
  const name = line.slice(0, tab).trimEnd();
  return name === '' ? undefined : { name: name.slice(0, 256), comment: line.slice(tab + 1, tab + 257) };
}
