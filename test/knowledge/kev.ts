/** A catalogue in CISA's form, and a knowledge of three products to judge it by. */
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Product } from '../../src/model/product.ts';
import { makeKnowledge, makeProduct } from '../identify/helpers.ts';

export interface Row {
  readonly cveID: string;
  readonly vendorProject: string;
  readonly product: string;
  readonly dateAdded: string;
  readonly knownRansomwareCampaignUse: string | undefined;
  readonly [more: string]: unknown;
}

export function row(cveID: string, given: Partial<Row> = {}): Row {
  return {
    cveID,
    vendorProject: 'Fortress',
    product: 'FortOS',
    vulnerabilityName: `Fortress FortOS ${cveID}`,
    dateAdded: '2026-10-01',
    shortDescription: 'x',
    requiredAction: 'x',
    dueDate: '2026-10-22',
    knownRansomwareCampaignUse: 'Unknown',
    notes: '',
    cwes: ['CWE-287'],
    ...given,
  };
}

export const ROWS = [
  row('CVE-2024-11111', { dateAdded: '2024-02-02', knownRansomwareCampaignUse: 'Known' }),
  row('CVE-2025-22222', { dateAdded: '2025-03-03' }),
  row('CVE-2026-33333', { product: 'FortOS ', dateAdded: '2026-10-10' }),
  row('CVE-2026-44444', { vendorProject: 'Nobody', product: 'Nothing', dateAdded: '2026-10-11' }),
];

export function catalogue(rows: readonly unknown[] = ROWS, given: Record<string, unknown> = {}): object {
  return {
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: '2026.11.10',
    dateReleased: '2026-11-10T17:04:19.9796Z',
    count: rows.length,
    vulnerabilities: rows,
    ...given,
  };
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

const exploited = (cve: string, given: Record<string, unknown> = {}): Record<string, unknown> => ({
  cve,
  kev: '2024-02-01',
  ransomware: false,
  source: 'cna-record',
  ...given,
});

export const products: Product[] = [
  makeProduct({
    id: 'fortress',
    vendor: 'Fortress (Old Fort, Bastion)',
    name: 'FortGate SSL-VPN portal',
    exploited: [exploited('CVE-2024-11111'), exploited('CVE-2025-22222', { kev: undefined })],
  }),
  makeProduct({
    id: 'gate-mail',
    vendor: 'Gate Software Foundation',
    name: 'Gate Mail Server (web)',
    exploited: [
      exploited('CVE-2023-55555', { ransomware: true }),
      exploited('CVE-2026-66666', { kev: '2026-11-12' }),
    ],
  }),
  makeProduct({ id: 'various', vendor: 'various', name: 'Telnet log-in' }),
];

const text = { ja: '文', en: 'text' };

/** As it would come from config/, before a list is merged into it. */
export const shipped: Knowledge = {
  ...makeKnowledge(products),
  version: '2026.8.7-1a2b3c4d',
  advisoryData: '2026-08-07',
  decisions: { version: '0', rows: [], modifiers: [], deadlines: {} as Knowledge['decisions']['deadlines'] },
  advice: new Map(),
  commonAdvice: {
    order: [],
    'record-order': [],
    'restart-rule': text,
    'visible-incident': text,
    'who-to-call': text,
    'windows-baseline': [],
  },
  ports: {},
  wanted: {},
};
