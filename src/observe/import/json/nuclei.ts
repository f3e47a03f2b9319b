import type { Address } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import type { PassiveFacts } from '../../../model/facts.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { fieldOf, objectOf, portOf, textOf, textsOf } from './fields.ts';
import { addressIn, hostNames, observationOf, passiveOf } from './observe.ts';
import { webAddress } from './web.ts';

/**
 * nuclei -jsonl: one template that matched. What was sent, what came back, the command line and extracted values may hold
 * passwords and are not kept.
 */
export const nuclei = jsonFormat({
  type: 'nuclei',
  recognises: (value) =>
    templateOf(value) !== undefined && fieldOf(value, 'info', 'matched-at', 'matched', 'host') !== undefined,
  read: ({ value }, context, give): Verdict => {
    const place = placeOf(value);
    if (place.address !== undefined && !context.accepts(place.address)) return 'out-of-scope';
    const told = ipOf(value);
    if (told !== undefined && addressIn(told) === undefined)
      return { fault: `this nuclei record has no usable address (ip): "${showable(told, 45)}"` };
    if (templateOf(value) === undefined)
      return { fault: 'this nuclei record names no template (template-id)' };
    const { address, port, transport, protocol } = place;
    // A statement about a name, or about a host and none of its ports; and a template that did not match.
    if (address === undefined || port === undefined || fieldOf(value, 'matcher-status') === false)
      return 'ignored';
    const info = objectOf(value, 'info');
    const severity = textOf(info, 'severity', 20) ?? 'unknown';
    give(
      observationOf(
        {
          source: 'nuclei',
          address,
          port,
          transport,
          probe: 'nuclei',
          protocol,
          facts: { passive: factsOf(value, place.names) },
          time: fieldOf(value, 'timestamp'),
          evidence: JSON.stringify(keptOf(value)),
          note: `nuclei template ${templateOf(value)?.slice(0, 100)} matched (severity ${severity}): ${textOf(info, 'name', 200) ?? 'no name'}`,
        },
        context,
      ),
    );
    return 'record';
  },
});

function templateOf(value: JsonObject): string | undefined {
  return textOf(value, ['template-id', 'templateID', 'template_id'], 300);
}

/** As a resolver writes it, with a dot at its end, too. */
function ipOf(value: JsonObject): string | undefined {
  return textOf(value, 'ip', 60)?.replace(/\.$/, '');
}

interface Place {
  readonly address: Address | undefined;
  readonly port: number | undefined;
  readonly transport: 'tcp' | 'unknown';
  readonly protocol: string;
  readonly names: readonly string[];
}

/** Kinds of template that look at a name or at files, not at a port. */
const NO_PORT: ReadonlySet<string> = new Set(['dns', 'whois', 'file', 'code', 'workflow']);

function placeOf(value: JsonObject): Place {
  const type = textOf(value, 'type', 30) ?? '';
  const matched = textOf(value, ['matched-at', 'matched']);
  const host = textOf(value, 'host');
  const targets = [matched, host, textOf(value, 'url')];
  // What matched comes first: a scan of "https://vpn.example.jp" also looks at its port 22.
  const target = targets
    .map((text) => webAddress(text) ?? hostAndPort(text))
    .find((one) => one !== undefined);
  const names = targets.flatMap((text) => [webAddress(text)?.host, hostAndPort(text)?.host]);
  return {
    address: addressIn(ipOf(value), ...names, host),
    port: NO_PORT.has(type) ? undefined : (target?.port ?? portOf(value, 'port')),
    // Scripts speak SNMP and IKE, too, and the record does not tell over what.
    transport: type === 'javascript' ? 'unknown' : 'tcp',
    protocol: type === 'ssl' ? 'tls' : (target?.scheme ?? 'unknown'),
    names: hostNames(...names, host),
  };
}

/** "mail.example.jp:465", "[2001:db8::1]:22" */
function hostAndPort(
  text: string | undefined,
): { readonly host: string; readonly port: number; readonly scheme?: undefined } | undefined {
  const [, host, digits] = /^(\[[0-9a-f:.]{2,60}\]|[^:/\s]{1,255}):(\d{1,5})$/i.exec(text ?? '') ?? [];
  const port = portOf({ port: digits }, 'port');
  return host === undefined || port === undefined ? undefined : { host, port };
}

/**
 * A template for a CVE mostly compares what the server shows of itself, as Shodan does. Only an answer that came back on a
 * way of its own (`interaction`: the server looked up a name that only the test knew) proves the flaw.
 */
function factsOf(value: JsonObject, hostnames: readonly string[]): PassiveFacts {
  const info = objectOf(value, 'info');
  const classification = objectOf(info, 'classification');
  const ids = [...textsOf(classification, 'cve-id', 'cve_id'), templateOf(value) ?? ''].map((id) =>
    id.toUpperCase(),
  );
  const cves = [...new Set(ids.filter((id) => /^CVE-\d{4}-\d{4,10}$/.test(id)))];
  const verified = objectOf(value, 'interaction') !== undefined;
  return passiveOf({
    cpe: textsOf(classification, 'cpe'),
    vulns: cves.toSorted().map((cve) => ({ cve, verified })),
    tags: tagsOf(info),
    hostnames: [...hostnames],
    module: templateOf(value) ?? 'nuclei',
  });
}

/** Of Shodan these say what a host is or does: the edge of a network of somebody else, one that scans, an exit of Tor. */
const ABOUT_HOSTS: ReadonlySet<string> = new Set(['cdn', 'scanner', 'tor']);

/** Words about the template. */
function tagsOf(info: JsonObject | undefined): string[] {
  const tags = textsOf(info, 'tags').flatMap((text) => text.split(',').map((tag) => tag.trim()));
  return tags.filter((tag) => tag !== '' && !ABOUT_HOSTS.has(tag));
}

/** The record without what may hold secrets; addresses lose what follows "?" and what stands before "@". */
function keptOf(value: JsonObject): JsonObject {
  const info = objectOf(value, 'info');
  const { name, severity, tags, classification } = info ?? {};
  const kept = [
    'template-id',
    'templateID',
    'type',
    'ip',
    'port',
    'matcher-name',
    'extractor-name',
    'timestamp',
  ];
  const plain = kept.flatMap((field) => {
    const text = fieldOf(value, field);
    return typeof text === 'string' || typeof text === 'number' ? [[field, text] as const] : [];
  });
  const places = ['host', 'matched-at', 'matched', 'url'].flatMap((field) => {
    const text = textOf(value, field);
    return text === undefined
      ? []
      : [[field, text.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//')] as const];
  });
  return { ...Object.fromEntries([...plain, ...places]), info: { name, severity, tags, classification } };
}
