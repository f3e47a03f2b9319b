import { parseAddress, type Address } from '../../../lib/address.ts';
import type { Observation } from '../../../model/observation.ts';
import type { ImportContext, ImportFormat, ImportOutput, StreamReader } from '../format.ts';
import { NO_DATE, portNumber, recordEvidence, scanObservation, scanStatus } from '../scan-observation.ts';
import { protocolOfService } from '../service-names.ts';
import { readLines } from './lines.ts';
import { scanStart, ZONE_UNKNOWN } from './scan-start.ts';

/** "Nmap scan report for vpn.example.jp (192.0.2.1)", "Nmap scan report for 192.0.2.1" */
const HOST =
  /^Nmap scan report for (?:(\S{1,253}) \(([\da-f.:%]{2,60})\)|([\da-f.:]{2,45}))(?: \[host down.*)?$/i;
/** "22/tcp  open  ssh  syn-ack  OpenSSH 9.2p1" */
const PORT = /^(\d{1,5})\/(tcp|udp)\s+([a-z|]{2,20})\s+(\S{1,60})/;
const MAX_TEXT = 300;

/** What nmap prints, and writes with -oN: made for people; the XML says more, and says it surely. */
export const nmapNormal: ImportFormat = {
  type: 'nmap',
  recognises: (head) => /^\s*(?:# Nmap|Starting Nmap) /.test(head) && /^Nmap scan report for /m.test(head),
  open: (context, output) => new NormalReader(context, output),
};

interface Host {
  /** undefined: outside of the scope. */
  readonly address: Address | undefined;
  readonly names: readonly string[];
  readonly line: number;
  isKnown: boolean;
}

class NormalReader implements StreamReader {
  readonly #context: ImportContext;
  readonly #output: ImportOutput;
  readonly #lines: StreamReader;
  #startedAt: string | undefined;
  #hasZone = false;
  #host: Host | undefined;
  /** Where the column VERSION begins; -1 when there is none. */
  #versionAt = -1;

  constructor(context: ImportContext, output: ImportOutput) {
    this.#context = context;
    this.#output = output;
    this.#lines = readLines(output, (line, number) => this.#line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(cut: boolean): void {
    this.#lines.end(cut);
    this.#finish();
  }

  #line(line: string, number: number): void {
    const start = scanStart(line, this.#context.collectedAt);
    const port = PORT.exec(line);
    if (start !== undefined) {
      this.#startedAt = start.at;
      this.#hasZone = start.hasZone;
    } else if (line.startsWith('Nmap scan report for ')) this.#begin(line, number);
    else if (line.startsWith('PORT ')) this.#versionAt = line.indexOf('VERSION');
    else if (port !== null) this.#port(line, port);
  }

  #begin(line: string, number: number): void {
    this.#finish();
    this.#versionAt = -1;
    const [, name, inBrackets, alone] = HOST.exec(line) ?? [];
    const address = parseAddress(inBrackets ?? alone ?? '');
    if (address === undefined)
      return this.#output.fault(number, 'the report for this host does not tell its address');
    const isOwn = this.#context.accepts(address);
    const hostname = name?.toLowerCase();
    const names = hostname !== undefined && /^[a-z0-9_.-]+$/.test(hostname) ? [hostname] : [];
    this.#host = { address: isOwn ? address : undefined, names, line: number, isKnown: false };
  }

  #finish(): void {
    const host = this.#host;
    this.#host = undefined;
    if (host === undefined) return;
    if (host.address === undefined) this.#output.outOfScope();
    else if (host.isKnown) this.#output.record();
    else this.#output.ignored();
  }

  #port(line: string, [, portText, transport, state = '', service = '']: RegExpExecArray): void {
    const [host, port, status] = [this.#host, portNumber(portText), scanStatus(state, undefined)];
    if (host?.address === undefined || port === undefined || status === undefined) return;
    host.isKnown = true;
    this.#output.observation(
      this.#observation({ line, port, status, service, host, address: host.address, transport }),
    );
  }

  /** Columns stand under their headings; where one reaches into the next, nothing is sure. */
  #versionOf(line: string): string {
    const at = this.#versionAt;
    return at > 0 && line[at - 1] === ' ' ? line.slice(at).trim().slice(0, MAX_TEXT) : '';
  }

  #observation(said: {
    readonly line: string;
    readonly port: number;
    readonly status: NonNullable<ReturnType<typeof scanStatus>>;
    readonly service: string;
    readonly host: Host;
    readonly address: Address;
    readonly transport: string | undefined;
  }): Observation {
    const { line, service, status } = said;
    const product = this.#versionOf(line);
    // Without a version the name is that of the port number.
    const recognised = product === '' || service.endsWith('?') ? undefined : service.replace(/^ssl[/|]/, '');
    const zone = this.#hasZone ? undefined : ZONE_UNKNOWN;
    return scanObservation(
      'nmap',
      {
        address: said.address.text,
        port: said.port,
        transport: said.transport === 'udp' ? 'udp' : 'tcp',
        status,
        observedAt: this.#startedAt ?? this.#context.observedAt,
        protocol: status === 'open' ? protocolOfService(recognised, /^ssl[/|]/.test(service)) : 'unknown',
        facts: {
          passive: {
            ...(product === '' ? {} : { product }),
            cpe: [],
            vulns: [],
            tags: [],
            hostnames: [...said.host.names],
          },
        },
        evidence: [recordEvidence('nmap line', line)],
        probe: 'scan',
        note: this.#startedAt === undefined ? NO_DATE : zone,
      },
      this.#context,
    );
  }
}
