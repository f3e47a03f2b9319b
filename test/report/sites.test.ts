import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/model/history.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { buildView } from '../../src/report/view.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { buildDoorsOverTime } from '../../src/report/view/plots/doors-over-time.ts';
import { buildSites } from '../../src/report/view/sections/sites.ts';
import type { Block, MapSite } from '../../src/report/view-model.ts';
import { answers, history, past, run } from './fixture-plots.ts';
import { knowledge, snapshot } from './fixture.ts';
import { asked, passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

function context(of: Snapshot, lang: 'ja' | 'en' = 'ja', runs: readonly RunSummary[] = []): Context {
  return makeContext({ snapshot: of, knowledge, evidence, lang, answers, history: runs });
}

function blocks(of: Context): readonly Block[] {
  const section = buildSites(of);
  if (section === undefined) throw new Error('no section');
  return section.blocks;
}

function sheet(of: Context) {
  const found = blocks(of).find((block) => block.kind === 'sheet');
  if (found?.kind !== 'sheet') throw new Error('no sheet');
  return found;
}

const names = (of: Context): (string | undefined)[] => sheet(of).rows.map(([cell]) => cell?.text);

describe('report: sites', () => {
  it('puts overseas sites and affiliates of which nobody is named first', () => {
    expect(names(context(past))[0]).toBe('台北事務所');
    const affiliate = {
      ...snapshot.sites[1]!,
      id: 'kanren',
      ja: '関連会社',
      en: 'Affiliate',
      kind: 'affiliate',
    };
    expect(names(context({ ...past, sites: [...past.sites, affiliate] })).slice(0, 2)).toEqual([
      '関連会社',
      '台北事務所',
    ]);
  });

  it('counts doors and urgent findings, and leaves a line where nobody has answered', () => {
    const [taipei, hq] = sheet(context(past)).rows;
    expect(taipei?.map(({ text }) => text)).toEqual([
      '台北事務所',
      '198.51.100.0/29',
      '1',
      '0',
      '林 総務',
      '光回線',
    ]);
    expect(taipei?.[2]?.sub).toEqual(['記録だけ：1']);
    expect(hq?.[3]?.text).toBe('2');
    expect(hq?.[4]).toEqual({ text: '分からない', blanks: 1 });
  });

  it('says of a run without an own look that nobody looked', () => {
    const cells = sheet(context(passive, 'en')).rows.map((row) => row[2]?.text);
    expect(new Set(cells)).toEqual(new Set(['not looked']));
    const texts = blocks(context(passive, 'en')).flatMap((block) =>
      block.kind === 'text' ? [block.text] : [],
    );
    expect(texts.join(' ')).toContain('how many of them have doors is not known');
  });

  it('has why and questions only where they apply', () => {
    const one = { ...past, sites: past.sites.slice(0, 1) };
    const kinds = (of: Context): string[] => blocks(of).map(({ kind }) => kind);
    expect(kinds(context(past)).filter((kind) => kind === 'list')).toHaveLength(2);
    expect(kinds(context(one)).filter((kind) => kind === 'list')).toHaveLength(0);
    expect(buildSites(context({ ...nothing, sites: [] }))).toBeUndefined();
  });

  it('has one heading and one anchor with "is this yours?" beneath', () => {
    const page = renderHtml(buildView({ snapshot: asked, knowledge, evidence, lang: 'ja' }));
    expect(page.match(/id="s11"/g)).toHaveLength(1);
    expect(page.indexOf('id="yours"')).toBeGreaterThan(page.indexOf('id="s11"'));
    expect(page.indexOf('id="yours"')).toBeLessThan(page.indexOf('id="s15"'));
  });

  it('lists three hundred and counts the rest', () => {
    const [site] = snapshot.sites;
    if (site === undefined) throw new Error('no site');
    const sites = Array.from({ length: 310 }, (_, index) => ({ ...site, id: `s${index}` }));
    expect(sheet(context({ ...snapshot, sites }, 'en'))).toMatchObject({
      more: '10 more connection points: in the JSON form.',
    });
    expect(sheet(context({ ...snapshot, sites }, 'en')).rows).toHaveLength(300);
  });
});

describe('report: doors over time', () => {
  const plot = (runs: readonly RunSummary[], of: Snapshot = past) =>
    buildDoorsOverTime(context(of, 'en', runs));

  it('leaves a month without an own look empty: never a zero', () => {
    const made = plot(history);
    expect(made?.months.map(({ text }) => text)).toEqual([
      'Jan',
      'Feb',
      'Mar',
      'Apr',
      'May',
      'Jun',
      'Jul',
      'Aug',
      'Sep',
      'Oct',
      'Nov',
    ]);
    const all = made?.rows[0];
    expect(all?.name).toBe('All together');
    expect(all?.counts).toEqual([13, 13, undefined, 8, 8, 7, 6, undefined, 5, undefined, 5]);
    expect(made?.rows.at(-1)?.name).toBe('Sites no longer in the file');
    expect(made?.text.rows[0]?.[3]).toBe('no run');
  });

  it('needs two months', () => {
    expect(plot([])).toBeUndefined();
    expect(plot([run('2026-11-02T00:00:00Z', { hq: 3 })])).toBeUndefined();
    expect(plot([run('2026-10-02T00:00:00Z', { hq: 3 })])?.months).toHaveLength(2);
    expect(plot([run('2026-10-02T00:00:00Z', {}, { blind: true })])).toBeUndefined();
    expect(plot([run('2019-10-02T00:00:00Z', { hq: 1 })])).toBeUndefined();
  });

  it('does not count this run twice, and takes the month of the organisation', () => {
    const own = { ...run(past.endedAt, { hq: 99 }), runId: past.runId };
    const made = plot([run('2026-09-30T16:00:00Z', { hq: 3 }), own]);
    expect(made?.months.map(({ text }) => text)).toEqual(['Oct', 'Nov']);
    expect(made?.rows[0]?.counts.at(-1)).toBe(5);
  });

  it('takes a run that was finished before a later one that was not', () => {
    const made = plot([
      run('2026-10-02T00:00:00Z', { hq: 7 }),
      run('2026-10-09T00:00:00Z', { hq: 1 }, { complete: false }),
    ]);
    expect(made?.rows[0]?.counts[0]).toBe(7);
  });
});

describe('report: many doors on the map', () => {
  function headOffice(count: number, lang: 'ja' | 'en' = 'ja'): MapSite {
    const crowded = many(count);
    const of = { ...crowded, services: crowded.services.map((one) => ({ ...one, siteId: 'hq' })) };
    const { sites } = buildView({ snapshot: of, knowledge, evidence, lang }).glance.map;
    const found = sites.find(({ ranges }) => ranges.startsWith('203.0.113.0/28'));
    if (found === undefined) throw new Error('no head office');
    return found;
  }

  it('groups them by kind and priority, with none left out', () => {
    const { doors, more } = headOffice(40, 'en');
    expect(more).toBe(0);
    expect(doors.map(({ name, port, priority }) => [name, port, priority])).toContainEqual([
      'Remote Desktop',
      '×5',
      'P1',
    ]);
    expect(doors[0]?.text).toBe('Remote Desktop ×5, Act now, 5 ports, ID: B-1, B-25, B-9, B-17, B-33');
    for (const { anchor, id } of doors) expect([anchor !== undefined, id]).toEqual([true, '']);
  });

  it('draws up to eight each by itself', () => {
    expect(headOffice(8).doors.map(({ id }) => id)).toHaveLength(8);
    expect(headOffice(8).doors.every(({ id }) => id !== '')).toBe(true);
  });

  it('says how many of a hundred a group has without a list of all', () => {
    expect(headOffice(300).doors[0]?.text).toMatch(
      /×38、即時、ポート 38 種、番号：(B-\d+、){9}B-\d+、ほか 28$/,
    );
  });

  it('draws of three hundred connection points those with the most urgent findings', () => {
    const crowded = many(300, 'P4');
    const [site] = snapshot.sites;
    if (site === undefined) throw new Error('no site');
    const sites = Array.from({ length: 300 }, (_, index) => ({
      ...site,
      id: `s${index}`,
      ja: `拠点${index}`,
    }));
    const of = {
      ...crowded,
      sites,
      services: crowded.services.map((one, index) => ({ ...one, siteId: `s${index}` })),
      findings: crowded.findings.map((one, index) =>
        index === 277 ? { ...one, priority: 'P1' as const } : one,
      ),
    };
    const { map } = buildView({ snapshot: of, knowledge, evidence, lang: 'ja' }).glance;
    expect(map.sites).toHaveLength(16);
    expect(map.moreSites).toBe(284);
    expect(map.sites.map(({ name }) => name)).toContain('拠点277');
  });
});
