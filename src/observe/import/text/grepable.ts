import { parseAddress, type Address } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import { factsOfText, protocolOfFacts } from '../escaped-banner.ts';
import type { ImportContext, ImportFormat, ImportOutput } from '../format.ts';
import {
  NO_DATE,
  epochDate,
  portNumber,
  recordEvidence,
  scanObservation,
  scanStatus,
} from '../scan-observation.ts';
import { protocolOfService } from '../service-names.ts';
import { readLines } from './lines.ts';
import { scanStart, ZONE_UNKNOWN } from './scan-start.ts';

const HOST = /^(?:Timestamp: (\d{1,11})\t)?Host: (\S{2,45}) \(([^)\t]{0,255})\)(?:\t|$)/;
const MAX_TEXT = 300;

/** `nmap -oG`: a line for each host, fields behind tabs. Its authors advise against it: it says less than the XML. */
export const grepable = formatOf('nmap', /^\s*(?:# Nmap [^\n]{0,300}\n|Host: \S{2,45} \()/);

/** `masscan -oG`: a line for each port, with its time. */
export const masscanGrepable = formatOf(
  'masscan',
  /^\s*(?:# Masscan [^\n]{0,300}\n|Timestamp: \d{6,11}\tHost: \S{2,45} \()/,
);

function formatOf(type: File['source'], head: RegExp): ImportFormat {
  return {
    type,
    recognises: (text) => head.test(text) && !/^Nmap scan report for /m.test(text),
    open: (context, output) => {
      const file: File = { source: type, startedAt: undefined };
      return readLines(output, (line, number) => {
        if (line.startsWith('#')) file.startedAt = scanStart(line, context.collectedAt)?.at ?? file.startedAt;
        else readHost({ line, number, file, context, output });
      });
    },
  };
}

interface File {
  readonly source: 'nmap' | 'masscan';
  startedAt: string | undefined;
}

interface HostLine {
  readonly line: string;
  readonly number: number;
  readonly file: File;
  readonly context: ImportContext;
  readonly output: ImportOutput;
}

function readHost({ line, number, file, context, output }: HostLine): void {
  const [, seconds, addressText = '', name = ''] = HOST.exec(line) ?? [];
  const address = parseAddress(addressText);
  if (address === undefined) {
    return output.fault(
      number,
      `this is no line of nmap -oG such as "Host: 192.0.2.1 ()": "${showable(line, 60)}"`,
    );
  }
  if (!context.accepts(address)) return output.outOfScope();
  const { source } = file;
  const dated = epochDate(seconds, context.collectedAt);
  const observedAt = dated ?? file.startedAt ?? context.observedAt;
  const undated = file.startedAt === undefined ? NO_DATE : ZONE_UNKNOWN;
  const note = dated === undefined ? undated : undefined;
  const place = { address, name, source, observedAt, note, context };
  const heard = source === 'masscan' ? readBanner(line, place) : undefined;
  const said = [
    ...portEntries(line).flatMap((entry) => readEntry(entry, place) ?? []),
    ...(heard === undefined ? [] : [heard]),
  ];
  for (const observation of said) output.observation(observation);
  if (said.length === 0) output.ignored();
  else output.record();
}

/** "Ports: 21/open/tcp//ftp//vsftpd 3.0.3/, 22/closed/tcp//ssh///": a comma may stand in the text of a version too. */
function portEntries(line: string): string[] {
  const field = /\tPorts: ([^\t]*)/.exec(line)?.[1] ?? '';
  return field === '' ? [] : field.split(/, +(?=\d{1,5}\/[a-z|]{2,20}\/[a-z]{2,8}\/)/);
}

interface Place {
  readonly address: Address;
  readonly name: string;
  readonly source: 'nmap' | 'masscan';
  readonly observedAt: string;
  readonly note: string | undefined;
  readonly context: ImportContext;
}

const BANNER = /\tPort: (\d{1,5})\tService: ([^\t]{1,40})\tBanner: ?(.*)$/;

/** masscan: "Host: 10.99.0.2 ()\tPort: 22\tService: ssh\tBanner: SSH-2.0-…". It does not tell over what; only TCP has banners. */
function readBanner(line: string, { address, observedAt, note, context }: Place) {
  const [, portText, service, banner = ''] = BANNER.exec(line) ?? [];
  const port = portNumber(portText);
  if (port === undefined) return undefined;
  const facts = factsOfText(banner, port);
  return scanObservation(
    'masscan',
    {
      address: address.text,
      port,
      transport: 'tcp',
      status: 'open',
      observedAt,
      protocol: protocolOfFacts(facts) ?? protocolOfService(service, false),
      facts,
      evidence: [recordEvidence('masscan line', line)],
      probe: 'banner',
      note,
    },
    context,
  );
}

/** Port, state, protocol, owner, service, RPC, version. Where no version is told, the service is the table's guess. */
function readEntry(entry: string, place: Place) {
  const [portText, state = '', transport, , service = '', , version = ''] = entry.split('/');
  const port = portNumber(portText);
  const status = scanStatus(state, undefined);
  if (port === undefined || status === undefined || (transport !== 'tcp' && transport !== 'udp'))
    return undefined;
  const isTls = service.startsWith('ssl|');
  const recognised = version === '' || service.endsWith('?') ? undefined : service.replace(/^ssl\|/, '');
  const product = version.slice(0, MAX_TEXT).trim();
  const hostname = place.name.toLowerCase();
  return scanObservation(
    place.source,
    {
      address: place.address.text,
      port,
      transport,
      status,
      observedAt: place.observedAt,
      protocol: status === 'open' ? protocolOfService(recognised, isTls) : 'unknown',
      facts: {
        passive: {
          ...(product === '' ? {} : { product }),
          cpe: [],
          vulns: [],
          tags: [],
          hostnames: /^[a-z0-9_.-]+$/.test(hostname) ? [hostname] : [],
        },
      },
      evidence: [recordEvidence(`${place.source} port`, entry)],
      probe: 'scan',
      note: place.note,
    },
    place.context,
  );
}
