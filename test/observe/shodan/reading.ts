import { readHost, readMatches, type RecordContext } from '../../../src/observe/shodan/records.ts';
import { HostAnswer } from '../../../src/observe/shodan/schema.ts';

export const context: RecordContext = {
  vantage: 'shodan',
  collectedAt: '2026-12-01T00:00:00.000Z',
  accepts: () => true,
};

export interface AnyHost {
  readonly data: readonly Record<string, unknown>[];
}

/** Reads a host answer. */
export function host(value: unknown, history = false, accepts: RecordContext['accepts'] = context.accepts) {
  const parsed = HostAnswer.parse(value);
  return readHost(
    parsed,
    parsed.data.map((record) => ({ value: record })),
    { ...context, accepts },
    history,
  );
}

/** Reads the records of a search answer. */
export function matches(records: readonly unknown[], more: Partial<RecordContext> = {}) {
  return readMatches(
    records.map((value) => ({ value })),
    { ...context, ...more },
  );
}

/** A record with the least that makes it one. */
export const bare = (more: object): object => ({
  ip_str: '198.18.1.1',
  port: 3389,
  transport: 'tcp',
  timestamp: '2026-01-27T18:17:03.644175',
  data: '',
  ...more,
});

/** `data` of an RDP record with this negotiation answer, as text with escapes. */
export const RDP = (selection: string): string =>
  `Remote Desktop Protocol\n\\x03\\x00\\x00\\x13\\x0e\\xd0\\x00\\x00\\x124\\x00${selection}\n` +
  'Remote Desktop Protocol NTLM Info:\n  OS: Windows 10 (version 2004)/Windows Server (version 2004)\n' +
  '  OS Build: 10.0.19041\n  Target Name: BASE\n  NetBIOS Domain Name: BASE\n  NetBIOS Computer Name: BASE-PC\n' +
  '  DNS Domain Name: base.example\n  FQDN: base-pc.base.example\n';
