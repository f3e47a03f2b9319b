import { randomUUID } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const DEVICE_PROFILE = 'http://schemas.xmlsoap.org/ws/2006/02/devprof';

/**
 * WS-Discovery: a Probe sent to the address itself (WS-Discovery 2005/04 §5.2), for anything, then for devices (Windows and
 * wsdd answer only to the latter). ONVIF cameras and Windows machines tell inner addresses, names and models.
 *
 * Fields: `types`, `address` (XAddrs, one each), `endpoint`, `onvif-name`, `onvif-hardware`, `onvif-location`.
 */
export const wsDiscoveryQuestion: UdpQuestion = {
  protocol: 'ws-discovery',
  ports: [3702],
  read,
  // A message id is answered once; a fixed one would find the second scan unanswered.
  ask: async (line) =>
    (await line.exchange(encodeProbe(randomUUID(), ''), read)) ??
    line.exchange(
      encodeProbe(randomUUID(), `<d:Types xmlns:wsdp="${DEVICE_PROFILE}">wsdp:Device</d:Types>`),
      read,
    ),
};

function encodeProbe(id: string, types: string): Uint8Array {
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="${DISCOVERY}"><e:Header><a:Action>${DISCOVERY}/Probe</a:Action><a:MessageID>urn:uuid:${id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></e:Header><e:Body><d:Probe>${types}</d:Probe></e:Body></e:Envelope>`,
    'utf8',
  );
}

/** A datagram of UDP cannot be longer. */
const MAX_XML = 65_536;
const MAX_ADDRESSES = 8;

function read(received: Uint8Array): ProtocolFacts | undefined {
  const xml = Buffer.from(received.subarray(0, MAX_XML)).toString('utf8');
  if (
    !/^\s{0,8}(?:\ufeff)?<[\s\S]{0,400}Envelope/.test(xml) ||
    !/<(?:[\w.-]{1,32}:)?ProbeMatch[\s>]/.test(xml)
  )
    return undefined;
  if (!/\/ws\/2005\/04\/discovery|\/ws-dd\/ns\/discovery\/2009\/01/.test(xml)) return undefined;
  const scopes = contentOf(xml, 'Scopes');
  const addresses = words(contentOf(xml, 'XAddrs')).slice(0, MAX_ADDRESSES);
  return {
    name: 'ws-discovery',
    access: 'open',
    fields: [
      ...fieldsOf(['types', bounded(contentOf(xml, 'Types'))]),
      ...addresses.map((address) => ['address', bounded(address)] as [string, string]),
      ...fieldsOf(['endpoint', bounded(contentOf(xml, 'Address'))]),
      ...fieldsOf(['onvif-name', scopeOf(scopes, 'name')]),
      ...fieldsOf(['onvif-hardware', scopeOf(scopes, 'hardware')]),
      ...fieldsOf(['onvif-location', scopeOf(scopes, 'location')]),
    ],
    concerns: ['data-shown'],
  };
}

/** Text of the first element of that local name within the match, white space made single; "" without one. */
function contentOf(xml: string, name: 'Types' | 'Scopes' | 'XAddrs' | 'Address'): string {
  const match = xml.slice(Math.max(0, xml.search(/ProbeMatch[\s>]/)));
  return CONTENT[name].exec(match)?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? '';
}

const CONTENT = {
  Types: /<(?:[\w.-]{1,32}:)?Types[^<>]{0,512}>([^<]{0,2048})</,
  Scopes: /<(?:[\w.-]{1,32}:)?Scopes[^<>]{0,512}>([^<]{0,4096})</,
  XAddrs: /<(?:[\w.-]{1,32}:)?XAddrs[^<>]{0,512}>([^<]{0,2048})</,
  Address: /<(?:[\w.-]{1,32}:)?Address[^<>]{0,512}>([^<]{0,512})</,
} as const;

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** "onvif://www.onvif.org/hardware/DS-2CD2042WD" of the scopes, percent-decoded. ONVIF Core Specification §7.3.2.2. */
function scopeOf(scopes: string, kind: 'name' | 'hardware' | 'location'): string | undefined {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const scope = words(scopes).find((word) => word.toLowerCase().startsWith(prefix));
  if (scope === undefined) return undefined;
  const value = scope.slice(prefix.length);
  try {
    return bounded(decodeURIComponent(value));
  } catch {
    return bounded(value);
  }
}
