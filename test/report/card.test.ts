import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { RunSummary } from '../../src/model/history.ts';
import type { Service } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Language } from '../../src/report/dates.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { messagesFor } from '../../src/report/messages/index.ts';
import { renderMarkdown } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type { CardTable } from '../../src/report/view-model-card.ts';
import { median } from '../../src/report/view/card-cells.ts';
import { change, coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { many, nothing } from './fixture-runs.ts';

const en = messagesFor('en');
const END = Date.parse(snapshot.endedAt);
const daysBefore = (days: number): string => new Date(END - days * 86_400_000).toISOString();

function view(run: Snapshot, lang: Language = 'en', history: readonly RunSummary[] = []): ReportView {
  return buildView({ snapshot: run, knowledge, evidence: () => [], lang, history });
}

function table(of: ReportView, id: string): CardTable {
  const found = of.card.tables.find((one) => one.id === `card-${id}`);
  if (found === undefined) throw new Error(`no table ${id}`);
  return found;
}

/** Texts of the row whose first cell begins so. */
function row(of: CardTable, name: string): string[] {
  const found = of.rows.find(([first]) => first?.text.startsWith(name) === true);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found.map(({ text }) => text);
}

function entry(id: string, extra: Partial<Snapshot['register'][number]>): Snapshot['register'][number] {
  return {
    key: id,
    spokenId: id,
    subject: `203.0.113.9:${id}/tcp`,
    class: 'rdp',
    priority: 'P1',
    trace: 'T0',
    state: 'open',
    misses: 0,
    firstSeen: snapshot.endedAt,
    lastSeen: snapshot.endedAt,
    appearance: {},
    ...extra,
  };
}

function run(
  services: readonly Service[],
  findings: readonly Finding[],
  extra: Partial<Snapshot> = {},
): Snapshot {
  return {
    ...snapshot,
    services: [...services],
    findings: [...findings],
    changes: [],
    expected: [],
    register: [],
    coverage: [coverage()],
    ...extra,
  };
}

const before: RunSummary = {
  runId: snapshot.previousRun?.runId ?? '',
  endedAt: '2026-11-13T00:30:00Z',
  vantage: '東京',
  complete: true,
  passive: false,
  blind: false,
  services: 7,
  priorities: { P1: 1, P2: 5, P3: 0, P4: 0 },
  doors: { hq: 2, taipei: 1 },
  recordedDoors: {},
  changes: {},
};

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([])).toBeUndefined();
    expect(median([7])).toBe(7);
    expect(median([30, 1, 2])).toBe(2);
    expect(median([10, 3])).toBe(6.5);
  });
});

describe('ages', () => {
  const ages = [0, 7, 8, 14, 15, 30, 31, 90, 91].map((days, index) =>
    entry(`${index}`, { firstSeen: daysBefore(days) }),
  );

  it('puts each day into one bucket, ends included', () => {
    const made = table(view(run([], [], { register: ages })), 'ages');
    const [, open, ...rest] = row(made, en.ids.priority.P1);
    expect(open).toBe('9');
    expect(rest.slice(0, 5)).toEqual(['2', '2', '2', '2', '1']);
    expect(rest.slice(5, 7)).toEqual(['15 days', '91 days']);
  });

  it('tells how long closed ones were open, and of how many that is known', () => {
    const closed = [3, 10].map((days, index) =>
      entry(`c${index}`, { state: 'closed', firstSeen: daysBefore(20), closedAt: daysBefore(20 - days) }),
    );
    const undated = entry('old', { state: 'closed', firstSeen: daysBefore(400) });
    const made = table(view(run([], [], { register: [...closed, undated] })), 'ages');
    expect(row(made, en.ids.priority.P1)).toEqual([
      en.ids.priority.P1,
      '0',
      ...Array.from({ length: 7 }, () => en.dash),
      '6.5 days (2 closed)',
    ]);
    expect(made.notes.join()).toContain(en.card.ages.undated(1));
    expect(made.notes.join()).not.toContain(en.card.ages.noneClosed);
  });

  it('leaves out what was not seen, and says so, and what this run did not look at', () => {
    const register = [entry('a', {}), entry('b', { state: 'not-seen' })];
    const notes = table(view(run([], [], { register })), 'ages').notes.join();
    expect(notes).toContain(en.card.ages.notSeen(1));
    expect(notes).toContain(en.card.ages.notInRun(1));
    expect(notes).toContain(en.card.ages.noneClosed);
  });

  it('takes findings that no register knows by their own first day', () => {
    const rdp = service('203.0.113.9', 3389, 'rdp');
    const made = table(view(run([rdp], [finding(rdp, 'B-01', { firstSeen: daysBefore(10) })])), 'ages');
    expect(row(made, en.ids.priority.P4).slice(0, 4)).toEqual([en.ids.priority.P4, '1', en.dash, '1']);
  });
});

describe('against last time', () => {
  const rdp = service('203.0.113.9', 3389, 'rdp');
  const now = run(
    [rdp],
    [finding(rdp, 'B-01', { priority: 'P1' }), finding(rdp, 'B-02', { priority: 'P3' })],
  );

  it('sets the two runs and their difference side by side; a door with two findings is one', () => {
    const made = table(view(now, 'en', [before]), 'compare');
    expect(row(made, en.card.compare.services).slice(1)).toEqual(['7', '1', '−6']);
    expect(row(made, en.card.compare.doors).slice(1)).toEqual(['3', '1', '−2']);
    expect(row(made, en.ids.priority.P1).slice(1)).toEqual(['1', '1', '±0']);
    expect(row(made, en.ids.priority.P3).slice(1)).toEqual(['0', '1', '+1']);
    expect(made.notes).toEqual([]);
  });

  it('says why a difference may mean nothing', () => {
    const said = (run_: Snapshot, last: RunSummary): string =>
      table(view(run_, 'en', [last]), 'compare').notes.join();
    const { compare } = en.card;
    expect(said({ ...now, scopeDigest: 'other' }, before)).toContain(compare.otherScope);
    expect(said(now, { ...before, complete: false })).toContain(compare.partly);
    expect(said({ ...now, complete: false }, before)).toContain(compare.partly);
    const passive = { ...before, passive: true, priorities: { P1: 0, P2: 2, P3: 0, P4: 0 } };
    expect(said(now, passive)).toContain(compare.passiveBefore);
    const made = table(view(now, 'en', [passive]), 'compare');
    expect(row(made, compare.doors).slice(1)).toEqual([en.unknown, '1', en.dash]);
    expect(row(made, en.ids.priority.P1).slice(1)).toEqual([en.unknown, '1', en.dash]);
    expect(row(made, en.ids.priority.P2).slice(1)).toEqual(['2', '0', en.dash]);
  });

  it('compares nothing when there is nothing to compare with', () => {
    const { compare, moves } = en.card;
    expect(table(view(now), 'compare').notes).toEqual([compare.notKept]);
    const first = view({ ...now, previousRun: undefined }, 'en', [before]);
    expect(table(first, 'compare').notes).toEqual([compare.first]);
    expect(table(first, 'compare').head).toHaveLength(2);
    expect(table(first, 'moves')).toMatchObject({ rows: [], notes: [moves.first] });
  });

  it('lists what came and went, and what was closed within 90 days', () => {
    const [one] = now.findings;
    if (one === undefined) throw new Error('a finding');
    const register = [
      entry('B-05', { state: 'closed', closedAt: daysBefore(89) }),
      entry('B-06', { state: 'closed', closedAt: daysBefore(92) }),
      entry('B-07', { state: 'open', closedAt: daysBefore(5) }),
    ];
    const made = table(
      view({ ...now, register, changes: [change(one, 'new'), change(one, 'closed')] }),
      'moves',
    );
    const named = (kind: 'new' | 're-opened' | 'closed'): string[] =>
      row(made, en.ids.changeKind[kind].mark).slice(1);
    expect(named('new')).toEqual(['1', 'B-01']);
    expect(named('closed')).toEqual(['1', 'B-01']);
    expect(named('re-opened')).toEqual(['0', en.dash]);
    expect(row(made, en.card.moves.closedRecently(90)).slice(1)).toEqual(['1', 'B-05']);
    expect(made.notes).toEqual([en.card.moves.base(3)]);
  });
});

describe('known use in attacks', () => {
  const vpn = service('203.0.113.4', 443, 'ssl-vpn');
  const weakness = { grade: 'product-matches' as const, fixed: [], source: 'KEV' };
  const exploited: Finding['exploited'] = [
    { ...weakness, cve: 'CVE-2026-0001', kevAdded: '2026-11-01', ransomware: true },
    { ...weakness, cve: 'CVE-2026-0002', grade: 'confirmed', kevAdded: '2026-11-10', ransomware: false },
  ];

  it('counts findings of all, weaknesses once, ransomware, and the longest time after the notice', () => {
    const findings = [
      finding(vpn, 'B-01', { priority: 'P1', exploited }),
      finding(vpn, 'B-02', { priority: 'P1', exploited }),
      finding(vpn, 'B-03', { priority: 'P1' }),
    ];
    const made = table(view(run([vpn], findings)), 'known-use');
    expect(made.rows).toHaveLength(1);
    expect(row(made, en.ids.priority.P1).slice(1)).toEqual(['2 / 3', '2', '1', '19 days', 'B-01, B-02']);
    expect(made.notes.join()).toContain(en.card.knownUse.grade(en.card.knownUse.grades.confirmed, 2));
  });

  it('keeps what only a record names apart, and gives it no days', () => {
    const listed = [{ cve: 'CVE-2026-0003', kevAdded: '2026-01-01', ransomware: true }];
    const made = table(view(run([vpn], [finding(vpn, 'B-01', { listed })])), 'known-use');
    expect(row(made, en.card.knownUse.listed).slice(1)).toEqual(['1 / 1', '1', '1', en.unknown, 'B-01']);
  });

  it('says so when there is none, and for how many that says nothing', () => {
    const made = table(view(run([vpn], [finding(vpn, 'B-01', { missing: ['version'] })])), 'known-use');
    expect(made.rows).toEqual([]);
    expect(made.notes.join()).toContain(en.card.knownUse.versionless(1));
  });
});

describe('kinds', () => {
  const router = service('203.0.113.1', 443, 'appliance-admin');
  const data = service('203.0.113.2', 5432, 'database');
  const early = finding(router, 'B-01', { firstSeen: daysBefore(15) });
  const [fresh, record] = [
    finding(data, 'B-02', { firstSeen: daysBefore(1) }),
    finding(data, 'B-03', { inputs: inputs(data, { reach: 'passive-only' }) }),
  ];

  it('counts reached and recorded places, new ones, and management interfaces seen for more than 14 days', () => {
    const made = table(
      view(run([router, data], [early, fresh, record], { changes: [change(fresh, 'new')] })),
      'kinds',
    );
    const { star } = en.card.kinds;
    expect(row(made, knowledge.classes['appliance-admin'].short.en)).toEqual([
      `${knowledge.classes['appliance-admin'].short.en}${star}`,
      '1',
      '0',
      '0',
      '1',
      'B-01',
    ]);
    expect(row(made, knowledge.classes.database.short.en).slice(1)).toEqual([
      '1',
      '1',
      '1',
      en.dash,
      'B-02, B-03',
    ]);
    expect(made.notes[0]).toContain(knowledge.classes.rdp.short.en);
  });

  it('counts from the register, which knows an older first day', () => {
    const register = [entry('x', { key: fresh.key, firstSeen: daysBefore(40) })];
    const ssh = service('203.0.113.3', 22, 'ssh');
    const late = finding(ssh, 'B-09', { firstSeen: daysBefore(2) });
    const known = [...register, entry('y', { key: late.key, firstSeen: daysBefore(15) })];
    const cell = (of: Snapshot['register']): string | undefined =>
      row(table(view(run([ssh], [late], { register: of })), 'kinds'), 'SSH')[4];
    expect(cell([])).toBe('0');
    expect(cell(known)).toBe('1');
  });
});

describe('certificates', () => {
  const certificate = (notAfter: string | undefined): NonNullable<Service['certificate']> => ({
    sha256: 'a'.repeat(64),
    subject: 'CN=x',
    issuer: 'CN=x',
    serial: '1',
    ...(notAfter === undefined ? {} : { notAfter }),
    names: [],
    keyType: 'rsa',
    selfSigned: false,
  });
  const web = (last: number, notAfter: string | undefined, extra: Partial<Service> = {}): Service =>
    service(`203.0.113.${last}`, 443, 'web', { certificate: certificate(notAfter), ...extra });

  it('names what ended and what ends within 30 days, with the day and its weekday, soonest first', () => {
    const services = [
      web(1, daysBefore(-31)),
      web(2, daysBefore(-30)),
      web(3, daysBefore(-2)),
      web(4, daysBefore(1), { certificateProblems: ['expired', 'weak-key'] }),
      web(5, undefined, { certificateProblems: ['name-mismatch'] }),
      service('203.0.113.6', 80, 'web'),
    ];
    const made = table(view(run(services, [])), 'certificates');
    const { states } = en.card.certificates;
    expect(row(made, states.expired).slice(1)).toEqual(['1 / 5', '203.0.113.4:443 (Thu 19 November)']);
    expect(row(made, states.ending)[2]).toBe(
      '203.0.113.3:443 (Sun 22 November), 203.0.113.2:443 (Sun 20 December)',
    );
    expect(row(made, states.undated)[2]).toBe('203.0.113.5:443');
    expect(row(made, states.weak)[1]).toBe('1 / 5');
    expect(row(made, states.name)[1]).toBe('1 / 5');
    expect(made.notes.join()).toContain(en.card.certificates.base(5, 6));
    expect(table(view(run(services, []), 'ja'), 'certificates').rows[0]?.[2]?.text).toContain(
      '11月19日（木）',
    );
  });

  it('says when none was seen, and which of those seen are from records', () => {
    expect(table(view(run([], [])), 'certificates').notes).toEqual([en.card.certificates.none]);
    const shodan = web(1, daysBefore(-400), { sightings: [] });
    const made = table(view(run([shodan], [])), 'certificates');
    expect(made.rows).toEqual([]);
    expect(made.notes.join()).toContain(en.card.certificates.recorded(1));
    expect(made.notes.join()).toContain(en.card.certificates.states.expired);
  });
});

describe('runs of any shape', () => {
  it('writes no zero where nothing was looked at', () => {
    const passive = view({
      ...nothing,
      passive: true,
      coverage: [coverage({ state: 'off', reason: 'passive', looked: 0, answered: 0, requests: 0 })],
    });
    expect(passive.card.lead).toContain(en.card.passive);
    expect(table(passive, 'compare')).toMatchObject({ rows: [] });
    expect(table(passive, 'compare').notes).toContain(en.card.compare.unknown);
    expect(passive.card.tables.map(({ id }) => id)).not.toContain('card-sites');
    expect(row(table(passive, 'moves'), en.ids.changeKind.closed.mark)[1]).toBe(en.unknown);
    expect(table(passive, 'kinds').notes[0]).toContain('Not in the records');
    expect(table(passive, 'certificates').notes).toEqual([en.card.certificates.noneRecorded]);
  });

  it('counts records as records', () => {
    const door = service('203.0.113.9', 3389, 'rdp', { sightings: [] });
    const recorded = finding(door, 'B-01', { inputs: inputs(door, { reach: 'unknown' }) });
    const off = coverage({ state: 'off', reason: 'passive', looked: 0, answered: 0, requests: 0 });
    const passive = view(run([door], [recorded], { passive: true, coverage: [off] }), 'en', [before]);
    const compare = table(passive, 'compare');
    expect(row(compare, en.card.compare.doors).slice(1)).toEqual(['3', en.unknown, en.dash]);
    expect(row(compare, en.card.compare.recorded).slice(1)).toEqual(['0', '1', en.dash]);
    expect(row(compare, en.ids.priority.P1).slice(1)).toEqual(['1', en.unknown, en.dash]);
    expect(row(table(passive, 'kinds'), knowledge.classes.rdp.short.en).slice(1, 5)).toEqual([
      en.unknown,
      '1',
      '0',
      en.unknown,
    ]);
    expect(table(passive, 'sites').rows.map(([, , doors]) => doors?.text)).toEqual(
      snapshot.sites.map(() => en.unknown),
    );
  });

  it('has a sentence for every empty table', () => {
    for (const lang of ['ja', 'en'] as const) {
      const { tables } = view(nothing, lang).card;
      expect(tables.map(({ id }) => id)).toHaveLength(7);
      for (const { rows, notes } of tables) if (rows.length === 0) expect(notes.join()).not.toBe('');
    }
  });

  it('stays short: 300 findings, 40 sites', () => {
    const big = many(300);
    const [site] = big.sites;
    if (site === undefined) throw new Error('a site');
    const sites = [
      ...big.sites,
      ...Array.from({ length: 36 }, (_, index) => ({ ...site, id: `s${index}`, en: `Site ${index}` })),
    ];
    const crowd = view({ ...big, sites });
    expect(table(crowd, 'sites').rows).toHaveLength(10);
    expect(table(crowd, 'sites').rows[0]?.[0]?.text).not.toContain('Site');
    expect(table(crowd, 'sites').notes).toEqual([en.card.sites.more(30)]);
    const texts = crowd.card.tables.flatMap(({ rows }) => rows.flat().map(({ text }) => text));
    expect(texts.length).toBeLessThan(350);
    for (const text of texts) expect(text.length).toBeLessThan(120);
  });

  it('stands in the full and the rescuer’s view and in the text form, and nowhere else', () => {
    for (const lang of ['ja', 'en'] as const) {
      const m = messagesFor(lang);
      const of = view(snapshot, lang, [before]);
      expect(renderHtml(of, 'full')).toContain('id="card-kinds"');
      expect(renderHtml(of, 'rescuer')).toContain('id="card-kinds"');
      for (const name of ['small', 'director', 'weekly'] as const)
        expect(renderHtml(of, name)).not.toContain('id="card-kinds"');
      expect(renderMarkdown(of, 'full')).toContain(m.card.kinds.title);
    }
  });
});
