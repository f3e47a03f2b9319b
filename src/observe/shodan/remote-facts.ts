import type { RdpFacts, SshFacts, TelnetFacts, VncFacts } from '../../model/facts.ts';
import { fileTime } from '../probe/ntlm.ts';
import {
  HYBRID_REQUIRED,
  PROTOCOL,
  parseConfirm,
  protocolName,
  type Confirm,
} from '../probe/tcp/rdp/packets.ts';
import { describeHostKey, parseIdentification } from '../probe/tcp/ssh/packets.ts';
import { isPasswordless, securityTypeName } from '../probe/tcp/vnc/packets.ts';
import { bytesOfPythonText } from './python-text.ts';
import type { BannerRecord } from './schema.ts';

const MAX_ALGORITHMS = 200;
const MAX_TEXT = 4096;

/** The identification line stands first in `data`; key exchange and host key in `ssh`. */
export function readSsh(record: BannerRecord): SshFacts | undefined {
  const line = /^SSH-[^\r\n]{1,508}/.exec(record.data ?? '')?.[0];
  const parts = line === undefined ? undefined : parseIdentification(line);
  if (parts === undefined) return undefined;
  const { kex, key } = record.ssh ?? {};
  const hostKey = key === undefined ? undefined : describeHostKey(Buffer.from(key, 'base64'));
  return {
    ...parts,
    ...(kex === undefined
      ? {}
      : {
          kex: {
            keyExchange: kex.kex_algorithms.slice(0, MAX_ALGORITHMS),
            hostKey: kex.server_host_key_algorithms.slice(0, MAX_ALGORITHMS),
            encryption: kex.encryption_algorithms.slice(0, MAX_ALGORITHMS),
            mac: kex.mac_algorithms.slice(0, MAX_ALGORITHMS),
            compression: kex.compression_algorithms.slice(0, MAX_ALGORITHMS),
          },
        }),
    hostKeys: hostKey === undefined ? [] : [hostKey],
  };
}

const RDP_TITLE = 'Remote Desktop Protocol';

/** `data` is "Remote Desktop Protocol", then the X.224 confirm as escaped text, then what NTLM told. */
export function readRdp(record: BannerRecord): RdpFacts | undefined {
  const data = record.data ?? '';
  if (!data.startsWith(RDP_TITLE)) return undefined;
  const confirm = parseConfirm(bytesOfPythonText(data.slice(RDP_TITLE.length).replace(/^\r?\n/, ''), 64));
  const ntlm = readNtlm(record, data);
  const facts =
    typeof confirm === 'object'
      ? confirmFacts(confirm, hasScreenshot(record))
      : { negotiations: [], accepts: {}, noNegotiation: false };
  return { ...facts, ...(ntlm === undefined ? {} : { ntlm }) };
}

/**
 * An X.224 confirm to a request that was not recorded: "hybrid" selected says that NLA is supported, not that it is
 * enforced, while a lower selection or a picture of the log-in screen shows that one gets there without it.
 */
export function confirmFacts(confirm: Confirm, screenSeen = false): RdpFacts {
  const nlaRequired = nlaOf(confirm, screenSeen);
  return {
    negotiations: negotiationOf(confirm),
    accepts: acceptsOf(confirm),
    ...(nlaRequired === undefined ? {} : { nlaRequired }),
    noNegotiation: confirm.kind === 'none',
  };
}

function negotiationOf(confirm: Confirm): RdpFacts['negotiations'] {
  const requested = 'not-recorded';
  if (confirm.kind === 'none') return [{ requested }];
  if (confirm.kind === 'failure') return [{ requested, failure: confirm.failure }];
  return [{ requested, selected: protocolName(confirm.protocol), flags: confirm.flags }];
}

function acceptsOf(confirm: Confirm): RdpFacts['accepts'] {
  // Without a negotiation answer the server knows standard security only, MS-RDPBCGR 2.2.1.2.
  if (confirm.kind === 'none') return { standard: true, tls: false, nla: false };
  if (confirm.kind === 'failure') {
    return confirm.failure === HYBRID_REQUIRED ? { standard: false, tls: false } : {};
  }
  const { protocol } = confirm;
  if (protocol === PROTOCOL.standard) return { standard: true };
  if (protocol === PROTOCOL.tls) return { tls: true };
  if (protocol === PROTOCOL.hybrid) return { nla: true };
  if (protocol === PROTOCOL.hybridEx) return { nla: true, earlyUserAuth: true };
  return protocol === PROTOCOL.rdstls ? { rdstls: true } : {};
}

function nlaOf(confirm: Confirm, screenSeen: boolean): boolean | undefined {
  if (confirm.kind === 'failure' && confirm.failure === HYBRID_REQUIRED) return true;
  if (screenSeen || confirm.kind === 'none') return false;
  if (confirm.kind === 'failure') return undefined;
  return confirm.protocol === PROTOCOL.standard || confirm.protocol === PROTOCOL.tls ? false : undefined;
}

export function hasScreenshot(record: BannerRecord): boolean {
  const isPicture = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return isPicture(record.screenshot) || isPicture(record.opts?.screenshot);
}

type Ntlm = NonNullable<RdpFacts['ntlm']>;

/** Our name, the field of `ntlm`, and the line of the text block in `data`. */
const NTLM_NAMES = [
  ['computerName', 'netbios_computer_name', 'NetBIOS Computer Name'],
  ['domainName', 'netbios_domain_name', 'NetBIOS Domain Name'],
  ['dnsComputerName', 'fqdn', 'FQDN'],
  ['dnsDomainName', 'dns_domain_name', 'DNS Domain Name'],
  ['dnsForestName', 'dns_forest_name', 'DNS Tree Name'],
  ['osBuild', 'os_build', 'OS Build'],
] as const;

function readNtlm(record: BannerRecord, data: string): RdpFacts['ntlm'] {
  const { ntlm } = record;
  const start = data.indexOf('NTLM Info:');
  const block = start < 0 ? '' : data.slice(start, start + MAX_TEXT);
  const lines = new Map<string, string>();
  for (const match of block.matchAll(/^ {2}([\w ]{1,40}): ([^\r\n]{1,255})/gm)) {
    lines.set(match[1] ?? '', match[2] ?? '');
  }
  const found: Ntlm = {};
  for (const [name, field, line] of NTLM_NAMES) {
    const text = ntlm?.[field] ?? lines.get(line);
    const value = name === 'osBuild' ? /^\d{1,3}\.\d{1,3}\.\d{1,6}/.exec(text ?? '')?.[0] : text;
    if (value !== undefined) found[name] = value.slice(0, 255);
  }
  const time = ticksOf(ntlm?.timestamp);
  if (time !== undefined) found.systemTime = time;
  return Object.keys(found).length === 0 ? undefined : found;
}

function ticksOf(timestamp: number | undefined): string | undefined {
  if (timestamp === undefined || !Number.isFinite(timestamp) || timestamp < 0) return undefined;
  return fileTime(BigInt(Math.round(timestamp)));
}

/** `data` begins with the version line of RFC 6143 §7.1.1; the types are an object with the number as text for a key. */
export function readVnc(record: BannerRecord): VncFacts | undefined {
  const rfbVersion = /^RFB (\d{3}\.\d{3})/.exec(record.data ?? '')?.[1];
  if (rfbVersion === undefined) return undefined;
  const securityTypes = readSecurityTypes(record.vnc?.security_types);
  const ids = securityTypes.map(({ id }) => id);
  const noPassword = isPasswordless(ids, undefined);
  return { rfbVersion, securityTypes, ...(noPassword === undefined ? {} : { noPassword }) };
}

function readSecurityTypes(types: unknown): VncFacts['securityTypes'] {
  if (typeof types !== 'object' || types === null) return [];
  return Object.entries(types)
    .filter(([id]) => /^\d{1,3}$/.test(id))
    .slice(0, 50)
    .map(([id]) => ({ id: Number(id), name: securityTypeName(Number(id)) }));
}

/** Options by command; Shodan keeps no order. */
export function readTelnet(record: BannerRecord): TelnetFacts | undefined {
  const { telnet, data = '' } = record;
  if (data.startsWith('HTTP/')) return undefined;
  if (telnet === undefined && (record.crawl?.module !== 'telnet' || data.trim() === '')) return undefined;
  const options = (['will', 'wont', 'do', 'dont'] as const).flatMap((command) =>
    (telnet?.[command] ?? []).slice(0, 50).map((option) => ({
      command: command.toUpperCase() as TelnetFacts['options'][number]['command'],
      option: option.slice(0, 100),
    })),
  );
  return { options, text: data.slice(0, MAX_TEXT) };
}
