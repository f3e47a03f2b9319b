import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPipe } from '../../../src/observe/import/read-pipe.ts';

let folder: string;
let pipe: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-pipe-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(path: string, waitMs = 5000, signal?: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readPipe(path, { chunk: 1000, signal, waitMs })) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('readPipe', () => {
  it('reads to the end, from a writer that comes late and writes slowly', async () => {
    const reading = read(pipe);
    await sleep(50);
    const writer = createWriteStream(pipe);
    writer.write('a'.repeat(100_000));
    await sleep(100);
    writer.end('b');
    expect(await reading).toBe(`${'a'.repeat(100_000)}b`);
  });

  it('gives up when nobody writes', async () => {
    await expect(read(pipe, 50)).rejects.toMatchObject({ code: 'import-file' });
  });

  it('stops when it is told to, before anybody writes and while a writer is silent', async () => {
    const early = AbortSignal.timeout(50);
    await expect(read(pipe, 5000, early)).rejects.toMatchObject({ code: 'interrupted' });
    const late = new AbortController();
    const reading = read(pipe, 5000, late.signal);
    const writer = createWriteStream(pipe);
    writer.write('a');
    setTimeout(() => late.abort(), 50);
    await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
    writer.destroy();
  });

  it('takes a device at its word', async () => {
    expect(await read('/dev/null')).toBe('');
  });
});
