import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import { fieldsOf } from '../fields.ts';
import type { ExportEntry, RpcProgram } from './packets.ts';
import { programName } from './programs.ts';

/** An answer so much longer than the question makes a UDP port useful to attackers of third parties. */
const AMPLIFICATION = 2;
const CALL_LENGTH = 40;

/** @param datagramLength bytes of the answer when it came by UDP. */
export function rpcbindFacts(programs: readonly RpcProgram[], datagramLength?: number): ProtocolFacts {
  const concerns: Concern[] = ['data-shown'];
  if (datagramLength !== undefined && datagramLength >= AMPLIFICATION * CALL_LENGTH)
    concerns.push('amplifier');
  return {
    name: 'rpcbind',
    access: 'open',
    fields: fieldsOf(...programLines(programs).map((line) => ['program', line] as const)),
    concerns,
  };
}

/** "nfs 3,4 tcp/2049": versions of one program at one port together. */
function programLines(programs: readonly RpcProgram[]): readonly string[] {
  const lines = new Map<
    string,
    { readonly name: string; readonly at: string; readonly versions: number[] }
  >();
  for (const { program, version, transport, port } of programs) {
    const name = programName(program);
    const at = `${transport}/${port}`;
    const line = lines.get(`${name} ${at}`) ?? { name, at, versions: [] };
    if (!line.versions.includes(version)) line.versions.push(version);
    lines.set(`${name} ${at}`, line);
  }
  return [...lines.values()].map(
    ({ name, at, versions }) =>
      `${name} ${versions
        .sort((a, b) => a - b)
        .slice(0, 8)
        .join(',')} ${at}`,
  );
}

/** @param entries undefined when the list was refused. */
export function mountdFacts(entries: readonly ExportEntry[] | undefined): ProtocolFacts {
  const shown = entries ?? [];
  const concerns: Concern[] = shown.length === 0 ? [] : ['data-shown'];
  if (shown.some(isForEveryone)) concerns.push('exported-to-everyone');
  return {
    name: 'mountd',
    access: entries === undefined ? 'unknown' : 'open',
    fields: fieldsOf(...shown.map((entry) => ['export', exportLine(entry)] as const)),
    concerns,
  };
}

const EVERYONE: ReadonlySet<string> = new Set([
  '*',
  '*.*',
  '(everyone)',
  'everyone',
  '0.0.0.0/0',
  '::/0',
  '0.0.0.0/0.0.0.0',
]);

function isForEveryone({ clients }: ExportEntry): boolean {
  return clients.length === 0 || clients.some((client) => EVERYONE.has(client.trim().toLowerCase()));
}

function exportLine({ directory, clients }: ExportEntry): string {
  return `${directory} ${clients.length === 0 ? '*' : clients.join(' ')}`;
}

/** NFS by the versions that answered NULL, and the range that a refused one named. */
export function nfsFacts(versions: readonly number[]): ProtocolFacts {
  return {
    name: 'nfs',
    access: 'unknown',
    fields: fieldsOf(...versions.map((version) => ['version', version] as const)),
    concerns: ['clear-text'],
  };
}

/** An RPC server of which no program is known. */
export function sunRpcFacts(): ProtocolFacts {
  return { name: 'sun-rpc', access: 'unknown', fields: [], concerns: [] };
}
