import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { enterpriseName } from './enterprises.ts';
import { encodeDiscovery, hex, parseReport, readEngineId } from './packets.ts';

/**
 * SNMP by the engine discovery of version 3 (RFC 3414 §4). No community is ever tried: an agent that speaks only
 * versions 1 and 2c stays silent, and silence proves nothing.
 *
 * Fields: `engine-id` (hex), `enterprise` (IANA number), `maker` (its name, when known), `engine-boots`,
 * `uptime-seconds`, and by the format of the id one of `engine-ipv4`, `engine-ipv6`, `engine-mac`, `engine-text`: inner
 * addresses and names that a stranger learns.
 */
export const snmpQuestion: UdpQuestion = {
  protocol: 'snmp',
  ports: [161],
  read,
  ask: (line) => line.exchange(encodeDiscovery(), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const report = parseReport(received);
  if (report === undefined) return undefined;
  const { enterprise, format, value } = readEngineId(report.engineId);
  const maker = enterpriseName(enterprise);
  const isTelling = format !== 'octets' && format !== 'enterprise';
  return {
    name: 'snmp',
    access: 'unknown',
    fields: [
      ['version', '3'],
      ['engine-id', hex(report.engineId)],
      ['enterprise', String(enterprise)],
      ...(maker === undefined ? [] : [['maker', maker] as [string, string]]),
      ['engine-boots', String(report.boots)],
      ['uptime-seconds', String(report.seconds)],
      ...(isTelling ? [[`engine-${format}`, value] as [string, string]] : []),
    ],
    concerns: [],
  };
}
