/** A finding in a line, and its work in three: for people who read nothing else. */
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import { seenByProbe, type Context } from './context.ts';

type Steps = Context['m']['pages']['small']['steps'];

/** The strongest fact decides; what is only suspected says so. The same order as the long headline. */
export function shortHeadline({ m }: Context, finding: Finding, service: Service): string {
  const { headline: say, names } = m.pages.small;
  const name = names[service.class];
  const { inputs } = finding;
  if (inputs.misuse) return say.misuse(name);
  if (inputs.artefact === true) return say.artefact(name);
  if (inputs.reach === 'passive-only' || !seenByProbe(service)) return say.record(name);
  if (inputs.authentication === 'none' && inputs.role === 'door') return say.open(name);
  if (inputs.knownUse === 'confirmed') return say.affected(name);
  if (inputs.knownUse === 'product-matches') return say.suspected(name);
  if (inputs.support === 'ended') return say.ended(name);
  if (inputs.reach === 'some') return say.some(name);
  return inputs.role === 'door' && inputs.reach === 'everyone' ? say.everyone(name) : say.visible(name);
}

const ADMIN: readonly ServiceClass[] = ['appliance-admin', 'web-admin', 'iot'];
const LOGIN: readonly ServiceClass[] = ['ssl-vpn', 'mail-groupware', 'file-transfer', 'cms'];
const NARROW: readonly ServiceClass[] = [
  'rdp',
  'vnc',
  'telnet',
  'ssh',
  'smb',
  'directory',
  'database',
  'asset-agent',
  'remote-control-agent',
  'ipsec-vpn',
];

/** At most three. Records before changes, and changes that can be taken back before others. */
export function shortSteps(finding: Finding, service: Service, say: Steps): string[] {
  const { inputs, trace } = finding;
  if (inputs.misuse) return [say.untouched, say.tell, say.diary];
  const before = seenByProbe(service) ? recordStep(trace, say) : [say.confirm];
  return [...before, ...workSteps(finding, service, say)].slice(0, 3);
}

function recordStep(trace: Finding['trace'], say: Steps): string[] {
  if (trace === 'T2') return [say.recordFirst];
  return trace === 'T1' ? [say.copyFirst] : [];
}

/** What stops others from coming in goes before what takes days. */
function workSteps({ inputs }: Finding, service: Service, say: Steps): string[] {
  const isKnown = inputs.knownUse === 'confirmed' || inputs.knownUse === 'product-matches';
  const needs = inputs.authentication === 'none' ? undefined : repairStep(isKnown, inputs.support, say);
  if (NARROW.includes(service.class))
    return [inputs.declared ? say.limit : say.block(service.port), needs ?? say.lastUse];
  if (ADMIN.includes(service.class)) return [say.closeAdmin, needs ?? say.admins];
  if (isKnown) return [say.update, say.secrets];
  if (LOGIN.includes(service.class))
    return [needs ?? say.factor, needs === undefined ? say.lastUse : say.factor];
  return needs === undefined ? [say.owner, say.remove] : [needs, say.remove];
}

function repairStep(isKnown: boolean, support: Finding['inputs']['support'], say: Steps): string | undefined {
  if (isKnown) return say.update;
  return support === 'ended' ? say.replace : undefined;
}
