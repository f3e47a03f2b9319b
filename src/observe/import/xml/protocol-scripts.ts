import type { Concern, ProtocolFacts, RdpFacts, VncFacts } from '../../../model/facts.ts';
import { bounded, fieldsOf } from '../../probe/protocols/fields.ts';
import { isPasswordless, securityTypeName } from '../../probe/tcp/vnc/packets.ts';
import type { Script } from './nmap-script.ts';

type Find = (id: string) => Script | undefined;

const NTLM = [
  ['computerName', 'NetBIOS_Computer_Name'],
  ['domainName', 'NetBIOS_Domain_Name'],
  ['dnsComputerName', 'DNS_Computer_Name'],
  ['dnsDomainName', 'DNS_Domain_Name'],
  ['dnsForestName', 'DNS_Tree_Name'],
  ['osBuild', 'Product_Version'],
] as const;

/** `rdp-enum-encryption` and `rdp-ntlm-info`, which gets its names out of CredSSP. */
export function rdpOfScripts(find: Find): RdpFacts | undefined {
  const [layers, names] = [find('rdp-enum-encryption'), find('rdp-ntlm-info')];
  const accepts = acceptsOf(layers?.output ?? '');
  const ntlm = names === undefined ? {} : ntlmOf(names);
  const hasNtlm = Object.keys(ntlm).length > 0;
  if (Object.keys(accepts).length === 0 && !hasNtlm) return undefined;
  const nlaRequired = Object.keys(accepts).length === 0 ? undefined : accepts.nla === true;
  return {
    negotiations: [],
    accepts: { ...accepts, ...(hasNtlm ? { nla: true } : {}) },
    ...(nlaRequired === undefined ? {} : { nlaRequired }),
    ...(hasNtlm ? { ntlm } : {}),
    noNegotiation: false,
  };
}

/**
 * SUCCESS is any confirm, whatever it selects, and each request allows what is below it too. So only the lowest one that was
 * confirmed is known to be accepted.
 */
function acceptsOf(output: string): RdpFacts['accepts'] {
  const confirmed = (name: string): boolean => output.includes(`${name}: SUCCESS`);
  if (confirmed('Native RDP')) return { standard: true };
  if (confirmed('SSL')) return { tls: true };
  return confirmed('CredSSP (NLA)') ? { nla: true } : {};
}

function ntlmOf(script: Script): NonNullable<RdpFacts['ntlm']> {
  const ntlm: NonNullable<RdpFacts['ntlm']> = {};
  for (const [name, key] of NTLM) {
    const value = script.value(key);
    if (value !== undefined && value !== '') ntlm[name] = value.slice(0, 255);
  }
  const time = script.value('System_Time');
  if (time !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time)) {
    const ms = Date.parse(`${time.slice(0, 19)}Z`);
    if (!Number.isNaN(ms)) ntlm.systemTime = new Date(ms).toISOString();
  }
  return ntlm;
}

/** `vnc-info`: "3.8" and a table of types; in old versions lines "VNC Authentication (2)". */
export function vncOfScript(script: Script | undefined): VncFacts | undefined {
  const version = /^(\d{1,3})\.(\d{1,3})$/.exec(
    script?.value('Protocol version') ??
      /Protocol version: (\d{1,3}\.\d{1,3})/.exec(script?.output ?? '')?.[1] ??
      '',
  );
  if (script === undefined || version === null) return undefined;
  const tables = script.table('Security types')?.tables() ?? [];
  const types = tables.map(([, type]) => Number(type.value('type')));
  const lines = [...script.output.matchAll(/^\s{4}\S.{0,80} \((\d{1,3})\)\s*$/gm)].map((match) =>
    Number(match[1]),
  );
  const ids = (types.length > 0 ? types : lines).filter((id) => Number.isInteger(id) && id >= 0 && id < 256);
  const noPassword = ids.length === 0 ? undefined : isPasswordless(ids, undefined);
  return {
    rfbVersion: `${(version[1] ?? '').padStart(3, '0')}.${(version[2] ?? '').padStart(3, '0')}`,
    securityTypes: ids.slice(0, 50).map((id) => ({ id, name: securityTypeName(id) })),
    ...(noPassword === undefined ? {} : { noPassword }),
  };
}

/** `ike-version` */
export function ikeOfScript(script: Script | undefined): ProtocolFacts | undefined {
  const vendor = script?.value('vendor_id');
  const attributes = script?.list('attributes') ?? [];
  const unmatched = script?.list('unmatched_ids') ?? [];
  if (vendor === undefined && attributes.length === 0 && unmatched.length === 0) return undefined;
  return {
    name: 'ike',
    access: 'unknown',
    ...(vendor === undefined || vendor === '' ? {} : { product: bounded(vendor) }),
    fields: fieldsOf(
      ...attributes.map((text) => ['attribute', text] as const),
      ...unmatched.map((text) => ['vendor-id', text] as const),
    ),
    concerns: [],
  };
}

/** Scripts that speak to the host's SMB port and are written behind all ports. Fields as in `protocols/smb/question.ts`. */
export function smbOfScripts(find: Find): ProtocolFacts | undefined {
  const dialects = find('smb-protocols')?.list('dialects') ?? [];
  const signing = signingOf(find('smb2-security-mode'));
  const old = oldSmbOf(find('smb-os-discovery'));
  const isOld = old.isAccepted || dialects.some((text) => text.startsWith('NT LM 0.12'));
  const best = dialects.filter((text) => /^\d/.test(text)).at(-1);
  const refused = dialects.length > 0 ? 'refused' : undefined;
  const fields = fieldsOf(
    ['dialect', best === undefined ? signing?.dialect : dotted(best)],
    ['signing', signing?.state],
    ['smb1', isOld ? 'accepted' : refused],
    ...old.fields,
  );
  if (fields.length === 0) return undefined;
  const concerns: Concern[] = isOld ? ['smb1'] : [];
  if (signing !== undefined && signing.state !== 'required') concerns.push('signing-not-required');
  return { name: 'smb', access: 'unknown', ...old.product, fields, concerns };
}

/** `smb-os-discovery` speaks SMB1 only. */
function oldSmbOf(script: Script | undefined): {
  readonly isAccepted: boolean;
  readonly fields: readonly (readonly [string, string | undefined])[];
  readonly product: Pick<ProtocolFacts, 'product' | 'version'>;
} {
  const value = (key: string): string | undefined => script?.value(key)?.replace(/\\x00$/, '');
  const samba = /^Samba (\S{1,60})/.exec(value('lanmanager') ?? '')?.[1];
  return {
    isAccepted: value('os') !== undefined,
    fields: [
      ['native-os', value('os')],
      ['native-lan-manager', value('lanmanager')],
      ['computer-name', value('server')],
      ['dns-computer-name', value('fqdn')],
      ['workgroup', value('workgroup')],
    ],
    product: samba === undefined ? {} : { product: 'Samba', version: bounded(samba) },
  };
}

/** Old versions write "3.11" for 3.1.1. */
function dotted(dialect: string): string {
  const match = /^(\d)\.(\d)(\d)$/.exec(dialect.trim());
  if (match === null) return dialect.trim();
  return match[3] === '0' ? `${match[1]}.${match[2]}` : `${match[1]}.${match[2]}.${match[3]}`;
}

function signingOf(
  script: Script | undefined,
): { readonly dialect: string; readonly state: string } | undefined {
  const [key, table] = script?.tables().at(-1) ?? [];
  const text = table?.list()[0] ?? '';
  if (key === undefined) return undefined;
  if (/but not required/.test(text)) return { dialect: dotted(key), state: 'enabled' };
  if (/and required/.test(text)) return { dialect: dotted(key), state: 'required' };
  return /disabled and not required/.test(text) ? { dialect: dotted(key), state: 'disabled' } : undefined;
}
