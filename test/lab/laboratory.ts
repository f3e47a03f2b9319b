/** Brings the laboratory up and down, and runs the real command in the scanner's namespace. */
import { resolve } from 'node:path';
import { runCommand } from '../real/support/command.ts';
import {
  createWorkplace,
  listJson,
  scan,
  type OrganisationParts,
  type Workplace,
} from '../real/support/sekisho.ts';
import type { ServiceLine } from './judge.ts';

export const SCAN_NAMESPACE = 'sklab-scan';
export const WIRE = 'skscan0';

/** @throws Error with what does not listen. */
export async function up(): Promise<string> {
  return laboratory('up.sh', 150_000);
}

export async function down(): Promise<string> {
  return laboratory('down.sh', 60_000);
}

async function laboratory(script: string, timeoutMs: number): Promise<string> {
  const { code, stdout, stderr } = await runCommand([resolve(import.meta.dirname, script)], { timeoutMs });
  if (code !== 0) throw new Error(`test/lab/${script}: exit ${code}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** argv inside the scanner's namespace; a scanner holds more sockets than a shell usually allows. */
export function inScanner(argv: readonly string[]): string[] {
  const raise = 'ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"';
  return ['ip', 'netns', 'exec', SCAN_NAMESPACE, 'bash', '-c', raise, 'lab', ...argv];
}

export interface Look {
  readonly lines: ServiceLine[];
  readonly seconds: number;
  readonly stderr: string;
}

/** The real command over `ranges`, TCP and UDP, at the laboratory's pace. @throws Error when it could not finish */
export async function look(
  ranges: readonly string[],
  ports: readonly number[],
  options: { exclusions?: readonly string[]; timeoutMs: number },
): Promise<Look> {
  const work: Workplace = createWorkplace();
  try {
    const parts: OrganisationParts = {
      sites: [{ id: 'lab', ranges }],
      exclusions: options.exclusions ?? [],
      probe: { ports: ports.join(','), rate: 3000, 'per-host': 16 },
    };
    work.writeOrganisation(parts);
    const started = performance.now();
    const ended = await scan(work, [], { wrap: inScanner, timeoutMs: options.timeoutMs });
    const seconds = (performance.now() - started) / 1000;
    if (ended.code === null || ![0, 10, 20].includes(ended.code))
      throw new Error(`sekisho scan: exit ${ended.code} after ${seconds.toFixed(0)} s\n${ended.stderr}`);
    const lines = (await listJson(work, 'services')) as unknown as ServiceLine[];
    return { lines, seconds, stderr: ended.stderr };
  } finally {
    if (process.env['SKLAB_KEEP'] === undefined) work.remove();
    else process.stdout.write(`kept: ${work.folder}\n`);
  }
}
