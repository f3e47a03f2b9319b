import { randomInt } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';
import { encodeNodeStatusRequest, parseNodeStatus, type NetbiosName, type NodeStatus } from './packets.ts';

/**
 * NetBIOS name service (RFC 1002): the names that a node holds.
 *
 * Fields: computer-name, domain-name, role (file-server, domain-controller, domain-master-browser, master-browser, messenger),
 * name ("WORKGROUP<1e> group", at most 16), hardware-address.
 */
export const netbiosNameQuestion: UdpQuestion = {
  protocol: 'netbios',
  ports: [137],
  read: (received) => factsOf(parseNodeStatus(received)),
  ask: async (line) => {
    const transaction = randomInt(0x10000);
    const status = await line.exchange(encodeNodeStatusRequest(transaction), (received) => {
      const parsed = parseNodeStatus(received);
      return parsed?.transaction === transaction ? parsed : undefined;
    });
    return factsOf(status);
  },
};

const MAX_NAMES = 16;

/** Suffixes of MS-NBTE 2.2.3 and what they say of the node; the group bit is part of the meaning. */
const ROLES: readonly (readonly [suffix: number, isGroup: boolean, role: string])[] = [
  [0x20, false, 'file-server'],
  [0x1c, true, 'domain-controller'],
  [0x1b, false, 'domain-master-browser'],
  [0x1d, false, 'master-browser'],
  [0x03, false, 'messenger'],
];

function factsOf(status: NodeStatus | undefined): ProtocolFacts | undefined {
  if (status === undefined) return undefined;
  const { names, hardwareAddress } = status;
  const named = (suffix: number, isGroup: boolean): NetbiosName | undefined =>
    names.find((name) => name.suffix === suffix && name.isGroup === isGroup);
  const computer = named(0, false);
  const domain = named(0, true);
  const roles = ROLES.filter(([suffix, isGroup]) => named(suffix, isGroup) !== undefined);
  const fields: [string, string][] = [
    ...(computer === undefined ? [] : [pair('computer-name', computer.name)]),
    ...(domain === undefined ? [] : [pair('domain-name', domain.name)]),
    ...roles.map(([, , role]) => pair('role', role)),
    ...names.slice(0, MAX_NAMES).map((name) => pair('name', describeName(name))),
    ...(hardwareAddress === undefined ? [] : [pair('hardware-address', hardwareAddress)]),
  ];
  return { name: 'netbios', access: 'unknown', fields, concerns: [] };
}

function pair(name: string, value: string): [string, string] {
  return [name, bounded(value)];
}

function describeName({ name, suffix, isGroup }: NetbiosName): string {
  return `${name}<${suffix.toString(16).padStart(2, '0')}>${isGroup ? ' group' : ''}`;
}
