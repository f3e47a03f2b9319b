import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceKey } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { elsewhereOf, isSameDay } from '../../src/track/elsewhere.ts';
import { sharedIds } from '../../src/track/shared-ids.ts';
import { createRun, writeSnapshot, type Run } from '../../src/track/store.ts';
import { track, type TrackInput } from '../../src/track/track.ts';
import { newestHeads, newestSnapshots, previousSnapshot, readHead } from '../../src/track/vantages.ts';
import { runGolden } from '../golden/golden.ts';
import {
  emptyCoverage,
  expectationOf,
  findingFor,
  hq,
  probed,
  scopeOf,
  serviceOf,
  sighting,
  snapshotOf,
  taipei,
  WEEK,
} from './build.ts';
import { storeRun } from './vantage-runs.ts';

interface Look {
  readonly vantage: string;
  readonly at: string;
  readonly services?: TrackInput['services'];
  readonly coverage?: TrackInput['coverage'];
  readonly passive?: boolean;
}

/** A run among those of other vantage points, as `conclude` tracks it. */
function runFrom(look: Look, before: readonly Snapshot[] = []): Snapshot {
  const { vantage, at, services = [], passive = false } = look;
  const newest = new Map(before.map((run) => [run.vantage, run]));
  const input: TrackInput = {
    services,
    findings: services.map((service) => findingFor(service)),
    coverage: look.coverage ?? [probed({ vantage })],
    scope: scopeOf({ vantage }),
    previous: newest.get(vantage),
    now: at,
    complete: true,
    otherRegisters: [...newest.values()]
      .filter((run) => run.vantage !== vantage)
      .map(({ register }) => register),
  };
  return { ...snapshotOf(track(input), input), vantage, passive };
}

const doorAt = (address: string, port: number, at: string, transport: 'tcp' | 'unknown' = 'tcp') =>
  serviceOf({
    address,
    port,
    transport,
    sightings: [sighting(transport === 'unknown' ? 'internetdb' : 'probe', at)],
  });

describe('lineage', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sekisho-vantages-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function kept(look: Look): Promise<Run> {
    const run = await createRun(root, 'example', new Date(look.at));
    await writeSnapshot(run.snapshotPath, { ...runFrom(look), runId: run.runId });
    return run;
  }

  it('goes from run to run of one vantage point, passive or not', async () => {
    const first = await kept({ vantage: 'office', at: WEEK[0] });
    const mobile = await kept({ vantage: 'mobile', at: WEEK[1] });
    const passive = await kept({ vantage: 'office', at: WEEK[2], passive: true });
    await createRun(root, 'example', new Date(WEEK[3]));
    const previous = async (vantage: string, before?: string) =>
      (await previousSnapshot(root, 'example', vantage, before))?.runId;
    expect(await previous('office')).toBe(passive.runId);
    expect(await previous('office', passive.runId)).toBe(first.runId);
    expect(await previous('mobile')).toBe(mobile.runId);
    expect(await previous('elsewhere')).toBeUndefined();
  });

  it('knows the newest run of each vantage point, and the newest that looked', async () => {
    const looked = await kept({ vantage: 'office', at: WEEK[0] });
    await kept({ vantage: 'mobile', at: WEEK[0] });
    const mobile = await kept({ vantage: 'mobile', at: WEEK[1] });
    const passive = await kept({ vantage: 'office', at: WEEK[2], passive: true });
    const ids = async (options?: Parameters<typeof newestHeads>[2]) =>
      (await newestHeads(root, 'example', options)).map(({ run }) => run.runId);
    expect(await ids()).toEqual([passive.runId, mobile.runId, looked.runId]);
    expect(await ids({ without: 'mobile' })).toEqual([passive.runId, looked.runId]);
    expect(await ids({ day: { at: WEEK[1], timezone: 'Asia/Tokyo' } })).toEqual([
      passive.runId,
      mobile.runId,
    ]);
  });

  it('stops at what is damaged, unless it is another place, or is being made again', async () => {
    await kept({ vantage: 'office', at: WEEK[0] });
    const mobile = await kept({ vantage: 'mobile', at: WEEK[1] });
    const text = readFileSync(mobile.snapshotPath, 'utf8');
    writeFileSync(mobile.snapshotPath, text.slice(0, -20));
    expect((await previousSnapshot(root, 'example', 'office'))?.vantage).toBe('office');
    await expect(previousSnapshot(root, 'example', 'mobile')).rejects.toThrow('damaged');
    await expect(newestSnapshots(root, 'example', { without: 'office' })).rejects.toThrow('damaged');
    const again = await newestSnapshots(root, 'example', { madeAgain: mobile.runId });
    expect(again.map(({ vantage }) => vantage)).toEqual(['office']);
    writeFileSync(mobile.snapshotPath, '{');
    expect(await readHead(mobile)).toMatchObject({ state: 'damaged' });
    await expect(previousSnapshot(root, 'example', 'office')).rejects.toThrow('damaged');
  });

  it('reads the head of a snapshot however it is laid out, and whatever stands in its texts', async () => {
    const run = await kept({ vantage: 'a",\n "vantage": "b', at: WEEK[0] });
    const head = { state: 'read', vantage: 'a",\n "vantage": "b', endedAt: WEEK[0], passive: false };
    expect(await readHead(run)).toMatchObject(head);
    writeFileSync(run.snapshotPath, JSON.stringify(JSON.parse(readFileSync(run.snapshotPath, 'utf8'))));
    expect(await readHead(run)).toMatchObject(head);
  });
});

describe('spoken ids across vantage points', () => {
  it('are the same for the same place, and new ones are new everywhere', () => {
    const office = runFrom({
      vantage: 'office',
      at: WEEK[0],
      services: [doorAt(hq, 3389, WEEK[0]), doorAt(taipei, 443, WEEK[0])],
    });
    const mobile = runFrom(
      {
        vantage: 'mobile',
        at: WEEK[0],
        services: [doorAt(taipei, 443, WEEK[0]), doorAt(taipei, 3389, WEEK[0])],
      },
      [office],
    );
    const idAt = (run: Snapshot, address: string, port: number) =>
      run.findings.find(({ subject }) => subject === serviceKey(address, port, 'tcp'))?.spokenId;
    expect(idAt(mobile, taipei, 443)).toBe(idAt(office, taipei, 443));
    expect(idAt(mobile, taipei, 3389)).toBe('B-03');
    const later = runFrom(
      {
        vantage: 'office',
        at: WEEK[1],
        services: [doorAt(hq, 3389, WEEK[1]), doorAt(hq, 443, WEEK[1]), doorAt(taipei, 3389, WEEK[1])],
      },
      [office, mobile],
    );
    expect(idAt(later, taipei, 3389)).toBe('B-03');
    expect(idAt(later, hq, 443)).toBe('B-04');
    // Not seen from mobile: there it is not new, not closed, not there.
    expect(mobile.changes.map(({ subject }) => subject)).not.toContain(serviceKey(hq, 3389, 'tcp'));
  });

  it('follow a place whose transport only one of them knows', () => {
    const passive = runFrom({
      vantage: 'desk',
      at: WEEK[0],
      services: [doorAt(hq, 3389, WEEK[0], 'unknown')],
      coverage: [emptyCoverage('internetdb', 'complete')],
    });
    const mobile = runFrom({ vantage: 'mobile', at: WEEK[0], services: [doorAt(hq, 3389, WEEK[0])] }, [
      passive,
    ]);
    expect(mobile.findings[0]?.spokenId).toBe(passive.findings[0]?.spokenId);
  });

  it('take the older number where two are known, in whatever order the others come', () => {
    const finding = findingFor(doorAt(hq, 3389, WEEK[0]));
    const [entry] = runFrom({ vantage: 'a', at: WEEK[0], services: [doorAt(hq, 3389, WEEK[0])] }).register;
    if (entry === undefined) throw new Error('no entry');
    const registers = ['B-12', 'B-07'].map((spokenId) => [{ ...entry, spokenId }]);
    for (const others of [registers, registers.toReversed()]) {
      expect(sharedIds({ entering: [finding], used: [], others }).get(finding)).toBe('B-07');
      expect(sharedIds({ entering: [finding], used: ['B-07'], others }).get(finding)).toBe('B-12');
      expect(sharedIds({ entering: [finding], used: ['B-07', 'B-12'], others }).get(finding)).toBe('B-13');
    }
  });

  it('never collide, however the runs interleave', () => {
    const places = [hq, taipei].flatMap((address) =>
      [443, 3389, 8443].map((port) => ({ address, port }) as const),
    );
    const step = fc.record({
      vantage: fc.constantFrom('a', 'b', 'c'),
      open: fc.subarray(places),
      vague: fc.subarray(places),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 10 }), (steps) => {
        const runs: Snapshot[] = [];
        for (const [n, { vantage, open, vague }] of steps.entries()) {
          const at = `2026-11-${String(n + 1).padStart(2, '0')}T00:00:00Z`;
          const services = open.map((place) =>
            doorAt(place.address, place.port, at, vague.includes(place) ? 'unknown' : 'tcp'),
          );
          runs.push(runFrom({ vantage, at, services }, runs));
        }
        const placeOf = new Map<string, string>();
        const idOf = new Map<string, string>();
        for (const { register } of runs) {
          expect(new Set(register.map(({ spokenId }) => spokenId)).size).toBe(register.length);
          for (const { spokenId, subject } of register) {
            const place = subject.slice(0, subject.lastIndexOf('/'));
            expect(placeOf.get(spokenId) ?? place).toBe(place);
            expect(idOf.get(place) ?? spokenId).toBe(spokenId);
            placeOf.set(spokenId, place);
            idOf.set(place, spokenId);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('elsewhere', () => {
  const here = { runId: 'now', vantage: 'office', endedAt: WEEK[0], timezone: 'Asia/Tokyo' };
  const rdp = serviceKey(hq, 3389, 'tcp');
  const other = (change: Partial<Look> = {}): Snapshot =>
    runFrom({ vantage: 'mobile', at: WEEK[0], ...change });

  it('has every place that this run or that one found, with what that one came to', () => {
    const mobile = other({
      services: [doorAt(taipei, 443, WEEK[0])],
      coverage: [
        probed({
          vantage: 'mobile',
          closed: '3389',
          unfinished: [{ address: hq, ports: '443' }],
        }),
      ],
    });
    const services = [
      { key: rdp },
      { key: serviceKey(hq, 3389, 'unknown') },
      { key: serviceKey(hq, 443, 'tcp') },
      { key: serviceKey(taipei, 3389, 'tcp') },
      { key: serviceKey(taipei, 3389, 'udp') },
      { key: serviceKey(taipei, 8443, 'tcp') },
      { key: 'no place' },
    ];
    expect(elsewhereOf({ ...here, services, others: [mobile] })).toEqual([
      {
        vantage: 'mobile',
        runId: mobile.runId,
        endedAt: WEEK[0],
        places: {
          [rdp]: 'closed',
          [serviceKey(hq, 3389, 'unknown')]: 'closed',
          [serviceKey(hq, 443, 'tcp')]: 'not-looked',
          [serviceKey(taipei, 443, 'tcp')]: 'open',
          [serviceKey(taipei, 3389, 'tcp')]: 'no-answer',
          [serviceKey(taipei, 3389, 'udp')]: 'not-looked',
          [serviceKey(taipei, 8443, 'tcp')]: 'not-looked',
          'no place': 'not-looked',
        },
      },
    ]);
  });

  it('does not take the silence of a line that is cut off for an answer', () => {
    const [coverage] = [probed({ vantage: 'mobile' })];
    const dead = coverage.lookedAt && { ...coverage, lookedAt: { ...coverage.lookedAt, responding: [] } };
    const [seen] = elsewhereOf({
      ...here,
      services: [{ key: rdp }],
      others: [other({ coverage: dead === undefined ? [] : [dead] })],
    });
    expect(seen?.places[rdp]).toBe('not-looked');
  });

  it('takes the newest run of the same calendar day of each other vantage point', () => {
    const at = (vantage: string, when: string): Snapshot => other({ vantage, at: when });
    const services = [{ key: rdp }];
    const runs = [
      at('mobile', '2026-11-05T15:00:00Z'),
      at('mobile', '2026-11-06T14:59:59Z'),
      at('mobile', '2026-11-06T15:00:00Z'),
      at('home', '2026-11-05T14:59:59Z'),
      at('office', WEEK[0]),
      { ...at('cloud', WEEK[0]), coverage: [emptyCoverage('probe', 'off')] },
    ];
    for (const others of [runs, runs.toReversed()])
      expect(
        elsewhereOf({ ...here, services, others }).map(({ vantage, endedAt }) => [vantage, endedAt]),
      ).toEqual([['mobile', '2026-11-06T14:59:59Z']]);
    expect(isSameDay('never', WEEK[0], 'Asia/Tokyo')).toBe(false);
  });

  it('tells where a declared restriction is reached from another place', () => {
    const restricted = expectationOf({ allowedSources: ['office', '192.0.2.0/24'] });
    const expected = (places: Record<string, 'open' | 'closed'>, vantage: string) => {
      const services = [doorAt(hq, 3389, WEEK[0])];
      const input: TrackInput = {
        services: services.map((one) => ({
          ...one,
          sightings: one.sightings.map((seen) => ({ ...seen, vantage })),
        })),
        findings: [],
        coverage: [probed({ open: '3389', vantage })],
        scope: scopeOf({ vantage, expected: [restricted] }),
        previous: undefined,
        now: WEEK[0],
        complete: true,
        elsewhere: [{ vantage: 'mobile', runId: 'x', endedAt: WEEK[0], places }],
      };
      return track(input).expected[0];
    };
    expect(expected({ [rdp]: 'closed' }, 'office')).toMatchObject({
      state: 'as-declared',
      allowedSources: ['office', '192.0.2.0/24'],
    });
    expect(expected({ [rdp]: 'closed' }, 'office')).not.toHaveProperty('reachedFrom');
    expect(expected({ [rdp]: 'open' }, 'office')).toMatchObject({ reachedFrom: ['mobile'] });
    expect(expected({ [rdp]: 'closed' }, 'home')).toMatchObject({ reachedFrom: ['home'] });
  });
});

describe('conclude', () => {
  it('measures a source restriction from runs of the same day, and compares with the own lineage only', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sekisho-vantages-'));
    try {
      const golden = await runGolden();
      const place = { address: '203.0.113.3', port: 3389 };
      const key = serviceKey(place.address, place.port, 'tcp');
      const plan = { vantage: 'office', at: '2026-11-20T01:00:00Z' };
      const office = await storeRun(root, golden, plan);
      const mobile = await storeRun(root, golden, {
        vantage: 'mobile',
        at: '2026-11-20T02:00:00Z',
        shut: [place],
      });
      const again = await storeRun(root, golden, { ...plan, at: '2026-11-20T03:00:00Z' });
      const later = await storeRun(root, golden, { ...plan, at: '2026-11-21T01:00:00Z' });
      const reach = (run: Snapshot) => run.findings.find(({ subject }) => subject === key)?.inputs.reach;
      expect([reach(office), reach(mobile), reach(again), reach(later)]).toEqual([
        'everyone',
        undefined,
        'some',
        'everyone',
      ]);
      expect(mobile.previousRun).toBeUndefined();
      expect(again.previousRun?.runId).toBe(office.runId);
      expect(again.elsewhere?.map(({ vantage, places }) => [vantage, places[key]])).toEqual([
        ['mobile', 'closed'],
      ]);
      expect(later).not.toHaveProperty('elsewhere');
      expect(mobile.elsewhere?.[0]?.places[key]).toBe('open');
      expect(again.changes.filter(({ kind }) => kind === 'new' || kind === 'closed')).toEqual([]);
      const ids = new Map(office.register.map((entry) => [entry.key, entry.spokenId]));
      for (const entry of mobile.register) expect(ids.get(entry.key)).toBe(entry.spokenId);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }, 60_000);
});
