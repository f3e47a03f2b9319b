/** The one-page views. Rules as in `view-model.ts`; every text is already cut to what fits on its sheet. */
import type { Mark, NumberView } from './view-model.ts';

/** Where and when, at the head of a sheet. */
export interface SheetHead {
  readonly title: string;
  readonly organisation: string;
  readonly date: string;
  readonly tlp: string;
  /** Made from records alone; absent: packets were sent, and told something. */
  readonly band: string | undefined;
}

export interface SmallAction extends Mark {
  readonly id: string;
  readonly headline: string;
  readonly where: string;
  readonly steps: readonly string[];
  readonly begin: string;
  readonly finish: string;
}

export interface Helper {
  readonly who: string;
  readonly what: string;
  readonly phone?: string;
  /** To be written by hand. */
  readonly blank?: boolean;
}

export interface SmallView extends SheetHead {
  readonly scope: readonly string[];
  readonly lead: string;
  readonly actions: readonly SmallAction[];
  /** Said in place of actions. */
  readonly none: string | undefined;
  /** To be read aloud about the first action. */
  readonly phone: string | undefined;
  /** Sentences that stand for themselves, below what not to do. */
  readonly rules: readonly string[];
  readonly help: readonly Helper[];
  readonly changes: {
    readonly counts: readonly { readonly symbol: string; readonly name: string; readonly count: string }[];
    /** Said in place of counts. */
    readonly none: string | undefined;
  };
  readonly limits: { readonly cannot: string; readonly notThere: string; readonly missed: string };
  readonly law: string;
}

export interface DecisionView {
  /** Stop, pay, consult. */
  readonly kind: string;
  readonly text: string;
  /** Who decides, as far as it is known; may be empty. */
  readonly sub: string;
  readonly by: string;
}

export interface DirectorView extends SheetHead {
  readonly conclusion: string;
  readonly numbers: readonly NumberView[];
  /** Days open, days of logs: always two, side by side. */
  readonly pair: readonly NumberView[];
  /** The pair in a sentence; absent: no door was seen open. */
  readonly said: string | undefined;
  /** What to have somebody find out. */
  readonly ask: string | undefined;
  readonly may: readonly { readonly what: string; readonly text: string }[];
  readonly maySource: string;
  readonly decisions: readonly DecisionView[];
  readonly sites: {
    readonly rows: readonly (readonly string[])[];
    readonly more: string | undefined;
  };
  readonly limits: readonly string[];
  readonly law: string;
}
