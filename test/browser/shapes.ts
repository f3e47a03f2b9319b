/** Runs of any shape: what a report must bear. All addresses are documentation addresses. */
import type { Finding } from '../../src/model/finding.ts';
import type { Service } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { viewOf } from '../../src/cli/report-files.ts';
import { goldenReport, runGolden } from '../golden/golden.ts';
import { finding, inputs, knowledge, service, snapshot } from '../report/fixture.ts';
import { evidence, many } from '../report/fixture-runs.ts';

export type Lang = 'ja' | 'en';

/** A run in both languages. */
export interface Shape {
  readonly name: string;
  readonly view: (lang: Lang) => ReportView;
}

const of = (name: string, run: Snapshot): Shape => ({
  name,
  view: (lang) => buildView({ snapshot: run, knowledge, evidence, lang }),
});

function run(
  services: readonly Service[],
  findings: readonly Finding[],
  more: Partial<Snapshot> = {},
): Snapshot {
  return {
    ...snapshot,
    services: [...services],
    findings: [...findings],
    changes: [],
    expected: [],
    ...more,
  };
}

function crowded(): Snapshot {
  const services = Array.from({ length: 40 }, (_, index) =>
    service(
      `203.0.113.${index + 1}`,
      [3389, 443, 22, 5900][index % 4] ?? 80,
      (['rdp', 'ssl-vpn', 'ssh', 'vnc'] as const)[index % 4] ?? 'web',
    ),
  );
  const findings = services.map((one, index) =>
    finding(one, `B-${String(index + 1).padStart(2, '0')}`, {
      priority: (['P1', 'P2', 'P3'] as const)[index % 3] ?? 'P4',
      trace: (['T2', 'T1', 'T0'] as const)[index % 3] ?? 'T0',
      row: 'control-undeclared',
    }),
  );
  return run(services, findings);
}

/** Names as long as a ministry's, without a space to break at, and in scripts that run the other way or stack. */
const NAMES = [
  '独立行政法人国際先端精密機械製造技術研究開発支援機構西日本地域統括本部滋賀湖東第二工場設備管理課分室',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'مكتب القاهرة الإقليمي لخدمات الصيانة عن بعد',
  'สำนักงานภาคเหนือและศูนย์ซ่อมบำรุงอุปกรณ์เครือข่าย',
  'ישראל סניף תל אביב',
  '대한민국 서울 사무소 👩‍💻 e\u0301\u0323\u0308\u0332',
];

function longNames(): Snapshot {
  const template = snapshot.sites[0];
  if (template === undefined) throw new Error('the fixture has no site');
  const sites = NAMES.map((name, index) => ({
    ...template,
    id: `s${index}`,
    ja: name,
    en: name,
    kind: index % 2 === 0 ? 'overseas' : 'branch',
    hosts: [`${'very-long-label-'.repeat(3)}${index}.example.jp`],
    contact: name,
  }));
  const services = NAMES.map((name, index) => ({
    ...service(`2001:db8:1234:5678:9abc:def0:1234:${index + 1}`, 443, 'ssl-vpn', { label: name }),
    siteId: `s${index}`,
    names: [`${'x'.repeat(60)}.example.jp`],
  }));
  const findings = services.map((one, index) =>
    finding(one, `B-${100 + index}`, {
      priority: index < 3 ? 'P1' : 'P2',
      trace: 'T2',
      row: 'door-known-use-fresh',
      inputs: inputs(one, { knownUse: 'product-matches', noticeAgeDays: 3 }),
    }),
  );
  return run(services, findings, {
    sites,
    organisation: { id: 'long', ja: NAMES[0] ?? '', en: NAMES[1] ?? '' },
    maintainer: { name: NAMES[0] ?? '', phone: '+81-6-0000-0000 ext. 12345' },
    permission: { by: NAMES[0] ?? '', reference: NAMES[1] ?? '', validUntil: '2027-03-31' },
  });
}

function passive(): Snapshot {
  return {
    ...snapshot,
    passive: true,
    services: snapshot.services.map((one) => ({
      ...one,
      sightings: one.sightings.map((sighting) => ({
        ...sighting,
        source: 'shodan' as const,
        vantage: 'shodan',
      })),
    })),
    coverage: snapshot.coverage.map((one) =>
      one.source === 'probe'
        ? { ...one, state: 'off' as const, reason: 'passive', looked: 0, answered: 0, requests: 0 }
        : one,
    ),
  };
}

function unlooked(): Snapshot {
  return run([], [], {
    coverage: snapshot.coverage.map((one) => ({ ...one, state: 'failed' as const, looked: 0, answered: 0 })),
    complete: false,
  });
}

/** The golden pair of runs on documentation addresses: the nearest to a real organisation. */
export async function goldenShape(): Promise<Shape> {
  const input = goldenReport(await runGolden());
  return { name: 'golden', view: (lang) => viewOf(input, lang) };
}

export const SHAPES: readonly Shape[] = [
  of('fixture', snapshot),
  of('nothing found', run([], [])),
  of('nothing looked at', unlooked()),
  of('300 findings', many(300, 'P1')),
  of('40 doors on one point', crowded()),
  of('long names', longNames()),
  of('records alone', passive()),
];
