/** The invented organisation with a past: since when its doors are open, what the owner has told, runs of earlier months. */
import type { Answers } from '../../src/model/answers.ts';
import type { RunSummary } from '../../src/model/history.ts';
import type { Exposure, Service } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { snapshot } from './fixture.ts';

type Sources = Exposure['spans'][number]['sources'];

export function exposure(
  spans: readonly (readonly [from: string, to: string, ...sources: Sources])[],
  shut: readonly string[] = [],
): Exposure {
  const made = spans.map(([from, to, ...sources]) => ({
    from: `${from}T03:00:00Z`,
    to: `${to}T00:04:11Z`,
    sources,
    looks: 9,
  }));
  return {
    first: made[0]?.from ?? '',
    last: made.at(-1)?.to ?? '',
    spans: made,
    shut: shut.map((day) => ({ at: `${day}T00:10:00Z`, source: 'probe', status: 'closed' })),
  };
}

const PASTS: Readonly<Record<string, Exposure>> = {
  '203.0.113.4:443/tcp': exposure([
    ['2026-02-14', '2026-07-01', 'shodan'],
    ['2026-07-03', '2026-11-20', 'probe', 'shodan'],
  ]),
  '203.0.113.10:3389/tcp': exposure(
    [
      ['2026-06-21', '2026-10-09', 'probe'],
      ['2026-11-16', '2026-11-20', 'probe'],
    ],
    ['2026-10-16'],
  ),
  '198.51.100.2:8443/tcp': exposure([
    ['2024-01-30', '2026-05-02', 'shodan'],
    ['2026-07-03', '2026-11-20', 'probe'],
  ]),
  '203.0.113.6:443/tcp': exposure([['2025-12-01', '2026-11-20', 'probe', 'shodan']]),
  '192.0.2.18:500/udp': exposure([['2026-11-17', '2026-11-20', 'probe']]),
};

function withPast(service: Service): Service {
  const past = PASTS[service.key];
  return past === undefined ? service : { ...service, exposure: past };
}

/** One door with notices of all kinds, and two other vantage points on the day. */
export const past: Snapshot = {
  ...snapshot,
  services: snapshot.services.map(withPast),
  findings: snapshot.findings.map((one) =>
    one.spokenId === 'B-02'
      ? {
          ...one,
          exploited: one.exploited.map((used) => ({
            ...used,
            usedBy: [{ who: 'an actor', date: '2026-09', source: 'JPCERT/CC' }],
          })),
          guides: [
            {
              ja: '手引き',
              en: 'Guide',
              url: 'https://example.com/',
              publisher: 'Example',
              date: '2026-09-30',
            },
            {
              ja: '注意喚起',
              en: 'Alert',
              url: 'https://example.com/a',
              publisher: 'JPCERT/CC',
              date: '2026-10-30',
            },
          ],
        }
      : one.spokenId === 'B-03'
        ? {
            ...one,
            exploited: [
              {
                cve: 'CVE-2026-11111',
                grade: 'product-matches',
                kevAdded: '2026-04-20',
                ransomware: false,
                fixed: [],
                source: 'vendor',
              },
            ],
          }
        : one,
  ),
  elsewhere: [
    {
      vantage: 'シンガポール',
      runId: '20261120T010000Z-7c1e',
      endedAt: '2026-11-20T01:38:00Z',
      places: {
        '203.0.113.4:443/tcp': 'open',
        '203.0.113.10:3389/tcp': 'closed',
        '198.51.100.2:8443/tcp': 'no-answer',
        '203.0.113.6:443/tcp': 'not-looked',
        '203.0.113.7:22/tcp': 'open',
      },
    },
  ],
};

export const answers: Answers = {
  findings: {
    'B-02': { logs: { days: 30 }, 'opened-on': '2026-02-01' },
    'B-07': { logs: { oldest: '2026-10-28' } },
    'B-05': { logs: { days: 365 } },
    'B-12': { logs: { days: 0 } },
  },
  sites: {
    taipei: { line: '光回線', provider: '現地の事業者', 'local-contact': '林 総務', logs: { days: 14 } },
  },
};

export function run(
  endedAt: string,
  doors: RunSummary['doors'],
  extra: Partial<RunSummary> = {},
): RunSummary {
  return {
    runId: `${endedAt.replace(/\W/g, '')}-7c1e`,
    endedAt,
    vantage: '東京',
    complete: true,
    passive: false,
    blind: false,
    services: 9,
    priorities: { P1: 2, P2: 2, P3: 2, P4: 3 },
    doors,
    recordedDoors: {},
    changes: {},
    ...extra,
  };
}

/** March is missing; in August only records were asked. */
export const history: readonly RunSummary[] = [
  run('2026-01-15T00:00:00Z', { hq: 6, taipei: 4, shiga: 1, osaka: 2 }),
  run('2026-02-15T00:00:00Z', { hq: 6, taipei: 4, shiga: 1, osaka: 2 }),
  run('2026-04-15T00:00:00Z', { hq: 5, taipei: 3 }),
  run('2026-05-15T00:00:00Z', { hq: 5, taipei: 3 }),
  run('2026-06-15T00:00:00Z', { hq: 5, taipei: 2 }),
  run('2026-07-15T00:00:00Z', { hq: 4, taipei: 2 }),
  run('2026-08-15T00:00:00Z', {}, { passive: true }),
  run('2026-09-15T00:00:00Z', { hq: 4, taipei: 1 }),
  run('2026-10-15T00:00:00Z', {}, { complete: false }),
];
