import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assess/assess.ts';
import { Finding } from '../../src/model/finding.ts';
import type { ListedCve } from '../../src/model/knowledge.ts';
import type { Product } from '../../src/model/product.ts';
import type { Service } from '../../src/model/service.ts';
import { makeKnowledge, makeProduct, makeScope, NOW } from '../identify/helpers.ts';
import { identified, makeIdentity, makeService, table } from './helpers.ts';

const guide = {
  name: { ja: '確認ツール', en: 'Checker' },
  url: 'https://example.com/check',
  publisher: 'Fortress',
  date: '2026-01-02',
};
const used = { who: 'a group', date: '2026-06-02', source: 'CERT' };
const fortress = makeProduct({
  id: 'fortress',
  guides: [guide],
  exploited: [
    { cve: 'CVE-2025-00001', kev: '2026-06-01', source: 'cna-record', 'used-by': [used] },
    { cve: 'CVE-2025-00002', kev: '2026-05-01', source: 'cna-record' },
  ],
});
const listed = (cve: string, added: string): [string, ListedCve] => [
  cve,
  { cve, added, ransomware: false, vendor: 'V', product: 'P' },
];
const LISTED = new Map([
  listed('CVE-2026-33333', '2026-10-10'),
  listed('CVE-2026-44444', '2026-11-01'),
  listed('CVE-2026-55555', '2026-11-01'),
]);

function judge(
  service: Service,
  elsewhere?: ReadonlyMap<string, ListedCve>,
  product: Product = fortress,
): Finding {
  const [finding] = assess({
    services: [service],
    scope: makeScope(),
    knowledge: {
      ...makeKnowledge([product]),
      decisions: table,
      ...(elsewhere === undefined ? {} : { listedElsewhere: elsewhere }),
    },
    now: NOW,
    register: [],
    coverage: [],
  });
  if (finding === undefined) throw new Error('no finding');
  return Finding.parse(finding);
}

describe('what a finding carries beside the judgement', () => {
  it('carries public reports of use with the CVE that they are about', () => {
    expect(judge(identified()).exploited.map(({ cve, usedBy }) => [cve, usedBy])).toEqual([
      ['CVE-2025-00001', [used]],
      ['CVE-2025-00002', undefined],
    ]);
  });

  it('carries the guides of the product that stands there, not of one that may', () => {
    expect(judge(identified()).guides).toEqual([
      { ja: '確認ツール', en: 'Checker', url: guide.url, publisher: 'Fortress', date: '2026-01-02' },
    ]);
    expect(judge(makeService({ identity: makeIdentity({ certainty: 'inferred' }) })).guides).toHaveLength(1);
    expect(
      judge(makeService({ identity: makeIdentity({ certainty: 'to-confirm' }) })).guides,
    ).toBeUndefined();
    expect(judge(makeService()).guides).toBeUndefined();
    expect(judge(identified(), undefined, makeProduct({ id: 'fortress' })).guides).toBeUndefined();
  });

  it('names the listed CVEs of a public record, newest first, and decides nothing by them', () => {
    const passiveVulns = [
      'CVE-2026-33333',
      'CVE-2026-55555',
      'CVE-2020-1',
      'CVE-2026-44444',
      'CVE-2026-33333',
    ];
    for (const service of [
      identified('1.0', { passiveVulns }),
      makeService({ class: 'web', passiveVulns }),
    ]) {
      const finding = judge(service, LISTED);
      expect(finding.listed?.map(({ cve }) => cve)).toEqual([
        'CVE-2026-44444',
        'CVE-2026-55555',
        'CVE-2026-33333',
      ]);
      const { listed: _listed, ...rest } = finding;
      expect(rest).toEqual(judge(service));
      expect(finding.exploited.map(({ cve }) => cve)).not.toContain('CVE-2026-33333');
    }
    expect(judge(identified('1.0'), LISTED)).not.toHaveProperty('listed');
  });
});
