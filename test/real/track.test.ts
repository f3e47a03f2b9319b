/** What the tool says from run to run, against servers on loopback that come and go. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Listening } from '../servers/listening.ts';
import { startSsh } from '../servers/ssh.ts';
import { companySite } from '../servers/sites.ts';
import { startVnc } from '../servers/vnc.ts';
import { startWeb } from '../servers/web.ts';
import { createWorkplace, listJson, scan, type Workplace } from './support/sekisho.ts';

const ADDRESS = '127.77.1.1';
const [SSH, WEB, VNC] = [20_022, 20_080, 25_900];

interface Snapshot {
  readonly complete: boolean;
  readonly services: { readonly key: string }[];
  readonly register: { readonly subject: string; readonly state: string }[];
  readonly changes: { readonly kind: string; readonly subject: string }[];
  readonly coverage: { readonly source: string; readonly state: string; readonly requests: number }[];
}

let work: Workplace;
let servers: { ssh: Listening; web: Listening; vnc: Listening };

beforeEach(async () => {
  work = createWorkplace();
  servers = {
    ssh: await startSsh({ host: ADDRESS, port: SSH }),
    web: await startWeb({ host: ADDRESS, port: WEB, ...companySite() }),
    vnc: await startVnc({ host: ADDRESS, port: VNC, types: [2] }),
  };
  writeOrganisation({});
});

afterEach(async () => {
  const all = Object.values(servers);
  await Promise.all(all.map((server) => server.close()));
  work.remove();
  // Not one of these runs may have tried to get in.
  expect(all.flatMap(({ events }) => events)).toEqual([]);
});

describe('two runs over an unchanged boundary', () => {
  it('report no change and end with 0', async () => {
    const first = await scan(work);
    expect([0, 10, 20], first.stderr).toContain(first.code);
    expect(newest().services.map(({ key }) => key)).toEqual(
      [SSH, WEB, VNC].map((port) => `${ADDRESS}:${port}/tcp`),
    );

    const second = await scan(work);
    expect(newest().changes).toEqual([]);
    expect(second.code, second.stderr).toBe(0);
  });
});

describe('a port that closed', () => {
  it('is "not seen" after one look and "closed" after the second', async () => {
    await scan(work);
    await servers.vnc.close();

    const one = await scan(work);
    expect(one.code, one.stderr).toBe(10);
    expect(changes()).toEqual([`not-seen ${VNC}`]);
    expect(stateOf(VNC)).toBe('not-seen');

    const two = await scan(work);
    expect(two.code, two.stderr).toBe(10);
    expect(changes()).toEqual([`closed ${VNC}`]);
    expect(stateOf(VNC)).toBe('closed');

    const three = await scan(work);
    expect(three.code, three.stderr).toBe(0);
    expect(changes()).toEqual([]);
  });

  it('that opens again is reported with its old name', async () => {
    await scan(work);
    const before = await spokenId(VNC);
    await servers.vnc.close();
    await scan(work);
    await scan(work);
    servers.vnc = await startVnc({ host: ADDRESS, port: VNC, types: [2] });

    const back = await scan(work);
    expect([10, 20], back.stderr).toContain(back.code);
    expect(changes()).toEqual([`re-opened ${VNC}`]);
    expect(await spokenId(VNC)).toBe(before);
  });
});

describe('a dead source', () => {
  // Nothing listens there: port 9 of an address of ours.
  const dead = { env: { SHODAN_API_KEY: 'x', SHODAN_API_URL: 'http://127.77.1.9:9' } };

  it('makes the run incomplete and closes nothing', async () => {
    await scan(work);
    writeOrganisation({ shodan: { use: 'yes' } });
    const ended = await scan(work, [], dead);
    expect(ended.code, ended.stderr).toBe(30);
    expect(newest().coverage.find(({ source }) => source === 'shodan')?.state).toBe('failed');
    expect(changes()).toEqual([]);
    expect(newest().register.map(({ state }) => state)).toEqual(newest().register.map(() => 'open'));
  });

  it('closes nothing either when it is the only one that was asked', async () => {
    await scan(work);
    const known = newest().register.length;
    writeOrganisation({ shodan: { use: 'yes' } });
    await servers.vnc.close();
    for (let run = 0; run < 2; run += 1) {
      const ended = await scan(work, ['--passive'], dead);
      expect(ended.code, ended.stderr).toBe(30);
    }
    expect(newest().register).toHaveLength(known);
    expect(stateOf(VNC)).toBe('open');
    expect(newest().changes.filter(({ kind }) => ['closed', 'not-seen'].includes(kind))).toEqual([]);
  });
});

describe('a run that is killed', () => {
  it('is completed by --resume without looking twice at what was done', async () => {
    // 8 addresses × 60 ports at 60 a second: at least 8 seconds.
    writeOrganisation({ ranges: ['127.77.1.0/29'], ports: [SSH, WEB, VNC, '20100-20156'], rate: 60 });
    const killed = await scan(work, [], { onStart: (child) => killAt(child, 150) });
    expect(killed.code).toBeNull();
    const [run = ''] = runFolders();
    expect(readdirSync(join(work.reports, 'real-test', run))).not.toContain('snapshot.json');
    expect(watermark()).toBeGreaterThanOrEqual(150);

    const resumed = await scan(work, ['--resume']);
    expect([0, 10, 20], resumed.stderr).toContain(resumed.code);
    const probe = newest().coverage.find(({ source }) => source === 'probe');
    // The whole sweep takes 480 connections, and the conversations some more.
    expect(probe?.requests).toBeLessThan(480 - 150 + 80);
    expect(runFolders()).toEqual([run]);
    expect(newest().complete).toBe(true);
    expect(probe?.state).toBe('complete');
    expect(newest().services.map(({ key }) => key)).toEqual(
      [SSH, WEB, VNC].map((port) => `${ADDRESS}:${port}/tcp`),
    );
  });
});

function writeOrganisation({
  ranges = [ADDRESS],
  ports = [SSH, WEB, VNC] as (number | string)[],
  rate = 500,
  shodan = { use: 'no' } as Record<string, unknown>,
}): void {
  // Requests are counted below: TCP alone.
  work.writeOrganisation({ sites: [{ id: 'hq', ranges }], probe: { ports, rate, udp: false }, shodan });
}

function runFolders(): string[] {
  const folder = join(work.reports, 'real-test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{8}T/.test(name))
    .toSorted();
}

function newest(): Snapshot {
  const path = join(work.reports, 'real-test', runFolders().at(-1) ?? '', 'snapshot.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
}

/** kill -9 as soon as the journal says that so many places are done. */
function killAt(child: ChildProcess, places: number): void {
  const timer = setInterval(() => {
    if (watermark() < places) return;
    clearInterval(timer);
    child.kill('SIGKILL');
  }, 50);
  child.once('close', () => clearInterval(timer));
}

/** Places that the newest journal calls done, from the start of the sweep. */
function watermark(): number {
  const run = runFolders().at(-1);
  if (run === undefined) return 0;
  const journal = join(work.reports, 'real-test', run, 'journal.jsonl');
  // The folder is there a moment before its first file.
  if (!existsSync(journal)) return 0;
  const text = readFileSync(journal, 'utf8');
  const marks = [...text.matchAll(/"unit":"probe\/sweep\/[0-9a-f]+\/(\d+)"/g)].map((match) =>
    Number(match[1]),
  );
  return Math.max(0, ...marks);
}

/** "closed 25900", sorted. */
function changes(): string[] {
  return newest()
    .changes.map(({ kind, subject }) => `${kind} ${portOf(subject)}`)
    .toSorted();
}

function stateOf(port: number): string | undefined {
  return newest().register.find(({ subject }) => portOf(subject) === port)?.state;
}

async function spokenId(port: number): Promise<unknown> {
  const lines = await listJson(work, 'findings');
  return lines.find((line) => line['port'] === port)?.['spokenId'];
}

function portOf(subject: string): number {
  return Number(/:(\d+)\/tcp$/.exec(subject)?.[1]);
}
