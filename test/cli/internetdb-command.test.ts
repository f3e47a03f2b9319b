import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Snapshot } from '../../src/model/snapshot.ts';
import { sendJson, startStandIn, type StandIn } from '../observe/shodan/stand-in.ts';
import { runCommand } from '../real/support/command.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const ANSWER = { cpes: [], hostnames: [], ports: [443], tags: [], vulns: [] };

let folder = '';
let standIn: StandIn;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-internetdb-'));
  standIn = await startStandIn(({ path }, response, nth) => {
    if (nth === 3) child?.kill('SIGINT');
    sendJson(response, { ...ANSWER, ip: path.slice(1) }, 200, {
      'last-modified': 'Sat, 13 Jan 2024 06:12:59 GMT',
    });
  });
});
afterEach(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true, force: true });
});

async function scan(...more: readonly string[]) {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [198.18.1.0/29] }
shodan: { use: no }
internetdb: { use: true }
`,
  );
  const reports = join(folder, 'reports');
  const ended = await runCommand(
    [process.execPath, '--import', 'tsx', MAIN, 'scan', file, '--passive', '--reports', reports, ...more],
    {
      env: {
        PATH: process.env['PATH'],
        SEKISHO_DATA: join(folder, 'data'),
        INTERNETDB_URL: standIn.origin,
      },
      onStart: (started) => {
        child = started;
      },
    },
  );
  const run = readdirSync(join(reports, 'kakuu')).find((name) => /^\d/.test(name)) ?? '';
  const text = readFileSync(join(reports, 'kakuu', run, 'snapshot.json'), 'utf8');
  return { ...ended, snapshot: Snapshot.parse(JSON.parse(text)) };
}

describe('sekisho scan --passive with InternetDB', () => {
  it('keeps what it knows when it is stopped, and goes on from there', async () => {
    const stopped = await scan();
    expect(stopped.code).toBe(130);
    const known = stopped.snapshot.services.length;
    expect([2, 3]).toContain(known);
    expect(stopped.snapshot.coverage.find(({ source }) => source === 'internetdb')).toMatchObject({
      state: 'partial',
      reason: 'interrupted',
      looked: known,
      dataDate: '2024-01-13T06:12:59.000Z',
    });
    const before = standIn.asked.length;
    const resumed = await scan('--resume');
    expect(standIn.asked.slice(before).map(({ path }) => path)).toEqual(
      Array.from({ length: 8 - known }, (_, i) => `/198.18.1.${known + i}`),
    );
    expect(resumed.snapshot.services).toHaveLength(8);
    expect(resumed.snapshot.coverage.find(({ source }) => source === 'internetdb')).toMatchObject({
      state: 'complete',
      looked: 8,
      answered: 8,
    });
  }, 180_000);
});
