import { showable } from '../../../lib/hostile-text.ts';
import type { ImportContext, ImportFormat, ImportOutput, StreamReader } from '../format.ts';
import { readAnswer } from '../json/internetdb.ts';
import { readLines } from './lines.ts';

/** "192.0.2.1 (www.example.jp, example.jp)" */
const HOST = /^([\da-f.:]{2,45})(?: \(([^)]{0,8000})\))?$/i;
/** "  Ports: 21, 80" */
const FIELD = /^\s+(Ports|Tags|CPEs|Vulnerabilities): (.{1,100000})$/;

/** What nrich prints when it is not told otherwise: a line for each host that InternetDB knows, and under it what it knows. */
export const nrich: ImportFormat = {
  type: 'internetdb',
  recognises: (head) =>
    /^\s*[\da-f.:]{2,45}(?: \([^)\n]*\))?\r?\n\s+(?:Ports|Tags|CPEs|Vulnerabilities): /i.test(head),
  open: (context, output) => new NrichReader(context, output),
};

interface Host {
  readonly line: number;
  readonly text: string[];
  readonly ip: string;
  readonly hostnames: readonly string[];
  readonly fields: Map<string, readonly string[]>;
}

class NrichReader implements StreamReader {
  readonly #context: ImportContext;
  readonly #output: ImportOutput;
  readonly #lines: StreamReader;
  #host: Host | undefined;

  constructor(context: ImportContext, output: ImportOutput) {
    this.#context = context;
    this.#output = output;
    this.#lines = readLines(output, (line, number) => this.#line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(cut: boolean): void {
    this.#lines.end(cut);
    this.#finish();
  }

  #line(line: string, number: number): void {
    const [, name, list = ''] = FIELD.exec(line) ?? [];
    const [, ip, names = ''] = HOST.exec(line) ?? [];
    if (ip !== undefined) {
      this.#finish();
      this.#host = { line: number, text: [line], ip, hostnames: wordsOf(names), fields: new Map() };
    } else if (name !== undefined && this.#host !== undefined) {
      this.#host.text.push(line);
      this.#host.fields.set(name, wordsOf(list));
    } else
      this.#output.fault(
        number,
        `this is no line of nrich such as "  Ports: 80, 443": "${showable(line, 60)}"`,
      );
  }

  #finish(): void {
    const host = this.#host;
    this.#host = undefined;
    if (host === undefined) return;
    const { ip, hostnames, fields, text, line } = host;
    const list = (name: string): readonly string[] => fields.get(name) ?? [];
    const answer = {
      ip,
      hostnames,
      ports: list('Ports').map(Number),
      cpes: list('CPEs'),
      tags: list('Tags'),
      vulns: list('Vulnerabilities'),
    };
    const verdict = readAnswer(answer, text.join('\n'), this.#context, (one) =>
      this.#output.observation(one),
    );
    if (verdict === 'record') this.#output.record();
    else if (verdict === 'out-of-scope') this.#output.outOfScope();
    else if (verdict === 'ignored') this.#output.ignored();
    else this.#output.fault(line, verdict.fault);
  }
}

function wordsOf(list: string): readonly string[] {
  return list
    .split(', ')
    .map((word) => word.trim())
    .filter(Boolean);
}
