/** Checkmk agent (docs.checkmk.com, "Monitoring Linux"): it writes everything it knows to whoever connects. */
import { decodeText } from '../../tcp/text.ts';

export interface CheckmkOutput {
  readonly version?: string;
  readonly operatingSystem?: string;
  readonly hostName?: string;
}

const START = '<<<check_mk>>>\n';
const MAX = 2048;

/** The first section: lines "Version: 2.3.0p9", "AgentOS: linux", "Hostname: …", up to the next section. */
export function parseOutput(received: Uint8Array): CheckmkOutput | 'more' | undefined {
  const text = decodeText(received.subarray(0, MAX), MAX);
  if (!text.startsWith(START.slice(0, text.length))) return undefined;
  if (text.length < START.length) return 'more';
  const rest = text.slice(START.length);
  const next = rest.indexOf('\n<<<');
  if (next < 0 && received.length < MAX) return 'more';
  const section = next < 0 ? rest : rest.slice(0, next);
  const value = (name: string): string | undefined =>
    section
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
      .trim()
      .slice(0, 256);
  const [version, operatingSystem, hostName] = [value('Version'), value('AgentOS'), value('Hostname')];
  return {
    ...(version === undefined ? {} : { version }),
    ...(operatingSystem === undefined ? {} : { operatingSystem }),
    ...(hostName === undefined ? {} : { hostName }),
  };
}
