import { parseAddress } from '../lib/address.ts';
import type { Facts } from '../model/facts.ts';
import type { CandidateReason } from '../model/snapshot.ts';

/** A name that an answer or a record gives for a place: lower case, without the trailing dot. */
export interface FoundName {
  readonly name: string;
  readonly why: Extract<CandidateReason, 'certificate' | 'remote-desktop' | 'passive-name'>;
}

/** Host names in certificates, NTLM answers and passive records. Addresses are no names. */
export function namesIn(facts: Facts): FoundName[] {
  const certificates = [facts.tls?.certificates[0], facts.tls?.withoutSni].flatMap((one) => one?.names ?? []);
  const { dnsComputerName, dnsDomainName, dnsForestName } = facts.rdp?.ntlm ?? {};
  return [
    ...certificates.map((name) => ({ name, why: 'certificate' as const })),
    ...[dnsComputerName, dnsDomainName, dnsForestName].flatMap((name) =>
      name === undefined ? [] : [{ name, why: 'remote-desktop' as const }],
    ),
    ...(facts.passive?.hostnames ?? []).map((name) => ({ name, why: 'passive-name' as const })),
  ].flatMap(({ name, why }) => {
    const clean = plainName(name);
    return isHostName(clean) ? [{ name: clean, why }] : [];
  });
}

export function plainName(text: string): string {
  return text.trim().toLowerCase().replace(/\.$/, '');
}

/** RFC 1123 §2.1 with underscores (Windows) and one leading "*." (certificates); at least two labels. */
export function isHostName(text: string): boolean {
  if (text.length > 253 || parseAddress(text) !== undefined) return false;
  const labels = text.replace(/^\*\./, '').split('.');
  return (
    labels.length > 1 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  );
}
