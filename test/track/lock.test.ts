import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/app-error.ts';
import { acquireLock } from '../../src/track/lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-lock-'));
  path = join(folder, '.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-20T00:05:00Z');

function refusal(): AppError {
  try {
    acquireLock(path, now).release();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the lock was given');
}

/** A process id that was in use and is not any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

function lockFile(change: Record<string, unknown>): void {
  const owner = { pid: deadPid(), host: hostname(), since: '2026-11-13T00:05:00Z', ...change };
  writeFileSync(path, JSON.stringify(owner));
}

function contender(mode: string): ChildProcess {
  const script = resolve(import.meta.dirname, 'lock-contender.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, path, mode, String(deadPid())], {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');
  return text;
}

describe('the lock', () => {
  it('is given once, for its owner only, and again after release', () => {
    const lock = acquireLock(path, now);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(refusal().code).toBe('locked');
    lock.release();
    lock.release();
    acquireLock(path, now).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says who holds it and what to do', () => {
    const lock = acquireLock(path, now);
    const { message } = refusal();
    expect(message).toContain(`process ${process.pid} on ${hostname()}, since 2026-11-20T00:05:00Z`);
    expect(message).toContain(`delete ${path}`);
    lock.release();
  });

  it('is taken over from a dead process', () => {
    lockFile({});
    acquireLock(path, now).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when the process id was given to another process',
    () => {
      lockFile({ pid: process.pid, process: 'an-earlier-boot/1' });
      acquireLock(path, now).release();
    },
  );

  it('is not taken from a live process', () => {
    lockFile({ pid: process.ppid });
    expect(refusal().message).toContain(`process ${process.ppid}`);
  });

  it('of another computer is judged by its heartbeat', () => {
    lockFile({ host: 'elsewhere' });
    utimesSync(path, now, now);
    expect(refusal().message).toContain('on elsewhere');
    const hourAgo = new Date(now.getTime() - 3_600_000);
    utimesSync(path, hourAgo, hourAgo);
    acquireLock(path, now).release();
  });

  it('that cannot be read is replaced', () => {
    writeFileSync(path, '\u0000');
    acquireLock(path, now).release();
  });

  it('is not removed by a holder who lost it', () => {
    const lock = acquireLock(path, now);
    rmSync(path);
    lockFile({ pid: process.ppid });
    lock.release();
    expect(readFileSync(path, 'utf8')).toContain(String(process.ppid));
  });

  it('survives a take-over that was killed half-way', () => {
    lockFile({});
    writeFileSync(`${path}.takeover`, JSON.stringify({ pid: deadPid(), host: hostname(), since: '' }));
    acquireLock(path, now).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is left to another process that is just taking it over', () => {
    lockFile({});
    const taker = JSON.stringify({ pid: process.ppid, host: hostname(), since: '' });
    writeFileSync(`${path}.takeover`, taker);
    expect(refusal().code).toBe('locked');
    expect(readFileSync(`${path}.takeover`, 'utf8')).toBe(taker);
  });

  it('says when the folder is missing', () => {
    path = join(folder, 'none', '.lock');
    expect(refusal().message).toContain('the folder does not exist');
  });

  it('is held by one of several processes at a time, though holders die', async () => {
    lockFile({});
    const outputs = await Promise.all([1, 2, 3].map(async () => outputOf(contender('contend'))));
    expect(outputs).toEqual(['done\n', 'done\n', 'done\n']);
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  it('of a killed process is free again', async () => {
    const child = contender('hold');
    const closed = once(child, 'close');
    if (child.stdout !== null) await once(child.stdout, 'data');
    expect(refusal().message).toContain(`process ${child.pid}`);
    child.kill('SIGKILL');
    await closed;
    acquireLock(path, now).release();
  }, 60_000);
});
