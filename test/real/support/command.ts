import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a short set-up command and waits for it. @throws Error with its output when it fails */
export function must(argv: readonly string[], input?: string): string {
  const [command = '', ...args] = argv;
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 60_000,
    ...(input !== undefined && { input }),
  });
  if (result.status === 0) return result.stdout;
  const reason = result.error?.message ?? result.stderr.trim();
  throw new Error(`${argv.join(' ')}: ${reason === '' ? `exit ${result.status}` : reason}`);
}

/** Runs a command without blocking the servers of this process, at most `timeoutMs`. */
export async function runCommand(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs?: number; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.env !== undefined && { env: options.env }),
  });
  options.onStart?.(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 90_000);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done(status));
  });
  clearTimeout(timer);
  return { code, stdout, stderr };
}

/** Long-running programs that a test started. Only these are ended, each by its own process group. */
export interface Daemons {
  start(argv: readonly string[], options?: { env?: NodeJS.ProcessEnv; readyLine?: string }): Promise<Daemon>;
  /** TERM, then KILL for what is left after two seconds. */
  endAll(): Promise<void>;
}

export interface Daemon {
  readonly pid: number;
  readonly output: () => string;
  readonly ended: () => boolean;
  end(): Promise<void>;
}

export function createDaemons(): Daemons {
  const all: Daemon[] = [];
  return {
    start: async (argv, options = {}) => {
      const daemon = startDaemon(argv, options.env);
      all.push(daemon);
      if (options.readyLine !== undefined) await waitForLine(daemon, options.readyLine, argv);
      return daemon;
    },
    endAll: async () => {
      await Promise.all(all.splice(0).map((daemon) => daemon.end()));
    },
  };
}

function startDaemon(argv: readonly string[], env: NodeJS.ProcessEnv | undefined): Daemon {
  const [command = '', ...args] = argv;
  // Its own process group: children that the daemon forks end with it, and nothing else does.
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env !== undefined && { env }),
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  const closed = new Promise<void>((done) => {
    child.once('close', () => done());
    child.once('error', () => done());
  });
  const ended = (): boolean =>
    child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    end: async () => {
      signalGroup(child.pid, 'SIGTERM');
      const late = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 2000);
      await closed;
      clearTimeout(late);
    },
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has already ended.
  }
}

async function waitForLine(daemon: Daemon, line: string, argv: readonly string[]): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!daemon.output().includes(line)) {
    if (daemon.ended() || Date.now() > deadline) {
      throw new Error(`${argv.join(' ')} did not come up:\n${daemon.output().slice(-2000)}`);
    }
    await sleep(50);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
