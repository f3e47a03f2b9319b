import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { enterpriseName } from '../snmp/enterprises.ts';
import {
  encodeCapabilitiesRequest,
  encodePing,
  hasBit,
  parseCapabilities,
  parsePong,
  typeNames,
  type Capabilities,
} from './packets.ts';

/**
 * IPMI over LAN (RMCP, UDP 623): what a management controller says about its ways to log in, before anybody does. When it
 * says nothing, the presence ping. Cipher suite 0 (no authentication at all in IPMI 2.0) is seen only by opening a session,
 * and that is not done.
 *
 * Fields: `ipmi` ("2.0", "1.5"), `authentication-type` (none, md2, md5, straight-password, oem; one each), `user` ("anonymous", "without-name",
 * "with-name"; one each), `check-off` ("user-level", "per-message"), `own-key` ("yes": the key Kg is set), `oem` (IANA number), `maker`.
 */
export const ipmiQuestion: UdpQuestion = {
  protocol: 'ipmi',
  ports: [623],
  read,
  ask: async (line) =>
    (await line.exchange(encodeCapabilitiesRequest(), read)) ?? (await line.exchange(encodePing(), read)),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const capabilities = parseCapabilities(received);
  if (capabilities !== undefined) return toFacts(capabilities);
  const pong = parsePong(received);
  if (pong === undefined || !pong.isIpmi) return undefined;
  return { name: 'ipmi', access: 'unknown', fields: makerFields(pong.enterprise), concerns: [] };
}

function toFacts(capabilities: Capabilities): ProtocolFacts {
  const { types, status, extended, oem } = capabilities;
  const isVersion2 = hasBit(types, 7) && hasBit(extended, 1);
  const fields: [string, string][] = [['ipmi', isVersion2 ? '2.0' : '1.5']];
  for (const name of typeNames(types)) fields.push(['authentication-type', name]);
  if (hasBit(status, 0)) fields.push(['user', 'anonymous']);
  if (hasBit(status, 1)) fields.push(['user', 'without-name']);
  if (hasBit(status, 2)) fields.push(['user', 'with-name']);
  if (hasBit(status, 3)) fields.push(['check-off', 'user-level']);
  if (hasBit(status, 4)) fields.push(['check-off', 'per-message']);
  if (isVersion2 && hasBit(status, 5)) fields.push(['own-key', 'yes']);
  return {
    name: 'ipmi',
    // "none" as a way to log in still needs a user of that level; it was not tried.
    access: hasBit(types, 0) || hasBit(status, 0) ? 'unknown' : 'password',
    fields: [...fields, ...makerFields(oem)],
    concerns: concernsOf(capabilities),
  };
}

function concernsOf({ types, status }: Capabilities): Concern[] {
  const concerns: Concern[] = [];
  if (hasBit(types, 0)) concerns.push('no-authentication-type');
  if (hasBit(status, 0) || hasBit(status, 1)) concerns.push('anonymous-user');
  if (hasBit(types, 4)) concerns.push('cleartext-password-offered');
  return concerns;
}

/** 4542 is ASF itself and names nobody. */
function makerFields(enterprise: number): [string, string][] {
  if (enterprise === 0 || enterprise === 4542) return [];
  const maker = enterpriseName(enterprise);
  return [
    ['oem', String(enterprise)],
    ...(maker === undefined ? [] : [['maker', maker] as [string, string]]),
  ];
}
