/** The one-page views with as much on them as they can hold: still one sheet of paper, with room for a wider font. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ServiceClass } from '../../src/model/service-class.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { buildView } from '../../src/report/view.ts';
import { change, coverage, finding, inputs, knowledge, service, snapshot } from '../report/fixture.ts';
import { evidence } from '../report/fixture-runs.ts';
import { DESKTOP, openReader, type Reader } from './reader.ts';

let reader: Reader;
beforeAll(async () => {
  reader = await openReader();
});
afterAll(() => reader.close());

const NAME = {
  ja: '独立行政法人国際先端精密機械製造技術研究開発支援機構',
  en: 'Donaudampfschifffahrtselektrizitätengesellschaft Süd',
};
const KINDS: readonly ServiceClass[] = [
  'ssl-vpn',
  'rdp',
  'remote-control-agent',
  'vnc',
  'mail-groupware',
  'appliance-admin',
];

/** Long names and addresses everywhere, every kind of work in several places, each kind of change, holes in the check. */
function crammed(passive: boolean): Snapshot {
  const services = Array.from({ length: 24 }, (_, index) => {
    const of = service(
      `2001:db8:1234:5678:9abc:def0:1234:${1000 + index}`,
      60_000 + index,
      KINDS[index % 6] ?? 'web',
      {
        siteId: `s${index % 8}`,
        authentication: { kind: 'password', facts: [] },
      },
    );
    const sightings = of.sightings.map((one) => ({ ...one, source: 'shodan' as const, vantage: 'shodan' }));
    return passive ? { ...of, sightings } : of;
  });
  const findings = services.map((of, index): Finding =>
    finding(of, `B-${1000 + index}`, {
      priority: index < 18 ? 'P1' : 'P2',
      trace: 'T2',
      row: 'door-known-use-fresh',
      siteId: `s${index % 8}`,
      inputs: inputs(of, {
        owned: false,
        declared: index % 2 === 0,
        knownUse: index % 3 === 0 ? 'product-matches' : 'none',
        support: index % 3 === 1 ? 'ended' : 'current',
      }),
    }),
  );
  const [template] = snapshot.sites;
  const [first] = findings;
  if (template === undefined || first === undefined) throw new Error('the fixture is empty');
  const kinds = ['new', 're-opened', 'closed', 'not-seen', 'raised', 'changed'] as const;
  return {
    ...snapshot,
    passive,
    organisation: { id: 'long', ...NAME },
    sites: Array.from({ length: 12 }, (_, index) => ({
      ...template,
      ...NAME,
      id: `s${index}`,
      kind: 'overseas',
    })),
    maintainer: { name: NAME.ja, phone: '+81-6-0000-0000 ext. 12345' },
    vantage: NAME.ja,
    services,
    findings,
    expected: [],
    changes: kinds.map((kind) => change(first, kind)),
    tool: { ...snapshot.tool, advisoryData: '2025-01-01', advisoryAgeDays: 688 },
    coverage: passive
      ? [coverage({ source: 'shodan', vantage: 'shodan', addresses: 65_536, looked: 65_536 })]
      : [coverage({ state: 'partial', addresses: 65_536, looked: 31_234, answered: 24 })],
  };
}

/** A decision of every kind. */
const answers: Answers = {
  findings: {
    'B-1000': { 'may-close': 'no', 'closing-decided-by': NAME.ja.repeat(3), logs: { days: 14 } },
    'B-1001': { 'may-close': 'yes' },
  },
  management: { decides: NAME.ja.repeat(3), 'may-stop': NAME.ja.repeat(4), 'may-tell': 'no' },
};

const CASES = [
  { name: 'full', run: crammed(false), answers },
  { name: 'full, nothing answered', run: crammed(false), answers: {} },
  { name: 'full, from records alone', run: crammed(true), answers },
] as const;
/** Points of the 842 of A4 that stay free above the bottom margin of 26: a wider font takes them. */
const ROOM = 8;

it.each(CASES)('is one sheet: $name', async ({ run, answers: told }) => {
  for (const lang of ['ja', 'en'] as const) {
    const view = buildView({ snapshot: run, knowledge, evidence, lang, answers: told });
    for (const name of ['small', 'director'] as const) {
      const { found } = await reader.show(renderHtml(view, name), { viewport: DESKTOP }, (page) =>
        page.pdf({ preferCSSPageSize: true }),
      );
      const file = join(reader.folder, 'sheet.pdf');
      writeFileSync(file, found);
      const boxes = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
      expect({ lang, name, sheets: boxes.match(/<page /g)?.length }).toEqual({ lang, name, sheets: 1 });
      // What begins below is the running foot of the sheet.
      const words = [...boxes.matchAll(/yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"/g)];
      const ends = words.filter(([, top]) => Number(top) < 842 - 26).map(([, , end]) => Number(end));
      expect(Math.max(...ends), `${lang} ${name}`).toBeLessThan(842 - 26 - ROOM);
    }
  }
});
