/** gpsd: the greeting (gpsd_json(5), "VERSION"). */
import { decodeText } from '../../tcp/text.ts';

export interface GpsdGreeting {
  readonly release: string;
  readonly protocolVersion: string;
}

const START = '{"class":"VERSION",';
const MAX = 512;

export function parseGreeting(received: Uint8Array): GpsdGreeting | 'more' | undefined {
  const text = decodeText(received.subarray(0, MAX), MAX);
  if (!text.startsWith(START.slice(0, text.length))) return undefined;
  const end = text.indexOf('\n');
  if (end < 0) return received.length < MAX ? 'more' : undefined;
  const line = text.slice(0, end);
  const release = /"release":"([^"]{1,60})"/.exec(line)?.[1];
  const [major, minor] = [
    /"proto_major":(\d{1,3})/.exec(line)?.[1],
    /"proto_minor":(\d{1,3})/.exec(line)?.[1],
  ];
  return release === undefined || major === undefined || minor === undefined
    ? undefined
    : { release, protocolVersion: `${major}.${minor}` };
}
