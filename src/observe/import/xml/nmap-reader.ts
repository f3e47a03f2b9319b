import { parseAddress, type Address } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import type { PassiveFacts, ProtocolFacts } from '../../../model/facts.ts';
import type { Observation } from '../../../model/observation.ts';
import type { ImportContext, ImportOutput, StreamReader } from '../format.ts';
import { epochDate, scanObservation } from '../scan-observation.ts';
import { readPort, type PortReading } from './nmap-port.ts';
import { readScript } from './nmap-script.ts';
import { smbOfScripts } from './protocol-scripts.ts';
import { childOf, childrenOf, XmlStream, type XmlElement, type XmlHandler } from './stream.ts';

export type NmapContext = Pick<ImportContext, 'vantage' | 'collectedAt' | 'observedAt' | 'accepts'> & {
  readonly file?: string;
};

/** One host of the file, read to its end. */
export interface HostReading {
  readonly address: string;
  /** nmap gave up on it: what it found may be a part. */
  readonly isTimedOut: boolean;
  /** Something came back from it. */
  readonly answered: boolean;
}

/** What nmap says at the end of a run. Absent: the file is cut, or the run was stopped. */
export interface RunEnd {
  readonly success: boolean;
  /** nmap's own words. Hostile text. */
  readonly message: string;
}

/** Besides what every reader gives; for those who started the scan themselves. */
export interface NmapWatcher {
  host?(host: HostReading): void;
  /** @param percent of the task that runs */
  progress?(task: string, percent: number): void;
}

/** Ports held back until the end of their host, where scripts say more of them. */
const MOST_HELD = 500;
const SMB_PORTS = [445, 139];

interface Host {
  readonly ports: PortReading[];
  said: number;
  answered: boolean;
}

/** nmap's XML and masscan's, host by host. */
export class NmapReader implements StreamReader {
  readonly #source: 'nmap' | 'masscan';
  readonly #context: NmapContext;
  readonly #output: ImportOutput;
  readonly #watcher: NmapWatcher;
  readonly #stream: XmlStream;
  /** Without its </nmaprun>: the scan was stopped, or the file is cut. */
  unfinished = false;
  #startedAt: string | undefined;
  #hasRoot = false;
  #isOpen = false;
  #isOver = false;
  #host: Host = emptyHost();
  #runEnd: RunEnd | undefined;

  constructor(
    source: 'nmap' | 'masscan',
    context: NmapContext,
    output: ImportOutput,
    watcher: NmapWatcher = {},
  ) {
    this.#source = source;
    this.#context = context;
    this.#output = output;
    this.#watcher = watcher;
    this.#stream = new XmlStream(this.#handler());
  }

  /** Of the last document, when the file holds several. */
  get runEnd(): RunEnd | undefined {
    return this.#runEnd;
  }

  push(chunk: Uint8Array): void {
    this.#stream.push(chunk);
  }

  end(cut: boolean): void {
    this.#stream.end();
    const { open } = this.#stream;
    // Ports that were read whole are true, whatever became of their host.
    if (open?.name === 'host' && this.#host.said > 0) this.#finishHost(open);
    this.unfinished = this.#isOpen && !this.#isOver;
    if (!cut && !this.#isOver && !this.#hasRoot) {
      this.#output.fault(1, 'the file holds no <nmaprun>: it is no XML file of nmap or masscan');
    }
  }

  #handler(): XmlHandler {
    return {
      root: (element) => this.#root(element),
      rootEnd: () => {
        this.#isOpen = false;
      },
      recordStart: (element) => {
        if (element.name === 'host') this.#host = emptyHost();
      },
      record: (element, line, fault) => this.#record(element, line, fault),
      take: (element, parent) => this.#take(element, parent),
      fault: (line, why, isEnd) => {
        this.#output.fault(line, why);
        this.#isOver ||= isEnd;
      },
    };
  }

  #root({ name, attributes }: XmlElement): void {
    this.#isOpen = true;
    if (name !== 'nmaprun') {
      this.#output.fault(
        this.#stream.line,
        `the file begins with <${showable(name, 40)}>, not with <nmaprun>: it is no XML file of nmap or masscan`,
      );
      this.#isOver = true;
      return;
    }
    this.#hasRoot = true;
    this.#startedAt = epochDate(attributes['start'], this.#context.collectedAt);
  }

  #take(element: XmlElement, parent: XmlElement): boolean {
    if (element.name !== 'port' || parent.name !== 'ports') return false;
    const port = readPort(element, this.#source);
    if (port === undefined) return true;
    const host = this.#host;
    host.said += 1;
    host.answered ||= port.status === 'open' || port.status === 'closed';
    host.ports.push(port);
    const { open } = this.#stream;
    if (host.ports.length >= MOST_HELD && open !== undefined) this.#emit(open, host.ports.splice(0));
    return true;
  }

  #emit(element: XmlElement, ports: readonly PortReading[]): void {
    const address = this.#addressIn(addressesOf(element));
    if (address === undefined) return;
    for (const port of ports) this.#output.observation(this.#observation(port, element, address));
  }

  #addressIn(addresses: readonly Address[]): Address | undefined {
    return addresses.find((one) => this.#context.accepts(one));
  }

  #record(element: XmlElement, line: number, fault: string | undefined): void {
    if (this.#isOver) return;
    if (element.name === 'runstats') this.#runStats(element, line);
    else if (element.name === 'taskprogress') this.#progress(element);
    else if (element.name === 'host' && fault !== undefined) this.#output.fault(line, fault);
    else if (element.name === 'host') this.#finishHost(element);
    else if (fault !== undefined) this.#output.fault(line, fault);
  }

  #runStats(element: XmlElement, line: number): void {
    const { exit, errormsg = '' } = childOf(element, 'finished')?.attributes ?? {};
    this.#runEnd = { success: exit !== 'error', message: errormsg };
    if (exit === 'error') {
      this.#output.fault(
        line,
        `the scan itself failed, so what is not in this file was not looked at: ${showable(errormsg, 200)}`,
      );
    }
  }

  #progress({ attributes }: XmlElement): void {
    const percent = Number(attributes['percent']);
    if (Number.isFinite(percent)) this.#watcher.progress?.(attributes['task'] ?? '', percent);
  }

  #finishHost(element: XmlElement): void {
    const host = this.#host;
    this.#host = emptyHost();
    const addresses = addressesOf(element);
    const [first] = addresses;
    if (first === undefined) return this.#output.fault(this.#stream.line, 'a host without an IP address');
    const address = this.#addressIn(addresses);
    if (address === undefined) return this.#output.outOfScope();
    const isDown = childOf(element, 'status')?.attributes['state'] === 'down';
    if (!isDown) this.#reportHost(element, address, host);
    if (isDown || host.said === 0) return this.#output.ignored();
    this.#emit(element, this.#completed(element, host.ports));
    this.#output.record();
  }

  #reportHost(element: XmlElement, address: Address, host: Host): void {
    this.#watcher.host?.({
      address: address.text,
      isTimedOut: element.attributes['timedout'] === 'true',
      answered:
        host.answered ||
        childrenOf(childOf(element, 'ports') ?? element, 'extraports').some(
          ({ attributes }) => attributes['state'] === 'closed',
        ),
    });
  }

  /** What scripts behind the ports say of the host's file sharing belongs to its SMB port. */
  #completed(element: XmlElement, ports: readonly PortReading[]): readonly PortReading[] {
    const scripts = childrenOf(childOf(element, 'hostscript') ?? { ...element, children: [] }, 'script').map(
      (one) => readScript(one),
    );
    const smb =
      scripts.length === 0 ? undefined : smbOfScripts((id) => scripts.find((script) => script.id === id));
    if (smb === undefined) return ports;
    const place = SMB_PORTS.map((port) =>
      ports.find((one) => one.port === port && one.transport === 'tcp' && one.status === 'open'),
    ).find((one) => one !== undefined);
    return ports.map((port) => (port === place ? withSmb(port, smb) : port));
  }

  #observation(reading: PortReading, element: XmlElement, address: Address): Observation {
    const { passive, facts, evidence, isBanner, ...port } = reading;
    const { starttime, endtime } = element.attributes;
    const date = (text: string | undefined): string | undefined => epochDate(text, this.#context.collectedAt);
    const hostnames = hostnamesOf(element);
    const { http } = facts;
    return scanObservation(
      this.#source,
      {
        ...port,
        address: address.text,
        observedAt: date(endtime) ?? date(starttime) ?? this.#startedAt ?? this.#context.observedAt,
        facts: {
          ...facts,
          ...(http === undefined ? {} : { http: { ...http, host: address.text } }),
          ...(isSaid(passive, hostnames) ? { passive: { ...passive, hostnames } } : {}),
        },
        evidence: [evidence],
        probe: isBanner ? 'banner' : 'scan',
      },
      this.#context,
    );
  }
}

/** Which of the two wrote a file that begins like this; undefined: neither. Comments may stand before the root. */
export function scannerOf(head: string): 'nmap' | 'masscan' | undefined {
  const text = head.trimStart();
  const root = text.startsWith('<') ? /<nmaprun(\s[^>]*)?>/.exec(text) : null;
  if (root === null) return undefined;
  return /\sscanner=["']masscan["']/.test(root[1] ?? '') ? 'masscan' : 'nmap';
}

function emptyHost(): Host {
  return { ports: [], said: 0, answered: false };
}

function isSaid(
  { product, version, cpe, vulns, module }: PassiveFacts,
  hostnames: readonly string[],
): boolean {
  const counted = cpe.length + vulns.length + hostnames.length;
  return counted > 0 || [product, version, module].some((one) => one !== undefined);
}

function withSmb(port: PortReading, smb: ProtocolFacts): PortReading {
  return {
    ...port,
    protocol: 'smb',
    facts: { ...port.facts, protocols: [...(port.facts.protocols ?? []), smb] },
  };
}

/** IPv4 and IPv6; the hardware address of a neighbour is no place on the Internet. */
function addressesOf(host: XmlElement): Address[] {
  return childrenOf(host, 'address').flatMap(({ attributes }) =>
    attributes['addrtype'] === 'mac' ? [] : (parseAddress(attributes['addr'] ?? '') ?? []),
  );
}

function hostnamesOf(host: XmlElement): string[] {
  const names = childrenOf(childOf(host, 'hostnames') ?? { ...host, children: [] }, 'hostname').map(
    ({ attributes }) => (attributes['name'] ?? '').toLowerCase(),
  );
  return [...new Set(names)].filter((name) => /^[a-z0-9_.-]{1,253}$/.test(name)).slice(0, 50);
}
