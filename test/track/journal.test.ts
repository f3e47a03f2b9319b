import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/app-error.ts';
import { FLUSH_BYTES, FLUSH_MS, openJournal, type JournalOptions } from '../../src/track/journal.ts';
import { MAX_LINE_BYTES, type JournalEntry, type RunHeader } from '../../src/track/journal-entry.ts';
import { readJournal, type JournalContent } from '../../src/track/read-journal.ts';
import { emptyCoverage, observationOf } from './build.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const header: RunHeader = {
  kind: 'run',
  schemaVersion: 1,
  runId: '20261120T000500Z',
  scopeDigest: 'd',
  startedAt: '2026-11-20T00:05:00Z',
  toolVersion: '0.1.0',
  vantage: '東京',
  passive: false,
  portProfile: 'boundary',
  ports: '443,3389',
};
const observation = (n: number, note = '記録'): JournalEntry => ({
  kind: 'observation',
  ...observationOf(n, { note }),
});
const sweep = (address: string, ...open: number[]): JournalEntry => ({
  kind: 'sweep',
  results: [{ address, open, closed: [80], noAnswer: [], unreachable: [] }],
});
const end: JournalEntry = { kind: 'end', endedAt: '2026-11-20T01:00:00Z', complete: true };
const small: JournalEntry[] = [
  header,
  observation(22),
  sweep('203.0.113.10', 22),
  { kind: 'done', source: 'probe', unit: 'watermark:1' },
  { kind: 'coverage', coverage: emptyCoverage('probe', 'complete') },
  end,
];

function write(entries: readonly JournalEntry[], options?: JournalOptions): void {
  const journal = openJournal(path, options);
  for (const entry of entries) journal.append(entry);
  journal.close();
}

/** How many entries came back. */
function size(content: JournalContent): number {
  const units = [...content.done.values()].reduce((sum, set) => sum + set.size, 0);
  const single = [content.header, content.end].filter((one) => one !== undefined).length;
  return single + content.observations.length + content.sweeps.length + units + content.coverage.length;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

function thrownBy(act: () => void): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('did not throw');
}

describe('a journal', () => {
  it('gives back what was appended', async () => {
    write(small);
    const content = await readJournal(path);
    expect(content.header).toEqual(header);
    expect(content.observations).toEqual([observationOf(22, { note: '記録' })]);
    expect(content.sweeps).toEqual([
      { address: '203.0.113.10', open: [22], closed: [80], noAnswer: [], unreachable: [] },
    ]);
    expect(content.done.get('probe')).toEqual(new Set(['watermark:1']));
    expect(content.coverage).toEqual([emptyCoverage('probe', 'complete')]);
    expect(content.end).toEqual(end);
    expect(content.complete).toBe(true);
    expect(content.problems).toEqual({ tornBytes: 0, corruptCount: 0, corruptLines: [], unknownKinds: {} });
  });

  it('is for its owner only, whatever the umask and the mode it had', () => {
    const before = process.umask(0);
    try {
      write([header]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      chmodSync(path, 0o644);
      write([end]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it('writes the header at once, the rest after a short while or 64 KiB', async () => {
    const journal = openJournal(path);
    const lines = (): number => readFileSync(path, 'utf8').split('\n').length - 1;
    journal.append(header);
    expect(lines()).toBe(1);
    journal.append(observation(1));
    expect(lines()).toBe(1);
    await sleep(FLUSH_MS * 2);
    expect(lines()).toBe(2);
    journal.append(observation(2, 'x'.repeat(FLUSH_BYTES)));
    expect(lines()).toBe(3);
    journal.append(observation(3));
    journal.flush();
    expect(lines()).toBe(4);
    journal.close();
    journal.close();
    expect(() => journal.append(end)).toThrow(/closed/);
  });

  it('goes on after short writes', async () => {
    write(small, {
      write: (file, bytes, offset, length) => writeSync(file, bytes, offset, Math.min(7, length)),
    });
    expect((await readJournal(path)).complete).toBe(true);
  });

  it('counts a repeated look once, the last word of a source, and an end only when nothing follows', async () => {
    write([
      ...small,
      observation(22, 'again'),
      { kind: 'coverage', coverage: emptyCoverage('probe', 'partial') },
      { kind: 'coverage', coverage: emptyCoverage('shodan', 'complete') },
      { kind: 'coverage', coverage: { ...emptyCoverage('shodan', 'partial'), file: 'export.json.gz' } },
    ]);
    const content = await readJournal(path);
    expect(content.observations.map(({ note }) => note)).toEqual(['again']);
    expect(content.coverage.map(({ source, state }) => `${source} ${state}`)).toEqual([
      'probe partial',
      'shodan complete',
      'shodan partial',
    ]);
    expect(content.end).toBeUndefined();
    expect(content.complete).toBe(false);
  });

  it('cuts what is too long for a line without losing a fact', async () => {
    const evidence = {
      label: 'x',
      sent: '',
      received: 'A'.repeat(MAX_LINE_BYTES),
      receivedBytes: 1,
      sha256: 'ab',
      truncated: false,
    };
    const results = Array.from({ length: 3 }, (_, i) => ({
      address: `203.0.113.${i}`,
      open: [],
      closed: Array.from({ length: 300_000 }, () => 65_535),
      noAnswer: [],
      unreachable: [],
    }));
    write([
      header,
      { kind: 'observation', ...observationOf(1, { evidence: [evidence] }) },
      { kind: 'sweep', results },
    ]);
    const content = await readJournal(path);
    expect(content.observations[0]?.evidence).toEqual([{ ...evidence, received: '', truncated: true }]);
    expect(content.sweeps.map(({ address }) => address)).toEqual(results.map(({ address }) => address));
    expect(content.problems.corruptCount).toBe(0);
    const longest = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.length + 1);
    expect(Math.max(...longest)).toBeLessThanOrEqual(MAX_LINE_BYTES);
  });
});

describe('a killed run', () => {
  it('loses no whole line and throws nothing, cut at every byte of a small journal', async () => {
    write(small);
    const bytes = readFileSync(path);
    for (let length = 0; length <= bytes.length; length += 1) {
      writeFileSync(path, bytes.subarray(0, length));
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length;
      const content = await readJournal(path);
      expect(size(content), `cut at ${length}`).toBe(whole);
      expect(content.problems.corruptCount).toBe(0);
      expect(content.complete).toBe(length === bytes.length);
    }
  }, 60_000);

  it('goes on where it was cut, at every byte: resuming cuts off the torn line first', async () => {
    write(small);
    const bytes = readFileSync(path);
    for (let length = 0; length <= bytes.length; length += 13) {
      writeFileSync(path, bytes.subarray(0, length));
      const torn = length - (bytes.subarray(0, length).lastIndexOf(0x0a) + 1);
      const before = size(await readJournal(path));
      const journal = openJournal(path);
      expect(journal.cutBytes).toBe(torn);
      journal.append(observation(7777));
      journal.close();
      const content = await readJournal(path);
      expect(content.problems).toMatchObject({ tornBytes: 0, corruptCount: 0 });
      const staleEnd = length === bytes.length ? 1 : 0;
      expect(size(content)).toBe(before + 1 - staleEnd);
    }
  });

  it('loses no whole line of a long journal, cut anywhere', async () => {
    const notes = fc.sample(fc.string({ unit: 'binary', maxLength: 300 }), { numRuns: 1500, seed: 7 });
    write([header, ...notes.map((note, n) => observation(n, note))]);
    const bytes = readFileSync(path);
    expect(bytes.length).toBeGreaterThan(5 * FLUSH_BYTES);
    const cuts = fc.sample(fc.nat(bytes.length), { numRuns: 20, seed: 11 }).toSorted((a, b) => b - a);
    for (const length of cuts) {
      truncateSync(path, length);
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length;
      const content = await readJournal(path);
      expect(size(content)).toBe(whole);
      expect(content.observations.map(({ note }) => note)).toEqual(
        notes.slice(0, Math.max(0, whole - 1)).map((note) => note.toWellFormed()),
      );
    }
  }, 60_000);

  it('finds the tear of a very long half line', async () => {
    write([header, observation(1)]);
    appendFileSync(path, Buffer.alloc(3 * FLUSH_BYTES + 5, 0x61));
    const journal = openJournal(path);
    expect(journal.cutBytes).toBe(3 * FLUSH_BYTES + 5);
    journal.append(end);
    journal.close();
    expect((await readJournal(path)).complete).toBe(true);
  });

  it('really killed: everything older than the last flush is there', async () => {
    const script = resolve(import.meta.dirname, 'journal-writer.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
      cwd: resolve(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let reported = -1;
    for await (const chunk of child.stdout) {
      reported = Number(String(chunk).trim().split('\n').at(-1));
      if (reported >= 2000) break;
    }
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const { observations, problems } = await readJournal(path);
    expect(problems.corruptCount).toBe(0);
    expect(observations.length).toBeGreaterThan(reported);
    expect(observations.map(({ port }) => port)).toEqual(observations.map((_, n) => n % 65_536));
  }, 60_000);
});

describe('damage', () => {
  it('names corrupt lines, counts unknown kinds, keeps the rest and calls the run incomplete', async () => {
    write(small);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    lines.splice(1, 0, '{"kind":"observation","id":', '\u0000\u0000');
    lines.splice(4, 0, '{"kind":"from-the-future"}', '{"kind":"done","source":"rumour","unit":"1"}', '[]');
    writeFileSync(path, `${lines.join('\n')}\n`);
    appendFileSync(path, Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]));
    const content = await readJournal(path);
    expect(content.problems).toEqual({
      tornBytes: 0,
      corruptCount: 5,
      corruptLines: [2, 3, 6, 7, 12],
      unknownKinds: { 'from-the-future': 1 },
    });
    expect(size(content)).toBe(small.length);
    expect(content.complete).toBe(false);
  });

  it('skips a line over the limit in bounded memory', async () => {
    write([header]);
    appendFileSync(path, `{"kind":"${'x'.repeat(2 * MAX_LINE_BYTES)}"}\n${JSON.stringify(end)}\n`);
    const content = await readJournal(path);
    expect(content.problems.corruptLines).toEqual([2]);
    expect(content.end).toBeDefined();
    expect(content.complete).toBe(false);
  });

  it('does not throw on any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(3), async (bytes, copies) => {
        writeFileSync(
          path,
          Buffer.concat(Array.from({ length: copies }, () => [bytes, Buffer.from('\n')]).flat()),
        );
        const content = await readJournal(path);
        expect(content.complete).toBe(false);
        expect(content.header).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('does not throw on a journal with flipped bytes', async () => {
    write(small);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] ?? 0) ^ flip;
        writeFileSync(path, broken);
        const code = await codeOf(readJournal(path));
        expect(['no error', 'journal-newer']).toContain(code);
      }),
      { numRuns: 150 },
    );
  });

  it('says when there is no journal, and when a newer version wrote it', async () => {
    expect(await codeOf(readJournal(path))).toBe('journal-missing');
    writeFileSync(path, `${JSON.stringify({ ...header, schemaVersion: 2, ports: [1] })}\n`);
    expect(await codeOf(readJournal(path))).toBe('journal-newer');
  });
});

describe('a full disk', () => {
  const full = (): JournalOptions & { failures: AppError[] } => {
    let left = 700;
    const failures: AppError[] = [];
    return {
      failures,
      onFailure: (error) => failures.push(error),
      write: (file, bytes, offset, length) => {
        if (left === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        const part = Math.min(left, length);
        left -= part;
        return writeSync(file, bytes, offset, part);
      },
    };
  };

  it('says what to do, at once and again, and keeps everything written before', async () => {
    const options = full();
    const journal = openJournal(path, options);
    journal.append(header);
    journal.append(observation(1));
    journal.append(observation(2));
    const error = thrownBy(() => journal.flush());
    expect(error.code).toBe('journal-write');
    expect(error.message).toMatch(/the disk is full\. Free some space.*kept; go on with --resume/);
    expect(thrownBy(() => journal.append(end))).toBe(error);
    expect(thrownBy(() => journal.close())).toBe(error);
    expect(options.failures).toEqual([error]);

    const content = await readJournal(path);
    expect(content.observations.map(({ port }) => port)).toEqual([1]);
    expect(content.problems).toMatchObject({ corruptCount: 0 });
    expect(content.problems.tornBytes).toBeGreaterThan(0);
    write([observation(3), end]);
    expect((await readJournal(path)).complete).toBe(true);
  });

  it('in the background tells the run at once', async () => {
    const options = full();
    const journal = openJournal(path, options);
    journal.append(header);
    for (const n of [1, 2, 3]) journal.append(observation(n));
    await sleep(FLUSH_MS * 2);
    expect(options.failures).toHaveLength(1);
    expect(() => journal.append(end)).toThrow(AppError);
    expect(() => journal.close()).toThrow(AppError);
  });

  it('says that the folder is missing', () => {
    expect(thrownBy(() => openJournal(join(folder, 'none', 'j'))).message).toContain(
      'the folder does not exist',
    );
  });
});
