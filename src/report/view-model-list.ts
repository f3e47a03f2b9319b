/** Every finding and every service once, unbounded, for spreadsheets and programs. Rules as in `view-model.ts`. */
import type { Finding, Priority, TraceMark } from '../model/finding.ts';
import type { Service } from '../model/service.ts';

/** One finding with its service, or a service without any. Texts that are not known are empty or say so. */
export interface ListRow {
  readonly finding: Finding | undefined;
  readonly service: Service;
  readonly id: string;
  readonly priority: Priority | undefined;
  readonly priorityWord: string;
  readonly trace: TraceMark | undefined;
  readonly traceWord: string;
  readonly headline: string;
  readonly site: string;
  readonly siteKind: string;
  readonly address: string;
  readonly port: number;
  readonly transport: string;
  readonly kind: string;
  readonly product: string;
  readonly version: string;
  /** Of the product. */
  readonly productCertainty: string;
  readonly authentication: string;
  readonly reach: string;
  readonly knownUse: string;
  readonly cves: readonly string[];
  readonly support: string;
  readonly declared: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly exposure: string;
  readonly sources: readonly string[];
  /** Of the finding. */
  readonly certainty: string;
  readonly begin: string;
  readonly finish: string;
  /** Row of the decision table and what moved it. */
  readonly ground: string;
  readonly missing: readonly string[];
}

export interface ListView {
  /** Most urgent first, as in section 4. */
  readonly rows: readonly ListRow[];
  /** Rows of the decision table, in its order. */
  readonly rules: readonly {
    readonly id: string;
    readonly number: number;
    readonly priority: Priority;
    readonly trace: TraceMark;
  }[];
}
