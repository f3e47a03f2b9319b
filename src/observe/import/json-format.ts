import type { ImportType } from '../../model/import.ts';
import type { Observation } from '../../model/observation.ts';
import { parseAddress } from '../../lib/address.ts';
import { showable } from '../../lib/hostile-text.ts';
import type {
  FileOutput,
  ImportContext,
  ImportFormat,
  ImportOutput,
  KeptRecord,
  StreamReader,
} from './format.ts';
import { JsonElements, type JsonObject } from './json-elements.ts';
import { firstObjects } from './json-head.ts';
import { isObject } from './json/fields.ts';

/** One JSON object of a file. */
export interface JsonRecord {
  readonly value: JsonObject;
  /** As it stands in the file. */
  readonly text: string;
}

/** What became of a record. */
export type Verdict = 'record' | 'out-of-scope' | 'ignored' | { readonly fault: string };

export interface JsonFormat {
  readonly type: ImportType;
  /** Is this object a record of that tool? Of a long one, lists and objects may be cut short. */
  recognises(value: JsonObject): boolean;
  /** One verdict for each record that the object holds. */
  read(
    record: JsonRecord,
    context: ImportContext,
    give: (observation: Observation) => void,
    keep: (kept: KeptRecord) => void,
  ): Verdict | readonly Verdict[];
  /** Is this text, which is no JSON, one that the tool itself writes beside its records? */
  writes?(text: string): boolean;
}

/**
 * What the tools print beside their records when standard error went into the same file: log lines, and the banner that
 * spells the tool's name in strokes.
 */
const LOG_LINE =
  // oxlint-disable-next-line no-control-regex -- the tools colour their log lines
  /^(?:\u001b\[|\[(?:\u001b\[\d{1,3}m)?[A-Za-z]{3,5}(?:\u001b\[0m)?\]|time=|(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b|\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:|[\s_/\\|.'`,()<>-]+(?:v?\d+\.\d+[\w.-]*)?$|projectdiscovery\.io$)/;

/** A file of JSON objects, in any of the forms that `JsonElements` cuts. */
export function jsonFormat(format: JsonFormat): ImportFormat {
  return {
    type: format.type,
    recognises: (head) => firstObjects(head).some((value) => format.recognises(value)),
    open: (context, output) => new JsonReader(format, false, context, output),
    wrapped: {
      type: format.type,
      recognises: (head) => firstObjects(head).some((value) => wrappedIn(value, format).length > 0),
      open: (context, output) => new JsonReader(format, true, context, output),
    },
  };
}

class JsonReader implements StreamReader {
  readonly #elements: JsonElements;
  #unfinished = false;

  constructor(format: JsonFormat, isWrapped: boolean, context: ImportContext, output: FileOutput) {
    this.#elements = new JsonElements({
      object: (value, text, line, envelope) => {
        if (envelope) return;
        const inside = isWrapped ? wrappedIn(value, format) : [];
        if (inside.length === 0) readRecord(format, { value, text }, line, context, output);
        for (const one of inside) {
          const written = writtenAgain(one);
          if (written === undefined) output.fault(line, TOO_DEEP);
          else readRecord(format, { value: one, text: written }, line, context, output);
        }
      },
      junk: (text, line) => {
        if (LOG_LINE.test(text) || format.writes?.(text) === true) output.ignored();
        else output.fault(line, `no JSON object: ${showable(text, 60)}`);
      },
      broken: (line, why, text) => {
        if (text !== undefined && format.writes?.(text) === true) output.ignored();
        else output.fault(line, why);
      },
    });
  }

  get unfinished(): boolean {
    return this.#unfinished;
  }

  push(chunk: Uint8Array): void {
    this.#elements.push(chunk);
  }

  end(cut: boolean): void {
    this.#unfinished = this.#elements.unfinished;
    this.#elements.end(cut);
  }
}

/** @param line where it begins */
export function readRecord(
  format: JsonFormat,
  record: JsonRecord,
  line: number,
  context: ImportContext,
  output: FileOutput,
): void {
  for (const verdict of read(format, record, context, output)) count(verdict, line, output);
}

const MAX_WRAPPERS = 2;

/** {"results": […]}, {"192.0.2.1": {…}}: the lists, and the objects under addresses, in which records of the format stand. */
function wrappedIn(value: JsonObject, format: JsonFormat, wrappers = 1): readonly JsonObject[] {
  const entries = Object.entries(value);
  const lists = entries.map(([, inner]) =>
    Array.isArray(inner) ? inner.filter((one) => isObject(one)) : [],
  );
  const objects = entries.filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const underAddress = objects.flatMap(([name, inner]) => (parseAddress(name) === undefined ? [] : [inner]));
  const found = [...lists, underAddress].filter((group) => group.some((one) => format.recognises(one)));
  if (found.length > 0 || wrappers >= MAX_WRAPPERS) return found.flat();
  return [...objects.map(([, inner]) => inner), ...lists.flat()].flatMap((one) =>
    wrappedIn(one, format, wrappers + 1),
  );
}

function writtenAgain(value: JsonObject): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const TOO_DEEP = 'this record is nested too deep';

/** A value nested so deep that reading it overflows the stack is a fault of the record, not of the program. */
function read(
  format: JsonFormat,
  record: JsonRecord,
  context: ImportContext,
  output: FileOutput,
): readonly Verdict[] {
  try {
    const verdicts = format.read(
      record,
      context,
      (observation) => output.observation(observation),
      (kept) => output.keep(kept),
    );
    return typeof verdicts === 'object' && !('fault' in verdicts) ? verdicts : [verdicts];
  } catch (error) {
    if (error instanceof RangeError) return [{ fault: TOO_DEEP }];
    throw error;
  }
}

function count(verdict: Verdict, line: number, output: ImportOutput): void {
  if (verdict === 'record') output.record();
  else if (verdict === 'out-of-scope') output.outOfScope();
  else if (verdict === 'ignored') output.ignored();
  else output.fault(line, verdict.fault);
}
