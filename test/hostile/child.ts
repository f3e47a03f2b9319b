import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const USAGE = fileURLToPath(new URL('usage.ts', import.meta.url));

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Highest resident memory. */
  readonly maxRssMb: number;
  /** Errors that nobody caught, and warnings of Node. */
  readonly uncaught: readonly string[];
}

export interface ChildOptions {
  readonly environment?: Record<string, string>;
  /** Words before "node", e.g. `unshare -n`. */
  readonly within?: readonly string[];
  /** Killed after this long; the code is then null. */
  readonly limitMs?: number;
  readonly folder: string;
}

/** Runs the program as a process of its own, as people do. */
export async function runChild(argv: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const usage = `${options.folder}/usage-${Math.random().toString(36).slice(2)}.json`;
  const words = [
    ...(options.within ?? []),
    process.execPath,
    '--import',
    'tsx',
    '--import',
    USAGE,
    MAIN,
    ...argv,
  ];
  const [command = '', ...rest] = words;
  const startedAt = performance.now();
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOSTILE_USAGE: usage, ...options.environment },
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 55_000);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  const code = await new Promise<number | null>((done) => {
    child.on('close', done);
  });
  clearTimeout(limit);
  const seconds = (performance.now() - startedAt) / 1000;
  return { code, ...text, seconds, ...readUsage(usage) };
}

function readUsage(file: string): Pick<ChildResult, 'maxRssMb' | 'uncaught'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Pick<ChildResult, 'maxRssMb' | 'uncaught'>;
  } catch {
    return { maxRssMb: Number.NaN, uncaught: ['the process did not come to its end'] };
  } finally {
    rmSync(file, { force: true });
  }
}
