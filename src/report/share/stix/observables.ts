/** What was seen of a service, as cyber-observable objects. Of the organisation's own places there are none unless the mark allows its addresses. */
import { parseAddress } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import type { SharedIdentity, SharedProduct, SharedService } from '../shared-record.ts';
import { observableId } from './ids.ts';
import { stixTime, type StixObject, type StixWriter } from './writer.ts';

export interface Observables {
  readonly address: StixObject | undefined;
  readonly traffic: StixObject | undefined;
  readonly certificate: StixObject | undefined;
  readonly software: StixObject | undefined;
}

/** Names of the IANA service registry for protocols that are better known under others. */
const IANA: Readonly<Record<string, string>> = { rdp: 'ms-wbt-server', vnc: 'rfb', ike: 'isakmp' };

export function observablesOf(service: SharedService, writer: StixWriter): Observables {
  const address =
    service.identity === undefined ? undefined : addressObject(service.identity.address, writer);
  return {
    address,
    traffic: address === undefined ? undefined : trafficObject(service, address, writer),
    certificate: certificateObject(service.identity?.certificate, writer),
    software: service.product === undefined ? undefined : softwareObject(service.product, service, writer),
  };
}

function addressObject(text: string, writer: StixWriter): StixObject | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const type = address.family === 4 ? 'ipv4-addr' : 'ipv6-addr';
  const own = { value: address.text };
  return writer.observable(type, observableId(type, own), own);
}

function trafficObject(
  { port, transport, protocol }: SharedService,
  address: StixObject,
  writer: StixWriter,
): StixObject {
  const known = /^[a-z0-9-]{1,40}$/.test(protocol) && protocol !== 'other' && protocol !== 'unknown';
  const own = {
    dst_ref: address.id,
    dst_port: port,
    protocols: [
      address.type === 'ipv4-addr' ? 'ipv4' : 'ipv6',
      ...(transport === 'unknown' ? [] : [transport]),
      ...(known ? [IANA[protocol] ?? protocol] : []),
    ],
  };
  return writer.observable('network-traffic', observableId('network-traffic', own), own);
}

function certificateObject(
  certificate: SharedIdentity['certificate'],
  writer: StixWriter,
): StixObject | undefined {
  if (certificate === undefined || !/^[0-9a-f]{64}$/i.test(certificate.sha256)) return undefined;
  const serial = showable(certificate.serial, 100);
  const contributing = {
    hashes: { 'SHA-256': certificate.sha256.toLowerCase() },
    ...(serial === '' ? {} : { serial_number: serial }),
  };
  const dates = {
    validity_not_before: stixTime(certificate.notBefore ?? ''),
    validity_not_after: stixTime(certificate.notAfter ?? ''),
  };
  return writer.observable('x509-certificate', observableId('x509-certificate', contributing), {
    ...contributing,
    subject: showable(certificate.subject, 300),
    issuer: showable(certificate.issuer, 300),
    ...Object.fromEntries(Object.entries(dates).filter(([, at]) => at !== undefined)),
  });
}

function softwareObject(
  { name, vendor }: SharedProduct,
  { version }: SharedService,
  writer: StixWriter,
): StixObject {
  const own = {
    name: showable(name, 120),
    ...(vendor === '' ? {} : { vendor: showable(vendor, 120) }),
    ...(version === undefined ? {} : { version: showable(version.value, 60) }),
  };
  return writer.observable('software', observableId('software', own), own);
}
