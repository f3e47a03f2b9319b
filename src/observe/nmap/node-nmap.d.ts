/** The part of node-nmap 4.0.0 that is used. The package carries no types. */
declare module 'node-nmap' {
  import type { EventEmitter } from 'node:events';

  /** Calls `commandConstructor` and then `initializeChildProcess` in its constructor, before fields of a subclass exist. */
  class NmapScan extends EventEmitter {
    constructor(range: readonly string[], inputArguments: readonly string[]);
    /** Arguments of the process. */
    command: string[];
    range: readonly string[];
    protected commandConstructor(range: readonly string[], inputArguments: readonly string[]): void;
    protected initializeChildProcess(): void;
  }

  const nmap: { readonly nmapLocation: string; readonly NmapScan: typeof NmapScan };
  export default nmap;
}
