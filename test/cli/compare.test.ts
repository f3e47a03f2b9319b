import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../src/track/store.ts';
import { runGolden } from '../golden/golden.ts';
import { storeRun } from '../track/vantage-runs.ts';
import { sekisho } from './command.ts';

const RDP = { address: '203.0.113.3', port: 3389 };
const SSH = { address: '203.0.113.6', port: 22 };
const VPN = { address: '198.51.100.2', port: 443 };

let root: string;
let office: string;
let mobile: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-compare-'));
  const golden = await runGolden();
  const plan = { organisation: 'kakuu-seiki' };
  office = (await storeRun(root, golden, { ...plan, vantage: 'office-lan', at: '2026-11-20T01:00:00Z' }))
    .runId;
  mobile = (
    await storeRun(root, golden, {
      ...plan,
      vantage: 'mobile\u001b[31m',
      at: '2026-11-20T03:00:00Z',
      shut: [RDP],
      missed: [SSH],
    })
  ).runId;
  await storeRun(root, golden, { ...plan, vantage: 'office-lan', at: '2026-11-13T01:00:00Z', journal: 0 });
  await storeRun(root, golden, {
    organisation: 'other',
    vantage: 'office-lan',
    at: '2026-11-20T01:00:00Z',
  });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const compare = async (...args: readonly string[]) =>
  sekisho(['compare', '--reports', root, '--org', 'kakuu-seiki', ...args]);

function line(stdout: string, place: { readonly address: string; readonly port: number }): string {
  return stdout.split('\n').find((one) => one.startsWith(`${place.address}:${place.port}/`)) ?? '';
}

describe('sekisho compare', () => {
  it('tells from where each door is reachable, and never leaves a cell blank', async () => {
    const { code, stdout, stderr } = await compare(office, mobile);
    expect([code, stderr]).toEqual([0, '']);
    expect(line(stdout, RDP)).toMatch(/ open +closed +only from office-lan$/);
    expect(line(stdout, SSH)).toMatch(/ open +not looked +not compared; not looked at from mobile/);
    expect(line(stdout, VPN)).toMatch(/ open +open +same everywhere$/);
    expect(stdout).toContain('run 1  office-lan');
    expect(stdout).toContain('2026-11-20T03:00:00Z');
    const table = stdout.split('\n').slice(stdout.split('\n').indexOf('') + 2);
    expect(table).toHaveLength(12);
    for (const row of table) expect(row.split(/ {2,}/)).toHaveLength(4);
    expect(stdout).not.toContain('\u001b');
  });

  it('gives one object a line', async () => {
    const { stdout } = await compare(office, mobile, '--json');
    const [head, ...places] = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(head).toMatchObject({
      kind: 'comparison',
      organisation: 'kakuu-seiki',
      hoursApart: 2,
      warnings: [],
    });
    expect(places).toHaveLength(12);
    expect(places.find(({ place }) => place === '203.0.113.3:3389/tcp')).toMatchObject({
      verdict: 'only-from',
      cells: [
        { run: office, state: 'open', product: { id: 'rdp' } },
        { run: mobile, state: 'closed', product: null },
      ],
    });
    expect(stdout).not.toContain('\u001b');
  });

  it('takes the newest run of each vantage point', async () => {
    const [byHand, newest] = [await compare(mobile, office), await compare('--vantages')];
    expect(newest.stdout).toBe(byHand.stdout);
  });

  it('warns when time may be the reason, and names what differs', async () => {
    const [week] = await listRuns(root, 'kakuu-seiki');
    const { stdout, stderr } = await compare(week?.runId ?? '', office);
    expect(stderr).toContain('168 hours apart');
    expect(stderr).toContain('all runs are from the same vantage point');
    expect(stdout).toContain('office-lan (1)');
    expect(stdout).toContain('differs: ');
    expect(line(stdout, { address: '198.51.100.4', port: 23 })).toContain('only from office-lan (1)');
  });

  it('says what is wrong with what was named', async () => {
    const one = await compare(office, office);
    expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('1 was named')]);
    const both = await compare(office, '--vantages');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('not both')]);
    const [other] = await listRuns(root, 'other');
    const mixed = await sekisho([
      'compare',
      '--reports',
      root,
      join(root, 'other', other?.runId ?? ''),
      mobile,
    ]);
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('kakuu-seiki')]);
    const several = await sekisho(['compare', '--reports', root, '--vantages']);
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('--org')]);
    const none = await sekisho(['compare', '--reports', join(root, 'nothing'), '--vantages']);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no runs')]);
    const single = await sekisho(['compare', '--reports', root, '--org', 'other', '--vantages']);
    expect([single.code, single.stderr]).toEqual([2, expect.stringContaining('1 vantage point')]);
  });
});
