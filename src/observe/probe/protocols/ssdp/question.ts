import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { parseHead, productAndVersion, type Head } from '../message-head.ts';
import { bounded, fieldsOf } from '../fields.ts';

/**
 * SSDP: a search for root devices sent to the address itself (UPnP Device Architecture 1.1 §1.3.2, unicast). One answer, not the
 * dozens that "ssdp:all" makes a device send.
 *
 * Fields: `server` (system, UPnP and product versions), `location` (address of the description, often an inner one), `usn`, `search-target`.
 */
export const ssdpQuestion: UdpQuestion = {
  protocol: 'ssdp',
  ports: [1900],
  read,
  ask: (line) => line.exchange(encodeSearch(line.address), read),
};

function encodeSearch(address: string): Uint8Array {
  const host = address.includes(':') ? `[${address}]` : address;
  const lines = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${host}:1900`,
    'MAN: "ssdp:discover"',
    'MX: 1',
    'ST: upnp:rootdevice',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function read(received: Uint8Array): ProtocolFacts | undefined {
  const head = parseHead(received, 'HTTP/1.', true);
  if (head === undefined || head === 'more' || !/^HTTP\/1\.[01] 200( |$)/.test(head.startLine))
    return undefined;
  const target = head.headers.get('st') ?? '';
  const name = head.headers.get('usn') ?? '';
  if (!/^(?:uuid:|upnp:|urn:|ssdp:)/i.test(target) || !/^uuid:/i.test(name)) return undefined;
  return toFacts(head, target, name);
}

function toFacts({ headers }: Head, target: string, name: string): ProtocolFacts {
  const server = headers.get('server');
  return {
    name: 'ssdp',
    access: 'open',
    ...(server === undefined ? {} : productAndVersion(lastProduct(server))),
    fields: [
      ...fieldsOf(['server', server]),
      ...fieldsOf(['location', headers.get('location')]),
      ...fieldsOf(['usn', bounded(name)]),
      ...fieldsOf(['search-target', bounded(target)]),
    ],
    concerns: ['data-shown'],
  };
}

/** "Debian/6.1 UPnP/1.1 MiniUPnPd/2.3.1" → what stands after the UPnP version (§1.3.3). */
function lastProduct(server: string): string {
  return /UPnP\/\d\.\d,?\s{1,4}(.{1,200})$/i.exec(server)?.[1] ?? '';
}
