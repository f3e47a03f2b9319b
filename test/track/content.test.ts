import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { Snapshot } from '../../src/model/snapshot.ts';
import type { WebPage } from '../../src/model/web.ts';
import { outcomeOf } from '../../src/track/outcome.ts';
import { findingFor, Series, serviceOf, sighting, WEEK } from './build.ts';

const [w1, w2, w3] = WEEK;

const pageOf = (change: Partial<WebPage> = {}): WebPage => ({
  path: '/',
  status: 200,
  title: 'Example Corporation',
  bodySha256: 'a'.repeat(64),
  stableSha256: 'a'.repeat(64),
  truncated: false,
  scripts: ['https://cdn.example'],
  frames: [],
  forms: [],
  refresh: [],
  links: [],
  ...change,
});
const at = (week: string, page: WebPage | undefined, change: Partial<Service> = {}): Service =>
  serviceOf({
    sightings: [sighting('probe', week)],
    class: 'web',
    ...(page === undefined ? {} : { page, label: page.title ?? '' }),
    ...change,
  });

/** Kind and details of what the last of several runs tells. */
function toldBy(...services: readonly (Service | undefined)[]): string[] {
  const series = new Series();
  const runs = services.map((service, n) =>
    series.at(WEEK[n] ?? w1, { services: service === undefined ? [] : [service] }),
  );
  return (runs.at(-1)?.changes ?? []).map(({ kind, details }) =>
    [kind, ...details.map(({ what, from, to }) => `${what}: ${from} → ${to}`)].join(' | '),
  );
}

describe('the content watch', () => {
  it('tells of scripts and frames from servers that were not there before', () => {
    const now = pageOf({
      scripts: ['https://cdn.example', 'https://evil.example'],
      frames: ['https://frame.example'],
      stableSha256: 'b'.repeat(64),
    });
    expect(toldBy(at(w1, pageOf()), at(w2, now))).toEqual([
      'content-changed | page-scripts:  → https://evil.example | page-frames:  → https://frame.example',
    ]);
  });

  it('tells of a title once, not as a changed fact as well', () => {
    expect(toldBy(at(w1, pageOf()), at(w2, pageOf({ title: 'Hacked by somebody' })))).toEqual([
      'content-changed | page-title: Example Corporation → Hacked by somebody',
    ]);
    const other = {
      tlsVersions: [],
      version: { state: 'known', value: '2', certainty: 'confirmed', how: '' },
    } as const;
    const before = at(w1, pageOf(), { version: { ...other.version, value: '1' } });
    expect(
      toldBy(before, at(w2, pageOf({ title: 'Hacked' }), { version: other.version })).toSorted(),
    ).toEqual(['changed | version: 1 → 2', 'content-changed | page-title: Example Corporation → Hacked']);
  });

  it.each([
    ['forms', 'https://collect.example'],
    ['refresh', 'https://away.example'],
  ] as const)('tells of %s that lead elsewhere', (part, origin) => {
    expect(toldBy(at(w1, pageOf()), at(w2, pageOf({ [part]: [origin] })))).toEqual([
      `content-changed | page-${part}:  → ${origin}`,
    ]);
  });

  it('tells of what is gone, too', () => {
    expect(toldBy(at(w1, pageOf()), at(w2, pageOf({ scripts: [] })))).toEqual([
      'content-changed | page-scripts: https://cdn.example → ',
    ]);
  });

  it('mentions a page whose text alone differs, and no more than that', () => {
    const now = at(w2, pageOf({ bodySha256: 'c'.repeat(64), stableSha256: 'b'.repeat(64) }));
    expect(toldBy(at(w1, pageOf()), now)).toEqual([
      `content-varied | page-content: ${'a'.repeat(16)} → ${'b'.repeat(16)}`,
    ]);
    const series = new Series();
    series.at(w1, { services: [at(w1, pageOf())] });
    expect(outcomeOf(series.at(w2, { services: [now] }).changes, [], true, 'P4')).toBe('nothing');
    const changed = series.at(w3, { services: [at(w3, pageOf({ title: 'x' }))] });
    expect(outcomeOf(changed.changes, [], true, 'P4')).toBe('changed');
  });

  it.each([
    ['the same page', pageOf({ bodySha256: 'd'.repeat(64) })],
    ['a number in the title', pageOf({ title: 'Example Corporation' })],
    [
      'a page that was cut off this time',
      pageOf({ truncated: true, scripts: [], stableSha256: 'e'.repeat(64) }),
    ],
  ])('says nothing about %s', (_name, page) => {
    expect(toldBy(at(w1, pageOf()), at(w2, page))).toEqual([]);
  });

  it('passes over numbers in titles', () => {
    expect(toldBy(at(w1, pageOf({ title: 'News (3)' })), at(w2, pageOf({ title: 'News (12)' })))).toEqual([]);
  });

  it('remembers the page over runs in which it did not come', () => {
    const changed = at(w3, pageOf({ scripts: ['https://evil.example'] }));
    expect(toldBy(at(w1, pageOf()), at(w2, undefined), changed)).toEqual([
      'content-changed | page-scripts: https://cdn.example → https://evil.example',
    ]);
    expect(toldBy(at(w1, pageOf()), undefined, changed)).toContain(
      'content-changed | page-scripts: https://cdn.example → https://evil.example',
    );
  });

  it('watches the page of a finding that is clear and in no register', () => {
    const series = new Series();
    const run = (week: string, page: WebPage): ReturnType<Series['at']> => {
      const service = at(week, page);
      return series.at(week, {
        services: [service],
        findings: [findingFor(service, { verdict: 'clear', priority: 'P4' })],
      });
    };
    expect(run(w1, pageOf()).register).toEqual([]);
    const { changes, register } = run(w2, pageOf({ title: 'Hacked' }));
    expect(register).toEqual([]);
    expect(changes).toMatchObject([{ kind: 'content-changed', spokenId: '', priority: 'P4', class: 'web' }]);
  });

  it('says nothing at first sight, and forgets after 400 days', () => {
    expect(toldBy(at(w1, pageOf()))).toEqual([expect.stringMatching(/^new/)]);
    const series = new Series();
    series.at('2025-01-01T00:00:00Z', { services: [at('2025-01-01T00:00:00Z', pageOf())] });
    const later = series.at('2026-11-06T00:00:00Z', { services: [] });
    expect(later.pages).toEqual([]);
  });

  it('shows at most four origins of a kind', () => {
    const scripts = Array.from({ length: 9 }, (_, n) => `https://s${n}.example`);
    expect(toldBy(at(w1, pageOf({ scripts: [] })), at(w2, pageOf({ scripts })))).toEqual([
      'content-changed | page-scripts:  → https://s0.example https://s1.example https://s2.example https://s3.example +5',
    ]);
  });

  it('keeps pages in a form that the snapshot reads back', () => {
    const series = new Series();
    const { pages } = series.at(w1, { services: [at(w1, pageOf())] });
    expect(Snapshot.shape.pages.parse(pages)).toEqual(pages);
    expect(pages).toEqual([{ key: expect.any(String), seenAt: w1, page: pageOf() }]);
  });
});
