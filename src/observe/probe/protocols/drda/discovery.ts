import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

/**
 * Discovery of Db2 (UDP 523): "DB2GETADDR" and a release are answered with the names of the server. The form is that of the
 * answers collected by nmap's db2-das-info and of the example in config/products/database/ibm-db2.yaml; not measured on a server.
 *
 * Fields: `release` ("SQL09078"), `host`, `server-name`.
 */
export const db2DiscoveryQuestion: UdpQuestion = {
  protocol: 'db2-discovery',
  ports: [523],
  read,
  ask: (line) => line.exchange(Buffer.from('DB2GETADDR\0SQL09010\0', 'latin1'), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const reader = new ByteReader(received);
  const [magic = '', release = '', host, name] = reader.latin1(Math.min(received.length, 512)).split('\0');
  const digits = /^SQL(\d{2})(\d{2})\d$/.exec(release);
  if (magic !== 'DB2RETADDR' || digits === null) return undefined;
  return {
    name: 'db2-discovery',
    access: 'unknown',
    product: 'DB2',
    version: bounded(digits.slice(1).map(Number).join('.')),
    fields: fieldsOf(['release', release], ['host', host], ['server-name', name]),
    concerns: ['data-shown'],
  };
}
