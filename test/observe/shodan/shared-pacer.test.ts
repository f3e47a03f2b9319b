import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHODAN_PAUSE_MS, createPacer, type Pacer } from '../../../src/observe/shodan/pacer.ts';
import { createSharedPacer } from '../../../src/observe/shodan/shared-pacer.ts';
import { virtualClock } from './setting.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-pace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOW = 1_795_000_000_000;
const quiet = pino({ enabled: false });

/** A process of its own, as far as a test can have one without: own queue, own time since NOW. */
function processAt(start: number, over: { folder?: string; log?: Logger; name?: string } = {}) {
  const clock = virtualClock();
  const pacer: Pacer = createSharedPacer(createPacer(clock), {
    folder,
    name: 'test',
    clock,
    now: () => start + clock.now(),
    log: quiet,
    ...over,
  });
  const sent: number[] = [];
  const send = (signal = new AbortController().signal): Promise<void> =>
    pacer(signal, async () => {
      sent.push(start + clock.now());
    });
  return { clock, sent, send };
}

describe('one request a second, several processes', () => {
  it('waits for what another process has sent, and for nothing else', async () => {
    const first = processAt(NOW);
    await first.send();
    const second = processAt(NOW + 300);
    await second.send();
    expect(second.sent[0]).toBeGreaterThanOrEqual(NOW + 1050);
    expect(second.sent[0]).toBeLessThan(NOW + 1060);
    const late = processAt(NOW + 5000);
    await late.send();
    expect(late.sent).toEqual([NOW + 5000]);
    const otherKey = processAt(NOW + 5001, { name: 'other' });
    await otherKey.send();
    expect(otherKey.sent).toEqual([NOW + 5001]);
  });

  it('waits a pause and no more when the clock was set back by a day', async () => {
    const before = processAt(NOW + 86_400_000);
    await before.send();
    const after = processAt(NOW);
    await after.send();
    await after.send();
    expect(after.sent[0]).toBeGreaterThanOrEqual(NOW + 1050);
    expect(after.sent[1]).toBeLessThan(NOW + 2200);
  });

  it('takes away what is a minute old, leaves what is not its own, and keeps the folder to its user', async () => {
    const strangers = ['README', 'test.x.000000000000', 'other.1.000000000000', 'test.1.000000000000.tmp'];
    for (const file of strangers) writeFileSync(join(folder, file), '');
    writeFileSync(join(folder, 'test.1.0123456789ab'), '');
    await processAt(NOW).send();
    await processAt(NOW + 120_000).send();
    const left = readdirSync(folder);
    expect(left).toEqual(expect.arrayContaining(strangers));
    // Each request leaves one stamp for its begin and one for its end.
    expect(left).toHaveLength(strangers.length + 2);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of left.filter((name) => name.startsWith(`test.${NOW}`)))
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('goes on alone, and says so once, where the folder cannot be written', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const alone = processAt(NOW, { folder: join(file, 'pace'), log });
    await alone.send();
    await alone.send();
    expect(alone.sent).toEqual([NOW, NOW + 1050]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('inside this process only');
  });

  it('is not held up for good where every look at the folder takes long', async () => {
    let time = NOW;
    const clock = virtualClock();
    const pacer = createSharedPacer(createPacer(clock), {
      folder,
      name: 'test',
      clock,
      now: () => (time += 200),
      log: quiet,
    });
    await expect(pacer(new AbortController().signal, async () => 'sent')).resolves.toBe('sent');
    // Stamps that were taken back are gone.
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('ends a wait when the run is stopped', async () => {
    await processAt(NOW).send();
    const controller = new AbortController();
    const waiting = processAt(NOW + 100);
    controller.abort();
    await expect(waiting.send(controller.signal)).rejects.toThrow('aborted');
    expect(waiting.sent).toEqual([]);
  });

  it('holds between real processes, also after one was killed', async () => {
    const children = [contender(3), contender(3), contender(100)];
    const victim = children[2];
    victim?.stdout?.once('data', () => victim.kill('SIGKILL'));
    const sent = await sentBy(children);
    expect(sent.length).toBeGreaterThanOrEqual(7);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(1050);
  }, 120_000);

  it('holds when many come at the same moment', async () => {
    const sent = await sentBy(Array.from({ length: 5 }, () => contender(6, 250)));
    expect(sent).toHaveLength(30);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(250);
  }, 120_000);
});

function contender(times: number, pauseMs = SHODAN_PAUSE_MS): ChildProcess {
  const script = resolve(import.meta.dirname, 'pace-contender.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, folder, String(times), String(pauseMs)], {
    cwd: resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Times of all their requests, in order. */
async function sentBy(children: readonly ChildProcess[]): Promise<number[]> {
  const outputs = await Promise.all(children.map(async (child) => outputOf(child)));
  const lines = outputs.flatMap((output) => output.split('\n')).filter((line) => line !== '');
  return lines.map(Number).toSorted((a, b) => a - b);
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');
  return text;
}

function smallestGap(sent: readonly number[]): number {
  return Math.min(...sent.slice(1).map((at, index) => at - (sent[index] ?? 0)));
}
