import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import { bounded } from '../fields.ts';
import type { Attributes } from './packets.ts';

/** Most values of one attribute that become fields. */
const MAX_VALUES = 16;
const MAX_FIELDS = 48;

/** Root entry attributes of RFC 4512 §5.1, RFC 3045, MS-ADTS 3.1.1.3.2 and what makers added, and the fields they become. */
const FIELDS: readonly (readonly [attribute: string, field: string])[] = [
  ['objectClass', 'object-class'],
  ['vendorName', 'vendor-name'],
  ['vendorVersion', 'vendor-version'],
  ['namingContexts', 'naming-context'],
  ['defaultNamingContext', 'default-naming-context'],
  ['rootDomainNamingContext', 'root-domain-naming-context'],
  ['dnsHostName', 'dns-host-name'],
  ['serverName', 'server-name'],
  ['domainFunctionality', 'domain-functionality'],
  ['forestFunctionality', 'forest-functionality'],
  ['domainControllerFunctionality', 'domain-controller-functionality'],
  ['isGlobalCatalogReady', 'global-catalog-ready'],
  ['currentTime', 'current-time'],
  ['supportedLDAPVersion', 'ldap-version'],
  ['supportedSASLMechanisms', 'sasl-mechanism'],
  ['supportedCapabilities', 'capability'],
  ['directoryTreeName', 'directory-tree-name'],
  ['ibmdirectoryversion', 'ibm-directory-version'],
];

/** What the root entry is asked for, by name: a server need not give operational attributes otherwise. */
export const ROOT_ATTRIBUTES: readonly string[] = FIELDS.map(([attribute]) => attribute);

export function valuesOf(entry: Attributes, attribute: string): readonly string[] {
  return entry.get(attribute.toLowerCase()) ?? [];
}

function entryFields(entry: Attributes): [string, string][] {
  return FIELDS.flatMap(([attribute, field]) =>
    valuesOf(entry, attribute)
      .slice(0, MAX_VALUES)
      .map((value): [string, string] => [field, bounded(value)])
      .filter(([, value]) => value !== ''),
  ).slice(0, MAX_FIELDS);
}

/** One attribute at least that only a root entry has. */
export function isRootEntry(entry: Attributes): boolean {
  return ROOT_ATTRIBUTES.some(
    (attribute) =>
      attribute !== 'objectClass' && attribute !== 'serverName' && valuesOf(entry, attribute).length > 0,
  );
}

/** Of this entry alone, without what a conversation adds. */
export function entryFacts(entry: Attributes): ProtocolFacts {
  const isOpenLdap = valuesOf(entry, 'objectClass').includes('OpenLDAProotDSE');
  const product = valuesOf(entry, 'vendorName')[0] ?? (isOpenLdap ? 'OpenLDAP' : undefined);
  const version = valuesOf(entry, 'vendorVersion')[0];
  return {
    name: 'ldap',
    access: 'unknown',
    ...(product === undefined ? {} : { product: bounded(product) }),
    ...(version === undefined ? {} : { version: bounded(version) }),
    fields: entryFields(entry),
    concerns: [],
  };
}

/** Mechanisms that send the password as it is (RFC 4616, and its forerunner). */
const CLEARTEXT_MECHANISMS = new Set(['PLAIN', 'LOGIN']);

export function offersCleartextPassword(entry: Attributes): boolean {
  return valuesOf(entry, 'supportedSASLMechanisms').some((name) =>
    CLEARTEXT_MECHANISMS.has(name.toUpperCase()),
  );
}

export function withConcerns(
  facts: ProtocolFacts,
  concerns: readonly (Concern | undefined)[],
): ProtocolFacts {
  return { ...facts, concerns: concerns.filter((concern) => concern !== undefined) };
}
