import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { tmpdir } from 'node:os';

export interface ToolCall {
  readonly command: string;
  readonly argv: readonly string[];
  /** Written to it, then closed. */
  readonly input?: string;
  /** Working directory; the tool may leave files there. */
  readonly directory?: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Its output, as it comes. Whatever this throws ends the tool and is thrown on. */
  readonly onOutput: (chunk: Uint8Array) => void;
  /** What it says for people. */
  readonly onNoise?: (text: string) => void;
}

/** How it ended, once. */
export interface ToolEnd {
  /** It could not be started: ENOENT, EACCES, E2BIG … */
  readonly notStarted?: string;
  readonly code: number | null;
  readonly endedBy: NodeJS.Signals | null;
  /** We ended it: too late, or stopped. */
  readonly stopped?: 'deadline' | 'signal';
  /** The last of what it wrote to stderr. Hostile text. */
  readonly noise: string;
  readonly outputBytes: number;
}

const MAX_NOISE = 16 * 1024;
const GRACE_MS = 2000;

/** All that a tool needs of our surroundings. No key gets there, nor variables that change what it does (NMAP_ARGS). */
const ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'NMAP_PRIVILEGED', 'NMAP_UNPRIVILEGED'];

const running = new Set<ChildProcess>();
let isWatching = false;

/**
 * Runs another program to its end: no shell, its output handed on as bytes, its stderr apart and bounded, ended with SIGTERM and
 * then SIGKILL when it is late or no longer wanted. The one place in sekisho that starts a process.
 */
export async function runTool(call: ToolCall): Promise<ToolEnd> {
  const { signal, deadlineMs } = call;
  if (signal.aborted) return { code: null, endedBy: null, stopped: 'signal', noise: '', outputBytes: 0 };
  const child = spawn(call.command, [...call.argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: call.directory ?? tmpdir(),
    env: environment(),
  });
  const run: Run = { noise: '', outputBytes: 0, stopped: undefined, failure: undefined };
  watch(child);
  listen(child, call, run);
  const stop = (why: 'deadline' | 'signal'): void => {
    run.stopped ??= why;
    end(child);
  };
  const onAbort = (): void => stop('signal');
  const timer = setTimeout(() => stop('deadline'), deadlineMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { code, endedBy, notStarted } = await ended(child);
    if (run.failure !== undefined) throw run.failure.error;
    return {
      ...(notStarted === undefined ? {} : { notStarted }),
      code,
      endedBy,
      ...(run.stopped === undefined ? {} : { stopped: run.stopped }),
      noise: run.noise,
      outputBytes: run.outputBytes,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    running.delete(child);
  }
}

interface Run {
  noise: string;
  outputBytes: number;
  stopped: 'deadline' | 'signal' | undefined;
  /** Thrown by who takes the output. */
  failure: { readonly error: unknown } | undefined;
}

function listen(
  child: ChildProcessWithoutNullStreams,
  { onOutput, onNoise, input }: ToolCall,
  run: Run,
): void {
  child.stdout.on('data', (chunk: Uint8Array) => {
    run.outputBytes += chunk.length;
    if (run.failure !== undefined) return;
    try {
      onOutput(chunk);
    } catch (error) {
      run.failure = { error };
      end(child);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    run.noise = (run.noise + text).slice(-MAX_NOISE);
    onNoise?.(text);
  });
  // A tool that ends early leaves its input unread.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
}

/** Once, with the first of "error" and "close"; a child that could not be started may give both. */
function ended(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; endedBy: NodeJS.Signals | null; notStarted?: string }> {
  return new Promise((done) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined)
        done({ code: null, endedBy: null, notStarted: error.code ?? error.message });
    });
    child.once('close', (code, endedBy) => done({ code, endedBy }));
    // Its own children may hold the pipes open for as long as they live.
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, GRACE_MS).unref();
    });
  });
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }, GRACE_MS).unref();
}

/** A tool that we started must not go on sending when this process leaves by `process.exit`. */
function watch(child: ChildProcess): void {
  running.add(child);
  if (isWatching) return;
  isWatching = true;
  process.on('exit', () => {
    for (const one of running) one.kill('SIGKILL');
  });
}

function environment(): NodeJS.ProcessEnv {
  const kept = ENVIRONMENT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
