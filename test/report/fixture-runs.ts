/** Other runs of the invented organisation: the evidence behind the services, many services, none. */
import type { Finding } from '../../src/model/finding.ts';
import type { ServiceClass } from '../../src/model/service-class.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { EvidenceRecord } from '../../src/report/view.ts';
import { change, coverage, finding, service, snapshot } from './fixture.ts';

/** MS-RDPBCGR 2.2.1.1 and 2.2.1.2: a connection request for TLS and CredSSP, and the confirm that selects CredSSP. */
const REQUEST = '030000130ee000000000000100080003000000';
const ANSWER = '030000130ed00000123400021f080002000000';

/** A short exchange for every observation, and a long one for the VPN's page. */
export function evidence(id: string): readonly EvidenceRecord[] {
  const sent = Buffer.from(REQUEST, 'hex');
  const received = Buffer.from(ANSWER, 'hex');
  const records: EvidenceRecord[] = [
    {
      label: 'rdp negotiation',
      observedAt: '2026-11-20T00:04:11Z',
      source: 'probe',
      evidence: {
        label: 'rdp negotiation',
        sent: sent.toString('base64'),
        received: received.toString('base64'),
        receivedBytes: received.length,
        sha256: '446b1440e08f13e835ecec9d5be1be20a33e7b4c16832d6de9469931b116b4f8',
        truncated: false,
      },
    },
  ];
  if (!id.includes('203.0.113.4/')) return records;
  const page = Buffer.from(
    `HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<html><title>ログイン</title>${'A'.repeat(900)}`,
  );
  return [
    ...records,
    {
      label: 'http GET /',
      observedAt: '2026-11-20T00:05:00Z',
      source: 'probe',
      evidence: {
        label: 'http GET /',
        sent: Buffer.from('GET / HTTP/1.1\r\nHost: 203.0.113.4\r\nUser-Agent: sekisho\r\n\r\n').toString(
          'base64',
        ),
        received: page.toString('base64'),
        receivedBytes: 48_211,
        sha256: 'd'.repeat(64),
        truncated: true,
      },
    },
  ];
}

/** `count` services of mixed kinds, one finding each, spread over the sites. */
export function many(count: number, priority?: Finding['priority']): Snapshot {
  const kinds: ServiceClass[] = [
    'rdp',
    'ssl-vpn',
    'ssh',
    'web',
    'database',
    'iot',
    'appliance-admin',
    'mail-groupware',
  ];
  const sites = ['hq', 'shiga', 'taipei', 'cloud'];
  const priorities = ['P1', 'P2', 'P3', 'P4'] as const;
  const services = Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? 'web';
    const address = `203.0.${113 + Math.floor(index / 250)}.${index % 250}`;
    return service(address, 1000 + index, kind, {
      siteId: sites[index % 4] ?? 'hq',
      label: `Service ${index}`,
    });
  });
  const some = services.map((one, index) =>
    finding(one, `B-${index + 1}`, {
      priority: priority ?? priorities[index % 4] ?? 'P4',
      trace: index % 3 === 0 ? 'T2' : 'T1',
      row: 'control-undeclared',
    }),
  );
  return {
    ...snapshot,
    services,
    findings: some,
    changes: some.map((one) => change(one, 'new')),
    expected: [],
  };
}

/** A run that looked and found nothing. */
export const nothing: Snapshot = {
  ...snapshot,
  services: [],
  findings: [],
  changes: [],
  expected: [],
  coverage: [coverage({ answered: 0 })],
};
