import nmap from 'node-nmap';
import { parseAddress } from '../../lib/address.ts';
import { runTool, type ToolEnd } from '../child-process.ts';

export interface ScanCall {
  /** Addresses, one family. */
  readonly targets: readonly string[];
  /** Everything but the targets. */
  readonly argv: readonly string[];
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly onOutput: (chunk: Uint8Array) => void;
}

/**
 * node-nmap 4.0.0 starts nmap in its constructor, swallows exceptions and Ctrl-C of the whole process by handlers of its own, drops
 * every piece of output that holds the word "percent", takes any warning for a failure and never ends after one. All of that is in
 * how it runs the child: the class, its options and its life stay, the running is `runTool`.
 */
class FencedScan extends nmap.NmapScan {
  /** Arguments stay an array: what node-nmap would split at blanks could be read as options. */
  protected override commandConstructor(range: readonly string[], inputArguments: readonly string[]): void {
    const wrong = range.find((target) => parseAddress(target)?.text !== target);
    if (wrong !== undefined) throw new TypeError(`"${wrong}" is no address in its canonical form`);
    this.range = range;
    this.command = ['-oX', '-', ...inputArguments, '-iL', '-'];
  }

  /** Nothing starts before `run`. */
  protected override initializeChildProcess(): void {}

  run({ deadlineMs, signal, onOutput }: Omit<ScanCall, 'targets' | 'argv'>): Promise<ToolEnd> {
    return runTool({
      command: nmap.nmapLocation,
      argv: this.command,
      input: `${this.range.join('\n')}\n`,
      deadlineMs,
      signal,
      onOutput,
    });
  }
}

/** Runs nmap once over these addresses. */
export function runNmap({ targets, argv, ...call }: ScanCall): Promise<ToolEnd> {
  return new FencedScan(targets, argv).run(call);
}
