/** The invented organisation as a rescuer sees it who may send nothing, with candidates and an asset ledger. */
import type { Asset } from '../../src/model/import.ts';
import type { Candidate, Snapshot } from '../../src/model/snapshot.ts';
import { coverage, finding, inputs, snapshot } from './fixture.ts';

const FILE = '資産台帳2026.csv';

export const assets: Asset[] = [
  { range: '203.0.113.4', name: '本社VPN装置', owner: '情シス', file: FILE, line: 2 },
  { range: '203.0.113.10', port: 443, transport: 'tcp', name: '経理サーバ', file: FILE, line: 3 },
  { range: '198.51.100.0/30', name: '台北 機器一式', owner: '現地総務', file: FILE, line: 4 },
  { range: '203.0.113.12', name: '会議室プリンタ', owner: '総務', file: FILE, line: 5 },
  { range: '203.0.113.13-203.0.113.14', file: FILE, line: 6 },
];

export const candidates: Candidate[] = [
  {
    kind: 'address',
    value: '192.0.2.200',
    found: [
      {
        why: 'favicon',
        by: 'http.favicon.hash:-1028703177',
        source: 'shodan',
        at: '2026-11-12T03:00:00Z',
      },
      {
        why: 'same-certificate',
        by: 'ssl.cert.fingerprint:9f86d081884c7d65',
        source: 'shodan',
        at: '2026-11-10T03:00:00Z',
      },
    ],
    shows: ['443/tcp nginx', '8443/tcp'],
  },
  {
    kind: 'name',
    value: 'ec2-203-0-113-10.ap-northeast-1.compute.amazonaws.com',
    found: [
      { why: 'passive-name', by: '203.0.113.10:3389/tcp', source: 'shodan', at: '2026-11-18T11:00:00Z' },
    ],
    shows: [],
  },
  {
    kind: 'name',
    value: 'old-vpn.example.jp',
    found: [
      { why: 'certificate', by: '203.0.113.4:443/tcp', source: 'shodan', at: '2026-11-16T00:00:00Z' },
      { why: 'certificate', by: '203.0.113.6:443/tcp', source: 'shodan', at: '2026-11-17T00:00:00Z' },
      { why: 'domain', by: 'hostname:example.jp', source: 'shodan', at: '2026-08-02T00:00:00Z' },
    ],
    shows: ['443/tcp'],
  },
  {
    kind: 'name',
    value: 'srv-keiri01.kakuu-seiki.co.jp',
    found: [
      { why: 'remote-desktop', by: '203.0.113.10:3389/tcp', source: 'shodan', at: '2026-11-18T11:00:00Z' },
    ],
    shows: [],
  },
];

/** The mixed run of `fixture.ts` with both. */
export const asked: Snapshot = { ...snapshot, assets, candidates };

/** Every service as Shodan has it, between 9 and 18 November. Nobody sent a packet. */
export const passive: Snapshot = {
  ...asked,
  passive: true,
  coverage: [
    coverage({ state: 'off', reason: 'passive', addresses: 0, looked: 0, answered: 0, requests: 0 }),
    coverage({
      source: 'shodan',
      vantage: 'shodan',
      addresses: 34,
      looked: 32,
      answered: 5,
      requests: 12,
      credits: { spent: 3, left: 97 },
      dataDate: '2026-11-18T11:00:00Z',
    }),
  ],
  services: snapshot.services.map((one, index) => ({
    ...one,
    sightings: [
      {
        source: 'shodan' as const,
        vantage: 'shodan',
        status: 'open' as const,
        first: '2026-08-12T00:00:00Z',
        last: `2026-11-${String(9 + index).padStart(2, '0')}T03:00:00Z`,
      },
    ],
  })),
  findings: snapshot.services.map((one, index) =>
    finding(one, `B-${String(index + 1).padStart(2, '0')}`, {
      certainty: 'to-confirm',
      row: 'other',
      verdict: 'unknown',
      missing: ['reach'],
      inputs: inputs(one, { reach: 'unknown' }),
    }),
  ),
  changes: [],
};

/** Asked, and the records hold nothing. */
const { assets: _assets, ...withoutLedger } = passive;
export const empty: Snapshot = {
  ...withoutLedger,
  services: [],
  findings: [],
  expected: [],
  candidates: [],
  coverage: [
    coverage({ source: 'internetdb', vantage: 'internetdb', looked: 34, answered: 0, requests: 34 }),
  ],
};
